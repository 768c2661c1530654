"""From charges to amounts: grants are taken off, tiers are climbed, cents are rounded.

Every meter is climbed once by all its charges together, in their order: a line pays for the step from where
those before it had come. So the lines add up to what the meter costs in all, to the cent.

There are three climbs, of three months: with the least to do, the most likely, and the most. Of what falls
with the load, the least belongs to the month with the most to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter, Price, Term, Tier
from seatrial.bill.range import CENT, Range

__all__ = ["Rating", "months"]

Months = tuple[Decimal, Decimal, Decimal]
"""Of a month with the least to do, of the most likely one, and of one with the most."""

NONE: Months = (Decimal(0), Decimal(0), Decimal(0))


def months(amounts: Range, falls: bool) -> Months:
    """A range by months, where there may be less of it the more there is to do."""
    return (amounts.high, amounts.likely, amounts.low) if falls else amounts.triple


class Rating:
    """Keeps what was used so far of every grant and meter, in one month of one subscription."""

    def __init__(self, commitment: Term | None = None) -> None:
        """`commitment`: what is taken for all that turns steadily, where the price has it."""
        self.commitment = commitment
        self._granted: dict[str, Months] = {}
        self._climbed: dict[tuple[Meter, Term | None], Months] = {}

    def amount(self, charge: Charge, price: Price) -> tuple[Range, Range, Price]:
        """What is paid for beyond the grant, in single things; what it costs, in cents; at which price."""
        paid = self._beyond_grant(charge)
        term = charge.term or (self.commitment if charge.steady else None)
        used = price if term is None else committed(price, term)
        key = (price.meter, term)
        before = NONE if charge.apart else self._climbed.get(key, NONE)
        after = _sum(before, paid)
        if not charge.apart:
            self._climbed[key] = after
        cost = _step(before, after, lambda each: _cents(used.cost(each / used.each)))
        return _range(paid), _range(cost), used

    def _beyond_grant(self, charge: Charge) -> Months:
        quantity = months(charge.quantity, charge.falls)
        if charge.grant is None:
            return quantity
        name, amount = charge.grant.name, charge.grant.amount
        before = self._granted.get(name, NONE)
        after = _sum(before, quantity)
        self._granted[name] = after
        return _step(before, after, lambda each: max(each - amount, Decimal(0)))


def committed(price: Price, term: Term) -> Price:
    """The price under a commitment; the same, where it has none."""
    if term not in price.terms:
        return price
    return replace(price, tiers=(Tier(Decimal(0), price.terms[term]),))


def _sum(one: Months, other: Months) -> Months:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _step(before: Months, after: Months, cost: Callable[[Decimal], Decimal]) -> Months:
    """The cost between two places of a climb. Of cents it is the difference of two that are rounded, so that
    what comes later adds up without a rest."""
    return (
        cost(after[0]) - cost(before[0]),
        cost(after[1]) - cost(before[1]),
        cost(after[2]) - cost(before[2]),
    )


def _range(amounts: Months) -> Range:
    """At least and at most, in whichever month that is.

    Where a price falls with volume, a line may cost less in a month with more to do: the lines before it have
    climbed higher.
    """
    return Range(min(amounts), amounts[1], max(amounts))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
