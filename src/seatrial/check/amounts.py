"""What parts of a month come to, as rules weigh them against a budget."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from seatrial.bill.words import money
from seatrial.check.case import Case
from seatrial.model import Part

if TYPE_CHECKING:
    from seatrial.bill.bill import Line

__all__ = ["budget", "dollars", "likely", "of_budget", "share", "stated"]


def dollars(amount: Decimal) -> str:
    """`$1,131.80`: the embedded prices are in US dollars."""
    return money(amount, "USD")


def budget(case: Case) -> Decimal | None:
    """What a month may cost; None, where the plan does not say."""
    return None if case.plan.budget is None else case.plan.budget.limit.amount


def likely(lines: Iterable[Line]) -> Decimal:
    """What lines most likely come to together."""
    return sum((line.amount.likely for line in lines), Decimal(0))


def of_budget(amount: Decimal, limit: Decimal) -> str:
    """`$58.40 of a budget of $140.00`."""
    return f"{dollars(amount)} of a budget of {dollars(limit)}"


def share(percent: int, whole: Decimal) -> Decimal:
    """So many percent of it."""
    return whole * percent / 100


def stated(case: Case, part: Part, name: str) -> Decimal | None:
    """A figure that the plan itself states about a part, most likely; None: it says nothing."""
    found = (each for each in case.plan.usage if each.part == part.name and each.name == name)
    return next((each.likely for each in found), None)
