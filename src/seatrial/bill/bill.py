"""The bill of one plan: every resource, what it is charged for, and what that comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from itertools import zip_longest

from seatrial.azure.graph import Graph, Resource
from seatrial.azure.kinds import kind_of
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge, Free
from seatrial.bill.errors import Missing, PricesMissing
from seatrial.bill.meters import Price, Term
from seatrial.bill.range import Range
from seatrial.bill.rating import Months, Rated, Rating, months
from seatrial.bill.reckoning import Reckoning, Warned
from seatrial.bill.resources import CHARGES
from seatrial.bill.usage import Assumption, Reads, Usage
from seatrial.model import Plan
from seatrial.model.value import Value

__all__ = ["Bill", "FreeLine", "Line", "Pricing", "bill", "by_months", "summed"]


_NO_SPOT = (
    "the book has no spot price for these machines here: they are priced as on demand, which spot machines"
    " without a price limit never exceed"
)
"""Source: https://learn.microsoft.com/azure/virtual-machines/spot-vms, on a maximum price of -1."""


class Line(Value):
    """One meter of one resource: `paid × price = amount`."""

    part: str | None
    """None: the ground that all stand on."""
    region: str
    """The region whose share of the system it belongs to."""
    resource: str
    """The symbol of the resource."""
    type: str
    what: str
    """What is paid for: `compute`."""
    used: Range
    """In a month, in single things: hours, seconds, GB, calls."""
    paid: Range
    """The same without what is granted."""
    price: Price
    """With the tiers that were climbed, where and when it was read."""
    term: Term | None
    """The commitment under which it is bought."""
    formula: str
    """How `used` came about."""
    steady: bool
    amount: Range
    """In the currency of the book, in whole cents."""
    falls: bool = False
    """Whether it costs less the more there is to do: then its most goes with the least of the other lines."""


class FreeLine(Value):
    """Resources of one type that cost nothing."""

    part: str | None
    region: str
    type: str
    what: str
    count: int
    why: str


_FreeKey = tuple[str | None, str, str, str, str]
"""Part, region, type, what and why of something free, before it is counted."""


class Bill(Value):
    """A month of 730 hours of one plan, before tax, at list prices."""

    plan: Plan
    currency: str
    lines: tuple[Line, ...]
    """In the order of the graph: by concern, then by part."""
    free: tuple[FreeLine, ...]
    assumptions: tuple[Assumption, ...]
    """Every figure that the lines stand on."""
    warnings: tuple[Warned, ...]
    commitment: Term | None
    """What all that turns steadily is bought under, where the price knows it."""

    @cached_property
    def total(self) -> Range:
        """The sum of the lines, exactly."""
        return summed(self.lines)

    @cached_property
    def oldest(self) -> date | None:
        """The day on which the oldest of its prices was read; None, where nothing is paid."""
        return min((line.price.read_on for line in self.lines), default=None)

    def of_part(self, part: str | None) -> tuple[Line, ...]:
        """The lines of one part, or of the ground."""
        return tuple(line for line in self.lines if line.part == part)

    @cached_property
    def parts(self) -> tuple[str | None, ...]:
        """Every part that has a line, the dearest first; the ground is None."""
        sums: dict[str | None, Decimal] = {}
        for line in self.lines:
            sums[line.part] = sums.get(line.part, Decimal(0)) + line.amount.likely
        return tuple(sorted(sums, key=lambda part: -sums[part]))


def summed(lines: Iterable[Line]) -> Range:
    """What lines come to together, at least, most likely and at most, whichever month it is."""
    three = by_months(lines)
    return Range(min(three), three[1], max(three))


def by_months(lines: Iterable[Line]) -> Months:
    """What lines come to together: with the least to do, most likely, and with the most to do."""
    least = likely = most = Decimal(0)
    for line in lines:
        low, middle, high = months(line.amount, line.falls)
        least, likely, most = least + low, likely + middle, most + high
    return least, likely, most


def bill(graph: Graph, book: Book, usage: Usage | None = None, commitment: Term | None = None) -> Bill:
    """What a month of all that a graph holds costs.

    Args:
        usage: what the month brings; left out, what the plan says, and what is assumed where it says nothing.
        commitment: a savings plan or reservation for all that turns steadily and has such a price.

    Raises:
        PricesMissing: a meter is not in the book; all that are missing are named.
    """
    return Pricing(graph, book, commitment).bill(usage)


