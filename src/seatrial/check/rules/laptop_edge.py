"""Will it surprise: what stands before processes, and around them, on Azure and not on a laptop."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.bill.words import in_unit
from seatrial.check.case import Case
from seatrial.check.covering import tried
from seatrial.check.rule import Found, rule
from seatrial.model import ApiManagement, ApplicationGateway, FrontDoor, Network, Service
from seatrial.model.targets import Latency

LEARN = "https://learn.microsoft.com/azure"


@rule(
    "laptop-ingress-time-out",
    severity="warning",
    family="surprises",
    title="A request takes longer than Azure waits",
    why="Container Apps end a request after 240 s; a laptop waits as long as the client does.",
    source=f"{LEARN}/container-apps/ingress-overview",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.usage(api, request_time=("1 s", "10 s", "6 min"))
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.usage(api, request_time=("1 s", "10 s", "2 min"))
""",
)
def laptop_ingress_time_out(case: Case) -> Iterator[Found]:
    longest = {
        each.part: in_unit(each.high, "seconds")
        for each in case.plan.usage
        if each.name == "request_time" and each.high > 240
    }
    for target in case.plan.targets:
        if isinstance(target, Latency):
            for time in (target.p95, target.p99):
                if time is not None and time.seconds > 240:
                    longest[target.endpoint.service.name] = str(time)
    for part in case.plan.of(Service):
        if part.name in longest and part.hosted_by == "container apps":
            yield Found(
                part=part,
                what=f"a request may take {longest[part.name]}, and Azure ends it after 240 s"
                f"{tried(case, 'laptop-ingress-time-out')}",
                fix="answer 202 with an address to ask for the result, and let a worker do it",
            )


@rule(
    "laptop-edge-cache",
    severity="note",
    family="surprises",
    title="The edge keeps answers on Azure, and a laptop never does",
    why="Whoever asks gets the old answer until its time is over, also after a deployment that mends it.",
    source=f"{LEARN}/frontdoor/front-door-caching",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, cache="10 min")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api})
""",
)
def laptop_edge_cache(case: Case) -> Iterator[Found]:
    for part in case.plan.of(FrontDoor):
        if part.cache is not None:
            yield Found(
                part=part,
                what=f"answers may be {part.cache} old on Azure, never on a laptop"
                f"{tried(case, 'laptop-edge-cache')}",
                fix="Cache-Control: private, no-store on what is one person's; a test that looks for it",
            )


@rule(
    "laptop-edge-rules",
    severity="note",
    family="surprises",
    title="A firewall, a limit or a sign-in stands before it on Azure, and nothing on a laptop",
    why="What it refuses, harmless text that looks like an attack among it, the process never sees.",
    source=f"{LEARN}/web-application-firewall/afds/waf-front-door-tuning",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, waf="prevention")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, waf="detection")
""",
)
def laptop_edge_rules(case: Case) -> Iterator[Found]:
    before: list[str] = []
    edges: tuple[FrontDoor | ApplicationGateway, ...] = (
        *case.plan.of(FrontDoor),
        *case.plan.of(ApplicationGateway),
    )
    for edge in edges:
        if edge.waf == "prevention":
            before.append(f"the firewall of {edge.name}")
        if isinstance(edge, FrontDoor) and edge.limit is not None:
            before.append(
                f"its limit of {edge.limit}" if before else f"the limit of {edge.name}, {edge.limit}"
            )
    before += [f"the products of {each.name}" for each in case.plan.of(ApiManagement) if each.products]
    before += [f"the sign-in of {each.name}" for each in case.plan.of(Service) if each.sign_in]
    if before:
        yield Found(
            part=next(iter(edges), None),
            what=f"on Azure only: {', '.join(before)}{tried(case, 'laptop-edge-rules')}",
            fix='waf="detection" for the first weeks, and a client that takes 401, 403 and 429',
        )


@rule(
    "laptop-reaches-all",
    severity="note",
    family="surprises",
    title="A laptop reaches every host, and Azure only those that the firewall knows",
    why="A host that is not in its list is refused: where models are downloaded, where webhooks go.",
    source=f"{LEARN}/firewall/fqdn-filtering-network-rules",
    bad="""
from seatrial import System

shop = System("shop")
shop.network("net", firewall=True, reaches=["mail.example.com"])
shop.service("api", "serve", port=8000)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.network("net")
shop.service("api", "serve", port=8000)
""",
)
def laptop_reaches_all(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Network):
        if part.firewall:
            hosts = ", ".join(part.reaches) or "none"
            yield Found(
                part=part,
                what=f"on Azure these alone are reached: {hosts}{tried(case, 'laptop-reaches-all')}",
                fix="reaches=[…] with every host that a run of the tests asked for",
            )
