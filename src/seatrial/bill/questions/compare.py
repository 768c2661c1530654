"""Bills side by side: what is paid for in each, and what makes the difference.

Everything is compared with the first bill, month by month: the one with the least to do, the most likely one
and the one with the most. A difference has no order of its own: what is dearer in a quiet month may be
cheaper in a busy one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from seatrial.bill.bill import Bill, Line, by_months
from seatrial.bill.meters import Term
from seatrial.bill.questions.reasons import reason
from seatrial.bill.range import Range
from seatrial.bill.rating import Months
from seatrial.bill.usage import GENERAL
from seatrial.bill.words import changed, in_unit
from seatrial.model.usage import Unit
from seatrial.model.value import Value

__all__ = ["Comparison", "Difference", "OtherUsage", "PartRow", "Row", "compare", "names_of"]

BASE = "base"


class Difference(Value, kw_only=False):
    """How much more than in the first bill; negative: less."""

    least: Decimal
    """In the month with the least to do."""
    likely: Decimal
    most: Decimal
    """In the month with the most to do."""

    def __neg__(self) -> Difference:
        return Difference(-self.least, -self.likely, -self.most)

    def __bool__(self) -> bool:
        return any((self.least, self.likely, self.most))

    @property
    def weight(self) -> tuple[Decimal, Decimal]:
        """By which it is sorted: the most likely amount, whatever its sign; then the largest of the three."""
        return abs(self.likely), max(abs(self.least), abs(self.most))


class Row(Value):
    """One thing that is paid for, in every bill: all lines of a part that are for the same."""

    part: str | None
    """None: the ground that all stand on."""
    type: str
    what: str
    lines: tuple[tuple[Line, ...], ...]
    """In the order of the bills; none where a bill does not have it."""
    why: tuple[str, ...]
    """In words, what makes each bill after the first differ; empty where nothing does."""

    @cached_property
    def months(self) -> tuple[Months, ...]:
        return tuple(map(by_months, self.lines))

    @cached_property
    def amounts(self) -> tuple[Range, ...]:
        """In the order of the bills; nothing where a bill does not have it."""
        return tuple(map(_range, self.months))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """To the first bill, of each after it."""
        return _differences(self.months)


class PartRow(Value):
    """One part, or the ground, in every bill."""

    part: str | None
    rows: tuple[Row, ...]
    """What makes the most difference first."""

    @cached_property
    def months(self) -> tuple[Months, ...]:
        return tuple(map(_added, zip(*(row.months for row in self.rows), strict=True)))

    @cached_property
    def amounts(self) -> tuple[Range, ...]:
        return tuple(map(_range, self.months))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        return _differences(self.months)


class OtherUsage(Value):
    """A figure that is not the same in all bills."""

    key: str
    unit: Unit
    amounts: tuple[Range | None, ...]
    """In the order of the bills; None where a bill does not need it."""

    def in_words(self, names: Sequence[str]) -> str:
        """`requests: 2M/month in base, 10M/month in 10m`."""
        told = (
            f"{in_unit(amount.likely, self.unit)} in {name}"
            for name, amount in zip(names, self.amounts, strict=True)
            if amount is not None
        )
        return f"{self.key}: {', '.join(told)}"


class Comparison(Value):
    """Several bills, each compared with the first."""

    names: tuple[str, ...]
    """By which the bills are told apart, in their order."""
    bills: tuple[Bill, ...]
    currency: str
    parts: tuple[PartRow, ...]
    """What makes the most difference first."""
    usage: tuple[OtherUsage, ...]
    """Figures that somebody said, or that hold for a whole system, and that differ: then it is not the same
    month that is compared."""

    @cached_property
    def totals(self) -> tuple[Range, ...]:
        return tuple(each.total for each in self.bills)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Of the totals, to the first, of each bill after it."""
        return _differences([by_months(each.lines) for each in self.bills])

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All rows of all parts, what makes the most difference first."""
        return tuple(sorted((row for part in self.parts for row in part.rows), key=_order))

    def sentences(self, most: int = 8) -> tuple[str, ...]:
        """What makes the difference, the largest first, at most so many for each bill after the first.

        `papers, PostgreSQL server, compute: +$519.76, 8 instead of 4 vCores`
        """
        return tuple(sentence for index in range(1, len(self.bills)) for sentence in self._about(index, most))

    def _about(self, index: int, most: int) -> Iterator[str]:
        name, by = self.names[index], self.differences[index - 1]
        first = self.names[0]
        if not any(row.differences[index - 1].likely for row in self.rows):
            uncertain = any(row.differences[index - 1] for row in self.rows)
            yield f"{name} costs the same as {first}" + (", most likely" if uncertain else "")
            return
        yield f"{name} is {changed(by.likely, self.currency)} a month against {first}"
        ordered = sorted(self.rows, key=lambda row: _order_by(row, index))
        telling = [row for row in ordered if row.differences[index - 1].likely]
        for row in telling[:most]:
            amount = changed(row.differences[index - 1].likely, self.currency)
            yield f"{_called(row)}: {amount}, {row.why[index - 1]}"
        rest = sum((row.differences[index - 1].likely for row in telling[most:]), Decimal(0))
        if len(telling) > most:
            yield f"{len(telling) - most} more that make {changed(rest, self.currency)} together"
        if self.usage:
            told = [each.in_words((first, name)) for each in self._usage_of(index)]
            if told:
                yield f"not the same month is compared: {'; '.join(told)}"

    def _usage_of(self, index: int) -> Iterator[OtherUsage]:
        for each in self.usage:
            one, other = each.amounts[0], each.amounts[index]
            if one is not None and other is not None and one != other:
                yield OtherUsage(key=each.key, unit=each.unit, amounts=(one, other))


def compare(bills: Sequence[Bill], names: Sequence[str] | None = None) -> Comparison:
    """Bills side by side, by part and by what is paid for, each with its difference to the first.

    Lines of several regions and resources that are for the same (same part, type of resource, and words for
    what is paid) are one row. What only some bills have costs nothing in the others.

    Args:
        names: by which to tell the bills apart; left out, their variants and commitments.

    Raises:
        ValueError: there are fewer than two bills, or they are in different currencies.
    """
    if len(bills) < 2:
        raise ValueError("at least two bills can be compared")
    currencies = sorted({each.currency for each in bills})
    if len(currencies) > 1:
        raise ValueError(f"bills in {' and '.join(currencies)} cannot be compared")
    by_key: dict[tuple[str | None, str, str], list[list[Line]]] = defaultdict(lambda: [[] for _ in bills])
    for index, each in enumerate(bills):
        for line in each.lines:
            by_key[line.part, line.type, line.what][index].append(line)
    by_part: dict[str | None, list[Row]] = defaultdict(list)
    for (part, type, what), found in by_key.items():
        why = tuple(reason(found[0], lines) for lines in found[1:])
        lines = tuple(map(tuple, found))
        by_part[part].append(Row(part=part, type=type, what=what, lines=lines, why=why))
    parts = (PartRow(part=part, rows=tuple(sorted(rows, key=_order))) for part, rows in by_part.items())
    return Comparison(
        names=tuple(names) if names is not None else names_of(bills),
        bills=tuple(bills),
        currency=currencies[0],
        parts=tuple(sorted(parts, key=_order)),
        usage=tuple(_other_usage(bills)),
    )


def names_of(bills: Sequence[Bill]) -> tuple[str, ...]:
    """By what differs between them: system, variant, region, commitment; a number where nothing does."""
    choices: tuple[Sequence[str], ...] = (
        [each.plan.name for each in bills],
        [each.plan.variant or BASE for each in bills],
        [" and ".join(each.plan.regions) for each in bills],
        [_TERMS[each.commitment] for each in bills],
    )
    telling = [words for words in choices if len(set(words)) > 1]
    found = [", ".join(words) for words in zip(*telling, strict=True)] if telling else []
    found = found or [each.plan.variant or BASE for each in bills]
    often, seen = Counter(found), Counter[str]()
    numbered = []
    for name in found:
        seen[name] += 1
        numbered.append(name if often[name] == 1 else f"{name} ({seen[name]})")
    return tuple(numbered)


_TERMS: Mapping[Term | None, str] = {
    None: "as you go",
    "spot": "spot",
    "sp-1y": "savings plan of 1 year",
    "sp-3y": "savings plan of 3 years",
    "ri-1y": "reserved for 1 year",
    "ri-3y": "reserved for 3 years",
}


def _added(months: Sequence[Months]) -> Months:
    least, likely, most = (sum(each, Decimal(0)) for each in zip(*months, strict=True))
    return least, likely, most


def _range(months: Months) -> Range:
    return Range(min(months), months[1], max(months))


def _differences(months: Sequence[Months]) -> tuple[Difference, ...]:
    first = months[0]
    return tuple(
        Difference(*(one - other for one, other in zip(each, first, strict=True))) for each in months[1:]
    )


def _order(row: Row | PartRow) -> tuple[object, ...]:
    """The one that makes the most difference in any bill first; of equals the dearer; then by name."""
    weight = max(each.weight for each in row.differences)
    amount = max(each.likely for each in row.amounts)
    return (-weight[0], -weight[1], -amount, *_name(row))


def _order_by(row: Row, index: int) -> tuple[object, ...]:
    weight = row.differences[index - 1].weight
    return (-weight[0], -weight[1], *_name(row))


def _name(row: Row | PartRow) -> tuple[str, ...]:
    part = row.part or ""
    return (part, row.type, row.what) if isinstance(row, Row) else (part,)


def _called(row: Row) -> str:
    from seatrial.azure.kinds import kind_of

    return ", ".join([*([row.part] if row.part else []), kind_of(row.type).words, row.what])


def _other_usage(bills: Sequence[Bill]) -> Iterator[OtherUsage]:
    """Those that nothing else is reckoned from, or that a bill was told; what follows from them is not."""
    found = [{each.key: each for each in bill.assumptions} for bill in bills]
    for key in dict.fromkeys(key for assumptions in found for key in assumptions):
        each = [assumptions.get(key) for assumptions in found]
        known = [one for one in each if one is not None]
        if len({one.amount for one in known}) > 1 and (key in GENERAL or any(one.stated for one in known)):
            amounts = tuple(None if one is None else one.amount for one in each)
            yield OtherUsage(key=key, unit=known[0].figure.unit, amounts=amounts)
