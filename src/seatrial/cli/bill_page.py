"""The page of `seatrial bill` as text: aligned, at most 100 columns, and as clear without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from seatrial.bill.bill import Bill, Line, summed
from seatrial.bill.book import Book
from seatrial.bill.errors import Missing, PricesMissing
from seatrial.bill.meters import Price
from seatrial.bill.range import Range, total
from seatrial.bill.usage import Assumption
from seatrial.bill.words import counted, in_unit, money

__all__ = ["WIDTH", "amount_in_words", "missing_in_words", "page", "span"]

WIDTH = 100
HARDLY = Decimal("0.05")
"""What comes to less is not worth a line of its own."""

Style = Callable[[str], str]


def page(bill: Bill, style: Style, verdicts: Sequence[str] = (), every: bool = False) -> str:
    """The whole page.

    Args:
        style: makes a heading stand out.
        verdicts: on the budget and the units' costs; they stand below the total.
        every: shows each line by itself; else those of a part that pay the same for the same are one, and
            what comes to less than five cents at most is one line of its own.
    """
    sources = _Sources()
    sections = [_heading(bill, style)]
    large, small = _by_weight(bill, every)
    sections += [_part(bill, part, style, sources, every) for part in large]
    sections += [_small_parts(bill, small, style)]
    sections += [
        _section(style("What costs nothing"), _free(bill)),
        _section(style("Mind"), _warnings(bill)),
        _section(style("What this stands on (change it by --assume)"), _assumptions(bill)),
        _section(style("Where the prices come from"), sources.lines()),
        "\n".join([style(_total(bill)), *verdicts]),
    ]
    return "\n\n".join(section for section in sections if section)


def span(amount: Range, currency: str) -> str:
    """`$10.00 to $20.00`; empty for what is exact."""
    return "" if amount.exact else f"{money(amount.low, currency)} to {money(amount.high, currency)}"


def _total(bill: Bill) -> str:
    between = span(bill.total, bill.currency)
    return f"Total {money(bill.total.likely, bill.currency)} a month" + (f" ({between})" if between else "")


def _heading(bill: Bill, style: Style) -> str:
    plan = bill.plan
    variant = f", variant {plan.variant}" if plan.variant else ""
    read = "" if bill.oldest is None else f", read on {bill.oldest.isoformat()} or later"
    bought = {None: "", "sp-1y": ", savings plan of one year", "sp-3y": ", savings plan of three years"}
    bought |= {"ri-1y": ", reserved for one year", "ri-3y": ", reserved for three years"}
    return "\n".join(
        [
            style(f"{plan.title} ({plan.name}{variant})"),
            f"{', '.join(plan.regions)}: a month of 730 hours at list prices in {bill.currency} before tax"
            f"{read}{bought[bill.commitment]}",
        ]
    )


def _part(bill: Bill, part: str | None, style: Style, sources: _Sources, every: bool) -> str:
    lines = bill.of_part(part)
    amount = summed(lines)
    name = part or "what all stand on"
    between = span(amount, bill.currency)
    head = f"{name:<44}{money(amount.likely, bill.currency):>14}" + (f"   {between}" if between else "")
    several = len({line.region for line in lines}) > 1
    shown, small = (list(lines), []) if every else _folded(lines)
    ordered = sorted(shown, key=lambda line: -line.amount.likely)
    texts = [text for line in ordered for text in _line(bill, line, several, sources)]
    return "\n".join([style(head), *texts, *_small(bill, small)])


def _by_weight(bill: Bill, every: bool) -> tuple[list[str | None], list[str | None]]:
    """The parts that are shown line by line, and those that hardly count."""
    hardly = {part for part in bill.parts if not every and _hardly(bill.of_part(part))}
    return [part for part in bill.parts if part not in hardly], [p for p in bill.parts if p in hardly]


def _small_parts(bill: Bill, parts: Sequence[str | None], style: Style) -> str:
    if not parts:
        return ""
    amount = summed(line for part in parts for line in bill.of_part(part))
    number = "1 part of" if len(parts) == 1 else f"{len(parts)} parts of"
    head = f"{f'{number} a few cents at most':<44}{money(amount.likely, bill.currency):>14}"
    names = ", ".join(part or "what all stand on" for part in parts)
    return "\n".join([style(head), *textwrap.wrap(names, WIDTH, initial_indent="  ", subsequent_indent="  ")])


def _folded(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Lines that pay the same for the same as one; and those apart that hardly count."""
    alike: dict[tuple[object, ...], list[Line]] = {}
    for line in lines:
        key = (line.what, line.region, line.price.meter, line.term, line.formula, line.amount)
        alike.setdefault(key, []).append(line)
    small = [line for found in alike.values() for line in found if _hardly(found)]
    return [_together(found) for found in alike.values() if not _hardly(found)], small


def _hardly(lines: Sequence[Line]) -> bool:
    return summed(lines).high < HARDLY


def _together(lines: Sequence[Line]) -> Line:
    if len(lines) == 1:
        return lines[0]
    return replace(
        lines[0],
        what=f"{len(lines)} × {lines[0].what}",
        formula=f"{len(lines)} times {lines[0].formula}",
        used=total(line.used for line in lines),
        paid=total(line.paid for line in lines),
        amount=summed(lines),
    )


