"""What virtual machines and their disks cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.bill.book import Book
from seatrial.bill.errors import Missing
from seatrial.bill.meters import Meter, Price, Term
from seatrial.bill.range import Range
from seatrial.bill.rating import committed
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted
from seatrial.model.value import Value

__all__ = ["DISK", "MachineLine", "Prices"]

DISK = "P4"
"""32 GiB of Premium SSD, the least that holds the 30 GiB of a Linux image.

Source: https://learn.microsoft.com/azure/virtual-machines/disks-types
"""


class MachineLine(Value):
    """The machines of one process in one region, or their disks."""

    process: str
    region: str
    what: str
    """`machines`, `disks`."""
    size: str
    """`Standard_D4s_v5`, `P4`."""
    number: Range
    price: Price
    """Of an hour, or of a disk and month; under the commitment of the bill, where there is such a price."""
    term: Term | None
    amount: Range
    """`number × 730 h × price`, of a disk `number × price`."""
    formula: str
    """How the most likely number came about."""


class Prices:
    """What machines and disks cost, and which prices are missing."""

    def __init__(self, book: Book, commitment: Term | None) -> None:
        self.missing: dict[Missing, None] = {}
        self._book, self._commitment = book, commitment

    def cheapest(
        self, numbers: Mapping[str, Range], region: str, process: str, spot: bool
    ) -> tuple[str, Range]:
        """The size whose most likely number costs the least; of equals the first."""
        costs = {
            size: number.likely * used[0].tiers[0].price
            for size, number in numbers.items()
            if (used := self._machine(size, region, process, spot)) is not None
        }
        size = min(costs, key=costs.__getitem__, default=next(iter(numbers)))
        return size, numbers[size]

    def lines(
        self, process: str, size: str, number: Range, region: str, words: str, spot: bool
    ) -> Iterator[MachineLine]:
        bought, disk = self._machine(size, region, process, spot), self._price(_disk(region), process)
        if bought is None or disk is None:
            return
        price, term = bought
        each = counted(number.likely)
        yield MachineLine(
            process=process,
            region=region,
            what="machines",
            size=size,
            number=number,
            price=price,
            term=term,
            amount=(number * price.tiers[0].price * HOURS).cents(),
            formula=f"{each} × {size} × {HOURS} h × {price.tiers[0].price:f} ({words})",
        )
        yield MachineLine(
            process=process,
            region=region,
            what="disks",
            size=DISK,
            number=number,
            price=disk,
            term=None,
            amount=(number * disk.tiers[0].price).cents(),
            formula=f"{each} × {DISK} of 32 GiB × {disk.tiers[0].price:f}",
        )

    def _machine(self, size: str, region: str, process: str, spot: bool) -> tuple[Price, Term | None] | None:
        price = self._price(_vm(size, region), process)
        term: Term | None = "spot" if spot else self._commitment
        if price is None or term is None or term not in price.terms:
            return None if price is None else (price, None)
        return committed(price, term), term

    def _price(self, meter: Meter, process: str) -> Price | None:
        price = self._book.price(meter)
        if price is None:
            self.missing[Missing(meter=meter, resource=f"a virtual machine for {process}")] = None
        return price


def _vm(size: str, region: str) -> Meter:
    service = "Virtual Machines"
    return Meter(service=service, product=service, name="Linux", sku=size, region=region)


def _disk(region: str) -> Meter:
    product = "Premium SSD Managed Disks"
    return Meter(
        service="Storage", product=product, name=f"{DISK} LRS Disk", sku=f"{DISK} LRS", region=region
    )
