"""How many replicas follow from a load."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.range import Range, exactly
from seatrial.bill.scaling import (
    DAY,
    MONTH,
    Load,
    Rules,
    above,
    active,
    at_work,
    awake_at_once,
    ranged,
)
from seatrial.model.scaling import ScaleRule, cpu, memory, requests

HALF = MONTH / 2
"""Working hours of twelve a day."""


def load(a_second: str = "0", time: str = "0.1", cpu: str = "0.02", **more: str) -> Load:
    """So many requests a second in working hours of twelve a day."""
    return Load(
        requests=Decimal(a_second) * HALF,
        time=Decimal(time),
        cpu=Decimal(cpu),
        items=Decimal(more.get("items", "0")),
        item_time=Decimal(more.get("item_time", "0")),
        probes=Decimal(more.get("probes", "0")),
    )


def rules(fewest: int, most: int, *by: ScaleRule, items: bool = False) -> Rules:
    return Rules(fewest=fewest, most=most, cores=Decimal(1), rules=by, items=items)


def test_a_rule_for_requests_counts_each_for_a_second() -> None:
    # 25 a second, each 0.1 s, count as 25 at once: 2.5 replicas of 10, so 3
    assert at_work(load("25"), rules(1, 5, requests(10)), HALF) == 3


def test_a_request_that_takes_longer_counts_for_as_long() -> None:
    # 25 a second, each 2 s: 50 at once are 5 replicas of 10
    assert at_work(load("25", time="2"), rules(1, 9, requests(10)), HALF) == 5


def test_a_rule_for_cores_counts_what_requests_take_of_them() -> None:
    # 100 a second × 0.02 s are 2 cores; at 70 % of one core each, 2.86 replicas
    assert at_work(load("100"), rules(1, 5, cpu(70)), HALF) == 3


def test_the_rule_that_wants_most_counts() -> None:
    assert at_work(load("100"), rules(1, 20, cpu(70), requests(10), memory(80)), HALF) == 10


def test_there_are_never_fewer_or_more_replicas_than_the_process_says() -> None:
    assert at_work(load("0"), rules(2, 5, requests(10)), HALF) == 2
    assert at_work(load("9999"), rules(2, 5, requests(10)), HALF) == 5


def test_at_its_fewest_a_replica_has_something_to_do_in_seconds_with_a_request() -> None:
    # 0.1 a second, each for 1 s and the second it begins in: 1 − exp(−0.1 × 2) = 0.18127 of 1,314,000 s
    found = active(load("0.1", time="1"), rules(1, 5, requests(10)), HALF)

    assert found.quantize(Decimal("0.1")) == Decimal("238187.8")


def test_several_replicas_share_the_requests() -> None:
    # each of two is asked 0.05 times a second: 2 × 1,314,000 × (1 − exp(−0.05 × 2)) = 250,087.3
    found = active(load("0.1", time="1"), rules(2, 5, requests(10)), HALF)

    assert found.quantize(Decimal("0.1")) == Decimal("250087.3")


def test_while_there_are_more_than_the_fewest_all_count_as_active() -> None:
    by = rules(1, 5, requests(10))

    assert active(load("25"), by, HALF) == HALF
    assert above(load("25"), by, HALF) == 2 * HALF


def test_without_fewest_replicas_one_stays_awake_for_five_minutes_after_each_request() -> None:
    # one in 1,000 s, each for 0 s and 300 s: 1 − exp(−0.3) = 0.25918 of 1,314,000 s
    found = above(load("0.001", time="0"), rules(0, 5, requests(10)), HALF)

    assert found.quantize(Decimal("0.1")) == Decimal("340564.9")


def test_what_nobody_asks_sleeps_all_month() -> None:
    assert above(load("0"), rules(0, 5, requests(10)), HALF) == 0


def test_probes_are_answered_day_and_night() -> None:
    # one in 10 s, each a second of work: 1 − exp(−0.1) = 0.09516 of 2,628,000 s
    found = active(load(probes="0.1"), rules(1, 5, requests(10)), HALF)

    assert found.quantize(Decimal("0.1")) == Decimal("250087.3")


def test_probes_keep_awake_what_would_sleep() -> None:
    # one in 30 s, and 300 s until it sleeps: 1 − exp(−10) = 0.99995 of 2,628,000 s
    found = above(load(probes=str(Decimal(1) / 30)), rules(0, 5, requests(10)), HALF)

    assert found.quantize(Decimal(1)) == 2_627_881


def test_items_that_come_in_one_go_cost_their_time_and_one_cooldown() -> None:
    by = rules(0, 3, cpu(100), items=True)
    some = load(items="1000", item_time="10")

    assert awake_at_once(some, by, HALF) == 1000 * 10 + 300
    assert above(some, by, HALF) > awake_at_once(some, by, HALF)


def test_what_the_most_replicas_do_not_finish_by_day_is_done_at_night() -> None:
    # 1,314,000 items of 3 s take three replicas all day; two of them go on for half as long again at night
    by = rules(0, 2, cpu(100), items=True)

    assert above(load(items="1314000", item_time="3"), by, HALF) == 3 * HALF


def test_a_queue_that_is_never_empty_takes_all_replicas_all_month() -> None:
    by = rules(0, 2, cpu(100), items=True)

    assert above(load(items="99999999", item_time="3"), by, HALF) == 2 * MONTH


def test_both_ends_of_the_working_hours_count() -> None:
    # of 8 to 16 h a day the longer have fewer replicas for longer, and what costs less is not told at once
    window = Range(MONTH / 3, HALF, 2 * MONTH / 3)
    some = replace(load("0"), requests=25 * HALF)
    by = rules(1, 9, requests(10))

    found = ranged(window, (some, some, some), lambda each, span: above(each, by, span))

    # 37.5 a second in 8 h: 4 replicas, 3 of them beyond the first; 25 in 12 h: 3; 18.75 in 16 h: 2
    assert found == Range(2 * MONTH / 3, MONTH, MONTH)


# -- whatever the load ----------------------------------------------------------------------------------

amounts = st.decimals(min_value=0, max_value=10**9, places=0)
seconds = st.decimals(min_value=0, max_value=3600, places=3)
probes = st.decimals(min_value=0, max_value=20, places=3)
loads = st.builds(
    Load, requests=amounts, time=seconds, cpu=seconds, items=amounts, item_time=seconds, probes=probes
)
windows = st.decimals(min_value=3600, max_value=int(DAY), places=0).map(lambda day: MONTH * day / DAY)
RULES: tuple[ScaleRule, ...] = (requests(1), requests(50), cpu(70), cpu(100), memory(80))
some_rules = st.lists(st.sampled_from(RULES), max_size=3)


@st.composite
def processes(draw: st.DrawFn) -> Rules:
    fewest = draw(st.integers(0, 5))
    return Rules(
        fewest=fewest,
        most=draw(st.integers(max(1, fewest), 40)),
        cores=draw(st.sampled_from([Decimal("0.25"), Decimal(1), Decimal(4)])),
        rules=tuple(draw(some_rules)),
        items=draw(st.booleans()),
    )


@given(loads, processes(), windows)
def test_replicas_stay_within_fewest_and_most(some: Load, by: Rules, window: Decimal) -> None:
    assert by.fewest <= at_work(some, by, window) <= by.most
    assert 0 <= active(some, by, window) <= by.fewest * MONTH
    assert 0 <= awake_at_once(some, by, window) <= above(some, by, window) <= MONTH * (by.most - by.fewest)


@given(
    loads,
    processes(),
    windows,
    st.sampled_from(["requests", "time", "cpu", "items", "item_time", "probes"]),
    st.decimals(min_value=0, max_value=1000, places=3),
)
def test_more_of_anything_never_takes_fewer_replicas(
    some: Load, by: Rules, window: Decimal, name: str, more: Decimal
) -> None:
    grown = replace(some, **{name: getattr(some, name) + more})

    for each in (at_work, active, above, awake_at_once):
        assert each(grown, by, window) >= each(some, by, window)


@given(loads, processes(), windows)
def test_a_range_of_loads_stays_in_order(some: Load, by: Rules, window: Decimal) -> None:
    none = Load(requests=Decimal(0), time=some.time, cpu=some.cpu, items=Decimal(0), item_time=some.item_time)

    found = ranged(exactly(window), (none, some, some), lambda each, span: above(each, by, span))

    assert found.low <= found.likely == found.high
