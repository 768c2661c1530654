"""Another load than the one a plan is written for."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial import System
from seatrial.bill.errors import NoLoad
from seatrial.bill.questions.load import same_load, scale_to, stated_load
from seatrial.bill.range import Range, exactly
from seatrial.model import Plan, Stated


def shop() -> System:
    system = System("shop")
    system.budget("$300/month", records=1_000, requests="2M/month")
    return system


def of(number: int) -> Range:
    return exactly(Decimal(number))


def test_a_load_is_reached_by_a_factor() -> None:
    load = {"records": Decimal(10_000), "requests": Decimal(1_000_000)}
    # 10,000 ÷ 1,000 and 1M ÷ 2M
    assert scale_to(shop().plan(), load) == {"records": Decimal(10), "requests": Decimal("0.5")}


def test_a_plan_that_does_not_say_its_load_is_not_scaled_and_the_way_out_is_said() -> None:
    with pytest.raises(NoLoad) as refused:
        scale_to(System("shop").plan(), {"records": Decimal(10)})
    assert "shop does not say how many records it is for" in str(refused.value)
    assert "shop.usage(records=1_000_000)" in str(refused.value)
    assert "--assume records=" in str(refused.value)


def test_a_plan_that_is_for_nothing_is_not_scaled() -> None:
    system = System("shop")
    system.usage(records=0)
    with pytest.raises(NoLoad, match="for no records at all"):
        stated_load(system.plan(), "records")


def test_only_records_and_requests_are_a_load() -> None:
    with pytest.raises(NoLoad, match="write records or requests"):
        scale_to(shop().plan(), {"answer_size": Decimal(1)})


def variants() -> tuple[Plan, Plan]:
    """Of a shop that keeps 100 bytes for each of 1,000 records, and of one twice as large and slower."""
    system = shop()
    files = system.blobs("files")
    api = system.service("api", "run", port=8000, health="/h", cpu=1, memory="2 GiB", public=True)
    system.usage(files, stored=("100 KB", "200 KB"))
    system.usage(api, request_time="10 ms")
    big = system.variant("big")
    other = big.blobs("other")
    big.usage(other, stored="3 KB")
    big.usage(api, request_time="20 ms")
    big.budget("$400/month", records=2_000, requests="8M/month")
    return system.plan(), system.plan("big")


def test_two_plans_under_the_same_load_have_the_same_figures_that_grow() -> None:
    base, big = variants()
    for plan in (base, big):
        usage = same_load(plan, base, {"records": Decimal(3_000)})
        # three times as many records as base has, and three times 100 to 200 KB
        assert usage.of("records") == of(3_000)
        assert usage.of("requests") == of(2_000_000)
        assert usage.of("stored", base.part("files")) == Range(*map(Decimal, (300_000, 450_000, 600_000)))


def test_how_fast_a_shape_is_stays_its_own() -> None:
    base, big = variants()
    times = [
        same_load(plan, base, {"records": Decimal(3_000)}).of("request_time", plan.part("api"))
        for plan in (base, big)
    ]
    assert times == [exactly(Decimal("0.01")), exactly(Decimal("0.02"))]


def test_what_only_the_shape_states_grows_from_its_own_load() -> None:
    base, big = variants()
    usage = same_load(big, base, {"records": Decimal(3_000)})
    # 3 KB at the 2,000 records of big; 3,000 are 1.5 times as many
    assert usage.of("stored", big.part("other")) == of(4_500)


def test_a_figure_that_is_asked_for_counts_before_all_others() -> None:
    base, big = variants()
    asked = Stated(part="files", name="stored", low=Decimal(7), likely=Decimal(7), high=Decimal(7))
    usage = same_load(big, base, {"records": Decimal(3_000)}, [asked])
    assert usage.of("stored", big.part("files")) == of(7)


def test_a_load_counts_before_a_figure_that_is_asked_for() -> None:
    base, _ = variants()
    asked = Stated(part=None, name="records", low=Decimal(7), likely=Decimal(7), high=Decimal(7))
    assert same_load(base, base, {"records": Decimal(3_000)}, [asked]).of("records") == of(3_000)


def test_the_load_itself_is_exact_even_where_the_plan_is_not_sure() -> None:
    system = System("shop")
    system.usage(records=1_000, new_records=("10/month", "30/month"))
    plan = system.plan()
    usage = same_load(plan, plan, {"records": Decimal(2_000)})
    assert usage.of("records") == of(2_000)
    assert usage.of("new_records") == Range(Decimal(20), Decimal(40), Decimal(60))
