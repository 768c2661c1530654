"""What API Management is charged for: units by the hour, or calls; and calls beyond those in the price.

The first unit of a service in a tier called v2 is dearer than those added to it.
Source: https://azure.microsoft.com/pricing/details/api-management/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill import egress
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import many, shared, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.model import ApiManagement

__all__ = ["service"]

COUNTED = frozenset({"Consumption", "Basic v2", "Standard v2"})
"""The tiers whose calls are counted."""
SECONDARY = {
    "Basic v2": "Basic v2 Secondary Unit",
    "Standard v2": "Standard v2 Secondary Unit",
    "Premium v2": "Premium v2 Secondary Unit",
}
"""The meter of units after the first. The premium tier has one at half its price too, `Secondary Unit`, of
which no page that was read says when it counts: all its units are charged as the first, which may be too
much."""


def service(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    part = reckoning.part_of(resource, ApiManagement)
    body = Body(resource.body)
    tier = re.sub(r"V2$", " v2", str(body.at("sku.name")))
    units = int(body.at("sku.capacity") or 0)
    further = units - 1 if tier in SECONDARY else 0
    if units:
        yield Charge(
            what="gateway",
            meter=_meter(tier, f"{tier} Unit", resource.region),
            quantity=ALL_MONTH * (units - further),
            formula=whole_month(units - further, "unit"),
            steady=True,
        )
    if further > 0:
        yield Charge(
            what="further units",
            meter=_meter(tier, SECONDARY[tier], resource.region),
            quantity=ALL_MONTH * further,
            formula=whole_month(further, "further unit"),
            steady=True,
        )
    if tier in COUNTED:
        share, all_calls = reckoning.share(resource), calls(reckoning, part)
        yield Charge(
            what="calls",
            meter=_meter(tier, f"{tier} Calls", resource.region),
            quantity=all_calls * share,
            formula=f"{many(all_calls)} calls{shared(share)}",
        )
    yield from egress.of_gateway(resource, reckoning, part)


def calls(reckoning: Reckoning, part: ApiManagement) -> Range:
    """What the services behind it answer."""
    return total(answered(reckoning, each) for each in dict.fromkeys(part.apis.values()))


def _meter(tier: str, name: str, region: str) -> Meter:
    return Meter(service="API Management", product="API Management", name=name, sku=tier, region=region)
