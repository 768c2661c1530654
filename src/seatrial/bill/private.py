"""What private endpoints and zones of private names are charged for.

An endpoint pays by the hour, and for each GB in either direction; a zone by the month, and for questions.
Source: https://azure.microsoft.com/pricing/details/private-link/ and https://azure.microsoft.com/pricing/details/dns/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure import blobs
from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.passing import images_pulled, through
from seatrial.bill.range import Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import GB, gigabytes, many, shared, size, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.model import Blobs, Part, Service

__all__ = ["endpoint", "zone"]

VAULT = Range(GB / 1000, GB / 100, GB)
"""What passes to and from a vault: secrets are small, and read when a process starts."""
QUESTIONS = Range(Decimal("0.01"), Decimal("0.1"), Decimal(1))
"""Questions for a private name for each request: connections are kept, and names for some seconds."""


def endpoint(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    yield Charge(
        what="endpoint",
        meter=_link("Standard Private Endpoint"),
        quantity=ALL_MONTH,
        formula=whole_month(1, "endpoint"),
        steady=True,
    )
    passed, share = _passed(resource, reckoning), reckoning.share(resource)
    half = passed * share / 2
    for direction, words in (("Ingress", "in"), ("Egress", "out")):
        yield Charge(
            what=f"data {words}",
            meter=_link(f"Standard Data Processed - {direction}"),
            quantity=gigabytes(half),
            formula=f"{size(passed)}{shared(share)}, half of it each way",
        )


def zone(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    yield Charge(
        what="zone",
        meter=_dns("Private Zone"),
        quantity=exactly(1),
        formula="1 zone",
        steady=True,
    )
    requests, share = reckoning.figure("requests"), reckoning.share(resource)
    yield Charge(
        what="questions for names",
        meter=_dns("Private Queries"),
        quantity=requests * QUESTIONS * share,
        formula=f"1 for 10 of {many(requests)} requests{shared(share)}",
    )


def _passed(resource: Resource, reckoning: Reckoning) -> Range:
    """In both directions, by all endpoints that do the same in several regions."""
    target = _target(resource)
    match target.type:
        case "Microsoft.KeyVault/vaults":
            return VAULT
        case "Microsoft.ContainerRegistry/registries":
            return images_pulled(reckoning)
    return total(through(reckoning, part) for part in _behind(target, resource, reckoning))


def _target(resource: Resource) -> Ref:
    """What an endpoint leads to."""
    link = resource.body["properties"]["privateLinkServiceConnections"][0]
    identity = link["properties"]["privateLinkServiceId"]
    assert isinstance(identity, Id)
    return identity.of


def _behind(target: Ref, resource: Resource, reckoning: Reckoning) -> tuple[Part, ...]:
    """The parts that are reached by an endpoint: one, or all that share what it leads to."""
    plan = reckoning.plan
    match target.type:
        case "Microsoft.Storage/storageAccounts":
            at = Stamp(plan=plan, region=resource.region)
            return tuple(each for each in plan.of(Blobs) if blobs.account(each, at) == target)
        case "Microsoft.App/managedEnvironments":
            return tuple(each for each in plan.of(Service) if each.hosted_by == "container apps")
    return tuple(each for each in plan.parts if each.name == resource.part)


def _link(name: str) -> Meter:
    return Meter(
        service="Virtual Network",
        product="Virtual Network Private Link",
        name=name,
        sku="Standard",
        region="Global",
    )


def _dns(name: str) -> Meter:
    return Meter(service="Azure DNS", product="Azure DNS", name=name, sku="Private", region="Global")
