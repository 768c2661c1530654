"""From charges to amounts: grants are taken off, tiers are climbed, cents are rounded.

Every meter is climbed once by all its charges together, in their order: a line pays for the step from where
those before it had come. So the lines add up to what the meter costs in all, to the cent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter, Price, Term, Tier
from seatrial.bill.range import CENT, NOTHING, Range

__all__ = ["Rating"]


class Rating:
    """Keeps what was used so far of every grant and meter, in one month of one subscription."""

    def __init__(self, commitment: Term | None = None) -> None:
        """`commitment`: what is taken for all that turns steadily, where the price has it."""
        self.commitment = commitment
        self._granted: dict[str, Range] = {}
        self._climbed: dict[tuple[Meter, Term | None], Range] = {}

    def amount(self, charge: Charge, price: Price) -> tuple[Range, Range, Price]:
        """What is paid for beyond the grant, in single things; what it costs, in cents; at which price."""
        paid = self._beyond_grant(charge)
        term = charge.term or (self.commitment if charge.steady else None)
        used = price if term is None else committed(price, term)
        key = (price.meter, term)
        before = NOTHING if charge.apart else self._climbed.get(key, NOTHING)
        after = before + paid
        if not charge.apart:
            self._climbed[key] = after
        return paid, _step(before, after, lambda each: used.cost(each / used.each)), used

    def _beyond_grant(self, charge: Charge) -> Range:
        if charge.grant is None:
            return charge.quantity
        name, amount = charge.grant.name, charge.grant.amount
        before = self._granted.get(name, NOTHING)
        after = before + charge.quantity
        self._granted[name] = after
        return _difference(after, before, lambda each: max(each - amount, Decimal(0)))


def committed(price: Price, term: Term) -> Price:
    """The price under a commitment; the same, where it has none."""
    if term not in price.terms:
        return price
    return replace(price, tiers=(Tier(Decimal(0), price.terms[term]),))


def _difference(after: Range, before: Range, cost: Callable[[Decimal], Decimal]) -> Range:
    return Range(*(cost(a) - cost(b) for a, b in zip(after.triple, before.triple, strict=True)))


def _step(before: Range, after: Range, cost: Callable[[Decimal], Decimal]) -> Range:
    """The cost between two places of one meter, each rounded: what comes later adds up without a rest.

    Where a price falls with volume, the step at most may cost less than the step at least, which stood
    lower; then the two change places.
    """
    low, likely, high = (
        _cents(cost(a)) - _cents(cost(b)) for a, b in zip(after.triple, before.triple, strict=True)
    )
    return Range(min(low, likely, high), likely, max(low, likely, high))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
