"""Quantities with their units, exact: a size is whole bytes, a duration whole microseconds, money is decimal.

Each is read from text by `parse` and printed so that `parse(str(x)) == x`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self, get_args

from seatrial.model.mistakes import Shown, Wrong, did_you_mean
from seatrial.model.value import Ordered, Value

__all__ = ["HOURS_A_MONTH", "Duration", "Money", "Per", "Percent", "Rate", "Size"]

HOURS_A_MONTH = 730
"""365 days of 24 hours over 12 months: the month of Azure's price list."""

_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:_[0-9]+)*)(?:\.[0-9]+)?"
_SIGNED = rf"(?sa)\s*([+-]?)({_NUMBER})?\s*(.*?)\s*"


class Size(Shown, Ordered, kw_only=False):
    """An amount of storage or memory. `GB` is 10⁹ bytes, `GiB` is 2³⁰."""

    bytes: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `"100 GB"` or `"1.5 GiB"`. Raises Wrong for anything else."""
        number, unit = _split(text, "2 GiB", _SIZES)
        return cls(_whole(number * _SIZES[unit], "a whole number of bytes"))

    @property
    def gib(self) -> float:
        """In GiB, the unit in which Azure sells memory and disks."""
        return self.bytes / 2**30

    def __str__(self) -> str:
        return _shortest(Fraction(self.bytes), _SIZES)

    def __add__(self, other: Size) -> Size:
        return Size(self.bytes + other.bytes)

    def __mul__(self, times: int) -> Size:
        return Size(self.bytes * times)

    def __truediv__(self, other: Size) -> Fraction:
        return Fraction(self.bytes, other.bytes)


class Duration(Shown, Ordered, kw_only=False):
    """A length of time."""

    microseconds: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `"100 ms"`, `"30 days"` or `"1 h 30 min"`. Raises Wrong for anything else."""
        pieces = re.findall(rf"{_NUMBER}\s*[^\d\s,.]+", text)
        if len(pieces) < 2 or re.sub(r"\s+", "", "".join(pieces)) != re.sub(r"\s+", "", text):
            pieces = [text]
        total: int | Fraction = 0
        before = None
        for piece in pieces:
            number, unit = _split(piece, "30 s", _DURATIONS, _DURATION_WORDS)
            unit = _DURATION_WORDS.get(unit, unit)
            if before is not None and _DURATIONS[unit] >= before:
                raise Wrong(f'"{unit}" after a unit that is not larger', 'largest unit first: "1 h 30 min"')
            before = _DURATIONS[unit]
            total += number * _DURATIONS[unit]
        return cls(_whole(total, "a whole number of microseconds"))

    @property
    def seconds(self) -> float:
        return self.microseconds / 1_000_000

    @property
    def days(self) -> float:
        return self.microseconds / _DURATIONS["days"]

    def __str__(self) -> str:
        rest, pieces = self.microseconds, []
        for unit, length in reversed(_DURATIONS.items()):
            count, rest = divmod(rest, length)
            if count:
                pieces.append(f"{count} {'day' if unit == 'days' and count == 1 else unit}")
        return " ".join(pieces) or "0 s"

    def __add__(self, other: Duration) -> Duration:
        return Duration(self.microseconds + other.microseconds)

    def __mul__(self, times: int) -> Duration:
        return Duration(self.microseconds * times)

    def __truediv__(self, other: Duration) -> Fraction:
        return Fraction(self.microseconds, other.microseconds)


class Rate(Shown, Ordered, kw_only=False):
    """How many in a time. Compared by what they come to: `60/min` equals `1/s`; a month has 730 hours."""

    count: Decimal
    per: Literal["s", "min", "h", "day", "month"]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `"20/s"`, `"1,000/min"` or `"2M/month"`. Raises Wrong for anything else."""
        amount, slash, per = (piece.strip() for piece in text.partition("/"))
        if not slash:
            raise Wrong("no time to count in", 'write how many in which time: "20/s"')
        per = _RATE_WORDS.get(per, per)
        if per not in _RATES:
            raise Wrong(f'unknown time "{per}"', did_you_mean(per, _RATES))
        number, suffix = _split(amount, "20", _COUNTS)
        return cls(_decimal(number * _COUNTS[suffix]), per)  # type: ignore[arg-type]  # it is a key of _RATES

    @property
    def per_second(self) -> Fraction:
        return Fraction(self.count) / _RATES[self.per]

    @property
    def per_month(self) -> Fraction:
        return self.per_second * _RATES["month"]

    def __str__(self) -> str:
        return f"{_shortest(Fraction(self.count), _COUNTS, '')}/{self.per}"

    def _compared(self) -> tuple[Fraction]:
        return (self.per_second,)

    def __eq__(self, other: object) -> bool:
        return self.per_second == other.per_second if isinstance(other, Rate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.per_second)


Per = Literal["hour", "day", "month", "year"]


class Money(Shown, Value, kw_only=False):
    """US dollars, once or in every period of time; ordered only among those of the same period."""

    amount: Decimal
    per: Per | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `"$300/month"`, `"$1,500.50/year"` or `"$20"`. Raises Wrong for anything else."""
        amount, slash, per = (piece.strip() for piece in text.partition("/"))
        if not amount.startswith("$"):
            raise Wrong("not an amount of US dollars", 'write it with a dollar sign: "$300/month"')
        if slash and per not in get_args(Per):
            raise Wrong(f'unknown period "{per}"', did_you_mean(per, get_args(Per)))
        if not re.fullmatch(_NUMBER, amount[1:].strip()):
            raise Wrong(f'"{amount}" is not an amount', 'write it like "$300/month" or "$1,500.50/month"')
        number = Decimal(amount[1:].strip().replace(",", "").replace("_", ""))
        return cls(number, per if slash else None)  # type: ignore[arg-type]  # it is one of Per

    def __str__(self) -> str:
        amount = _digits(self.amount, ",")
        cents = amount + "0" if re.search(r"\.\d$", amount) else amount
        return f"${cents}/{self.per}" if self.per else f"${cents}"

    def __lt__(self, other: Money) -> bool:
        return self._comparable(other) and self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        return self._comparable(other) and self.amount <= other.amount

    def _comparable(self, other: Money) -> bool:
        if self.per != other.per:
            raise TypeError(f"{self} and {other} are not of the same period")
        return True


