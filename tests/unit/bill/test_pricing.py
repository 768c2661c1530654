"""One graph, priced under one usage after another."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Pricing, bill
from seatrial.bill.book import Book
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system
from seatrial.model import Stated

SYSTEMS = Path(__file__).parents[3] / "systems"
BOOK = Book()


@cache
def described(name: str) -> Graph:
    return graph(read_system(SYSTEMS / name / "system.py").plan())


def factors() -> st.SearchStrategy[Decimal]:
    return st.sampled_from([Decimal("0.1"), Decimal(1), Decimal(3), Decimal(40)])


def months() -> st.SearchStrategy[dict[str, Decimal]]:
    return st.fixed_dictionaries({"records": factors(), "requests": factors()})


def answers(many: int) -> Stated:
    number = Decimal(many)
    return Stated(part=None, name="answer_size", low=number, likely=number, high=number)


@pytest.mark.parametrize("name", ["doctrove", "papr", "cultivate"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(months(), st.lists(st.sampled_from([2_000, 90_000]), max_size=1)), min_size=2, max_size=5
    )
)
def test_what_was_priced_before_leaves_no_trace(
    name: str, usages: list[tuple[dict[str, Decimal], list[int]]]
) -> None:
    # Given a graph that was priced under other usages before
    pricing = Pricing(described(name), BOOK)
    for scale, sizes in usages:
        asked = [answers(each) for each in sizes]
        # When it is priced under another one
        found = pricing.bill(Usage(described(name).plan, asked, scale))
        # Then all of it is as if it had never been priced
        fresh = bill(described(name), BOOK, Usage(described(name).plan, asked, scale))
        assert found.lines == fresh.lines
        assert found.free == fresh.free
        assert found.assumptions == fresh.assumptions
        assert set(found.warnings) == set(fresh.warnings)


@pytest.mark.parametrize("name", ["doctrove", "papr", "cultivate"])
def test_what_was_asked_for_before_is_assumed_again(name: str) -> None:
    # Given a graph that was priced with each of its figures far from what is assumed
    pricing, plan = Pricing(described(name), BOOK), described(name).plan
    before = pricing.bill()
    for each in before.assumptions:
        part, _, figure = each.key.rpartition(".")
        many = each.amount.likely / 7
        asked = Stated(part=part or None, name=figure, low=many, likely=many, high=many)
        pricing.bill(Usage(plan, [asked]))
    # When nothing is asked for any more
    after = pricing.bill()
    # Then it is the first bill again
    assert after.lines == before.lines
    assert after.assumptions == before.assumptions


def test_what_rests_on_no_other_figure_is_not_reckoned_anew() -> None:
    # Given a bill, and the same again with more requests
    pricing = Pricing(described("doctrove"), BOOK)
    plan = described("doctrove").plan
    before = pricing.bill(Usage(plan))
    after = pricing.bill(Usage(plan, scale={"requests": Decimal(2)}))
    # Then the lines of the store, which rest on the records, are the same objects; those of the API are not
    again = {id(line) for line in before.lines} & {id(line) for line in after.lines}
    stores = [line for line in after.of_part("papers") if line.type.endswith("flexibleServers")]
    assert stores
    assert all(id(line) in again for line in stores)
    assert not all(id(line) in again for line in after.of_part("api"))
