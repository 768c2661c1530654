"""What a plan says its system costs, as data to set beside the bill.

A file of claims holds a table for each cost table of the plan, a line for each of its rows, and single claims
that stand in no table. `claims.py` reads it; here is what can be asked of it. Nothing is typed that can
be computed: whether the rows come to the stated total, which row a line of the bill belongs to, and what
a meter of the price book says to a claim.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property, reduce
from operator import add
from typing import Literal

from seatrial.bill.meters import Meter, Price, Term
from seatrial.model.value import Value

__all__ = [
    "BASE",
    "KINDS",
    "Addition",
    "Amount",
    "Check",
    "Claim",
    "Claimed",
    "Claims",
    "Implied",
    "Kind",
    "Selector",
    "Stated",
    "Table",
]

BASE = "base"
"""The variant that a table stands for when it stands for the system itself."""

Kind = Literal[
    "agrees", "arithmetic", "not counted", "price", "size", "usage", "design", "missing", "added", "unproven"
]
"""Why a claim and the bill differ."""

KINDS: Mapping[Kind, str] = {
    "agrees": "the claim is what the price list gives",
    "arithmetic": "the plan's own figures do not come to what it says",
    "not counted": "something that belongs to it was left out: a standby, a copy, a fee beside the main one",
    "price": "Azure does not ask that price",
    "size": "it is sold in other sizes, or the plan asks for another size elsewhere",
    "usage": "it depends on how much is used, and the plan does not say how much",
    "design": "something else is built for the same purpose, and the reason is said",
    "missing": "the plan asks for it, or cannot run without it, and gives no price",
    "added": "the plan does not ask for it; it is built all the same, for a reason that is said",
    "unproven": "only a month of real use can tell",
}


class Amount(Value):
    """A claimed figure: exactly so much, from so much to so much, or with one end open."""

    least: Decimal | None
    """None: it may be anything down to nothing."""
    most: Decimal | None
    """None: it may be anything above."""
    step: Decimal = Decimal(1)
    """The value of the last digit that was written: 1 in `335`, 0.01 in `0.15`."""

    def holds(self, other: Amount) -> bool:
        """Whether the other lies wholly within this one, once rounded to the last digit of this one."""
        low, high = _rounded(other.least, self.step), _rounded(other.most, self.step)
        above = self.least is None or (low is not None and low >= self.least)
        below = self.most is None or (high is not None and high <= self.most)
        return above and below

    def words(self, before: str = "$", after: str = "") -> str:
        """`$75`, `$310 to $370`, `$500 or more`, `under $5,000`; other signs for what is not dollars."""
        low, high = (
            None if each is None else f"{before}{each:,f}{after}" for each in (self.least, self.most)
        )
        if low is None:
            return f"under {high}"
        if high is None:
            return f"{low} or more"
        return low if low == high else f"{low} to {high}"

    def __add__(self, other: Amount) -> Amount:
        return Amount(
            least=_both(self.least, other.least),
            most=_both(self.most, other.most),
            step=min(self.step, other.step),
        )

    def __mul__(self, times: Decimal) -> Amount:
        low, high = (None if each is None else each * times for each in (self.least, self.most))
        return Amount(least=low, most=high, step=self.step * times)


def _rounded(number: Decimal | None, step: Decimal) -> Decimal | None:
    return None if number is None else (number / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def _both(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


class Selector(Value):
    """Which lines of the bill are meant: all that agree in whatever is given.

    Written `part`, `type`, or both, with what is paid for behind a colon: `papers`,
    `Microsoft.Network/natGateways`, `papers:storage`, `papers:Microsoft.App/jobs`; `*` is any part.
    """

    part: str | None = None
    type: str | None = None
    what: str | None = None
    """Words that what is paid for contains, in any case of letters: `storage`."""

    def matches(self, part: str | None, type: str, what: str) -> bool:
        return (
            self.part in (None, part)
            and (self.type is None or self.type.casefold() == type.casefold())
            and (self.what is None or self.what.casefold() in what.casefold())
        )

    @property
    def weight(self) -> int:
        """How closely it says what it means: what is paid for counts most, then the part, then the type."""
        return 4 * (self.what is not None) + 2 * (self.part is not None) + (self.type is not None)

    def __str__(self) -> str:
        return ":".join(each for each in (self.part, self.type, self.what) if each) or "*"


class Claimed(Value):
    """One row of a cost table, and what it stands for on the bill."""

    what: str
    kind: Kind
    why: str
    """Why the bill says something else, for whoever pays; holds whatever the exact amount on the bill."""
    lines: tuple[Selector, ...]
    """Empty: nothing on the bill stands for it."""
    amount: Amount | None = None
    """US dollars a month; None: the plan gives no figure."""
    size: str = ""
    """The configuration that the plan names."""
    group: str | None = None
    """The block of the table that has a total of its own."""
    carried: bool = False
    """Not written in this table: taken over from where the plan writes it, for the total to be complete."""
    source: str = ""
    """Where the reason can be read; empty: the price list, or the plan itself."""

    def covers(self, part: str | None, type: str, what: str) -> bool:
        """Whether a line of the bill belongs to this row: by its part, resource type and what is paid for."""
        return self.closeness(part, type, what) is not None

    def closeness(self, part: str | None, type: str, what: str) -> int | None:
        """How closely its best selector means that line; None: none does."""
        return max((each.weight for each in self.lines if each.matches(part, type, what)), default=None)


class Stated(Value):
    """A total that the plan writes, and where it writes it."""

    where: str
    amount: Amount
    group: str | None = None
    """The block that it is the total of; None: of the whole table."""
    why: str = ""


class Addition(Value):
    """A stated total beside the sum of its rows."""

    stated: Stated
    written: Amount
    """The rows that stand in the table."""
    complete: Amount
    """Those, and the rows that were taken over from elsewhere."""

    @property
    def adds_up(self) -> bool:
        """Whether the total is the sum of its rows, with or without those taken over, to its last digit."""
        return self.stated.amount.holds(self.written) or self.stated.amount.holds(self.complete)


class Table(Value):
    """One cost table of a plan."""

    variant: str
    """Of the system file, or `base`."""
    title: str
    lines: tuple[Claimed, ...]
    totals: tuple[Stated, ...]
    """Of the whole first, as far as there is one; the last of these is what the plan finally says."""
    region: str | None = None
    """As the plan names it."""

    def sum(self, group: str | None = None, *, carried: bool = True) -> Amount | None:
        """Of the rows of a block, or of all; None: no row has a figure."""
        return _sum(
            each.amount
            for each in self.lines
            if each.amount and group in (None, each.group) and (carried or not each.carried)
        )

    @cached_property
    def total(self) -> Amount | None:
        """What the plan finally says that all of it costs; None: it does not say."""
        return next((each.amount for each in reversed(self.totals) if each.group is None), None)

    @cached_property
    def additions(self) -> tuple[Addition, ...]:
        """Every stated total beside what its rows come to, where rows have figures."""
        found = []
        for stated in self.totals:
            written, complete = self.sum(stated.group, carried=False), self.sum(stated.group)
            if written and complete:
                found.append(Addition(stated=stated, written=written, complete=complete))
        return tuple(found)

    def line_for(self, part: str | None, type: str, what: str) -> Claimed | None:
        """The row that a line of the bill belongs to: that which means it most closely, of equals the first.

        So no line of the bill is counted to two rows. None: the plan says nothing of it.
        """
        close = [(each.closeness(part, type, what), each) for each in self.lines]
        found = [(weight, each) for weight, each in close if weight is not None]
        return max(found, key=lambda pair: pair[0])[1] if found else None


def _sum(amounts: Iterable[Amount]) -> Amount | None:
    listed = list(amounts)
    return reduce(add, listed) if listed else None


class Check(Value):
    """A meter of the price book that has something to say to a claim."""

    of: str
    """What the meter counts, in words: `PostgreSQL, 2 cores`."""
    meter: Meter
    times: Decimal = Decimal(1)
    """So many units of the meter are one unit of the claim: 1,000 GB are a TB."""
    term: Term | None = None
    """Given: the claim is a percentage, and this commitment is held against the list price."""

    def worth(self, price: Price) -> Decimal | None:
        """By the price book: dollars at its first tier that is paid, or per cent saved, to a tenth.

        None: the book has no such commitment, or asks nothing.
        """
        listed = next((tier.price for tier in price.tiers if tier.price), Decimal(0))
        if self.term is None:
            return listed * self.times
        if self.term not in price.terms or not listed:
            return None
        saved = (1 - price.terms[self.term] / listed) * 100
        return saved.quantize(Decimal("0.1"), ROUND_HALF_UP)


class Implied(Value):
    """What a claim comes to when it is taken at its word."""

    times: Decimal
    unit: str
    why: str


class Claim(Value):
    """A statement about cost that stands in no table."""

    what: str
    kind: Kind
    why: str
    unit: str
    """What the figure counts: `USD a month`, `per cent less`."""
    amount: Amount | None = None
    """None: the plan says so without a figure."""
    checks: tuple[Check, ...] = ()
    implies: Implied | None = None
    source: str = ""

    def holds(self, worth: Decimal) -> bool | None:
        """Whether a worth found by a check is what was claimed; None where no figure was claimed."""
        return None if self.amount is None else self.amount.holds(Amount(least=worth, most=worth))

    @property
    def implied(self) -> Amount | None:
        """The claimed amount so many times, in the unit of `implies`."""
        return self.amount * self.implies.times if self.amount and self.implies else None


class Claims(Value):
    """All that a plan says about cost."""

    tables: tuple[Table, ...]
    claims: tuple[Claim, ...]

    def table(self, variant: str | None) -> Table | None:
        """The table that stands for a variant; None is the system itself, or no such table."""
        return next((each for each in self.tables if each.variant == (variant or BASE)), None)
