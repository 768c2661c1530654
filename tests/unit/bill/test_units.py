"""Figures as a formula shows them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial.bill.range import Range, exactly
from seatrial.bill.units import gigabytes, many, one_or_more, shared, size, whole_month


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (16_384, "16.38 KB"),
        (2_500_000, "2.5 MB"),
        (38 * 10**9, "38 GB"),
        (1_073_741_824_000, "1.07 TB"),
    ],
)
def test_traffic_is_shown_in_the_units_in_which_it_is_sold(number: int, words: str) -> None:
    assert size(exactly(number)) == words


def test_a_range_is_shown_as_it_is_most_likely() -> None:
    number = Range(Decimal(1), Decimal(2_000_000), Decimal(3_000_000))

    assert many(number) == "2,000,000"
    assert size(number) == "2 MB"


def test_a_gb_has_a_thousand_million_bytes() -> None:
    assert gigabytes(exactly(5 * 10**9)) == exactly(5)


def test_a_share_of_several_regions_is_told_and_the_whole_is_not() -> None:
    assert shared(1 / Decimal(3)) == " ÷ 3 regions"
    assert shared(Decimal(1)) == ""


def test_numbers_go_with_their_words() -> None:
    assert one_or_more(1, "endpoint") == "1 endpoint"
    assert one_or_more(2, "endpoint") == "2 endpoints"
    assert whole_month() == "730 h"
    assert whole_month(2, "unit") == "2 units × 730 h"
