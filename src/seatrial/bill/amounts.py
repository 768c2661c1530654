"""By which gigabyte what is kept is sold, and amounts that fall the more there is to do."""

from __future__ import annotations

from decimal import Decimal

from seatrial.bill.range import Range
from seatrial.bill.words import counted

__all__ = ["GIB", "by_months", "gib", "gibs"]

GIB = 2**30
"""What the price list calls a GB, wherever something is kept, is 2³⁰ bytes: examples of Microsoft reckon a
terabyte of blobs as 1,024 GB, and disks of PostgreSQL have sizes in GiB.

Source: https://learn.microsoft.com/azure/storage/blobs/blob-storage-estimate-costs (2024-07-26) and
https://learn.microsoft.com/azure/storage/files/understanding-billing (storage units)
"""


def gib(size: Range) -> Range:
    """Bytes in GiB."""
    return size / GIB


def gibs(amount: Range) -> str:
    """As they are most likely: `12.5 GiB`."""
    return f"{counted(amount.likely)} GiB"


def by_months(least: Decimal, likely: Decimal, most: Decimal) -> tuple[Range, bool]:
    """An amount in the month with the least to do, in the most likely one and in that with the most; and
    whether it falls the more there is to do.
    """
    return Range(min(least, likely, most), likely, max(least, likely, most)), least > most
