"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial.bill.range import Range, exactly
from seatrial.bill.words import changed, counted, in_unit, money, precise, short, spanned
from seatrial.model.usage import Unit


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1234.5", "$1,234.50"),
        ("0", "$0.00"),
        ("-3", "−$3.00"),
        ("0.004", "$0.0040"),
        ("0.00005", "$0.000050"),
        ("0.0099", "$0.0099"),
    ],
)
def test_money_has_cents_and_below_a_cent_its_digits(amount: str, text: str) -> None:
    assert money(Decimal(amount), "USD") == text


def test_money_of_other_countries_has_its_name_behind() -> None:
    assert money(Decimal("1234.5"), "EUR") == "1,234.50 EUR"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0.4637", "$0.464"),
        ("0.04121", "$0.0412"),
        ("0.0000566", "$0.0000566"),
        ("12.3", "$12.30"),
        ("0", "$0.00"),
    ],
)
def test_what_costs_little_is_told_in_three_digits(amount: str, text: str) -> None:
    assert precise(Decimal(amount), "USD") == text


def test_a_change_bears_its_sign() -> None:
    assert [changed(Decimal(each), "USD") for each in ("5", "-5", "0")] == ["+$5.00", "−$5.00", "$0.00"]


def test_what_is_exact_has_no_span() -> None:
    assert spanned(exactly(2), "USD") == "$2.00"
    assert spanned(Range(Decimal(1), Decimal(2), Decimal(3)), "USD") == "$2.00 ($1.00 to $3.00)"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1234", "1,234"),
        ("0.126", "0.13"),
        ("2.5", "2.5"),
        ("0.000456", "0.00046"),
        ("1234.567", "1,234.57"),
    ],
)
def test_a_number_has_no_rest_of_zeros(number: str, text: str) -> None:
    assert counted(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("999", "999"),
        ("1000", "1k"),
        ("1500000", "1.5M"),
        ("23100", "23.1k"),
        ("2000000000", "2B"),
        ("100000000", "100M"),
        ("12345", "12.3k"),
        ("999999", "1M"),
        ("999.9", "1k"),
    ],
)
def test_a_load_has_three_digits_and_a_letter(number: str, text: str) -> None:
    assert short(Decimal(number)) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("4096", "bytes", "4 KiB"),
        ("100", "bytes", "100 B"),
        ("0.08", "seconds", "80 ms"),
        ("43200", "seconds", "12 h"),
        ("2000000", "a month", "2M/month"),
        ("0.3", "share", "30 %"),
        ("1000000", "count", "1M"),
    ],
)
def test_a_figure_is_told_in_the_unit_that_suits_it(number: str, unit: Unit, text: str) -> None:
    assert in_unit(Decimal(number), unit) == text
