"""What Front Door is charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly
from seatrial.model.parts.edge import EdgeTier

DOOR = "Microsoft.Cdn/profiles"
Find = Callable[..., Line]


def town(tier: EdgeTier = "standard", sign_in: bool = False, **door: Any) -> System:
    """One service behind a door, asked two million times a month for 10 KB; nothing new comes in."""
    system = System("town", region="eastus2")
    api = system.service("api", "serve", port=8000, health="/health", sign_in=sign_in)
    system.front_door("door", routes={"/*": api}, tier=tier, **door)
    system.usage(requests="2M/month", answer_size="10 KB", new_records="0/month", record_size="1 KB")
    return system


@pytest.mark.parametrize(
    ("tier", "base", "requests"),
    [
        # 2,000,000 requests are 200 units of 10,000: × 0.009 = 1.80 and × 0.015 = 3.00
        ("standard", "35.00", "1.80"),
        ("premium", "330.00", "3.00"),
    ],
)
def test_a_tier_has_its_base_fee_and_its_price_of_requests(
    priced: Callable[[System], Bill], line: Find, tier: EdgeTier, base: str, requests: str
) -> None:
    bill = priced(town(tier))

    assert line(bill, "base fee").amount == exactly(Decimal(base))
    assert line(bill, "base fee").steady
    assert line(bill, "requests", DOOR).amount == exactly(Decimal(requests))


def test_answers_are_paid_on_the_way_to_the_world_and_requests_on_the_way_in(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(town())

    # 2,000,000 × 10 KB = 20 GB × 0.0825 = 1.65
    assert line(bill, "traffic out", DOOR).amount == exactly(Decimal("1.65"))
    # without a cache all 2,000,000 × 1 KB = 2 GB go on: × 0.02 = 0.04
    assert line(bill, "traffic to what answers").amount == exactly(Decimal("0.04"))


def test_what_passes_front_door_is_not_paid_as_traffic_of_the_region_again(
    priced: Callable[[System], Bill],
) -> None:
    bill = priced(town())

    assert not [each for each in bill.lines if each.price.meter.service == "Bandwidth"]
    assert "traffic from Azure to Front Door" in [each.what for each in bill.free]


def test_private_links_are_in_the_base_fee_of_the_premium_tier(priced: Callable[[System], Bill]) -> None:
    links = {free.what: free.why for free in priced(town("premium")).free if "private link" in free.what}

    assert links == {"1 private link to what answers": "in the base fee of the premium tier"}
    assert not [free for free in priced(town("standard")).free if "private link" in free.what]


def test_a_cache_keeps_requests_from_what_answers_but_not_from_the_world(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("town", region="eastus2")
    api = system.service("api", "serve", port=8000, health="/health")
    door = system.front_door("door", routes={"/*": api}, cache="10 min")
    system.usage(requests="2M/month", answer_size="10 KB", new_records="0/month", record_size="1 KB")
    system.usage(door, cached=("20 %", "50 %", "80 %"))

    bill = priced(system)

    # of 2 GB of requests 80, 50 or 20 % go on
    onwards = line(bill, "traffic to what answers").used
    assert onwards == Range(Decimal("0.4"), Decimal(1), Decimal("1.6"))
    assert line(bill, "traffic out", DOOR).used == exactly(20)
    assert line(bill, "requests", DOOR).used == exactly(2_000_000)


def test_no_answer_behind_a_sign_in_is_taken_to_come_from_the_cache(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(town(cache="10 min", sign_in=True))

    assert line(bill, "traffic to what answers").used == exactly(2)


def test_new_records_come_in_through_the_door(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("town", region="eastus2")
    api = system.service("api", "serve", port=8000, health="/health")
    system.front_door("door", routes={"/*": api})
    system.usage(requests="1M/month", answer_size="1 KB", new_records="1M/month", record_size="9 KB")

    # 1,000,000 requests × 1 KB + 1,000,000 records × 9 KB = 10 GB
    assert line(priced(system), "traffic to what answers").used == exactly(10)


def test_files_of_a_site_are_requests_as_well(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("town", region="eastus2")
    pages = system.site("pages", directory="web", port=8080)
    api = system.service("api", "serve", port=8000, health="/health")
    system.front_door("door", routes={"/*": pages, "/api/*": api})
    system.usage(requests="1M/month", answer_size="1 KB", new_records="0/month", record_size="1 KB")

    bill = priced(system)

    # 1,000,000 answers of the service, and 2 %, 10 % or 50 % as many files
    assert line(bill, "requests", DOOR).used == Range(
        Decimal(1_020_000), Decimal(1_100_000), Decimal(1_500_000)
    )
    # 1,000,000 × 1 KB + 100,000 × 20 KiB = 1 GB + 2.048 GB
    sent = line(bill, "traffic out", DOOR)
    assert sent.used.likely == Decimal("3.048")
    assert sent.formula == (
        "1,000,000 answers × 1 KB + 100,000 files × 20.48 KB, to North America and Europe"
    )


def test_regions_outside_of_the_first_zone_are_told_of(priced: Callable[[System], Bill]) -> None:
    def town(*also_in: str) -> Bill:
        system = System("town", region="eastus2", also_in=also_in)
        api = system.service("api", "serve", port=8000, health="/health")
        system.front_door("door", routes={"/*": api}, tier="standard")
        return priced(system)

    def told(bill: Bill) -> list[str]:
        return [each.sentence for each in bill.warnings if each.part == "door"]

    assert not told(town("westeurope"))
    assert told(town("westeurope", "southeastasia")) == [
        "all requests are priced as if they came from North America or Europe; those from near southeastasia "
        "cost more"
    ]
