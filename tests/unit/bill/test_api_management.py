"""What API Management is charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import exactly

APIS = "Microsoft.ApiManagement/service"
Find = Callable[..., Line]


def counter(requests: str = "1M/month", also_in: tuple[str, ...] = (), **apis: Any) -> System:
    """One service behind a gateway of APIs."""
    system = System("counter", region="eastus2", also_in=list(also_in))
    api = system.service("api", "serve", port=8000, health="/health")
    system.api_management("gateway", apis={"things": api}, publisher="Us", **apis)
    system.usage(requests=requests, answer_size="1 KB")
    return system


@pytest.mark.parametrize(
    ("tier", "unit"),
    [
        ("developer", "48.03"),  # 730 h × 0.0658 = 48.034
        ("basic v2", "150.00"),  # 730 h × 0.20548 = 150.0004
        ("standard v2", "700.00"),  # 730 h × 0.9589 = 699.997
        ("premium", "2795.17"),  # 730 h × 3.829
    ],
)
def test_a_unit_is_paid_by_the_hour(
    priced: Callable[[System], Bill], line: Find, tier: str, unit: str
) -> None:
    assert line(priced(counter(tier=tier)), "gateway", APIS).amount == exactly(Decimal(unit))


def test_further_units_of_a_v2_tier_cost_less(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(counter(tier="standard v2", units=3))

    assert line(bill, "gateway", APIS).amount == exactly(Decimal("700.00"))
    # 2 × 730 h × 0.68493 = 999.9978
    assert line(bill, "further units").amount == exactly(Decimal("1000.00"))


def test_calls_are_paid_beyond_those_in_the_price(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(counter("60M/month", tier="standard v2"))

    # 50,000,000 are in the price; 10,000,000 are 1,000 units of 10,000 × 0.025 = 25.00
    assert line(bill, "calls").amount == exactly(Decimal("25.00"))


def test_the_consumption_tier_pays_for_calls_alone(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(counter("3M/month", tier="consumption"))

    # 1,000,000 are free; 2,000,000 are 200 units of 10,000 × 0.035 = 7.00
    assert line(bill, "calls").amount == exactly(Decimal("7.00"))
    assert [each.what for each in bill.lines if each.type == APIS and each.part == "gateway"] == [
        "calls",
        "traffic out",
    ]


def test_each_region_has_its_gateway_and_an_equal_share_of_the_calls(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(counter("120M/month", ("westeurope",), tier="standard v2"))

    # 60,000,000 in each region, of which 50,000,000 are in the price of each gateway
    assert line(bill, "calls", region="eastus2").used == exactly(60_000_000)
    assert line(bill, "calls", region="westeurope").amount == exactly(Decimal("25.00"))
    assert line(bill, "gateway", APIS, "westeurope").amount == exactly(Decimal("700.00"))


def test_answers_leave_azure_from_here_unless_front_door_stands_before(
    priced: Callable[[System], Bill], line: Find
) -> None:
    behind = System("counter", region="eastus2")
    api = behind.service("api", "serve", port=8000, health="/health")
    gateway = behind.api_management("gateway", apis={"things": api}, publisher="Us")
    behind.front_door("door", routes={"/*": gateway})

    alone, covered = priced(counter("200M/month")), priced(behind)

    # 200,000,000 × 1 KB = 200 GB, of which 100 are free: 100 × 0.087 = 8.70
    assert line(alone, "traffic out", APIS).amount == exactly(Decimal("8.70"))
    assert [each.type for each in covered.lines if each.what == "traffic out"] == ["Microsoft.Cdn/profiles"]
