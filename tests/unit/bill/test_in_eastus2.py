"""Every plan of the five systems has its price in East US 2; elsewhere it has one or says what is missing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.regions import is_region, paired_with
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.elsewhere import moved
from seatrial.bill.errors import Missing, PricesMissing
from seatrial.cli.system_file import read_system
from seatrial.model import Plan

SYSTEMS = Path(__file__).parents[3] / "systems"
NAMES = ("doctrove", "papr", "qlp", "newswire", "cultivate")
BOOK = Book()
REGIONS = [region for region in BOOK.regions if is_region(region)]
"""Those with prices of their own."""

UNPRICED = ["polandcentral", "uaenorth", "westindia"]
"""Those without."""


@cache
def described(name: str) -> System:
    return read_system(SYSTEMS / name / "system.py")


PLANS = [(name, variant) for name in NAMES for variant in (None, *described(name).variants)]


def in_region(name: str, variant: str | None, region: str) -> Plan:
    return moved(described(name).plan(variant), region)


@pytest.mark.parametrize(("name", "variant"), PLANS)
def test_every_plan_has_its_price_in_east_us_2(name: str, variant: str | None) -> None:
    plan = in_region(name, variant, "eastus2")

    made = bill(graph(plan), BOOK)

    assert made.total.low > 0
    assert made.total.low <= made.total.likely <= made.total.high
    # Nothing is priced in a region where nothing stands: only here, in further regions, and where copies are
    here = {"eastus2", *plan.also_in, "Global", "Zone 1"}
    copies = {line.price.meter.region for line in made.lines} - here
    assert copies <= {paired_with(region) for region in ("eastus2", *plan.also_in)}
    assert all("copy" in line.what for line in made.lines if line.price.meter.region in copies)


@pytest.mark.parametrize("region", [region for region in REGIONS if region != "eastus2"] + UNPRICED)
@pytest.mark.parametrize("name", NAMES)
def test_elsewhere_it_has_a_price_or_says_what_is_missing(name: str, region: str) -> None:
    # Given a system in another region, unless Azure would refuse it there: for want of zones, a pair, a model
    made = compiled(name, region)
    if isinstance(made, Refused):
        assert region in str(made)
        return
    # When it is priced, then it has its price
    found = priced(made)
    if isinstance(found, Bill):
        assert found.total.low > 0
        assert region in REGIONS
        return
    # Or each price that is not in the book is told once, with its meter, of that region or one it needs
    assert len(set(found)) == len(found)
    for each in found:
        assert each.meter is not None
        assert each.meter.region in {region, paired_with(region), *regions_of_sites(made)}
        assert BOOK.price(each.meter) is None
        assert [near for near in BOOK.near(each.meter) if BOOK.price(near) is None] == []


def compiled(name: str, region: str) -> Graph | Refused:
    try:
        return graph(in_region(name, None, region))
    except Refused as refused:
        return refused


def priced(made: Graph) -> Bill | tuple[Missing, ...]:
    try:
        return bill(made, BOOK)
    except PricesMissing as refused:
        return refused.missing


def regions_of_sites(made: Graph) -> set[str | None]:
    """Static sites stand in one of five regions, whatever that of the system."""
    return {each.location for each in made.of("Microsoft.Web/staticSites")}
