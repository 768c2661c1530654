"""What one thing that a system does costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial import System, unit_cost
from seatrial.bill.bill import Bill, Line
from seatrial.bill.meters import Meter, Price, Tier
from seatrial.bill.questions.unit_costs import CostOfUnit, unit_costs
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Assumption
from seatrial.model import FIGURES, Plan, Stated


def of(*amounts: int | str) -> Range:
    three = [Decimal(each) for each in amounts]
    return exactly(three[0]) if len(three) == 1 else Range(*three)


def shop(at_most: str = "$0.30", per: int = 1000) -> Plan:
    system = System("shop")
    system.expects(unit_cost("searches", at_most, per=per))
    return system.plan()


def bill(plan: Plan, total: Range, figures: Mapping[str, Range], currency: str = "USD") -> Bill:
    price = Price(
        meter=Meter(service="s", product="p", name="n", sku="k", region="eastus2"),
        unit="1 Hour",
        each=Decimal(1),
        tiers=(Tier(Decimal(0), Decimal(1)),),
        terms={},
        read_on=date(2026, 8, 14),
        source="the price list",
        sure="high",
    )
    line = Line(
        part=None,
        region="eastus2",
        resource="r",
        type="t",
        what="all",
        used=total,
        paid=total,
        price=price,
        term=None,
        formula="all",
        steady=True,
        amount=total,
    )
    assumed = (
        Assumption(key=key, figure=FIGURES[key.rpartition(".")[2]], amount=amount, why="said", stated=True)
        for key, amount in figures.items()
    )
    return Bill(
        plan=plan,
        currency=currency,
        lines=(line,),
        free=(),
        assumptions=tuple(assumed),
        warnings=(),
        commitment=None,
    )


def searches(plan: Plan, total: Range, requests: Range) -> CostOfUnit:
    return unit_costs(bill(plan, total, {"requests": requests}))[0]


def test_the_bill_is_shared_out_over_all_units() -> None:
    # 400 ÷ 2,000,000 × 1000 = 0.20
    found = searches(shop(), of(400), of(2_000_000))
    assert found.cost == of("0.2")
    assert found.verdict == "within"
    assert found.in_words() == "1,000 searches: $0.200 of $0.30, within"


def test_the_least_total_goes_with_the_least_units() -> None:
    # 300 ÷ 1M, 400 ÷ 2M, 500 ÷ 5M, each × 1000 = 0.30, 0.20, 0.10: a quiet month is the dear one
    found = searches(shop(), of(300, 400, 500), of(1_000_000, 2_000_000, 5_000_000))
    assert found.cost == of("0.1", "0.2", "0.3")


@pytest.mark.parametrize(
    ("total", "verdict"),
    [
        ((500, 560, 600), "within"),  # 0.25, 0.28, 0.30: at most the limit
        ((500, 560, 601), "undecided"),  # 0.3005 at most
        ((601, 700, 800), "over"),  # 0.3005 at least
    ],
)
def test_a_limit_is_kept_broken_or_open(total: tuple[int, int, int], verdict: str) -> None:
    assert searches(shop("$0.30"), of(*total), of(2_000_000)).verdict == verdict


def test_a_cost_below_a_cent_keeps_its_digits() -> None:
    # 5000 ÷ 100,000,000 = 0.00005
    found = searches(shop("$0.10", per=1), of(5_000), of(100_000_000))
    assert found.in_words() == "one of the searches: $0.0000500 of $0.10, within"


def test_the_units_of_one_part_are_counted_by_its_own_figure() -> None:
    system = System("learn")
    classify = system.service("classify", "run", port=8000, health="/health", cpu=1, memory="2 GiB")
    system.expects(unit_cost("predictions", "$0.10", of=classify))
    found = unit_costs(bill(system.plan(), of(50), {"requests": of(10), "classify.requests": of(1000)}))[0]
    # 50 ÷ 1000 = 0.05
    assert (found.key, found.cost) == ("classify.requests", of("0.05"))


def test_units_that_no_line_rests_on_are_those_the_plan_states() -> None:
    system = System("shop")
    system.expects(unit_cost("searches", "$1"))
    system.budget("$300/month", requests="100/month")
    # 50 ÷ 100
    assert unit_costs(bill(system.plan(), of(50), {}))[0].cost == of("0.5")


def test_units_that_nobody_states_have_no_cost_and_the_way_out_is_said() -> None:
    found = unit_costs(bill(shop(), of(50), {}))[0]
    assert found.cost is None
    assert found.verdict is None
    assert "--assume requests=" in found.in_words()


def test_a_month_without_units_has_no_cost_of_one() -> None:
    found = searches(shop(), of(50), of(0, 10, 20))
    assert found.cost is None
    assert found.in_words() == "1,000 searches: there are none in a month"


def test_a_limit_in_dollars_says_nothing_of_a_bill_in_euros() -> None:
    found = unit_costs(bill(shop(), of(50), {"requests": of(10)}, currency="EUR"))[0]
    assert found.limit is None
    assert found.verdict is None


def test_every_system_is_told_what_requests_and_records_cost() -> None:
    found = unit_costs(bill(System("shop").plan(), of(300), {"requests": of(10_000), "records": of(600)}))
    # 300 ÷ 10,000 × 1000 = 30; 300 ÷ 600 = 0.50
    assert [(each.what, each.per, each.cost) for each in found] == [
        ("requests", 1000, of(30)),
        ("records held", 1, of("0.5")),
    ]


def test_with_the_units_fixed_what_else_is_uncertain_counts_at_each_number() -> None:
    # Given a bill of 100 and one cent a request, and storage that costs 10, 20 or 40 whatever the requests
    def total(requests: Range) -> Range:
        return of(110, 120, 140) + requests * Decimal("0.01")

    plan, requests = shop("$1", per=1), of(100, 200, 400)

    def again(fixed: Stated) -> Bill:
        return bill(plan, total(Range(fixed.low, fixed.likely, fixed.high)), {})

    found = unit_costs(bill(plan, total(requests), {"requests": requests}), again)[0]
    # least: 400 requests with little storage, (110 + 4) ÷ 400 = 0.285; most: 100 with much, (140 + 1) ÷ 100
    assert found.cost == of("0.285", "0.61", "1.41")  # (120 + 2) ÷ 200
    # By corners alone it would be 0.36 (144 ÷ 400) to 1.11 (111 ÷ 100).
    assert searches(plan, total(requests), requests).cost == of("0.36", "0.61", "1.11")


@given(
    st.lists(st.integers(0, 10**8), min_size=3, max_size=3),
    st.lists(st.integers(1, 10**8), min_size=3, max_size=3),
)
def test_the_likely_cost_is_always_inside_its_range(totals: list[int], units: list[int]) -> None:
    cost = searches(shop(), of(*sorted(totals)), of(*sorted(units))).cost
    assert cost is not None
    assert cost.low <= cost.likely <= cost.high
