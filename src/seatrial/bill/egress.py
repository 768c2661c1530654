"""What leaves Azure with answers, and what it is charged for.

An answer goes out where its asker came in, and is charged to what stands outermost there: Front Door by its
own meters; else an application gateway, API Management or the process itself by those of `Bandwidth`. A
service that Front Door leads to is taken to answer through it alone. What goes from Azure to Front Door costs
nothing, nor does what comes in. What processes send out besides answers is taken to be next to nothing.

The files of gateways call `of_gateway`. Processes that answer the world themselves know nothing of this:
`seatrial.bill.resources` adds `of_process` to the charges of the resource they run on, and `of_cluster` to
those of a cluster.

Sources: https://azure.microsoft.com/pricing/details/bandwidth/ and
https://learn.microsoft.com/azure/frontdoor/billing
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial

from seatrial.azure.graph import Resource
from seatrial.azure.reach import edges_before
from seatrial.azure.regions import geography
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import NOTHING, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import gigabytes, many, shared, size
from seatrial.model import ApiManagement, ApplicationGateway, FrontDoor, Part, Plan, Service

__all__ = [
    "REQUEST",
    "answers_of",
    "is_north",
    "of_cluster",
    "of_gateway",
    "of_process",
    "of_service",
    "out",
    "outermost",
    "services_of",
]

REQUEST = Decimal(1_000)
"""The bytes of a request with its headers and without a body, about.
Source: the examples of https://learn.microsoft.com/azure/frontdoor/billing take 1 KB and 2 KB."""

NORTH = frozenset({"United States", "Canada", "Europe", "France", "Germany", "Italy", "Norway", "Poland"}) | {
    *("Spain", "Sweden", "Switzerland", "United Kingdom", "Austria", "Belgium", "Denmark"),
}
"""The geographies of the first zone of egress. The regions of a zone share a meter, and its free 100 GB.
Source: https://azure.microsoft.com/pricing/details/bandwidth/"""


def outermost(part: Service | ApiManagement, plan: Plan) -> Part | None:
    """What stands between the world and a service, or a gateway of APIs, and is nearest to the world.

    The service itself when the world asks it directly; None when the world does not reach it.
    """
    before = edges_before(part, plan)
    inner: list[Part] = []
    for edge in before:
        match edge:
            case FrontDoor():
                return edge
            case ApiManagement():
                inner.append(outermost(edge, plan) or edge)
            case ApplicationGateway():
                inner.append(edge)
            case _:
                inner.append(part)  # Traffic Manager only says where it is
    for kind in (FrontDoor, ApplicationGateway, ApiManagement):
        found = next((each for each in inner if isinstance(each, kind)), None)
        if found is not None:
            return found
    if inner or isinstance(part, ApiManagement) or part.public:
        return part
    return None


def answers_of(gate: Part, reckoning: Reckoning) -> Range:
    """How many answers of services go out through what stands outermost, in a month and over all regions."""
    return total(answered(reckoning, service) for service in services_of(gate, reckoning))


def services_of(gate: Part, reckoning: Reckoning) -> tuple[Service, ...]:
    """The services that answer the world through what stands outermost; a service itself, when it does so."""
    return reckoning.once(("answers through", gate.name), partial(_services_of, gate, reckoning.plan))


def _services_of(gate: Part, plan: Plan) -> tuple[Service, ...]:
    return tuple(each for each in plan.of(Service) if outermost(each, plan) is gate)


def of_gateway(resource: Resource, reckoning: Reckoning, gate: Part) -> Iterator[Charge]:
    """What goes out of a region through an application gateway or a gateway of APIs."""
    answers = answers_of(gate, reckoning)
    if answers != NOTHING:
        yield _answers(resource, reckoning, answers)


def of_service(resource: Resource, reckoning: Reckoning, service: Service) -> Iterator[Charge]:
    """What a service sends out itself; nothing when it stands behind something, or the world does not ask it.

    Args:
        resource: what it runs on, one in each region.
    """
    if service in services_of(service, reckoning):
        yield _answers(resource, reckoning, answered(reckoning, service), service.name)


def of_process(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """The same, for a resource that stands for one process."""
    for service in reckoning.plan.of(Service):
        if service.name == resource.part:
            yield from of_service(resource, reckoning, service)


def of_cluster(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """The same, for the cluster that all services on Kubernetes share."""
    for service in reckoning.plan.of(Service):
        if service.hosted_by == "aks":
            yield from of_service(resource, reckoning, service)


def _answers(resource: Resource, reckoning: Reckoning, answers: Range, part: str | None = None) -> Charge:
    each, share = reckoning.figure("answer_size"), reckoning.share(resource)
    return out(
        resource,
        reckoning,
        gigabytes(answers * each * share),
        f"{many(answers)} answers × {size(each)}{shared(share)}",
        part=part,
    )


def out(
    resource: Resource,
    reckoning: Reckoning,
    amount: Range,
    formula: str,
    what: str = "traffic out",
    part: str | None = None,
) -> Charge:
    """What leaves Azure from a region, in GB."""
    return Charge(
        what=what,
        meter=Meter(
            service="Bandwidth",
            product="Rtn Preference: MGN",
            name="Standard Data Transfer Out",
            sku="Standard",
            region=_charged_in(resource.region, reckoning.plan.regions),
        ),
        quantity=amount,
        formula=formula,
        part=part,
    )


def _charged_in(region: str, regions: Iterable[str]) -> str:
    """The first of the regions that share a meter with this one: so its free share is given once."""
    return next((each for each in regions if _zone(each) == _zone(region)), region)


def _zone(region: str) -> str:
    """Regions that are known to share a meter have the same; any other stands for itself."""
    return "1" if is_north(region) else region


def is_north(region: str) -> bool:
    """Whether it lies in North America or Europe."""
    return geography(region) in NORTH
