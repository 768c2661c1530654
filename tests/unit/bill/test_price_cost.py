"""What holds for the cost of any quantity at any price, and for any book that is written and read again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.book import Book
from seatrial.bill.meters import Meter, Price, Tier
from seatrial.bill.pricelist.book_files import texts
from seatrial.bill.pricelist.entries import Entry

METER = Meter(
    service="Storage", product="Files v2", name="Hot LRS Data Stored", sku="Hot LRS", region="eastus2"
)
money = st.decimals(0, 100_000, places=10)
units = st.decimals(0, 10_000_000, places=4)


@st.composite
def tiers(draw: Callable[[Any], Any]) -> tuple[Tier, ...]:
    borders = [Decimal(0), *sorted(draw(st.sets(st.integers(1, 10**7).map(Decimal), max_size=5)))]
    return tuple(Tier(above, draw(money)) for above in borders)


def priced(of: tuple[Tier, ...]) -> Price:
    return Price(
        meter=METER,
        unit="1 GB/Month",
        each=Decimal(1),
        tiers=of,
        terms={},
        read_on=date(2026, 8, 14),
        source="here",
        sure="high",
    )


@given(tiers(), units, units)
def test_more_never_costs_less(of: tuple[Tier, ...], one: Decimal, other: Decimal) -> None:
    price = priced(of)
    assert price.cost(min(one, other)) <= price.cost(max(one, other))


@given(tiers())
def test_the_cost_does_not_jump_at_a_border(of: tuple[Tier, ...]) -> None:
    # A ten-thousandth of a unit on either side of a border costs what is asked on that side
    price, little = priced(of), Decimal("0.0001")
    for before, after in pairwise(of):
        step = price.cost(after.above + little) - price.cost(after.above - little)
        assert step == little * (before.price + after.price)


@given(tiers(), units)
def test_the_cost_lies_between_the_lowest_and_the_highest_price(
    of: tuple[Tier, ...], quantity: Decimal
) -> None:
    prices = [tier.price for tier in of]
    assert min(prices) * quantity <= priced(of).cost(quantity) <= max(prices) * quantity


names = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" -|/"), min_size=1, max_size=20
)
spaced_names = names.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def entries(draw: Callable[[Any], Any]) -> list[Entry]:
    return [
        Entry(
            service=key[1],
            product=draw(spaced_names),
            name=key[2],
            sku=f"sku {number}",
            other_sku=f"other {number}" if draw(st.booleans()) else "",
            region=key[0],
            unit=draw(st.sampled_from(["1 Hour", "10K", "1 GB/Month"])),
            tiers=draw(tiers()),
            terms=draw(st.dictionaries(st.sampled_from(["spot", "sp-1y", "ri-3y"]), money)),
            read_on=draw(st.dates(date(2020, 1, 1), date(2030, 1, 1))),
            source=draw(spaced_names),
            sure=draw(st.sampled_from(["high", "medium", "low"])),
        )
        for number, key in enumerate(
            draw(
                st.lists(
                    st.tuples(st.sampled_from(["Global", "Zone 1", "eastus2"]), spaced_names, spaced_names),
                    min_size=1,
                    max_size=6,
                )
            )
        )
    ]


@given(entries())
def test_a_book_that_is_written_and_read_again_is_the_same(written: list[Entry]) -> None:
    with TemporaryDirectory() as folder:
        for name, text in texts("USD", date(2026, 8, 14), written).items():
            (Path(folder) / name).write_bytes(text.encode())
        book = Book(Path(folder))
        read = [entry for region in book.regions for entry in book.entries(region)]
        assert sorted(read, key=lambda entry: entry.key) == sorted(written, key=lambda entry: entry.key)