class Pricing:
    """One graph, priced under one usage after another.

    What a resource is charged for is reckoned anew only when a figure that it rests on is another.
    """

    def __init__(self, graph: Graph, book: Book, commitment: Term | None = None) -> None:
        self.graph = graph
        self._book, self._commitment = book, commitment
        self._same: dict[int, _Same] = {}
        self._free: tuple[FreeLine, ...] | None = None

    def bill(self, usage: Usage | None = None) -> Bill:
        """As `bill` above."""
        used = usage or Usage(self.graph.plan)
        reckoning = Reckoning(self.graph, used)
        rating = Rating(self._commitment)
        lines: list[Line] = []
        missing: dict[Missing, None] = {}
        for index, resource in enumerate(self.graph.resources):
            same = self._same.get(index)
            if same is None or (same.reads and not used.agrees(same.reads)):
                same = self._charged(resource, reckoning, same, missing)
                if same.free_changed:
                    self._free = None
                self._same[index] = same
            elif same.warnings:
                reckoning.warn_again(same.warnings)
            if same.paid:
                lines += same.lines(resource, rating)
        if missing:
            self._same.clear()
            raise PricesMissing(tuple(missing))
        if self._free is None:
            self._free = tuple(_counted(line for same in self._same.values() for line in same.free))
        return Bill(
            plan=self.graph.plan,
            currency=self._book.currency,
            lines=tuple(lines),
            free=self._free,
            assumptions=used.used,
            warnings=reckoning.warnings,
            commitment=self._commitment,
        )

    def _charged(
        self, resource: Resource, reckoning: Reckoning, last: _Same | None, missing: dict[Missing, None]
    ) -> _Same:
        """What is paid of a resource, and what costs nothing. Unknown prices are put to `missing`."""
        paid: list[tuple[Charge, Price]] = []
        free: list[_FreeKey] = []
        known = iter(() if last is None else last.paid)
        warned = len(reckoning.warnings)
        reckoning.usage.watch()
        for charge in _charges(resource, reckoning):
            if isinstance(charge, Missing):
                missing[charge] = None
            elif isinstance(charge, Free):
                part = charge.part or resource.part
                free.append((part, resource.region, resource.type, charge.what, charge.why))
            elif (before := next(known, None)) is not None and before[0] == charge:
                paid.append(before)
            elif (price := self._book.price(charge.meter)) is None:
                named = f"{resource.type} {resource.symbol}"
                missing[Missing(meter=charge.meter, resource=named)] = None
            else:
                paid.append((charge, price))
        for charge, price in paid:
            if charge.term == "spot" and charge.term not in price.terms:
                reckoning.warn(reckoning.part_named(charge.part or resource.part), _NO_SPOT)
        reads = reckoning.usage.watch()
        return _Same(paid, free, reckoning.warnings[warned:], reads, last)


class _Same:
    """What one resource is charged for, and what that came to last."""

    def __init__(
        self,
        paid: list[tuple[Charge, Price]],
        free: list[_FreeKey],
        warnings: tuple[Warned, ...],
        reads: Reads,
        last: _Same | None,
    ) -> None:
        self.paid, self.free, self.warnings, self.reads = paid, free, warnings, reads
        self.free_changed = last is None or last.free != free
        self._last: list[tuple[Rated, Line]] = [] if last is None else last._last

    def lines(self, resource: Resource, rating: Rating) -> list[Line]:
        """A line depends on those before it, which may have climbed higher, or used up a grant."""
        found: list[tuple[Rated, Line]] = []
        for (charge, price), before in zip_longest(self.paid, self._last[: len(self.paid)]):
            rated = rating.rated(charge, price, None if before is None else before[0])
            same = before is not None and rated is before[0]
            found.append(before if same else (rated, _line(resource, rated)))
        self._last = found
        return [line for _, line in found]


def _charges(resource: Resource, reckoning: Reckoning) -> Iterable[Charge | Free | Missing]:
    charges = CHARGES.get(resource.type)
    if charges is not None:
        return charges(resource, reckoning)
    if kind_of(resource.type).billed:
        return (Missing(meter=None, resource=f"{resource.type} {resource.symbol}"),)
    return _free_by_kind(resource.type)


@cache
def _free_by_kind(type: str) -> tuple[Free]:
    """The same for every resource of a type that costs nothing: most resources are of such types."""
    kind = kind_of(type)
    return (Free(what=kind.words, why=kind.why),)


def _line(resource: Resource, rated: Rated) -> Line:
    charge = rated.charge
    return Line(
        part=charge.part or resource.part,
        region=resource.region,
        resource=resource.symbol,
        type=resource.type,
        what=charge.what,
        used=charge.quantity,
        paid=rated.paid,
        price=rated.price,
        term=rated.term,
        formula=charge.formula,
        steady=charge.steady,
        amount=rated.amount,
        falls=charge.falls,
    )


def _counted(free: Iterable[_FreeKey]) -> Iterator[FreeLine]:
    for (part, region, type, what, why), count in Counter(free).items():
        yield FreeLine(part=part, region=region, type=type, what=what, count=count, why=why)
