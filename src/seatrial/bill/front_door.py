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
from seatrial.bill.egress import REQUEST, answers_of, files_of, passed_on
from seatrial.bill.meters import Meter
from seatrial.bill.range import NOTHING, Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import gigabytes, many, size
from seatrial.model import FrontDoor, Site

__all__ = ["asked", "profile"]

ZONE = "Zone 1"
"""Everybody is taken to ask from North America or Europe, as no figure says from where they ask. Elsewhere
an answer costs up to 40 % more, and a request more than twice as much.
Source: https://azure.microsoft.com/pricing/details/frontdoor/"""


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
    requests, each = asked(reckoning, part), reckoning.figure("answer_size")
    yield Charge(
        what="requests",
        meter=_meter(tier, "Requests"),
        quantity=requests,
        formula=f"{many(requests)} requests from North America and Europe",
    )
    yield Charge(
        what="traffic out",
        meter=_meter(tier, "Data Transfer Out"),
        quantity=gigabytes(requests * each),
        formula=f"{many(requests)} answers × {size(each)} to North America and Europe",
    )
    further = requests * passed_on(part, reckoning)
    records = _sent_in(reckoning, part)
    yield Charge(
        what="traffic to what answers",
        meter=_meter(tier, "Data Transfer In"),
        quantity=gigabytes(further * REQUEST + records),
        formula=f"{many(further)} requests that no cache answers × 1 KB + {size(records)} of new records",
    )
    yield Free(
        what="traffic from Azure to Front Door", why="nothing is charged for it, by Azure or by Front Door"
    )


def asked(reckoning: Reckoning, part: FrontDoor) -> Range:
    """The requests that come to a Front Door: for its services, and for the files of its sites."""
    sites = [target for target in dict.fromkeys(part.routes.values()) if isinstance(target, Site)]
    files = total(files_of(site, reckoning) for site in sites)
    why = "each request that its services answer" + (", and the files of its sites" if sites else "")
    return reckoning.figure("requests", part, assumed=answers_of(part, reckoning) + files, why=why)


def _sent_in(reckoning: Reckoning, part: FrontDoor) -> Range:
    """The bytes of new records, unless only files stand behind it."""
    if all(isinstance(target, Site) for target in part.routes.values()):
        return NOTHING
    return reckoning.figure("new_records") * reckoning.figure("record_size")


def _meter(tier: str, name: str) -> Meter:
    return Meter(
        service="Azure Front Door Service",
        product="Azure Front Door",
        name=f"{tier} {name}",
        sku=tier,
        region=ZONE,
    )
