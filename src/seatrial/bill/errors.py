"""What a bill refuses, and why.

BillError
├── PricesMissing    a meter is not in the book, so there is no total
└── NoBook           there is no price book for a currency
"""

from __future__ import annotations

from seatrial.bill.meters import Meter, Term
from seatrial.model.value import Value

__all__ = ["BillError", "Missing", "NoBook", "PricesMissing"]


class Missing(Value):
    """One price that is not known."""

    meter: Meter | None
    """None: it is not known by which meters a resource of this type is charged."""
    resource: str
    """Its type and symbol."""
    term: Term | None = None
    """The commitment or `spot` that the meter is not sold under, where its price is known."""
    near: tuple[Meter, ...] = ()
    """Meters of the book with the most similar names."""


class BillError(Exception):
    """A bill could not be made."""


class NoBook(BillError):
    """There is no price book for what was asked."""


class PricesMissing(BillError):
    """Some prices are not known, so that a total would be too low: there is none."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} prices are missing")
