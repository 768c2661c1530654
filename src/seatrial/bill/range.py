"""What is not known exactly: at least, most likely, at most."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

__all__ = ["CENT", "NOTHING", "ONE", "Number", "Range", "exactly", "total"]

Number: TypeAlias = "Decimal | int"
CENT = Decimal("0.01")


class Range:
    """Three decimals, `low <= likely <= high`. What is known exactly is three times the same.

    Sums and products take low with low and high with high: whatever is uncertain is taken to go wrong
    together, so that a total is never narrower than it may be.
    """

    __slots__ = ("high", "likely", "low")

    def __init__(self, low: Decimal, likely: Decimal, high: Decimal) -> None:
        if not low <= likely <= high:
            raise ValueError(f"not in order: {low}, {likely}, {high}")
        self.low, self.likely, self.high = low, likely, high

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def map(self, grows: Callable[[Decimal], Decimal]) -> Range:
        """Of each of the three, what a function says that never falls."""
        if self.low == self.high:
            return exactly(grows(self.likely))
        return Range(grows(self.low), grows(self.likely), grows(self.high))

    def with_(self, other: Range, grows: Callable[[Decimal, Decimal], Decimal]) -> Range:
        """Of each pair, what a function says that never falls with either."""
        return Range(
            grows(self.low, other.low), grows(self.likely, other.likely), grows(self.high, other.high)
        )

    def at_least(self, floor: Number) -> Range:
        least = Decimal(floor)
        return self.map(lambda each: max(each, least))

    def at_most(self, roof: Number) -> Range:
        most = Decimal(roof)
        return self.map(lambda each: min(each, most))

    def cents(self) -> Range:
        """Rounded to whole cents, halves up."""
        return self.map(lambda each: each.quantize(CENT, ROUND_HALF_UP))

    def __add__(self, other: Range | Number) -> Range:
        if not isinstance(other, Range):
            return self.map(lambda each: each + other)
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    __radd__ = __add__

    def __mul__(self, other: Range | Number) -> Range:
        """The product with what is not negative."""
        if not isinstance(other, Range):
            return self.map(lambda each: each * other)
        return Range(self.low * other.low, self.likely * other.likely, self.high * other.high)

    __rmul__ = __mul__

    def __truediv__(self, by: Number) -> Range:
        return self.map(lambda each: each / by)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Range) and self.triple == other.triple

    def __hash__(self) -> int:
        return hash(self.triple)

    @property
    def triple(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.low, self.likely, self.high

    def __repr__(self) -> str:
        if self.exact:
            return f"exactly({self.likely})"
        return f"Range({self.low}, {self.likely}, {self.high})"


def exactly(number: Number) -> Range:
    """What is known."""
    made = Range.__new__(Range)
    made.low = made.likely = made.high = number if isinstance(number, Decimal) else Decimal(number)
    return made


NOTHING = exactly(0)
ONE = exactly(1)


def total(ranges: Iterable[Range]) -> Range:
    """The sum of them all; nothing, of none."""
    low = likely = high = Decimal(0)
    for each in ranges:
        low, likely, high = low + each.low, likely + each.likely, high + each.high
    return Range(low, likely, high)
