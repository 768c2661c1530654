"""What Front Door is charged for: its base fee, requests, what it sends to the world and to those who answer.

The firewall's own rules are in the base fee, and in the premium tier Microsoft's rules and private links as
well. What is served from the cache is charged as a request and as traffic to the world, and goes no further.
Source: https://learn.microsoft.com/azure/frontdoor/billing
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.egress import REQUEST, is_north, services_of
from seatrial.bill.meters import Meter
from seatrial.bill.passing import sent_in
from seatrial.bill.range import exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import gigabytes, many, one_or_more, size
from seatrial.bill.visits import asked, file_size, passed_on, sent_out
from seatrial.model import FrontDoor

__all__ = ["profile"]

ZONE = "Zone 1"
"""Everybody is taken to ask from North America or Europe, as no figure says from where they ask. Elsewhere
traffic to the world and requests cost up to three quarters more, and what is sent in up to eight times as
much. Source: the price list, `Azure Front Door Service` in `Zone 1` to `Zone 8`."""


def profile(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    part = reckoning.part_of(resource, FrontDoor)
    tier = str(Body(resource.body).at("sku.name")).removesuffix("_AzureFrontDoor")
    yield Charge(
        what="base fee",
        meter=_meter(tier, "Base Fees"),
        quantity=exactly(1),
        formula=f"1 profile of the {tier.lower()} tier, its firewall included",
        steady=True,
    )
    far = [each for each in reckoning.plan.regions if not is_north(each)]
    if far:
        reckoning.warn(
            part,
            "all requests are priced as if they came from North America or Europe; those from near "
            f"{' and '.join(far)} cost more",
        )
    requests, each = asked(part, reckoning), reckoning.figure("answer_size")
    answers, files = sent_out(part, reckoning)
    sent = f"{many(answers)} answers × {size(each)}"
    if files.high:
        sent += f" + {many(files)} files × {size(file_size(reckoning))}"
    yield Charge(
        what="requests",
        meter=_meter(tier, "Requests"),
        quantity=requests,
        formula=f"{many(requests)} requests from North America and Europe",
    )
    yield Charge(
        what="traffic out",
        meter=_meter(tier, "Data Transfer Out"),
        quantity=gigabytes(answers * each + files * file_size(reckoning)),
        formula=f"{sent}, to North America and Europe",
    )
    further = requests * passed_on(part, reckoning)
    records = sent_in(reckoning, services_of(part, reckoning))
    yield Charge(
        what="traffic to what answers",
        meter=_meter(tier, "Data Transfer In"),
        quantity=gigabytes(further * REQUEST + records),
        formula=f"{many(further)} requests that no cache answers × 1 KB + {size(records)} that is sent in",
    )
    linked = sum(1 for each in reckoning.graph.of(f"{resource.type}/originGroups/origins") if _linked(each))
    if linked:
        why = f"in the base fee of the {tier.lower()} tier"
        yield Free(what=one_or_more(linked, "private link") + " to what answers", why=why)
    yield Free(
        what="traffic from Azure to Front Door", why="nothing is charged for it, by Azure or by Front Door"
    )


def _linked(origin: Resource) -> bool:
    return Body(origin.body).at("properties.sharedPrivateLinkResource") is not None


def _meter(tier: str, name: str) -> Meter:
    return Meter(
        service="Azure Front Door Service",
        product="Azure Front Door",
        name=f"{tier} {name}",
        sku=tier,
        region=ZONE,
    )
