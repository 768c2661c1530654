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
from seatrial.model.value import Value

__all__ = ["Months", "Rated", "Rating", "months"]

Months = tuple[Decimal, Decimal, Decimal]
"""Of a month with the least to do, of the most likely one, and of one with the most."""

NONE: Months = (Decimal(0), Decimal(0), Decimal(0))

Climb = tuple[Months, Months]
"""How much of a meter was paid for, and what it cost, in cents."""

_BOTTOM: Climb = (NONE, NONE)


def months(amounts: Range, falls: bool) -> Months:
    """A range by months, where there may be less of it the more there is to do."""
    return (amounts.high, amounts.likely, amounts.low) if falls else amounts.triple


class Rated(Value):
    """What a charge comes to."""

    charge: Charge
    before: tuple[Months, Climb]
    """What was used of its grant, and climbed of its meter, by the charges before it."""
    after: tuple[Months, Climb]
    """The same with this one."""
    paid: Range
    """Beyond the grant, in single things."""
    amount: Range
    """In cents."""
    price: Price
    """With the tiers that were climbed: under the commitment, if there is one."""
    term: Term | None
    """The commitment that it is under; None: the price has none, or none was asked for."""


class Rating:
    """Keeps what was used so far of every grant and meter, in one month of one subscription."""

    def __init__(self, commitment: Term | None = None) -> None:
        """`commitment`: what is taken for all that turns steadily, where the price has it."""
        self.commitment = commitment
        self._granted: dict[str, Months] = {}
        self._climbed: dict[tuple[Meter, Term | None], Climb] = {}

    def amount(self, charge: Charge, price: Price) -> tuple[Range, Range, Price]:
        """What is paid for beyond the grant, in single things; what it costs, in cents; at which price."""
        rated = self.rated(charge, price)
        return rated.paid, rated.amount, rated.price

    def rated(self, charge: Charge, price: Price, last: Rated | None = None) -> Rated:
        """What a charge comes to behind those before it.

        Args:
            last: what the same charge came to in another month; it is taken over where nothing differs.
        """
        term = charge.term or (self.commitment if charge.steady else None)
        grant = None if charge.grant is None else charge.grant.name
        meter = None if charge.apart else (price.meter, term)
        used = NONE if grant is None else self._granted.get(grant, NONE)
        climbed = _BOTTOM if meter is None else self._climbed.get(meter, _BOTTOM)
        if last is None or last.charge is not charge or last.before != (used, climbed):
            last = self._rated(charge, price, term, used, climbed)
        if grant is not None:
            self._granted[grant] = last.after[0]
        if meter is not None:
            self._climbed[meter] = last.after[1]
        return last

    def _rated(self, charge: Charge, price: Price, term: Term | None, used: Months, climbed: Climb) -> Rated:
        if term is not None and term not in price.terms:
            term = None
        if term is not None:
            price = committed(price, term)
        elif charge.grant is not None and charge.grant.listed:
            price = without_free_tier(price)
        quantity = months(charge.quantity, charge.falls)
        paid, used_after = quantity, used
        if charge.grant is not None:
            amount = charge.grant.amount

            def beyond(used: Decimal) -> Decimal:
                return max(used - amount, Decimal(0))

            used_after = _sum(used, quantity)
            paid = _less(_each(used_after, beyond), _each(used, beyond))
        units, had_cost = climbed
        units = _sum(units, paid)
        costs = _each(units, lambda each: _cents(price.cost(each / price.each)))
        return Rated(
            charge=charge,
            before=(used, climbed),
            after=(used_after, (units, costs)),
            paid=_range(paid),
            amount=_range(_less(costs, had_cost)),
            price=price,
            term=term,
        )


def committed(price: Price, term: Term) -> Price:
    """The price under a commitment; the same, where it has none."""
    if term not in price.terms:
        return price
    return replace(price, tiers=(Tier(Decimal(0), price.terms[term]),))


def without_free_tier(price: Price) -> Price:
    """The price as it is once what a first tier gives at nothing has been used; the same, where none does."""
    first, *others = price.tiers
    if first.price or not others:
        return price
    border = others[0].above
    return replace(price, tiers=tuple(Tier(each.above - border, each.price) for each in others))


def _sum(one: Months, other: Months) -> Months:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _less(one: Months, other: Months) -> Months:
    """The step between two places of a climb. Of cents it is the difference of two that are rounded, so that
    what comes later adds up without a rest."""
    return one[0] - other[0], one[1] - other[1], one[2] - other[2]


def _each(amounts: Months, of: Callable[[Decimal], Decimal]) -> Months:
    """Of each of the three; of three that are the same only once."""
    low, likely, high = amounts
    middle = of(likely)
    return middle if low == likely else of(low), middle, middle if high == likely else of(high)


def _range(amounts: Months) -> Range:
    """At least and at most, in whichever month that is.

    Where a price falls with volume, a line may cost less in a month with more to do: the lines before it have
    climbed higher.
    """
    return Range(min(amounts), amounts[1], max(amounts))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
