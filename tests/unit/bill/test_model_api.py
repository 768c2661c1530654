"""What deployments of models are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge
from seatrial.bill.errors import PricesMissing
from seatrial.bill.model_api import deployment
from seatrial.bill.model_meters import MODELS, read, written
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

DEPLOYMENTS = "Microsoft.CognitiveServices/accounts/deployments"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def oracle(
    model: str, tokens: str | None = "100M/month", tokens_out: str | None = "10M/month", **said: Any
) -> System:
    system = System("oracle", region="eastus2")
    part = system.model_api("pythia", model=model, **said)
    if tokens is not None:
        system.usage(part, tokens=tokens)
    if tokens_out is not None and "embedding" not in model:
        system.usage(part, tokens_out=tokens_out)
    return system


@pytest.mark.parametrize(
    ("place", "amount"),
    [
        ("anywhere", "2.00"),  # 100 M × 0.02 a million
        ("data zone", "2.20"),  # a tenth more
        ("region", "2.20"),
    ],
)
def test_an_embedding_is_paid_by_the_token_it_reads(
    priced: Price, line: Find, place: str, amount: str
) -> None:
    bill = priced(oracle("text-embedding-3-small", worked_on=place))

    assert line(bill, "tokens read").amount == exactly(Decimal(amount))
    assert [each.what for each in bill.lines if each.type == DEPLOYMENTS] == ["tokens read"]


@pytest.mark.parametrize(
    ("model", "into", "out"),
    [
        ("gpt-4.1-mini", "40.00", "16.00"),  # 0.40 and 1.60 a million
        ("gpt-4o", "250.00", "100.00"),  # 2.50 and 10
        ("gpt-4o-mini", "15.00", "6.00"),  # 0.15 and 0.60
        ("gpt-5", "125.00", "100.00"),  # 1.25 and 10, sold by the million
    ],
)
def test_a_model_that_converses_is_paid_for_what_it_reads_and_writes(
    priced: Price, line: Find, model: str, into: str, out: str
) -> None:
    bill = priced(oracle(model))

    assert line(bill, "tokens read").amount == exactly(Decimal(into))
    assert line(bill, "tokens written").amount == exactly(Decimal(out))
    assert not line(bill, "tokens read").steady


def test_every_model_and_place_that_is_known_is_in_the_price_list(book: Book) -> None:
    missing = [
        (model, place)
        for model, names in MODELS.items()
        for place in names
        for meter in (read(model, place, "eastus2"), written(model, place, "eastus2"))
        if meter is not None and book.price(meter) is None
    ]

    assert missing == []


def test_a_model_whose_meters_are_not_known_refuses_the_bill_by_its_name(priced: Price) -> None:
    with pytest.raises(PricesMissing) as refused:
        priced(oracle("o9-large"))

    names = [missing.meter.name for missing in refused.value.missing if missing.meter is not None]
    assert names == ["o9-large read anywhere Tokens"]


def test_what_a_model_embeds_is_the_text_of_new_records_and_a_query_for_each_request(
    priced: Price, line: Find
) -> None:
    system = System("oracle", region="eastus2")
    pythia = system.model_api("pythia", model="text-embedding-3-small")
    system.service("desk", "serve", port=8000, health="/health", uses=[pythia], public=True)
    system.usage(new_records="1M/month", record_size="4 KiB", requests="100k/month")

    tokens = line(priced(system), "tokens read").used

    # 1 M × 4,096 B × a tenth, a quarter, all of it ÷ 4 B; and 100,000 × 1, 10, 50
    assert tokens == Range(Decimal(102_500_000), Decimal(257_000_000), Decimal(1_029_000_000))


def test_a_model_that_converses_is_asked_for_each_new_record_and_some_requests(priced: Price) -> None:
    system = System("oracle", region="eastus2")
    pythia = system.model_api("pythia", model="gpt-4.1-mini")
    system.service("desk", "serve", port=8000, health="/health", uses=[pythia], public=True)
    system.usage(new_records="1k/month", requests="100k/month")

    assumed = {each.key: each.amount for each in priced(system).assumptions}

    # 1,000 records, and of 100,000 requests none, 1,000 or 5,000
    assert assumed["pythia.tokens"] == Range(Decimal(500_000), Decimal(4_000_000), Decimal(48_000_000))
    assert assumed["pythia.tokens_out"] == Range(Decimal(100_000), Decimal(600_000), Decimal(6_000_000))


def test_regions_share_the_tokens(priced: Price) -> None:
    system = System("oracle", region="eastus2", also_in=["westeurope"])
    pythia = system.model_api("pythia", model="text-embedding-3-small")
    system.usage(pythia, tokens="100M/month")

    lines = [each for each in priced(system).lines if each.type == DEPLOYMENTS]

    assert [(each.region, each.used) for each in lines] == [
        ("eastus2", exactly(50_000_000)),
        ("westeurope", exactly(50_000_000)),
    ]
    assert lines[0].formula == "100,000,000 tokens ÷ 2 regions"


@pytest.mark.parametrize(
    "sku", ["GlobalProvisionedManaged", "DataZoneProvisionedManaged", "ProvisionedManaged"]
)
def test_provisioned_units_are_paid_by_the_hour_whatever_is_asked(book: Book, sku: str) -> None:
    made = graph(oracle("gpt-4.1").plan())
    [found] = made.of(DEPLOYMENTS)
    other = replace(found, body={**found.body, "sku": {"name": sku, "capacity": 50}})

    [charge] = deployment(other, Reckoning(made, Usage(made.plan)))

    assert isinstance(charge, Charge)
    assert (charge.quantity, charge.formula) == (exactly(36_500), "50 units × 730 h")
    assert charge.steady
    assert book.price(charge.meter) is not None


def test_more_of_anything_never_costs_less(priced: Price) -> None:
    least = priced(oracle("gpt-4.1")).total.likely

    assert priced(oracle("gpt-4.1", tokens="200M/month")).total.likely > least
    assert priced(oracle("gpt-4.1", tokens_out="20M/month")).total.likely > least
