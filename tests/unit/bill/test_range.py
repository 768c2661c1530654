"""What is not known exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.range import Range, exactly, total

amounts = st.decimals(min_value=0, max_value=10**9, places=4)


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    return Range(*sorted(draw(st.tuples(amounts, amounts, amounts))))


def test_what_is_out_of_order_is_no_range() -> None:
    with pytest.raises(ValueError, match="not in order"):
        Range(Decimal(2), Decimal(1), Decimal(3))


def test_low_goes_with_low_and_high_with_high() -> None:
    one, other = Range(Decimal(1), Decimal(2), Decimal(3)), Range(Decimal(10), Decimal(20), Decimal(40))

    assert one + other == Range(Decimal(11), Decimal(22), Decimal(43))
    assert one * other == Range(Decimal(10), Decimal(40), Decimal(120))
    assert other / 10 == one.map(lambda each: each if each < 3 else Decimal(4))


def test_half_a_cent_is_rounded_up() -> None:
    assert exactly(Decimal("0.005")).cents() == exactly(Decimal("0.01"))
    assert exactly(Decimal("0.0049")).cents() == exactly(Decimal("0.00"))


@given(ranges(), ranges())
def test_a_sum_does_not_depend_on_the_order(one: Range, other: Range) -> None:
    assert one + other == other + one == total([one, other])


@given(ranges(), ranges())
def test_more_of_something_is_not_less(one: Range, other: Range) -> None:
    assert all(a <= b for a, b in zip(one.triple, (one + other).triple, strict=True))
