"""What Traffic Manager is charged for: questions for an address, and endpoints that are watched.

What answers in Azure and is named by its address counts as outside of Azure: so its endpoint is made.
Source: https://azure.microsoft.com/pricing/details/traffic-manager/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.api_management import calls
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import many, one_or_more
from seatrial.model import ApiManagement, ApplicationGateway, TrafficManager

__all__ = ["profile"]

FAST = 10
"""The seconds between two looks for which there is a price of its own."""
QUESTIONS = Range(Decimal("0.01"), Decimal("0.1"), Decimal(1))
"""Questions for each request: an answer is kept for half a minute by whoever asked, and for all behind it."""

ENDPOINTS = {"azureEndpoints": "Azure Endpoint", "externalEndpoints": "Non-Azure Endpoint"}


def profile(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    part = reckoning.part_of(resource, TrafficManager)
    body = Body(resource.body)
    requests = _led(reckoning, part)
    kept = body.at("properties.dnsConfig.ttl")
    yield Charge(
        what="questions for an address",
        meter=_meter("DNS Queries", "Azure Endpoint"),
        quantity=requests * QUESTIONS,
        formula=f"1 for 10 of {many(requests)} requests, as an answer is kept for {kept} s",
    )
    fast = body.at("properties.monitorConfig.intervalInSeconds") == FAST
    for kind, sku in ENDPOINTS.items():
        number = sum(
            1 for each in reckoning.graph.of(f"{resource.type}/{kind}") if each.ref.parent == resource.ref
        )
        if not number:
            continue
        yield Charge(
            what="endpoints watched",
            meter=_meter(f"{sku} Health Checks", sku),
            quantity=exactly(number),
            formula=one_or_more(number, "endpoint"),
            steady=True,
        )
        if fast:
            yield Charge(
                what="endpoints watched closely",
                meter=_meter(f"{sku} Fast Interval Health Check Add-ons", sku),
                quantity=exactly(number),
                formula=f"{one_or_more(number, 'endpoint')}, looked at every {FAST} s",
                steady=True,
            )


def _led(reckoning: Reckoning, part: TrafficManager) -> Range:
    """The requests of those whom it leads."""
    match part.to:
        case ApiManagement():
            return calls(reckoning, part.to)
        case ApplicationGateway():
            return total(answered(reckoning, each) for each in dict.fromkeys(part.to.routes.values()))
        case service:
            return answered(reckoning, service)


def _meter(name: str, sku: str) -> Meter:
    return Meter(service="Traffic Manager", product="Traffic Manager", name=name, sku=sku, region="Global")
