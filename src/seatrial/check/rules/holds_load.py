"""Will it hold: the load that a plan states, against the most that its parts may be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.bill.words import counted
from seatrial.check.case import Case
from seatrial.check.connections import KEPT_BACK, Opened, limit, opened
from seatrial.check.rule import Found, rule
from seatrial.model import (
    AppServicePlan,
    Documents,
    ModelApi,
    NodePool,
    Part,
    Postgres,
    Sandbox,
    Service,
    Temporal,
    Worker,
)


@rule(
    "postgres-connections",
    severity="error",
    family="holds",
    title="All replicas together may open more connections than the database server takes",
    why="Beyond the limit the server refuses, and it is the newest replicas, which came to help, that fail.",
    source="https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=1, memory="2 GiB")
shop.service("api", "serve", port=8000, replicas=(1, 10), uses=[orders], env={"POOL_SIZE": "10"})
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=2, memory="8 GiB")
shop.service("api", "serve", port=8000, replicas=(1, 10), uses=[orders], env={"POOL_SIZE": "10"})
""",
)
def postgres_connections(case: Case) -> Iterator[Found]:
    """A warning, where it is only so while a release has two sets of replicas beside each other."""
    for part in case.plan.of(Postgres):
        takes, users = limit(part), opened(part, case.plan)
        always = sum(each.connections for each in users)
        released = max((each.connections for each in users if each.twice), default=0)
        if takes is None or always + released <= takes:
            continue
        said = " + ".join(f"{each.name} {each.formula}" for each in users)
        more = "" if always > takes else f", and {always + released} while a release runs beside the last one"
        yield Found(
            part=part,
            what=f"{said} = {always} connections at most{more}; the server gives {takes} to users and keeps "
            f"{KEPT_BACK}",
            fix=_larger(always + released, pools=not _of_temporal(users[0], case)),
            severity=None if always > takes else "warning",
        )


def _of_temporal(user: Opened, case: Case) -> bool:
    """Whether it is a Temporal server, whose pools nothing in a system file sizes."""
    return any(engine.name == user.name for engine in case.plan.of(Temporal))


def _larger(wanted: int, pools: bool) -> str:
    """The smallest of the usual machines that takes so many, or smaller pools."""
    smaller = "; or smaller pools: POOL_SIZE in env" if pools else ""
    for cores, gib, takes in ((2, 4, 414), (2, 8, 844), (4, 16, 1703), (8, 32, 3422), (16, 64, 4985)):
        if takes >= wanted:
            return f'cores={cores}, memory="{gib} GiB", which takes {takes}{smaller}'
    return "smaller pools, POOL_SIZE in env, or fewer replicas"


def _obstacles(case: Case, *kinds: type[Part]) -> Iterator[tuple[Part, str, bool]]:
    """What stands in the way of the load, of parts of some kinds: the sentence, and whether it is sure."""
    parts = {each.name: each for each in case.plan.parts}
    for each in case.obstacles:
        part = parts.get(each.part)
        if isinstance(part, kinds):
            yield part, each.sentence.removeprefix(f"{part.name}: "), each.sure


@rule(
    "replicas-below-load",
    severity="error",
    family="holds",
    title="The most replicas a process may have cannot carry the load that the plan states",
    why="Scaling stops at the most; what comes beyond it waits, longer with every minute of working hours.",
    source="https://learn.microsoft.com/azure/container-apps/scale-app",
    bad="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, cpu=0.5, replicas=(1, 2), scale=[requests(10)], public=True)
shop.usage(requests="100M/month", busy="8 h")
shop.usage(api, request_time="200 ms", request_cpu="50 ms")
""",
    good="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, cpu=0.5, replicas=(1, 20), scale=[requests(10)], public=True)
shop.usage(requests="100M/month", busy="8 h")
shop.usage(api, request_time="200 ms", request_cpu="50 ms")
""",
)
def replicas_below_load(case: Case) -> Iterator[Found]:
    for part, sentence, sure in _obstacles(case, Service, Worker):
        assert isinstance(part, Service | Worker)
        fix = f"replicas=({part.replicas[0]}, {part.replicas[1] * 2}), or more cpu for each"
        yield Found(part=part, what=sentence, fix=fix, severity=None if sure else "warning")


@rule(
    "machines-below-load",
    severity="error",
    family="holds",
    title="The most machines of a pool or plan have no room for what must run on them",
    why="Replicas that find no room wait as pending, however many the scale rule asks for.",
    source="https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview",
    bad="""
from seatrial import System, cpu

shop = System("shop")
machines = shop.node_pool("machines", machine="Standard_D4s_v5", nodes=(1, 1))
shop.service("api", "serve", port=8000, cpu=2, memory="4 GiB", replicas=(4, 8), host=machines)
""",
    good="""
from seatrial import System, cpu

shop = System("shop")
machines = shop.node_pool("machines", machine="Standard_D4s_v5", nodes=(2, 5))
shop.service("api", "serve", port=8000, cpu=2, memory="4 GiB", replicas=(4, 8), host=machines)
""",
)
def machines_below_load(case: Case) -> Iterator[Found]:
    for part, sentence, sure in _obstacles(case, NodePool, AppServicePlan):
        field = "nodes" if isinstance(part, NodePool) else "instances"
        span = part.nodes if isinstance(part, NodePool) else getattr(part, "instances", (1, 1))
        fix = f"{field}=({span[0]}, {max(2, span[1] * 2)}), or larger machines"
        yield Found(part=part, what=sentence, fix=fix, severity=None if sure else "warning")


