"""In which units Azure sells, and figures as a formula shows them."""

from __future__ import annotations

from decimal import Decimal

from seatrial.bill.range import Range
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted

__all__ = ["DAYS", "GB", "gigabytes", "many", "one_or_more", "shared", "size", "whole_month"]

GB = Decimal(10**9)
"""The bytes in a GB of traffic and of logs.

For logs it is written: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs#data-size-calculation.
For traffic Azure's pages do not say it; were it 2³⁰, what is reckoned here would be 7 % too much.
"""

DAYS = Decimal(HOURS) / 24
"""Of a month: 30.42."""


def gigabytes(amount: Range) -> Range:
    """So many bytes, as they are sold."""
    return amount / GB


def many(amount: Range) -> str:
    """A number as it is most likely: `2,000,000`. What is many is told as a whole number."""
    return counted(amount.likely.quantize(Decimal(1)) if amount.likely >= 100 else amount.likely)


def size(amount: Range) -> str:
    """Bytes as they are most likely, in the units in which traffic is sold: `16.38 KB`, `2.5 GB`."""
    for name, length in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if amount.likely >= length:
            return f"{counted(amount.likely / length)} {name}"
    return f"{counted(amount.likely)} B"


def shared(share: Decimal) -> str:
    """What is put behind a formula where only a part of it falls here: ` ÷ 3 regions`."""
    return "" if share == 1 else f" ÷ {counted((1 / share).quantize(Decimal(1)))} regions"


def one_or_more(number: int, what: str) -> str:
    """`1 endpoint`, `2 endpoints`."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def whole_month(number: int = 1, what: str = "") -> str:
    """`730 h`, `2 units × 730 h`."""
    return f"{HOURS} h" if not what else f"{one_or_more(number, what)} × {HOURS} h"
