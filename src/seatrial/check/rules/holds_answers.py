"""Will it hold: answers in time, and how one sees that something is well."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import exp

from seatrial.azure.scale import COOLDOWN_SECONDS
from seatrial.bill.words import counted, in_unit
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import AppServicePlan, Latency, Plan, Requests, Service


@rule(
    "start-longer-than-app-service-waits",
    severity="error",
    family="holds",
    title="A service may take longer to start than App Service waits for it",
    why="App Service waits 30 minutes for the first answer of a container; then it ends it and begins anew.",
    source="https://learn.microsoft.com/azure/app-service/reference-app-settings",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, start_within="1 h", host="app service")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, start_within="10 min", host="app service")
""",
)
def start_longer(case: Case) -> Iterator[Found]:
    """WEBSITES_CONTAINER_START_TIME_LIMIT takes 1,800 seconds at most."""
    for service in case.plan.of(Service):
        if service.hosted_by == "app service" and service.start_within.seconds > 1800:
            yield Found(
                part=service,
                what=f"may take {service.start_within} to start, and App Service waits 30 min",
                fix='start_within="30 min", and let what takes so long be done by a job',
            )


def _latencies(plan: Plan) -> Iterator[Latency]:
    return (target for target in plan.targets if isinstance(target, Latency))


def _said(target: Latency) -> str:
    """`p95 200 ms at 20/s`."""
    times = (("p95", target.p95), ("p99", target.p99))
    return " and ".join(f"{name} {time}" for name, time in times if time) + f" at {target.at}"


@rule(
    "sleeps-behind-latency",
    severity="warning",
    family="holds",
    title="A service that is promised to answer fast may be asleep",
    why="At no replica, a request waits until a machine is found, the image is there and the program has"
    " started: seconds to minutes.",
    source="https://learn.microsoft.com/azure/container-apps/cold-start",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(0, 4))
shop.expects(api.get("/orders"), p95="200 ms", at="20/h")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(1, 4))
shop.expects(api.get("/orders"), p95="200 ms", at="20/h")
""",
)
def sleeps_behind_latency(case: Case) -> Iterator[Found]:
    """A service sleeps when nothing came for the cool-down of 300 s. Of requests that come by chance, at λ a
    second, the share 1/e^(300 λ) comes after such a pause. When that is more than the 5 or 1 of 100 that may
    be slower, the promise cannot be kept at all."""
    told: set[str] = set()
    for target in _latencies(case.plan):
        service = target.endpoint.service
        if service.replicas[0] > 0 or service.hosted_by != "container apps" or service.name in told:
            continue
        told.add(service.name)
        cold = exp(-COOLDOWN_SECONDS * float(target.at.per_second))
        broken = cold > (0.01 if target.p99 else 0.05)
        share = f"{cold:.0%} of all come later" if broken else "the next one waits for a start"
        yield Found(
            part=service,
            what=f"{_said(target)} promised, and it sleeps {COOLDOWN_SECONDS} s after a request: {share}",
            fix=f"replicas=(1, {max(1, service.replicas[1])})",
            severity="error" if broken else None,
        )


@rule(
    "one-replica-for-rate",
    severity="warning",
    family="holds",
    title="One replica at most answers a promised rate of requests",
    why="Nothing helps it when more come, and at each crash or update of its machine nobody answers.",
    source="https://learn.microsoft.com/azure/container-apps/scale-app",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(1, 1))
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
    good="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(1, 4), scale=[requests(20)])
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
)
def one_replica_for_rate(case: Case) -> Iterator[Found]:
    told: set[str] = set()
    for target in _latencies(case.plan):
        service = target.endpoint.service
        plan = service.host if isinstance(service.host, AppServicePlan) else None
        most = plan.instances[1] if plan else service.replicas[1]
        if most > 1 or service.name in told:
            continue
        told.add(service.name)
        what, fix = "one replica at most", "replicas=(1, 3), scale=[requests(20)]"
        if plan:
            what, fix = f"one machine at most, {plan.name}", f"{plan.name}: instances=(1, 3)"
        yield Found(part=service, what=f"{_said(target)} promised of {what}", fix=fix)


@rule(
    "rate-beyond-replicas",
    severity="error",
    family="holds",
    title="All replicas together cannot answer the promised rate of requests",
    why="Requests a second × seconds each are under way at once: beyond what all replicas take, they queue,"
    " and the queue grows for as long as the rate lasts.",
    source="https://learn.microsoft.com/azure/container-apps/scale-app#http",
    bad="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, cpu=0.5, replicas=(1, 2), scale=[requests(10)])
shop.expects(api.get("/orders"), p95="500 ms", at="100/s")
shop.usage(api, request_time="300 ms", request_cpu="20 ms")
""",
    good="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, cpu=0.5, replicas=(1, 10), scale=[requests(10)])
