"""What a person who pays is told: inside the budget or over it, by what, and what would save how much."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Literal

from seatrial.bill.bill import Bill
from seatrial.bill.range import Range
from seatrial.bill.savings.change import Change
from seatrial.model.value import Value

__all__ = ["Advice", "Saved", "Saving", "Verdict", "Way"]

Verdict = Literal["inside", "likely inside", "likely over", "over"]
"""Whether it keeps inside: surely; by the most likely amount; not by that one, though perhaps; surely not."""


class Saved(Value, kw_only=False):
    """What a month costs less, at least, most likely and at most of the load; less than nothing: more."""

    low: Decimal
    likely: Decimal
    high: Decimal


class Saving(Value):
    """One change by itself."""

    change: Change
    saved: Saved
    total: Range
    """What a month then costs."""


class Way(Value):
    """Changes that are made together, priced together."""

    changes: tuple[Change, ...]
    """Purchases, then what is built otherwise, what saves most first."""
    bill: Bill
    saved: Saved
    code: str | None
    """The variant to write below the system; None, where nothing but a commitment is bought."""

    @property
    def total(self) -> Range:
        return self.bill.total

    @property
    def weight(self) -> int:
        """How much is given up."""
        return sum(each.weight for each in self.changes)

    @property
    def breaks(self) -> tuple[str, ...]:
        """The promises of the plan that would not hold any more."""
        return tuple(dict.fromkeys(broken for each in self.changes for broken in each.breaks))


class Advice(Value):
    """What a person who pays needs to know."""

    bill: Bill
    limit: Decimal
    """In the currency of the bill, for a month."""
    savings: tuple[Saving, ...]
    """Every change that saves something, the most first; nothing, where the budget is kept."""
    way: Way | None
    """Under the limit, giving up least; None, where nothing is needed, or nothing is enough."""
    cheapest: Way | None
    """The least that was found, whatever it gives up, of changes that save more than next to nothing.

    None, where nothing is needed or saves.
    """
    notes: tuple[str, ...]
    """What could not be looked at, and why."""

    @cached_property
    def verdict(self) -> Verdict:
        total = self.bill.total
        if total.likely <= self.limit:
            return "inside" if total.high <= self.limit else "likely inside"
        return "over" if total.low > self.limit else "likely over"

    @property
    def by(self) -> Decimal:
        """How much the most likely total is over the limit; less than nothing: inside."""
        return self.bill.total.likely - self.limit

    @property
    def short_by(self) -> Decimal | None:
        """By how much even the cheapest stays above the limit; None, where the limit can be kept."""
        if self.by <= 0 or self.way is not None:
            return None
        return (self.bill if self.cheapest is None else self.cheapest).total.likely - self.limit
