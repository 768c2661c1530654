"""What the published figures of all parts on the way of a request come to together.

    all must answer      availability = a × b × c
    any region will do   availability = 1 − (1 − region) ^ regions, behind what leads from one to another

Sources: https://learn.microsoft.com/azure/well-architected/reliability/metrics and
https://github.com/Azure/reliable-web-app-pattern-java/blob/main/sla-calculation.md

Not counted: what no figure is known of, what the system works without (`needed=False`), secrets, which are
read at a start, and the system's own mistakes. So it is the most that can be promised.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.reach import Edge, edges_before, paths
from seatrial.bill.traffic import entrances
from seatrial.bill.usage import HOURS
from seatrial.check.slas import PRIVATE_ENDPOINT, Sla, sla_of
from seatrial.model import (
    Availability,
    Blobs,
    Documents,
    FrontDoor,
    ModelApi,
    Part,
    Plan,
    Process,
    Queue,
    Secret,
    Service,
    Temporal,
    TrafficManager,
    uses_of,
)
from seatrial.model.value import Value

__all__ = ["Composite", "Link", "composite", "down", "needed_by", "promised"]

ONE = Decimal(1)


class Link(Value):
    """One part that must answer."""

    part: Part
    sla: Sla

    @property
    def share(self) -> Decimal:
        """From 0 to 1; 1 of what is not known."""
        return ONE if self.sla.percent is None else self.sla.percent / 100


class Composite(Value):
    """The most that can be promised of a service."""

    percent: Decimal
    links: tuple[Link, ...]
    """All that must answer, from the world inwards, in each region."""
    regions: int
    """How many there are, any of which will do; 1: every asker depends on one."""

    @property
    def uncounted(self) -> tuple[str, ...]:
        """What must answer too, and of which no figure is known: `Managed Redis (predictions)`."""
        unknown = (each for each in self.links if each.sla.percent is None)
        return tuple(dict.fromkeys(f"{each.sla.what} ({each.part.name})" for each in unknown))

    @property
    def weakest(self) -> tuple[Link, ...]:
        """Those that are counted, the weakest first."""
        known = [each for each in self.links if each.sla.percent is not None]
        return tuple(sorted(known, key=lambda each: each.share))


def promised(plan: Plan) -> Iterator[tuple[Availability, Service]]:
    """Every promise of availability, with each service that it is about."""
    for target in plan.targets:
        if isinstance(target, Availability):
            if target.of is not None:
                yield target, target.of
            else:
                reached = entrances(plan)
                yield from ((target, each) for each in plan.of(Service) if each.name in reached)


def composite(service: Service, plan: Plan) -> Composite:
    """Of a service, as the world comes to it. Of several ways in, the best one counts."""
    return max((_of(way, service, plan) for way in _ways_in(service, plan)), key=lambda each: each.percent)


def down(percent: Decimal) -> str:
    """How long in a month of 730 hours nobody answers, in words."""
    minutes = (100 - percent) / 100 * HOURS * 60
    if minutes >= 60:
        return f"{int(minutes // 60)} h {int(minutes % 60)} min"
    return f"{int(minutes)} min" if minutes >= 1 else f"{int(minutes * 60)} s"


def needed_by(part: Part) -> tuple[Part, ...]:
    """A part and all that must answer when it is to answer, each once."""
    found: dict[int, Part] = {}
    left = [part]
    while left:
        each = left.pop(0)
        if id(each) not in found:
            found[id(each)] = each
            left.extend(used for used in uses_of(each) if _must_answer(used))
    return tuple(found.values())


def _must_answer(used: Part) -> bool:
    match used:
        case Secret():
            return False
        case ModelApi(needed=needed):
            return needed
        case _:
            return True


def _ways_in(part: Part, plan: Plan) -> Iterator[tuple[Edge, ...]]:
    """The edges from the world to a part, the outermost first."""
    before = edges_before(part, plan)
    for edge in before:
        for way in _ways_in(edge, plan):
            yield (*way, edge)
    if not before:
        yield ()


def _of(way: tuple[Edge, ...], service: Service, plan: Plan) -> Composite:
    links = tuple(_links(way, service, plan))
    chooses = any(_chooses_region(edge) for edge in way) and len(plan.regions) > 1
    everywhere, here = ONE, ONE
    for link in links:
        if len(plan.regions) > 1 and isinstance(link.part, FrontDoor | TrafficManager | Documents):
            everywhere *= link.share
        else:
            here *= link.share
    regions = len(plan.regions) if chooses else 1
    share = everywhere * (1 - (1 - here) ** regions)
    return Composite(percent=share * 100, links=links, regions=regions)


def _chooses_region(edge: Edge) -> bool:
    """Whether it leads askers away from a region that is down. By geography, each has but one."""
    match edge:
        case FrontDoor():
            return True
        case TrafficManager(routing=routing):
            return routing != "geographic"
        case _:
            return False


def _links(way: tuple[Edge, ...], service: Service, plan: Plan) -> Iterator[Link]:
    yield from (Link(part=edge, sla=sla_of(edge, plan)) for edge in way)
    inside = needed_by(service)
    stands_on = {_stands_on(part): part for part in reversed(inside)}
    for part in inside:
        if stands_on[_stands_on(part)] is part:
            yield Link(part=part, sla=sla_of(part, plan))
    sources = {each.name for each in (*inside, *way)}
    reached = {
        path.target for path in paths(plan) if path.way == "private endpoint" and path.source in sources
    }
    for part in stands_on.values():
        if part.name in reached:
            yield Link(part=part, sla=PRIVATE_ENDPOINT)


def _stands_on(part: Part) -> object:
    """What answers or fails as one, however many parts it holds: it counts once."""
    match part:
        case Queue():
            return "the namespace of all queues"
        case Blobs(copies=copies):
            return "the account of all blobs", copies
        case Process(host="app service" | "container instances") | Temporal(host="container instances"):
            return part.name
        case Process() | Temporal():
            return part.host
        case _:
            return part.name
