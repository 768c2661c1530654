"""Is the description itself sound: promises that nobody can measure."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from seatrial.azure.reach import edges_before, exposure, users_of
from seatrial.check.case import Case
from seatrial.check.rule import Found, refusal, rule
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    Availability,
    FrontDoor,
    Latency,
    Network,
    Plan,
    Service,
)
from seatrial.model.plan import uses_of

LEARN = "https://learn.microsoft.com/azure/"

_TARGETS = f"{LEARN}well-architected/reliability/metrics"

_WEB = """
from seatrial import System, available

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/health"{public})
"""


def _web(rest: str, public: str = ", public=True") -> str:
    return _WEB.format(public=public) + rest


@rule(
    "promise-unreached",
    severity="error",
    family="sound",
    title="Something is promised of a service that nobody can ask",
    why="It is neither public nor behind an entrance, and no process uses it: no request is ever measured.",
    source=_TARGETS,
    bad=_web('shop.expects(web.get("/orders"), p95="100 ms", at="20/s")\n', public=""),
    good=_web('shop.expects(web.get("/orders"), p95="100 ms", at="20/s")\n'),
)
def promise_unreached(case: Case) -> Iterator[Found]:
    for target in case.plan.targets:
        match target:
            case Latency():
                service, what = target.endpoint.service, f"{target.endpoint.method} {target.endpoint.path}"
            case Availability() if target.of is not None:
                service, what = target.of, f"available {target.percent}"
            case _:
                continue
        if _alone(service, case.plan):
            fix = "public=True, a route of an entrance, or uses=[…] in what asks it"
            yield Found(part=service, what=f"{what}, and nobody reaches {service.name}", fix=fix)


def _alone(service: Service, plan: Plan) -> bool:
    """Whether no process and no entrance leads to a service, and nobody could come to it by a VPN."""
    inside = exposure(service, plan) == "inside" and not users_of(service, plan)
    return inside and not any(network.vpn for network in plan.of(Network))


@rule(
    "promise-off-route",
    severity="error",
    family="sound",
    title="An answer is promised for a path to which no entrance leads",
    why="The service is reached by its entrance only, which does not know the path: the world gets 404.",
    source=f"{LEARN}frontdoor/front-door-route-matching",
    bad=_web(
        'shop.front_door("entrance", routes={"/api/*": web})\n'
        'shop.expects(web.get("/orders"), p95="100 ms", at="20/s")\n',
        public="",
    ),
    good=_web(
        'shop.front_door("entrance", routes={"/api/*": web})\n'
        'shop.expects(web.get("/api/orders"), p95="100 ms", at="20/s")\n',
        public="",
    ),
)
def promise_off_route(case: Case) -> Iterator[Found]:
    """API Management gives paths of its own, and Traffic Manager leads to all of them."""
    for target in case.plan.targets:
        if not isinstance(target, Latency):
            continue
        service, path = target.endpoint.service, target.endpoint.path.partition("?")[0]
        patterns = _patterns(service, case.plan)
        if patterns and not any(fnmatchcase(path, each) or each == f"{path}/*" for each in patterns):
            what = f"{path}, and routes lead to {service.name} from {', '.join(patterns)} only"
            yield Found(
                part=service, what=what, fix=f'"{path}": {service.name.replace("-", "_")} in its routes'
            )


def _patterns(service: Service, plan: Plan) -> tuple[str, ...]:
    """The patterns under which the world reaches a service; empty, where it is reached in other ways too."""
    before = edges_before(service, plan)
    if exposure(service, plan) == "inside" or users_of(service, plan) or not before:
        return ()
    found: list[str] = []
    for edge in before:
        if not isinstance(edge, FrontDoor | ApplicationGateway):
            return ()
        found += [pattern for pattern, to in edge.routes.items() if to == service]
    return tuple(dict.fromkeys(found))


refusal(
    "promise-without-rate",
    family="sound",
    title="An answer in time is promised without a rate of requests, or at a rate of nothing",
    why="Everything is fast when nobody asks: such a promise can be neither kept nor broken.",
    source=_TARGETS,
    matches=r": a time without a rate of requests$|: no time in which it answers$|^at=.*: nothing at all$",
    bad=_web('shop.expects(web.get("/orders"), p95="100 ms")\n'),
    good=_web('shop.expects(web.get("/orders"), p95="100 ms", at="20/s")\n'),
)

refusal(
    "promise-out-of-order",
    family="sound",
    title="99 of 100 answers are promised to be faster than 95 of 100",
    why="The slowest answers are among the 99 and not among the 95: both cannot hold.",
    source=_TARGETS,
    matches=r'^p99="[^"]+": less than p95=',
    bad=_web('shop.expects(web.get("/orders"), p95="200 ms", p99="100 ms", at="20/s")\n'),
    good=_web('shop.expects(web.get("/orders"), p95="100 ms", p99="200 ms", at="20/s")\n'),
)

refusal(
    "promise-of-nothing",
    family="sound",
    title="A system is promised to answer, and nothing of it answers the world",
    why="Without a public service there is no request from which the share could be reckoned.",
    source=_TARGETS,
    matches=r"^expects\(available\(…\)\): no service is public$|: nothing that can be measured$",
    bad=_web('shop.expects(available("99.9 %"))\n', public=""),
    good=_web('shop.expects(available("99.9 %"))\n'),
)


@rule(
    "service-uncalled",
    severity="warning",
    family="sound",
    title="A service answers nobody, and works on nothing",
    why="Nobody asks it, and it takes no work from a queue or store: it runs, and is paid, for nothing.",
    source=f"{LEARN}well-architected/cost-optimization/optimize-component-costs",
    bad=_web("", public=""),
    good=_web(""),
)
def service_uncalled(case: Case) -> Iterator[Found]:
    """A service that uses something may well be a worker that also tells how it is."""
    for service in case.plan.of(Service):
        if _alone(service, case.plan) and not uses_of(service):
            fix = "public=True, a route of an entrance, or uses=[…] in what asks it"
            yield Found(part=service, what=f"nobody asks {service.name}, and it uses nothing", fix=fix)


@rule(
    "promise-under-another-path",
    severity="note",
    family="sound",
    title="A promised path is published by a gateway under another one",
    why="Whoever measures from outside has to ask under the name of the API and its version.",
    source=f"{LEARN}api-management/api-management-versions",
    bad=_web(
        'shop.api_management("apis", apis={"orders": web}, publisher="Shop")\n'
        'shop.expects(web.get("/list"), p95="100 ms", at="20/s")\n',
        public="",
    ),
    good=_web('shop.expects(web.get("/list"), p95="100 ms", at="20/s")\n'),
)
def promise_under_another_path(case: Case) -> Iterator[Found]:
    for target in case.plan.targets:
        if isinstance(target, Latency):
            service, path = target.endpoint.service, target.endpoint.path
            for gateway in edges_before(service, case.plan):
                if isinstance(gateway, ApiManagement):
                    name = next(each for each, to in gateway.apis.items() if to == service)
                    outside = f"/{name}/{gateway.version}{path}"
                    yield Found(
                        part=service,
                        what=f"{path} is {outside} at {gateway.name}",
                        fix=f"measure {outside} from outside, {path} inside",
                    )
