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
from seatrial.bill.scaling import MONTH
from seatrial.bill.units import GB, gigabytes, many, one_or_more, shared, size, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.model import Blobs, Part, Service, Worker

__all__ = ["endpoint", "zone"]

VAULT = Range(GB / 1000, GB / 100, GB)
"""What passes to and from a vault: secrets are small, and read when a process starts."""
QUESTIONS = Range(Decimal("0.01"), Decimal("0.1"), Decimal(1))
"""Questions for a private name for each request, where there are few: connections are kept for the next."""
EVERY = (Decimal(3600), Decimal(60), Decimal(10))
"""Seconds after which each replica asks again, where there are many: at least, most likely, at most. New
connections are opened now and then, and nobody asks again for a name whose answer still holds. Assumed."""
FEW = Range(Decimal(1_000), Decimal(10_000), Decimal(100_000))
"""Questions a month for the name of what no request needs: a vault, a registry. They are asked when something
starts, and when it looks for a newer secret."""
_FOR_STARTS = ("privatelink.vaultcore.azure.net", "privatelink.azurecr.io")
_TARGETS = {
    "Microsoft.KeyVault/vaults": "the vault",
    "Microsoft.ContainerRegistry/registries": "the registry",
    "Microsoft.Storage/storageAccounts": "blobs",
    "Microsoft.App/managedEnvironments": "Container Apps",
}


def endpoint(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    yield Charge(
        what="endpoint",
        meter=_link("Standard Private Endpoint"),
        quantity=ALL_MONTH,
        formula=whole_month(1, f"endpoint of {_name(resource)}"),
        steady=True,
    )
    passed, share = _passed(resource, reckoning), reckoning.share(resource)
    half = passed * share / 2
    if not passed.high:
        return
    for direction, words in (("Ingress", "in"), ("Egress", "out")):
        yield Charge(
            what=f"data {words}",
            meter=_link(f"Standard Data Processed - {direction}"),
            quantity=gigabytes(half),
            formula=f"{size(passed)}{shared(share)} to and from {_name(resource)}, half of it each way",
        )


def zone(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    yield Charge(
        what="zone",
        meter=_dns("Private Zone"),
        quantity=exactly(1),
        formula=f"1 zone, {_zone_name(resource)}",
        steady=True,
    )
    share = reckoning.share(resource)
    asked, formula = _questions(reckoning)
    if _zone_name(resource) in _FOR_STARTS:
        asked, formula = FEW, f"{many(FEW)} by what starts, or looks for newer secrets"
    yield Charge(
        what="questions for names",
        meter=_dns("Private Queries"),
        quantity=asked * share,
        formula=f"{formula}{shared(share)}",
    )


def _questions(reckoning: Reckoning) -> tuple[Range, str]:
    """How often all replicas in all regions ask for a name that their requests need."""
    requests, plan = reckoning.figure("requests"), reckoning.plan
    processes: tuple[Service | Worker, ...] = (*plan.of(Service), *plan.of(Worker))
    spans = [each.replicas for each in processes]
    fewest = sum(max(low, 1) for low, _ in spans) * len(plan.regions)
    most = sum(high for _, high in spans) * len(plan.regions)
    replicas = (Decimal(fewest), Decimal(fewest), Decimal(most))
    low, likely, high = (MONTH * number / each for number, each in zip(replicas, EVERY, strict=True))
    by_requests = requests * QUESTIONS
    formula = f"1 for 10 of {many(requests)} requests"
    if likely < by_requests.likely:
        formula = f"1 a minute by each of {one_or_more(fewest, 'replica')}"
    return by_requests.with_(Range(low, likely, high), min), formula


def _name(endpoint: Resource) -> str:
    """What an endpoint leads to, in words."""
    return _TARGETS.get(_target(endpoint).type) or endpoint.part or "the system"


def _zone_name(zone: Resource) -> str:
    return zone.ref.name if isinstance(zone.ref.name, str) else "the domain of Container Apps"


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