class Percent(Shown, Ordered, kw_only=False):
    """A share in hundredths, from 0 to 100."""

    value: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `"99.9 %"`. Raises Wrong for anything else."""
        number, _ = _split(text, "99.9 %", {"%": 1})
        if number > 100:
            raise Wrong("more than 100 %", "a percentage is from 0 % to 100 %")
        return cls(_decimal(number))

    @property
    def share(self) -> Fraction:
        """From 0 to 1."""
        return Fraction(self.value) / 100

    def __str__(self) -> str:
        return f"{_digits(self.value)} %"


_SIZES: dict[str, int] = {"B": 1}
for _power, _letter in enumerate("KMGT", 1):
    _SIZES[f"{_letter}B"] = 1000**_power
for _power, _letter in enumerate("KMGT", 1):
    _SIZES[f"{_letter}iB"] = 1024**_power

_DURATIONS: dict[str, int] = {
    "us": 1,
    "ms": 1000,
    "s": 1_000_000,
    "min": 60_000_000,
    "h": 3_600_000_000,
    "days": 86_400_000_000,
}
_DURATION_WORDS = {
    **{"µs": "us", "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min"},
    **{"hour": "h", "hours": "h", "d": "days", "day": "days"},
}
_RATES: dict[str, int] = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "month": HOURS_A_MONTH * 3600}
_RATE_WORDS = {"sec": "s", "second": "s", "minute": "min", "hour": "h", "d": "day"}
_COUNTS: dict[str, int] = {"": 1, "k": 1000, "M": 1_000_000, "B": 1_000_000_000}


def _split(
    text: str, example: str, units: Iterable[str], aliases: Iterable[str] = ()
) -> tuple[int | Fraction, str]:
    """The number and the unit of a quantity."""
    match = re.fullmatch(_SIGNED, text)
    assert match is not None  # every group may be empty
    sign, number, unit = match[1], match[2], match[3]
    known = list(units)
    if not number:
        raise Wrong("no number" if text.strip() else "empty", f'write a number and a unit: "{example}"')
    if sign == "-":
        raise Wrong("less than nothing", f'write a number that is not negative: "{example}"')
    if not unit and "" not in known:
        raise Wrong("no unit", f'write "{number} {example.split()[-1]}"? known: {", ".join(known)}')
    if unit not in known and unit not in aliases:
        if re.match(r"[\d.,_]", unit):
            raise Wrong(f'"{number}{unit}" is not a number', f'write it like "{example}" or "1,500.5"')
        raise Wrong(f'unknown unit "{unit}"', did_you_mean(unit, filter(None, known)))
    digits = number.replace(",", "")
    return int(digits) if digits.isdecimal() else Fraction(digits), unit


def _whole(amount: int | Fraction, of_what: str) -> int:
    if amount.denominator != 1:
        raise Wrong(f"not {of_what}", "use fewer decimals, or a smaller unit")
    return int(amount)


def _decimal(number: int | Fraction) -> Decimal:
    """A fraction that came from decimal text, as a decimal, exactly."""
    places = 0
    while number.denominator != 1:
        number, places = number * 10, places + 1
    return Decimal(f"{number.numerator}E-{places}")


def _digits(number: Decimal, grouping: str = "") -> str:
    text = f"{number:{grouping}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shortest(amount: Fraction, units: Mapping[str, int], space: str = " ") -> str:
    """In the unit that takes the fewest digits, three of them decimals at most; of several, the largest."""
    texts = [(len(digits := _digits(_decimal(amount))), -1, f"{digits}{space}{next(iter(units))}")]
    for unit, size in units.items():
        number = amount / size
        if number >= 1 and 1000 % number.denominator == 0:
            digits = _digits(_decimal(number))
            texts.append((len(digits), -size, f"{digits}{space}{unit}"))
    return min(texts)[2]
