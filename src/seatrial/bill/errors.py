"""What a bill refuses, and why.

BillError
├── PricesMissing       a meter is not in the book, so there is no total
├── NoBook              there is no price book for a currency, or it is damaged
├── PricesUnreadable    the price list did not give a whole answer
├── MetersGone          meters of the old book are not in the price list any more
├── BookNotWritten      a new price book could not be kept
├── NoLoad              a load was asked for that the plan gives no measure of
└── NoMachine           something fits on none of the machines that may be taken
"""

from __future__ import annotations

from seatrial.bill.meters import Meter
from seatrial.model.value import Value

__all__ = [
    "BillError",
    "BookNotWritten",
    "Gone",
    "MetersGone",
    "Missing",
    "NoBook",
    "NoLoad",
    "NoMachine",
    "PricesMissing",
    "PricesUnreadable",
]


class Missing(Value):
    """One price that is not known."""

    meter: Meter | None
    """None: it is not known by which meters a resource of this type is charged."""
    resource: str
    """Its type and symbol."""


class Gone(Value):
    """A meter that cannot be in a new book."""

    meter: Meter
    why: str


class BillError(Exception):
    """A bill could not be made."""


class NoLoad(BillError):
    """A load was asked for that the plan gives no measure of; the message says the way out."""


class NoMachine(BillError):
    """Something fits on none of the machines that may be taken, or how large these are is not known."""


class NoBook(BillError):
    """There is no price book for what was asked."""


class PricesMissing(BillError):
    """Some prices are not known, so that a total would be too low: there is none."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} prices are missing")


class PricesUnreadable(BillError):
    """The price list did not give a whole answer; says what it was asked and what came."""


class MetersGone(BillError):
    """Meters of the old book are not in the price list any more: the old book is kept."""

    def __init__(self, gone: tuple[Gone, ...]) -> None:
        self.gone = gone
        named = "".join(f"\n  {each.meter}: {each.why}" for each in gone[:20])
        more = f"\n  and {len(gone) - 20:,} more" if len(gone) > 20 else ""
        super().__init__(f"{len(gone):,} meters of the old book have no price now; it is kept{named}{more}")


class BookNotWritten(BillError):
    """A new price book could not be kept: the disk refuses it, or somebody else is writing one."""
