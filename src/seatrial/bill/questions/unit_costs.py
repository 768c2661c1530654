"""What one thing that a system does costs: the whole bill, shared out over all of them.

    cost of a unit = total of the bill ÷ units in the month × per

The total of the month with the least to do goes with the least units, that of the month with the most with
the most: the least total with the most units is a month that does not exist. What is fixed makes a unit dear
in a quiet month and cheap in a busy one, so the range goes from the least of the three quotients to the
largest, whichever month it is.

Where other figures are uncertain as well, the truth may still be outside: a busy month of small records. With
`again`, which makes the bill once more with the number of units fixed at each of its three amounts, the range
is what those three bills say, from their least to their most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Literal

from seatrial.bill.bill import Bill, by_months
from seatrial.bill.range import Range
from seatrial.bill.usage import said
from seatrial.bill.words import counted, money, precise
from seatrial.model import Plan, Stated, UnitCost
from seatrial.model.value import Value

__all__ = ["CostOfUnit", "Verdict", "unit_costs"]

Verdict = Literal["within", "over", "undecided"]
"""Of a limit: even the most is not above it; even the least is; or it lies between the two."""

Again = Callable[[Stated], Bill]


class CostOfUnit(Value):
    """What so many of one thing cost."""

    what: str
    """In the plural: `searches`."""
    per: int
    key: str
    """The figure that counts them: `requests`, `classify.requests`."""
    units: Range | None
    """In a month; None: nobody says how many, and nothing of the bill rests on it."""
    cost: Range | None
    """Of `per` of them; None: there are none, or nobody says how many."""
    currency: str
    limit: Decimal | None
    """What they may cost; None: nothing is said of it, or in another currency."""
    target: UnitCost | None
    """None: every system is asked for this."""

    @property
    def verdict(self) -> Verdict | None:
        """None: there is no limit, or no cost."""
        if self.limit is None or self.cost is None:
            return None
        if self.cost.high <= self.limit:
            return "within"
        return "over" if self.cost.low > self.limit else "undecided"

    def in_words(self) -> str:
        """`1,000 searches: $0.213 ($0.180 to $0.250) of $0.30, within`."""
        name = f"{counted(Decimal(self.per))} {self.what}" if self.per != 1 else f"one of the {self.what}"
        if self.units is None:
            return f"{name}: nobody says how many there are in a month (--assume {self.key}=…)"
        if self.cost is None:
            return f"{name}: there are none in a month"
        low, likely, high = (precise(each, self.currency) for each in self.cost.triple)
        found = f"{name}: {likely}" + ("" if low == high else f" ({low} to {high})")
        if self.limit is None:
            return found
        return f"{found} of {money(self.limit, self.currency)}, {_VERDICTS[self.verdict]}"


_VERDICTS = {"within": "within", "over": "over", "undecided": "undecided: it may be more", None: "not known"}


def unit_costs(bill: Bill, again: Again | None = None) -> tuple[CostOfUnit, ...]:
    """What the units of a plan's targets cost, in their order; then 1,000 requests, and one record held.

    Args:
        again: makes the same bill with one figure fixed; see above.
    """
    targets = [target for target in bill.plan.targets if isinstance(target, UnitCost)]
    return (*(_of_target(bill, target, again) for target in targets), *_usual(bill, again))


def _of_target(bill: Bill, target: UnitCost, again: Again | None) -> CostOfUnit:
    comparable = bill.currency == "USD"
    key = target.figure if target.of is None else f"{target.of.name}.{target.figure}"
    units = _units(bill, key)
    return CostOfUnit(
        what=target.what,
        per=target.per,
        key=key,
        units=units,
        cost=_cost(bill, key, units, target.per, again),
        currency=bill.currency,
        limit=target.at_most.amount if comparable else None,
        target=target,
    )


def _usual(bill: Bill, again: Again | None) -> Iterator[CostOfUnit]:
    for key, what, per in (("requests", "requests", 1000), ("records", "records held", 1)):
        units = _units(bill, key)
        yield CostOfUnit(
            what=what,
            per=per,
            key=key,
            units=units,
            cost=_cost(bill, key, units, per, again),
            currency=bill.currency,
            limit=None,
            target=None,
        )


def _units(bill: Bill, key: str) -> Range | None:
    """As the bill has it; where no line rests on it, as the plan says it."""
    for each in bill.assumptions:
        if each.key == key:
            return each.amount
    return _said(bill.plan, key)


def _said(plan: Plan, key: str) -> Range | None:
    stated = said(plan).get(key)
    return None if stated is None else Range(stated.low, stated.likely, stated.high)


def _cost(bill: Bill, key: str, units: Range | None, per: int, again: Again | None) -> Range | None:
    if units is None or units.low <= 0:
        return None
    if units.exact or again is None:
        pairs = zip(by_months(bill.lines), units.triple, strict=True)
        return _spread([total / number * per for total, number in pairs])
    part, _, name = key.rpartition(".")
    found: list[Decimal] = []
    for number in units.triple:
        fixed = Stated(part=part or None, name=name, low=number, likely=number, high=number)
        found.extend(total / number * per for total in again(fixed).total.triple)
    likely = found[4]  # of nine, three a bill: the likely total of the likely number
    return Range(min(found), likely, max(found))


def _spread(found: list[Decimal]) -> Range:
    return Range(min(found), found[1], max(found))
