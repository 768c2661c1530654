"""What an application gateway is charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import exactly

GATEWAY = "Microsoft.Network/applicationGateways"
Find = Callable[..., Line]


def harbour(requests: str, answer_size: str = "1 KB", **gateway: Any) -> System:
    """One service behind a gateway, asked evenly in six hours of each day: 182.5 of 730 h."""
    system = System("harbour", region="eastus2")
    web = system.service("web", "serve", port=8000, health="/health")
    system.application_gateway("gateway", routes={"/*": web}, **gateway)
    system.usage(requests=requests, answer_size=answer_size, busy="6 h")
    return system


@pytest.mark.parametrize(
    ("waf", "hours", "ready"),
    [
        # 730 h × 0.36 = 262.80; 2 instances × 10 units × 730 h = 14,600 × 0.0144 = 210.24
        ("prevention", "262.80", "210.24"),
        # 730 h × 0.20 = 146.00; 14,600 × 0.008 = 116.80
        ("off", "146.00", "116.80"),
    ],
)
def test_a_gateway_pays_for_its_hours_and_for_what_it_holds_ready(
    priced: Callable[[System], Bill], line: Find, waf: str, hours: str, ready: str
) -> None:
    bill = priced(harbour("1k/month", waf=waf, capacity=(2, 4)))

    assert line(bill, "gateway", GATEWAY).amount == exactly(Decimal(hours))
    assert line(bill, "capacity held ready").amount == exactly(Decimal(ready))
    assert line(bill, "capacity under load").amount == exactly(Decimal("0.00"))


def test_a_firewall_is_loaded_by_the_number_of_requests(priced: Callable[[System], Bill], line: Find) -> None:
    # 131,400,000 requests in 182.5 h are 200 a second; 10 of them load a unit: 20 units, 10 are ready
    bill = priced(harbour("131400000/month", waf="prevention", capacity=(1, 4)))

    load = line(bill, "capacity under load")
    assert load.used == exactly(1825)  # 10 more × 182.5 h
    assert load.amount == exactly(Decimal("26.28"))  # × 0.0144
    assert load.formula == (
        "131,400,000 requests in 182.5 working hours need 20 units at once, 10 are held ready"
    )


def test_more_load_than_its_instances_are_sure_to_carry_is_told(priced: Callable[[System], Bill]) -> None:
    # 200 requests a second need 20 units; one instance is sure of 10
    small, large = (
        priced(harbour("131400000/month", waf="prevention", capacity=(0, most))).warnings for most in (2, 3)
    )

    assert not [each for each in large if each.part == "gateway"]
    assert not [each for each in small if each.part == "gateway"]
    over = priced(harbour("144540000/month", waf="prevention", capacity=(0, 2))).warnings
    assert [each.sentence for each in over if each.part == "gateway"] == [
        "in working hours its load needs 22 capacity units, and its 2 instances are sure of 20"
    ]


def test_large_answers_load_a_gateway_by_their_bytes(priced: Callable[[System], Bill], line: Find) -> None:
    # 6,570,000 requests in 182.5 h are 10 a second, each of 1,109,000 + 1,000 bytes: 88.8 Mbit/s, which are
    # 40 units of 2.22 Mbit/s; 10 are ready
    bill = priced(harbour("6570000/month", "1109000 B", waf="off", capacity=(1, 4)))

    assert line(bill, "capacity under load").used == exactly(5475)  # 30 more × 182.5 h


def test_a_gateway_that_holds_nothing_ready_pays_for_the_load_alone(
    priced: Callable[[System], Bill], line: Find
) -> None:
    # 65,700,000 requests in 182.5 h are 100 a second: 10 units
    bill = priced(harbour("65700000/month", waf="prevention", capacity=(0, 4)))

    assert line(bill, "capacity held ready").used == exactly(0)
    assert line(bill, "capacity under load").used == exactly(1825)


def test_answers_leave_azure_from_the_region(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(harbour("1M/month", "300 KB"))

    # 1,000,000 × 300 KB = 300 GB; the first 100 are free: 200 × 0.087 = 17.40
    assert line(bill, "traffic out", GATEWAY).amount == exactly(Decimal("17.40"))
    assert line(bill, "traffic out", GATEWAY).price.meter.service == "Bandwidth"


def test_gateways_of_several_regions_share_the_load(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("harbour", region="eastus2", also_in=["westeurope"])
    web = system.service("web", "serve", port=8000, health="/health")
    system.application_gateway("gateway", routes={"/*": web}, capacity=(0, 4))
    system.usage(requests="131400000/month", answer_size="1 KB", busy="6 h")

    load = line(priced(system), "capacity under load", region="westeurope")

    # 100 a second in each region: 10 units × 182.5 h
    assert load.used == exactly(1825)
    assert load.formula == (
        "131,400,000 requests ÷ 2 regions in 182.5 working hours need 10 units at once, 0 are held ready"
    )


def test_its_own_address_is_in_its_price(priced: Callable[[System], Bill]) -> None:
    bill = priced(harbour("1k/month"))

    assert [free.why for free in bill.free if free.what == "public address"] == [
        "in the price of the application gateway"
    ]
    assert not [each for each in bill.lines if each.what == "address"]
