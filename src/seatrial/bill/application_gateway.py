"""What an application gateway is charged for: its hours, and its capacity units.

Hour by hour it pays for as many units as its load needs, and for no fewer than its least instances hold
ready: ten of each. The load is taken to come evenly in the working hours, and not at all outside of them.
Connections that stay open are not counted: a unit holds 2,500 of them.

Source: https://learn.microsoft.com/azure/application-gateway/understanding-pricing
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill import egress
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import many, one_or_more, shared, whole_month
from seatrial.bill.usage import ALL_MONTH, HOURS
from seatrial.bill.words import counted
from seatrial.bill.work import windows
from seatrial.model import ApplicationGateway

__all__ = ["gateway"]

PRODUCTS: Mapping[str, tuple[str, str]] = {
    "Basic": ("Application Gateway Basic v2", "Basic"),
    "Standard_v2": ("Application Gateway Standard v2", "Standard"),
    "WAF_v2": ("Application Gateway WAF v2", "Standard"),
}
"""By tier: the product of the price list, and the SKU in it."""

UNITS_OF_AN_INSTANCE = 10
BITS_A_SECOND = Decimal("2220000")
"""Of one capacity unit."""
REQUESTS_A_SECOND: Mapping[str, int] = {"Basic": 50, "Standard_v2": 50, "WAF_v2": 10}
"""Of one compute unit: with a firewall requests, else connections, of which each request may be a new one."""


def gateway(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    part = reckoning.part_of(resource, ApplicationGateway)
    body = Body(resource.body)
    tier = str(body.at("properties.sku.tier"))
    yield Charge(
        what="gateway",
        meter=_meter(tier, "Fixed Cost", resource.region),
        quantity=ALL_MONTH,
        formula=whole_month(),
        steady=True,
    )
    least = body.at("properties.autoscaleConfiguration.minCapacity")
    instances = int(least if least is not None else body.at("properties.sku.capacity") or 0)
    ready = UNITS_OF_AN_INSTANCE * instances
    yield Charge(
        what="capacity held ready",
        meter=_meter(tier, "Capacity Units", resource.region),
        quantity=ALL_MONTH * ready,
        formula=f"{one_or_more(instances, 'instance')} × {UNITS_OF_AN_INSTANCE} units × {HOURS} h",
        steady=True,
    )
    share = reckoning.share(resource)
    services = dict.fromkeys(part.routes.values())
    asked = total(answered(reckoning, service) for service in services)
    requests = asked * share
    busy = windows(reckoning) / 3600
    each = _units_of_a_request(tier, reckoning)
    needed = requests.likely * each.likely / 3600 / busy.likely
    yield Charge(
        what="capacity under load",
        meter=_meter(tier, "Capacity Units", resource.region),
        quantity=_beyond(requests.with_(each, lambda many, one: many * one / 3600), busy, ready),
        formula=f"{many(asked)} requests{shared(share)} in {counted(busy.likely)} working hours need "
        f"{counted(needed)} units at once, {ready} are held ready",
    )
    most = body.at("properties.autoscaleConfiguration.maxCapacity")
    if most is not None and needed > int(most) * UNITS_OF_AN_INSTANCE:
        reckoning.warn(
            part,
            f"in working hours its load needs {counted(needed)} capacity units, and its {most} instances are "
            f"sure of {int(most) * UNITS_OF_AN_INSTANCE}",
            stops=True,
        )
    yield from egress.of_gateway(resource, reckoning, part)


def _units_of_a_request(tier: str, reckoning: Reckoning) -> Range:
    """The units at once that a request a second takes: by bytes or by number, whichever is more."""
    bits = (reckoning.figure("answer_size") + egress.REQUEST) * 8
    by_number = Decimal(1) / REQUESTS_A_SECOND[tier]
    return (bits / BITS_A_SECOND).at_least(by_number)


def _beyond(unit_hours: Range, busy: Range, ready: int) -> Range:
    """What the load takes beyond what is held ready. In fewer hours the same load stands higher above it."""

    def above(load: Decimal, hours: Decimal) -> Decimal:
        return max(load - ready * hours, Decimal(0))

    return Range(
        above(unit_hours.low, busy.high),
        above(unit_hours.likely, busy.likely),
        above(unit_hours.high, busy.low),
    )


def _meter(tier: str, name: str, region: str) -> Meter:
    product, sku = PRODUCTS[tier]
    return Meter(service="Application Gateway", product=product, name=f"{sku} {name}", sku=sku, region=region)
