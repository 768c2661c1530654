"""Bills side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import System
from seatrial.bill.bill import Bill, Line, by_months
from seatrial.bill.meters import Meter, Price, Term, Tier
from seatrial.bill.questions.compare import Difference, compare, names_of
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Assumption
from seatrial.model import FIGURES, Plan

POSTGRES = "Microsoft.DBforPostgreSQL/flexibleServers"
REGISTRY = "Microsoft.ContainerRegistry/registries"


def of(low: int, likely: int, high: int) -> Range:
    return Range(Decimal(low), Decimal(likely), Decimal(high))


def plan(variant: str | None = None) -> Plan:
    system = System("shop", region="eastus2")
    if variant is not None:
        system.variant(variant)
    return system.plan(variant)


def line(
    part: str | None,
    amount: Range | str,
    *,
    type: str = POSTGRES,
    what: str = "compute",
    formula: str = "4 vCores × 730 h",
    region: str = "eastus2",
    sku: str = "vCore",
    unit_price: str = "0.089",
    term: Term | None = None,
    falls: bool = False,
) -> Line:
    paid = exactly(Decimal(730))
    return Line(
        part=part,
        region=region,
        resource="server",
        type=type,
        what=what,
        used=paid,
        paid=paid,
        price=Price(
            meter=Meter(service="s", product="p", name="n", sku=sku, region=region),
            unit="1 Hour",
            each=Decimal(1),
            tiers=(Tier(Decimal(0), Decimal(unit_price)),),
            terms={},
            read_on=date(2026, 8, 14),
            source="the price list",
            sure="high",
        ),
        term=term,
        formula=formula,
        steady=True,
        amount=amount if isinstance(amount, Range) else exactly(Decimal(amount)),
        falls=falls,
    )


def bill(
    lines: Sequence[Line],
    variant: str | None = None,
    assumptions: Sequence[Assumption] = (),
    currency: str = "USD",
    commitment: Term | None = None,
) -> Bill:
    return Bill(
        plan=plan(variant),
        currency=currency,
        lines=tuple(lines),
        free=(),
        assumptions=tuple(assumptions),
        warnings=(),
        commitment=commitment,
    )


def assumption(key: str, amount: int, *, stated: bool = True) -> Assumption:
    figure = FIGURES[key.rpartition(".")[2]]
    return Assumption(key=key, figure=figure, amount=exactly(amount), why="said", stated=stated)


def test_a_row_shows_each_bill_and_the_difference_to_the_first() -> None:
    four, eight = bill([line("papers", "259.88")]), bill([line("papers", "519.76")], "big")
    compared = compare([four, eight])
    row = compared.parts[0].rows[0]
    assert row.amounts == (exactly(Decimal("259.88")), exactly(Decimal("519.76")))
    # 519.76 - 259.88 = 259.88
    cents = Decimal("259.88")
    assert row.differences == (Difference(cents, cents, cents),)
    assert compared.names == ("base", "big")


def test_what_one_bill_has_alone_costs_nothing_in_the_other() -> None:
    compared = compare(
        [
            bill([line("papers", "10.00")]),
            bill([line("papers", "10.00"), line("images", "5.00", type=REGISTRY)]),
        ]
    )
    assert [(row.part, row.amounts[0].likely) for row in compared.rows] == [("images", 0), ("papers", 10)]
    assert compared.rows[0].why == ("only here: 4 vCores × 730 h",)
    assert compare(compared.bills[::-1]).rows[0].why == ("not here any more: 4 vCores × 730 h",)


def test_what_makes_the_most_difference_stands_first() -> None:
    before = [
        line("a", "100"),
        line("b", "50"),
        line("c", "7", what="storage"),
        line("c", "3", what="backup"),
    ]
    after = [line("a", "101"), line("b", "20"), line("c", "9", what="storage"), line("c", "9", what="backup")]
    # Differences: a +1, b -30, c +2 and +6 (together +8).
    compared = compare([bill(before), bill(after)])
    assert [part.part for part in compared.parts] == ["b", "c", "a"]
    assert [row.what for row in compared.parts[1].rows] == ["backup", "storage"]
    assert [row.differences[0].likely for row in compared.rows] == [-30, 6, 2, 1]


def test_the_same_in_several_regions_is_one_row() -> None:
    here = line("papers", "10.00")
    there = line("papers", "12.00", region="westeurope")
    compared = compare([bill([here]), bill([here, there])])
    assert [row.amounts[1].likely for row in compared.rows] == [22]
    assert compared.rows[0].why == ("in 2 regions instead of 1",)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ({"formula": "4 vCores × 730 h"}, {"formula": "8 vCores × 730 h"}, "8 instead of 4 vCores"),
        ({"formula": "1 machine × 730 h"}, {"formula": "3 machines × 730 h"}, "3 instead of 1 machines"),
        ({"formula": "730 h"}, {"formula": "what is kept"}, "what is kept instead of 730 h"),
        ({"sku": "B1ms"}, {"sku": "Standard_D4s_v5"}, "D4s v5 instead of B1ms"),
        ({"term": None}, {"term": "ri-1y"}, "ri-1y instead of as you go"),
        (
            {"unit_price": "0.089"},
            {"unit_price": "0.101", "region": "westeurope"},
            "in westeurope instead of eastus2, at 0.101 instead of 0.089 for 1 Hour",
        ),
    ],
)
def test_the_reason_is_what_differs_between_the_lines(
    before: dict[str, str], after: dict[str, str], why: str
) -> None:
    compared = compare([bill([line("a", "1", **before)]), bill([line("a", "2", **after)])])  # type: ignore[arg-type]
    assert compared.rows[0].why == (why,)


def test_sentences_tell_the_total_then_the_rows_and_put_the_small_ones_together() -> None:
    before = [line("papers", "259.88"), line("logs", "3.00", what="intake", formula="1 GB")]
    after = [
        line("papers", "519.76", formula="8 vCores × 730 h"),
        line("logs", "6.00", what="intake", formula="2 GB"),
        line("mail", "0.50", what="notices", formula="5 notices"),
    ]
    told = compare([bill(before), bill(after, "big")]).sentences(most=1)
    # 259.88 + 3.00 + 0.50 = 263.38; without the first 3.50
    assert told == (
        "big is +$263.38 a month against base",
        "papers, PostgreSQL server, compute: +$259.88, 8 instead of 4 vCores",
        "2 more that make +$3.50 together",
    )


def test_bills_that_cost_the_same_say_so() -> None:
    same = [line("papers", "1.00")]
    assert compare([bill(same), bill(same, "big")]).sentences() == ("big costs the same as base",)


def test_bills_of_different_months_say_so() -> None:
    one = bill([line("a", "1")], None, [assumption("requests", 2_000_000), assumption("records", 5)])
    other = bill([line("a", "2")], "big", [assumption("requests", 10_000_000), assumption("records", 5)])
    compared = compare([one, other])
    assert [each.key for each in compared.usage] == ["requests"]
    assert compared.sentences()[-1] == (
        "not the same month is compared: requests: 2M/month in base, 10M/month in big"
    )


def test_what_only_follows_from_another_load_is_not_told_again() -> None:
    figures = [assumption("records", 10), assumption("a.stored", 100, stated=False)]
    more = [assumption("records", 20), assumption("a.stored", 200, stated=False)]
    compared = compare([bill([line("a", "1")], None, figures), bill([line("a", "2")], None, more)])
    assert [each.key for each in compared.usage] == ["records"]


def test_bills_in_two_currencies_are_not_compared() -> None:
    with pytest.raises(ValueError, match="EUR and USD"):
        compare([bill([]), bill([], currency="EUR")])


def test_one_bill_alone_is_not_compared() -> None:
    with pytest.raises(ValueError, match="at least two"):
        compare([bill([])])


def test_names_are_what_tells_the_bills_apart() -> None:
    assert names_of([bill([]), bill([], "big")]) == ("base", "big")
    assert names_of([bill([]), bill([], commitment="ri-1y")]) == ("as you go", "reserved for 1 year")
    assert names_of([bill([]), bill([])]) == ("base (1)", "base (2)")


amounts = st.lists(st.integers(0, 10**7), min_size=3, max_size=3).map(
    lambda cents: Range(*(Decimal(each) / 100 for each in sorted(cents)))
)
some_lines = st.lists(
    st.builds(
        line,
        st.sampled_from([None, "a", "b"]),
        amounts,
        type=st.sampled_from([POSTGRES, REGISTRY]),
        what=st.sampled_from(["compute", "storage"]),
        region=st.sampled_from(["eastus2", "westeurope"]),
        falls=st.booleans(),
    ),
    max_size=6,
)


@given(some_lines, some_lines)
def test_compared_the_other_way_round_every_difference_changes_its_sign(
    one: list[Line], other: list[Line]
) -> None:
    there, back = compare([bill(one), bill(other, "b")]), compare([bill(other, "b"), bill(one)])
    assert there.differences == tuple(-each for each in back.differences)
    assert {(row.part, row.type, row.what): row.differences[0] for row in there.rows} == {
        (row.part, row.type, row.what): -row.differences[0] for row in back.rows
    }
    assert [row.what for row in there.rows] == [row.what for row in back.rows]


@given(some_lines, some_lines, some_lines)
def test_the_rows_add_up_to_the_parts_and_these_to_the_totals(
    one: list[Line], two: list[Line], three: list[Line]
) -> None:
    compared = compare([bill(one), bill(two), bill(three)])
    for index, each in enumerate(compared.bills):
        months = by_months(each.lines)
        for rows in (compared.parts, compared.rows):
            assert tuple(sum(row.months[index][i] for row in rows) for i in range(3)) == months
    for index, difference in enumerate(compared.differences):
        assert sum(part.differences[index].likely for part in compared.parts) == difference.likely
        assert sum(row.differences[index].most for row in compared.rows) == difference.most


def test_what_falls_with_the_load_is_compared_by_the_month_and_not_by_its_order() -> None:
    # Given compute that costs 1 in a quiet and 9 in a busy month, and idle time that costs 4 and 2
    compute, idle = of(1, 5, 9), of(2, 3, 4)
    before = [line("api", compute), line("api", idle, what="idle", falls=True)]
    # When there is no idle time any more
    row = compare([bill(before), bill(before[:1])]).rows[0]
    # Then a quiet month saves 4 and a busy one 2
    assert row.differences == (Difference(Decimal(-4), Decimal(-3), Decimal(-2)),)


def test_figures_with_thousands_are_told_whole() -> None:
    before = line("a", "1", formula="2,000,000 requests from outside")
    after = line("a", "5", formula="10,000,000 requests from outside")
    assert compare([bill([before]), bill([after])]).rows[0].why == (
        "10,000,000 instead of 2,000,000 requests from outside",
    )


def test_of_long_formulas_the_paid_amounts_are_told() -> None:
    long = "1 vCPU × 1,044,147 s of 1 replica with something to do, 39.73 % of the month; and so on"
    before = line("a", "1", formula=long)
    after = replace(line("a", "2", formula=f"{long}, further"), paid=exactly(Decimal("1460")))
    # 730 hours are paid before
    assert compare([bill([before]), bill([after])]).rows[0].why == ("1,460 instead of 730 × 1 Hour",)


def test_in_several_regions_the_same_region_is_compared() -> None:
    here = line("papers", "10.00", unit_price="0.1")
    there = line("papers", "90.00", unit_price="0.9", region="westeurope")
    # the price of westeurope is another, but that of eastus2 is not
    assert compare([bill([here]), bill([here, there])]).rows[0].why == ("in 2 regions instead of 1",)


def test_a_difference_of_busy_months_only_is_no_difference_of_the_likely_one() -> None:
    before, after = line("a", of(1, 5, 9)), line("a", of(1, 5, 12))
    assert compare([bill([before]), bill([after], "big")]).sentences() == (
        "big costs the same as base, most likely",
    )
