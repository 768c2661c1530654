"""What an environment of Container Apps is charged for: machines of its own, private endpoints, its network.

Sources: https://learn.microsoft.com/azure/container-apps/billing,
https://learn.microsoft.com/azure/container-apps/custom-virtual-networks#managed-resources and
https://azure.microsoft.com/pricing/details/container-apps/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.container_apps import meter
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import one_or_more
from seatrial.bill.usage import ALL_MONTH, HOURS
from seatrial.bill.words import counted

__all__ = ["environment", "load_balancer", "machines", "management", "public_address"]

Machine = tuple[int, int, int]
"""Cores, GiB and GPUs."""

MACHINES: Mapping[str, Machine] = {
    **{f"D{cores}": (cores, 4 * cores, 0) for cores in (4, 8, 16, 32)},
    **{f"E{cores}": (cores, 8 * cores, 0) for cores in (4, 8, 16, 32)},
    "NC24-A100": (24, 220, 1),
    "NC48-A100": (48, 440, 2),
    "NC96-A100": (96, 880, 4),
}
"""Of dedicated profiles.
Source: https://learn.microsoft.com/azure/container-apps/workload-profiles-overview"""


def environment(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """What it costs beside the apps in it."""
    body = Body(resource.body)
    profiles = [
        each
        for each in body.at("properties.workloadProfiles") or ()
        if not str(each["workloadProfileType"]).startswith("Consumption")
    ]
    for profile in profiles:
        yield from _profile(profile, resource.region)
    if profiles:
        yield management(resource.region, "for machines of its own")
    if _reached_privately(resource, reckoning):
        yield management(resource.region, "for private endpoints")
    if body.at("properties.vnetConfiguration") is not None:
        yield from _in_own_network(resource, internal=bool(body.at("properties.vnetConfiguration.internal")))
    else:
        yield Free(what="network", why="Azure's own network costs nothing")
    if body.at("properties.zoneRedundant"):
        yield Free(what="spread over zones", why="replicas cost the same in every zone")


def _profile(profile: Mapping[str, Any], region: str) -> Iterator[Charge]:
    """Machines of one dedicated profile: the fewest at least and most likely, and never more than it says."""
    fewest = Decimal(profile.get("minimumCount") or 0)
    most = Decimal(profile.get("maximumCount") or fewest)
    number = Range(fewest, fewest, max(fewest, most))
    kind = str(profile["workloadProfileType"])
    what = f"machines {profile['name']}"
    yield from machines(kind, region, number * HOURS, f"{counted(fewest)} of {kind} × {HOURS} h", what)


def machines(
    kind: str, region: str, hours: Range, formula: str, what: str = "machines", steady: bool = False
) -> Iterator[Charge]:
    """Machines of the dedicated plan, by the hour of their cores, their GiB and their GPUs."""
    for each, unit, name in zip(
        MACHINES[kind],
        ("vCPU", "GiB", "GPU"),
        ("Dedicated vCPU Usage", "Dedicated Memory Usage", "Dedicated GPU Usage"),
        strict=True,
    ):
        if each:
            yield Charge(
                what=what,
                meter=meter(name, region),
                quantity=hours * each,
                formula=f"{each} {unit} × {formula}",
                steady=steady or hours.exact,
            )


def management(region: str, why: str, hours: Range = ALL_MONTH) -> Charge:
    """The fee of the dedicated plan, which some features bring to any environment, each of them once.

    Source: https://github.com/microsoft/azure-container-apps/issues/1596, which cites the page of prices.
    """
    return Charge(
        what=f"management {why}",
        meter=meter("Dedicated Plan Management", region),
        quantity=hours,
        formula=f"{counted(hours.likely)} h",
        steady=hours.exact,
    )


def _reached_privately(resource: Resource, reckoning: Reckoning) -> bool:
    """Whether a private endpoint leads to it: one in a network, or that of Front Door."""
    for kind in ("Microsoft.Network/privateEndpoints", "Microsoft.Cdn/profiles/originGroups/origins"):
        for each in reckoning.graph.of(kind):
            if resource.ref in each.needs and (
                kind.startswith("Microsoft.Network")
                or Body(each.body).at("properties.sharedPrivateLinkResource") is not None
            ):
                return True
    return False


# -- what Azure makes beside it in a network of one's own ---------------------------------------------------


def _in_own_network(resource: Resource, *, internal: bool) -> Iterator[Charge]:
    """Addresses and a load balancer that Azure makes and charges for.

    An address for what goes out, and one for what comes in from the world. Of environments that were looked
    at, one had a single address for both, and its load balancer stood on the bill at nothing: so that is the
    least. Read in a stored public file, id 68394257850, on charges of 2026-09 in uksouth.
    """
    some = Range(Decimal(0), Decimal(1), Decimal(1))
    addresses = some if internal else some + 1
    words = (
        "1 public IP for what goes out" if internal else "2 public IPs, for what goes out and what comes in,"
    )
    yield public_address(resource.region, addresses, f"{words} × {HOURS} h")
    yield load_balancer(some)


def public_address(region: str, number: Range, formula: str) -> Charge:
    """Static public addresses of the standard tier, all month."""
    return Charge(
        what="public addresses",
        meter=Meter(
            service="Virtual Network",
            product="IP Addresses",
            name="Standard IPv4 Static Public IP",
            sku="Standard",
            region=region,
        ),
        quantity=number * HOURS,
        formula=formula,
        steady=True,
    )


def load_balancer(number: Range) -> Charge:
    """Standard load balancers with up to five rules, all month.

    Source: https://azure.microsoft.com/pricing/details/load-balancer/
    """
    return Charge(
        what="load balancer",
        meter=Meter(
            service="Load Balancer",
            product="Load Balancer",
            name="Standard Included LB Rules and Outbound Rules",
            sku="Standard",
            region="Global",
        ),
        quantity=number * HOURS,
        formula=f"{one_or_more(int(number.likely), 'load balancer')} with up to 5 rules × {HOURS} h",
        steady=True,
    )
