from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.model import Duration, Money, Percent, Rate, Size
from seatrial.model.mistakes import Wrong

cents = st.decimals(min_value=0, max_value=10**12, places=2)


@given(st.integers(min_value=0, max_value=2**70))
def test_a_size_is_read_as_it_is_printed(count: int) -> None:
    assert Size.parse(str(Size(count))) == Size(count)


@given(st.integers(min_value=0, max_value=10**20))
def test_a_duration_is_read_as_it_is_printed(count: int) -> None:
    assert Duration.parse(str(Duration(count))) == Duration(count)


@given(
    st.decimals(min_value=0, max_value=10**12, places=6), st.sampled_from(["s", "min", "h", "day", "month"])
)
def test_a_rate_is_read_as_it_is_printed(count: Decimal, per: str) -> None:
    rate = Rate.parse(f"{count:f}/{per}")
    assert Rate.parse(str(rate)) == rate
    assert rate.per == per


@given(cents, st.sampled_from(["", "/hour", "/day", "/month", "/year"]))
def test_money_is_read_as_it_is_printed_to_the_cent(amount: Decimal, per: str) -> None:
    money = Money.parse(f"${amount:f}{per}")
    assert money.amount == amount
    assert Money.parse(str(money)) == money


@given(st.decimals(min_value=0, max_value=100, places=5))
def test_a_percentage_is_read_as_it_is_printed(value: Decimal) -> None:
    assert Percent.parse(str(Percent(value))) == Percent(value)


@given(st.lists(st.integers(min_value=0, max_value=2**50), min_size=2))
def test_quantities_are_ordered_as_their_amounts(counts: list[int]) -> None:
    assert [size.bytes for size in sorted(map(Size, counts))] == sorted(counts)
    assert max(map(Duration, counts)) == Duration(max(counts))


@pytest.mark.parametrize(
    ("text", "count", "printed"),
    [
        ("100 GB", 100 * 10**9, "100 GB"),
        ("100 GiB", 100 * 2**30, "100 GiB"),
        ("1.5TiB", 3 * 2**39, "1.5 TiB"),
        ("1,024 KiB", 2**20, "1 MiB"),
        ("0 B", 0, "0 B"),
    ],
)
def test_a_size_keeps_every_byte_and_prints_briefly(text: str, count: int, printed: str) -> None:
    assert Size.parse(text).bytes == count
    assert str(Size.parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "seconds", "printed"),
    [
        ("100 ms", 0.1, "100 ms"),
        ("1 h 30 min", 5400, "1 h 30 min"),
        ("1.5 hours", 5400, "1 h 30 min"),
        ("30 days", 30 * 86_400, "30 days"),
        ("1 day", 86_400, "1 day"),
        ("0 s", 0, "0 s"),
    ],
)
def test_a_duration_may_be_said_in_several_units(text: str, seconds: float, printed: str) -> None:
    assert Duration.parse(text).seconds == seconds
    assert str(Duration.parse(text)) == printed


def test_rates_of_different_times_are_compared_by_what_they_come_to() -> None:
    assert Rate.parse("60/min") == Rate.parse("1/s")
    assert len({Rate.parse("60/min"), Rate.parse("1/s")}) == 1
    # 2,000,000 in 730 hours of 3,600 seconds
    assert Rate.parse("2M/month").per_second == Fraction(2_000_000, 730 * 3600)
    assert Rate.parse("2M/month") < Rate.parse("1/s")


def test_money_of_different_periods_is_not_compared() -> None:
    assert Money.parse("$300/month") < Money.parse("$300.01/month")
    with pytest.raises(TypeError, match="not of the same period"):
        sorted([Money.parse("$300/month"), Money.parse("$1/year")])


@pytest.mark.parametrize(
    ("kind", "text", "what", "hint"),
    [
        (Size, "2 GBs", 'unknown unit "GBs"', 'did you mean "GB"? known: B, KB, MB, GB, TB, KiB, MiB'),
        (Size, "2 gib", 'unknown unit "gib"', 'did you mean "GiB"?'),
        (Size, "1,00 GB", '"1,00 GB" is not a number', 'write it like "2 GiB"'),
        (Size, "٣ GB", "no number", "write a number and a unit"),
        (Size, "0.5 B", "not a whole number of bytes", "a smaller unit"),
        (Duration, "30 min 1 h", '"h" after a unit that is not larger', "largest unit first"),
        (Duration, "1 h 1 h", '"h" after a unit that is not larger', "largest unit first"),
        (Duration, "1 h and more", 'unknown unit "h and more"', "known: us, ms"),
        (Duration, "1 month", 'unknown unit "month"', "known: us, ms, s, min, h, days"),
        (Rate, "20", "no time to count in", '"20/s"'),
        (Rate, "20/sek", 'unknown time "sek"', "known: s, min, h, day, month"),
        (Rate, "2X/s", 'unknown unit "X"', "known: k, M, B"),
        (Money, "300", "not an amount of US dollars", "dollar sign"),
        (Money, "$3o0", '"$3o0" is not an amount', '"$300/month"'),
        (Percent, "100.1 %", "more than 100 %", "from 0 % to 100 %"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_the_way_out(
    kind: type[Size], text: str, what: str, hint: str
) -> None:
    with pytest.raises(Wrong) as raised:
        kind.parse(text)
    assert raised.value.what == what
    assert hint in (raised.value.hint or "")


@given(st.text(max_size=30), st.sampled_from([Size, Duration, Rate, Money, Percent]))
def test_any_text_is_read_or_refused_in_words(text: str, kind: type[Size]) -> None:
    with suppress(Wrong):
        quantity = kind.parse(text)
        assert kind.parse(str(quantity)) == quantity
