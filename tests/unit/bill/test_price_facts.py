"""Collected prices become rows of the book: what other programs printed, and when, and how sure it is."""

from __future__ import annotations

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from seatrial.bill.pricelist.entries import Entry, entries
from seatrial.bill.pricelist.rows import Row

ROOT = Path(__file__).resolve().parents[3]
FACT = {
    "service": "Service Bus",
    "meter": "Service Bus | Standard Messaging Operations",
    "sku": "Standard",
    "region": "eastus2",
    "unit": "1M",
    "price_usd": "0",
    "reservation": "payg",
    "as_of": "2026-08-14",
    "source": "somewhere",
    "confidence": "high",
}


@pytest.fixture(scope="module")
def facts() -> Any:
    spec = importlib.util.spec_from_file_location("price_facts", ROOT / "tools" / "price_facts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def row(facts: Any, **changed: str) -> Row:
    (found,) = facts.from_fact({**FACT, **changed})
    assert isinstance(found, Row)
    return found


def test_a_tier_and_a_date_stand_behind_the_name(facts: Any) -> None:
    found = row(facts, meter=f"{FACT['meter']} | from 13 units | effective 2026-08-01", price_usd="0.8")
    assert (found.name, found.above, found.effective) == (
        "Standard Messaging Operations",
        13,
        date(2026, 8, 1),
    )


def test_the_border_of_a_tier_may_be_written_with_an_exponent(facts: Any) -> None:
    assert row(facts, meter=f"{FACT['meter']} | from 1e+06 units").above == 1_000_000


def test_a_remark_behind_the_name_is_not_part_of_it(facts: Any) -> None:
    assert row(facts, meter="Service Bus | Standard Base Unit (two meters exist: take one)").name == (
        "Standard Base Unit"
    )


def test_the_arm_name_stands_in_brackets(facts: Any) -> None:
    found = row(facts, sku="P1 v3 [Standard_P1_v3]")
    assert (found.sku_name, found.arm_sku) == ("P1 v3", "Standard_P1_v3")


@pytest.mark.parametrize(
    ("as_of", "day", "said"),
    [
        ("2026-08-14", date(2026, 8, 14), "somewhere"),
        ("2026-09/10 (snapshot undated)", date(2026, 9, 1), "somewhere (read 2026-09/10 (snapshot undated))"),
        ("2026 (undated)", date(2026, 1, 1), "somewhere (read 2026 (undated))"),
        ("2026-08", date(2026, 8, 1), "somewhere (read 2026-08)"),
    ],
)
def test_a_day_that_is_not_told_is_the_first_it_can_be(facts: Any, as_of: str, day: date, said: str) -> None:
    found = row(facts, as_of=as_of)
    assert (found.read_on, found.source) == (day, said)


@pytest.mark.parametrize(
    ("confidence", "sure"),
    [
        ("high", "high"),
        ("medium (one reader of the live API)", "medium"),
        ("medium (printed, may be rounded to cents)", "low"),
        ("low (single mention)", "low"),
    ],
)
def test_how_sure_it_is(facts: Any, confidence: str, sure: str) -> None:
    assert row(facts, confidence=confidence).sure == sure


def test_of_an_amount_in_cents_the_shortest_price_that_prints_so(facts: Any) -> None:
    # Given 169.73 printed for 2,190 hours: between 0.077500 and 0.0775046 an hour
    found = row(
        facts,
        price_usd="0.077502",
        confidence="medium (unit price computed from a printed monthly amount 169.73/2190)",
    )
    assert found.price == Decimal("0.0775")
    # and a price of another unit than what was printed stays as it is: 0.36 a month, not an hour
    found = row(
        facts,
        price_usd="0.36",
        confidence="medium (unit price computed from a printed monthly amount 0.36/730)",
    )
    assert found.price == Decimal("0.36")


def test_printed_words_become_the_meter_they_stand_for(facts: Any) -> None:
    gateway = row(
        facts, service="NAT Gateway", meter="NAT gateway", sku="my_gateway", region="Global", unit="hours"
    )
    assert (gateway.product, gateway.name, gateway.sku_name, gateway.unit) == (
        "NAT Gateway",
        "Standard Gateway",
        "Standard",
        "1 Hour",
    )
    plan = row(
        facts,
        service="Azure App Service",
        meter="Instance usage (P1v3)",
        sku='example["Linux.P1v3.3"]',
        unit="hours",
    )
    assert (plan.product, plan.name) == ("Azure App Service Premium v3 Plan - Linux", "P1 v3 App")


@pytest.mark.parametrize(
    "changed",
    [
        {"service": "API Management", "meter": "API management (premium)", "unit": "units"},
        {
            "service": "Azure App Service",
            "meter": "Instance usage (P1v3)",
            "sku": 'example["Windows.P1v3.3"]',
        },
        {"service": "Azure Bastion", "meter": "Azure Bastion | Standard Gateway", "region": "not stated"},
        {"service": "Event Hubs", "meter": "Event Hubs | Standard Throughput Unit"},
    ],
)
def test_what_cannot_be_put_to_a_meter_is_left_out(facts: Any, changed: dict[str, str]) -> None:
    assert facts.from_fact({**FACT, **changed}) == ()


@pytest.mark.parametrize("changed", [{"as_of": "lately"}, {"reservation": "ri-5y"}, {"price_usd": "free"}])
def test_a_column_with_something_else_in_it_is_refused(facts: Any, changed: dict[str, str]) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        facts.from_fact({**FACT, **changed})


def entry(*rows: Row) -> Entry:
    (made,), left_out = entries(rows)
    assert left_out == ()
    return made


def test_the_most_trusted_reading_counts_and_then_the_newest(facts: Any) -> None:
    low = row(facts, price_usd="3", as_of="2026-10-01", confidence="low (single mention)")
    old = row(facts, price_usd="2", as_of="2026-08-14")
    new = row(facts, price_usd="1", as_of="2026-09-14")
    assert entry(low, old, new) == entry(new, old, low)
    assert entry(low, old, new).tiers[0].price == 1
    assert entry(low, old).tiers[0].price == 2


def test_a_reader_of_one_tier_is_completed_by_another_who_agrees(facts: Any) -> None:
    first = row(facts, price_usd="0.5", as_of="2026-10-01")
    agrees = [
        row(facts, price_usd="0.5", confidence="medium (printed)"),
        row(facts, meter=f"{FACT['meter']} | from 10 units", price_usd="0.4", confidence="medium (printed)"),
    ]
    made = entry(first, *agrees)
    assert [(tier.above, tier.price) for tier in made.tiers] == [(0, Decimal("0.5")), (10, Decimal("0.4"))]
    assert made.sure == "medium"
    assert made.source == "somewhere; from 10 units: somewhere, read 2026-08-14"
    # but not by one who says something else of the first
    other = row(facts, price_usd="0.6", confidence="medium (printed)")
    assert len(entry(first, other, agrees[1]).tiers) == 1


def test_a_size_is_known_by_its_arm_name_in_every_region_once_one_reader_tells_it(facts: Any) -> None:
    told = row(facts, sku="P1 v3 [Standard_P1_v3]")
    untold = row(facts, sku="P1 v3", region="eastus")
    made, _ = entries([told, untold])
    assert {entry.sku for entry in made} == {"Standard_P1_v3"}
    assert {entry.region for entry in made} == {"eastus", "eastus2"}