shop.expects(api.get("/orders"), p95="500 ms", at="100/s")
shop.usage(api, request_time="300 ms", request_cpu="20 ms")
""",
)
def rate_beyond_replicas(case: Case) -> Iterator[Found]:
    """Little's law, by the time and the cores of a request that the usage states, most likely; of a time that
    is not stated, half of the slowest that is promised. What is promised of one service comes all at once."""
    rates: dict[Service, Decimal] = {}
    slowest: dict[Service, Decimal] = {}
    for target in _latencies(case.plan):
        service = target.endpoint.service
        rate = target.at.per_second
        rates[service] = rates.get(service, Decimal(0)) + Decimal(rate.numerator) / rate.denominator
        limit = max(Decimal(str(time.seconds)) for time in (target.p95, target.p99) if time is not None)
        slowest[service] = max(slowest.get(service, limit), limit)
    regions = len(case.plan.regions)
    for service, together in rates.items():
        if not isinstance(service.host, AppServicePlan):
            yield from _overrun(service, together / regions, slowest[service], case)


def _overrun(service: Service, rate: Decimal, slowest: Decimal, case: Case) -> Iterator[Found]:
    most = service.replicas[0 if service.hosted_by == "container instances" else 1]
    stated = {each.key: each.likely for each in case.plan.usage}
    rules = [each.concurrent for each in service.scale if isinstance(each, Requests)]
    time = stated.get(f"{service.name}.request_time", slowest / 2)
    at_once, takes = rate * time, most * min(rules) if rules else None
    if takes is not None and at_once > takes:
        yield Found(
            part=service,
            what=f"{counted(rate)} requests a second of {in_unit(time, 'seconds')} are {counted(at_once)} "
            f"at once, {most} replicas take {min(rules)} each: {takes}",
            fix=f"replicas=({service.replicas[0]}, {_whole(at_once / min(rules))})",
        )
    cpu = stated.get(f"{service.name}.request_cpu")
    cores = Decimal(str(service.cpu))
    if cpu is not None and rate * cpu > most * cores:
        yield Found(
            part=service,
            what=f"{counted(rate)} requests a second × {in_unit(cpu, 'seconds')} of a core keep "
            f"{counted(rate * cpu)} of {counted(most * cores)} cores busy",
            fix=f"replicas=({service.replicas[0]}, {_whole(rate * cpu / cores / Decimal('0.7'))})",
        )


def _whole(number: Decimal) -> int:
    return int(number.to_integral_value("ROUND_CEILING"))


@rule(
    "health-is-a-page",
    severity="warning",
    family="holds",
    title="What asks whether a service is well fetches its front page",
    why="Every ten seconds each replica makes a whole page of it; a slow page, or one that leads elsewhere,"
    " counts as a failure and gets the replica restarted.",
    source="https://learn.microsoft.com/azure/container-apps/health-probes",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/", public=True)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/health", public=True)
""",
)
def health_is_a_page(case: Case) -> Iterator[Found]:
    for service in case.plan.of(Service):
        path = service.health.partition("?")[0]
        if path in ("", "/") or path.endswith((".html", ".htm")):
            yield Found(
                part=service,
                what=f'health="{service.health}" is a page for people',
                fix='health="/health", a path that answers 200 and does little',
            )


@rule(
    "health-is-slow",
    severity="warning",
    family="holds",
    title="The path that is asked for health is promised slower than the probes wait",
    why="A probe waits five seconds; three that wait in vain take a replica out of service or restart it.",
    source="https://learn.microsoft.com/azure/container-apps/health-probes",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, health="/report")
shop.expects(api.get("/report"), p95="8 s", at="1/s")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, health="/health")
shop.expects(api.get("/report"), p95="8 s", at="1/s")
""",
)
def health_is_slow(case: Case) -> Iterator[Found]:
    """The five seconds are what our own probes say."""
    for target in _latencies(case.plan):
        service, slow = target.endpoint.service, target.p99 or target.p95
        asked = target.endpoint.path.partition("?")[0] == service.health.partition("?")[0]
        if asked and target.endpoint.method == "GET" and slow and slow.seconds >= 5:
            yield Found(
                part=service,
                what=f"{service.health} may take {slow}, and the probes wait 5 s",
                fix="a path of its own for health that does little",
            )
