"""Amounts as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from seatrial.bill.range import Range
from seatrial.model.usage import Unit

__all__ = ["changed", "counted", "in_unit", "money", "precise", "short", "spanned"]


def money(amount: Decimal, currency: str) -> str:
    """`$1,234.56`, `−$3.00`, or `1,234.56 EUR`. Below a cent as many digits as tell it: `$0.00047`."""
    places = 2
    if 0 < abs(amount) < Decimal("0.01"):
        places = min(1 - amount.adjusted(), 9)
    text = f"{abs(amount):,.{places}f}"
    sign = "−" if amount < 0 else ""
    return f"{sign}${text}" if currency == "USD" else f"{sign}{text} {currency}"


def precise(amount: Decimal, currency: str) -> str:
    """As `money`, with three digits that count: `$0.0412`, `$12.30`. For what costs little."""
    if not 0 < abs(amount) < 1:
        return money(amount, currency)
    places = min(2 - amount.adjusted(), 9)
    text = f"{abs(amount):.{places}f}"
    sign = "−" if amount < 0 else ""
    return f"{sign}${text}" if currency == "USD" else f"{sign}{text} {currency}"


def changed(amount: Decimal, currency: str) -> str:
    """With its sign: `+$5.00`, `−$5.00`; `$0.00` where nothing changes."""
    return f"+{money(amount, currency)}" if amount > 0 else money(amount, currency)


def spanned(amount: Range, currency: str) -> str:
    """`$2.00`, or `$2.00 ($1.00 to $3.00)`."""
    likely = money(amount.likely, currency)
    if amount.exact:
        return likely
    return f"{likely} ({money(amount.low, currency)} to {money(amount.high, currency)})"


def counted(number: Decimal) -> str:
    """`1,234`, `12.35`, `0.12`: two decimals, below one two digits that count, and never a rest of zeros."""
    if number == number.to_integral_value():
        return f"{number:,.0f}"
    places = 2 if abs(number) >= 1 else min(2 - (number.adjusted() + 1), 8)
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".")


def short(number: Decimal) -> str:
    """`950`, `12k`, `1.5M`, `2B`: of a load, in three digits."""
    for letter, size in (("B", 10**9), ("M", 10**6), ("k", 10**3)):
        if abs(number) >= size * Decimal("0.9995"):  # what is rounded up to it
            found = number / size
            places = max(0, 2 - found.adjusted())
            text = f"{found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):f}"
            return (text.rstrip("0").rstrip(".") if "." in text else text) + letter
    return counted(number)


def in_unit(number: Decimal, unit: Unit) -> str:
    """A figure in the unit that suits it: `4 KiB`, `80 ms`, `2M/month`, `30 %`."""
    match unit:
        case "bytes":
            for name, size in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
                if number >= size:
                    return f"{counted(number / size)} {name}"
            return f"{counted(number)} B"
        case "seconds":
            for name, length in (("h", 3600), ("min", 60), ("s", 1)):
                if number >= length:
                    return f"{counted(number / length)} {name}"
            return f"{counted(number * 1000)} ms"
        case "a month":
            return f"{short(number)}/month"
        case "share":
            return f"{counted(number * 100)} %"
        case "count":
            return short(number)