def _small(bill: Bill, lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    amount = summed(lines)
    whats = ", ".join(dict.fromkeys(line.what for line in lines))
    number = "1 line of" if len(lines) == 1 else f"{len(lines)} lines of"
    yield f"  {f'{number} a few cents at most':<42}{money(amount.likely, bill.currency):>14}"
    yield from textwrap.wrap(whats, WIDTH, initial_indent="      ", subsequent_indent="      ")


def _line(bill: Bill, line: Line, several: bool, sources: _Sources) -> Iterator[str]:
    what = f"{line.what}, {line.region}" if several else line.what
    cents = money(line.amount.likely, bill.currency)
    if line.amount.likely == 0 and line.paid.likely > 0:
        cents = "under a cent"
    between = span(line.amount, bill.currency)
    yield f"  {what:<42}{cents:>14}" + (f"   {between}" if between else "")
    price = line.price
    term = f", {line.term}" if line.term else ""
    granted = ""
    if line.paid.likely < line.used.likely:
        granted = f", {'the rest' if line.paid.likely else 'all of it'} is free each month"
    units = f"{_units(line.paid, price)} {price.unit}{granted}"
    counted = f"{units} at {_unit_price(price)}{term} [{sources.of(price)}]"
    yield from textwrap.wrap(
        f"{line.formula}; {counted}", WIDTH, initial_indent="      ", subsequent_indent="      "
    )


def _units(paid: Range, price: Price) -> str:
    """How many of the price's own units."""
    low, likely, high = (counted(each / price.each) for each in paid.triple)
    return f"{likely} ×" if low == high else f"{likely} ({low} to {high}) ×"


def _unit_price(price: Price) -> str:
    first = f"{price.tiers[0].price:f}"
    rest = [f"{tier.price:f} above {counted(tier.above)}" for tier in price.tiers[1:3]]
    more = ", …" if len(price.tiers) > 3 else ""
    return ", ".join([first, *rest]) + more


class _Sources:
    """Numbers the sources in the order in which they are first named."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, str], int] = {}

    def of(self, price: Price) -> int:
        key = (price.source, price.read_on.isoformat(), price.sure)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def lines(self) -> list[str]:
        found = []
        for (source, read_on, sure), number in self._numbers.items():
            trust = "" if sure == "high" else f", trust: {sure}"
            found += textwrap.wrap(
                f"[{number}] {read_on}{trust}: {source}",
                WIDTH,
                initial_indent="  ",
                subsequent_indent="      ",
            )
        return found


def _free(bill: Bill) -> list[str]:
    counts: dict[tuple[str, str], int] = {}
    for free in bill.free:
        counts[free.what, free.why] = counts.get((free.what, free.why), 0) + free.count
    by_why: dict[str, list[str]] = {}
    for (what, why), count in counts.items():
        by_why.setdefault(why, []).append(what if count == 1 else f"{count} × {what}")
    return [
        line
        for why, whats in sorted(by_why.items())
        for line in textwrap.wrap(
            f"{why}: {', '.join(whats)}", WIDTH, initial_indent="  ", subsequent_indent="      "
        )
    ]


def _warnings(bill: Bill) -> list[str]:
    return [
        line
        for each in bill.warnings
        for line in textwrap.wrap(
            f"{each.part}: {each.sentence}" if each.part else each.sentence,
            WIDTH,
            initial_indent="  ",
            subsequent_indent="      ",
        )
    ]


def _assumptions(bill: Bill) -> list[str]:
    return [
        line
        for each in bill.assumptions
        for line in textwrap.wrap(
            f"{each.key} = {amount_in_words(each)}: {_why(each)}",
            WIDTH,
            initial_indent="  " if each.stated else "  ? ",
            subsequent_indent="      ",
        )
    ]


def _why(each: Assumption) -> str:
    return each.why if each.stated else f"assumed, {each.why}"


def amount_in_words(each: Assumption) -> str:
    """`4 KiB (1 KiB to 16 KiB)`: in units that people read."""
    low, likely, high = (in_unit(number, each.figure.unit) for number in each.amount.triple)
    return likely if low == high else f"{likely} ({low} to {high})"


def _section(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *lines]) if lines else ""


def missing_in_words(error: PricesMissing, refresh: str, book: Book) -> str:
    """Every price that is missing, its resource, what is near, and the way out."""
    lines = [f"no total: {_prices(len(error.missing))} not in the book"]
    for missing in error.missing:
        lines += _missing(missing, book)
    lines.append(f"  hint: {refresh}")
    return "\n".join(lines)


def _prices(number: int) -> str:
    return "a price is" if number == 1 else f"{number} prices are"


def _missing(missing: Missing, book: Book) -> Iterator[str]:
    if missing.meter is None:
        yield f"  {missing.resource}: nothing is known about how it is charged"
        return
    yield f"  {missing.meter}"
    yield f"    for {missing.resource}"
    if similar := book.near(missing.meter):
        near = "; ".join(f"{meter.product}, {meter.name} ({meter.sku})" for meter in similar[:2])
        yield f"    the book has: {near}"