@rule(
    "disk-below-load",
    severity="error",
    family="holds",
    title="What the plan says is kept does not fit on the database's disk, grown as far as it grows",
    why="At 95 % full the server takes no more writes; a disk does not grow by itself over 4,095 GiB.",
    source="https://learn.microsoft.com/azure/postgresql/scale/how-to-auto-grow-storage",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", storage="1 TiB")
shop.usage(orders, stored="5 TiB")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", storage="8 TiB")
shop.usage(orders, stored="5 TiB")
""",
)
def disk_below_load(case: Case) -> Iterator[Found]:
    for part, sentence, sure in _obstacles(case, Postgres):
        fix = 'storage="8 TiB" from the start, or old rows in blobs'
        yield Found(part=part, what=sentence, fix=fix, severity=None if sure else "warning")


@rule(
    "request-units-below-load",
    severity="error",
    family="holds",
    title="The reads and writes that the plan states need more request units than are allowed",
    why="What is over the limit is answered with 429 and has to be asked again.",
    source="https://learn.microsoft.com/azure/cosmos-db/request-units",
    bad="""
from seatrial import System

shop = System("shop")
carts = shop.documents("carts", partition="/user", throughput=1000)
shop.usage(busy="8 h")
shop.usage(carts, reads="1B/month", writes="100M/month", read_units=1, write_units=10)
""",
    good="""
from seatrial import System

shop = System("shop")
carts = shop.documents("carts", partition="/user", throughput=10000)
shop.usage(busy="8 h")
shop.usage(carts, reads="1B/month", writes="100M/month", read_units=1, write_units=10)
""",
)
def request_units_below_load(case: Case) -> Iterator[Found]:
    for part, sentence, sure in _obstacles(case, Documents):
        assert isinstance(part, Documents)
        fix = f"throughput={(part.throughput or 1000) * 2}"
        yield Found(part=part, what=sentence, fix=fix, severity=None if sure else "warning")


@rule(
    "sessions-below-load",
    severity="error",
    family="holds",
    title="More sessions of a sandbox are open at once than there may be",
    why="A session stays until it was idle for long enough; who comes when all are taken is refused.",
    source="https://learn.microsoft.com/azure/container-apps/sessions-custom-container",
    bad="""
from seatrial import System

shop = System("shop")
runs = shop.sandbox("runs", "run", port=8080, most=2)
shop.service("api", "serve", port=8000, uses=[runs], public=True)
shop.usage(busy="8 h")
shop.usage(runs, sessions="50k/month", session_time="2 min")
""",
    good="""
from seatrial import System

shop = System("shop")
runs = shop.sandbox("runs", "run", port=8080, most=60)
shop.service("api", "serve", port=8000, uses=[runs], public=True)
shop.usage(busy="8 h")
shop.usage(runs, sessions="50k/month", session_time="2 min")
""",
)
def sessions_below_load(case: Case) -> Iterator[Found]:
    for part, sentence, sure in _obstacles(case, Sandbox):
        assert isinstance(part, Sandbox)
        fix = f"most={part.most * 2}, or a shorter idle time"
        yield Found(part=part, what=sentence, fix=fix, severity=None if sure else "warning")


@rule(
    "model-tokens-below-load",
    severity="error",
    family="holds",
    title="A model is asked for more tokens in a minute than it was given",
    why="Beyond its tokens a minute the model answers 429, and every caller has to wait and ask again.",
    source="https://learn.microsoft.com/azure/ai-services/openai/how-to/quota",
    bad="""
from seatrial import System

shop = System("shop")
gpt = shop.model_api("gpt", model="gpt-5-mini", tokens_per_minute=10_000)
shop.service("api", "serve", port=8000, uses=[gpt], public=True)
shop.usage(busy="8 h")
shop.usage(gpt, tokens="1B/month", tokens_out="100M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
gpt = shop.model_api("gpt", model="gpt-5-mini", tokens_per_minute=100_000)
shop.service("api", "serve", port=8000, uses=[gpt], public=True)
shop.usage(busy="8 h")
shop.usage(gpt, tokens="1B/month", tokens_out="100M/month")
""",
)
def model_tokens_below_load(case: Case) -> Iterator[Found]:
    """On average over the working hours; at a peak there are more. In and out count alike."""
    if case.reckoning is None:
        return
    from seatrial.bill.work import windows

    stated = {each.key: each.likely for each in case.plan.usage}
    for part in case.plan.of(ModelApi):
        asked = sum(
            (stated.get(f"{part.name}.{name}", Decimal(0)) for name in ("tokens", "tokens_out")), Decimal(0)
        )
        if part.tokens_per_minute is None or not asked:
            continue
        a_minute = asked / windows(case.reckoning).likely * 60 / len(case.plan.regions)
        if a_minute > part.tokens_per_minute:
            yield Found(
                part=part,
                what=f"{counted(a_minute)} tokens a minute on average in working hours, and "
                f"{counted(Decimal(part.tokens_per_minute))} are given",
                fix=f"tokens_per_minute={int(a_minute * 2 / 1000 + 1) * 1000:_}",
            )
