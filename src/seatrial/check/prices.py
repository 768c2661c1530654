"""The prices by which a check reckons."""

from __future__ import annotations

from seatrial.bill.book import Book
from seatrial.bill.meters import Meter

__all__ = ["Prices"]


class Prices(Book):
    """The embedded ones, without a search for likely names where one is missing: no finding shows them."""

    def near(self, meter: Meter) -> tuple[Meter, ...]:
        return ()
