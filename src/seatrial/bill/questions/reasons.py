"""Why something costs more in one bill than in another, read from its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from seatrial.bill.bill import Line
from seatrial.bill.words import counted

__all__ = ["reason"]


def reason(before: Sequence[Line], after: Sequence[Line]) -> str:
    """In words, what differs between the lines that one bill has for something, and those of another.

    `8 instead of 4 vCores`, `B2s instead of B1ms`, `only here: 730 h`. Empty where nothing differs.
    """
    if not before or not after:
        there = before or after
        if not there:
            return ""
        main = max(there, key=lambda line: line.amount.likely)
        return f"{'not here any more' if before else 'only here'}: {main.formula}"
    return ", ".join(dict.fromkeys(_differing(before, after)))


def _differing(before: Sequence[Line], after: Sequence[Line]) -> Iterator[str]:
    regions = [list(dict.fromkeys(line.region for line in lines)) for lines in (before, after)]
    if len(regions[0]) != len(regions[1]):
        yield f"in {_regions(len(regions[1]))} instead of {len(regions[0])}"
    elif regions[0] != regions[1]:
        yield f"in {' and '.join(regions[1])} instead of {' and '.join(regions[0])}"
    each = [len(lines) / len(found) for lines, found in zip((before, after), regions, strict=True)]
    if each[0] != each[1]:
        yield f"{len(after)} instead of {len(before)}"
    one, other = _main(before, after)
    sized = [line.price.meter.sku for line in (one, other)]
    if sized[0] != sized[1]:
        yield f"{_sku(sized[1])} instead of {_sku(sized[0])}"
    if one.term != other.term:
        yield f"{other.term or 'as you go'} instead of {one.term or 'as you go'}"
    if one.formula != other.formula:
        yield _formulas(one.formula, other.formula) or _paid(one, other)
    elif one.paid != other.paid:
        yield _paid(one, other)
    if sized[0] == sized[1] and one.term == other.term:
        prices = [line.price.tiers[0].price if len(line.price.tiers) == 1 else None for line in (one, other)]
        if prices[0] is not None and prices[1] is not None and prices[0] != prices[1]:
            yield f"at {prices[1]:f} instead of {prices[0]:f} for {other.price.unit}"


def _main(before: Sequence[Line], after: Sequence[Line]) -> tuple[Line, Line]:
    """The dearest of each, in the first region that both have."""
    there = {line.region for line in after}
    shared = next((line.region for line in before if line.region in there), None)
    one, other = (
        max(
            (line for line in lines if shared in (None, line.region)),
            key=lambda line: (line.amount.likely, line.formula),
        )
        for lines in (before, after)
    )
    return one, other


def _paid(one: Line, other: Line) -> str:
    """`2,577,771 instead of 1,044,147 × 1 Second`."""
    units = [counted(_rounded(line.paid.likely / line.price.each)) for line in (one, other)]
    if units[0] == units[1]:
        return f"{other.formula} instead of {one.formula}"
    return f"{units[1]} instead of {units[0]} × {other.price.unit}"


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1)) if number >= 100 else number


def _regions(number: int) -> str:
    return "1 region" if number == 1 else f"{number} regions"


def _sku(name: str) -> str:
    return name.removeprefix("Standard_").replace("_", " ")


_FACTOR = re.compile(r"\s*([×÷+=;()]|,\s)\s*")
_AMOUNT = re.compile(r"(?P<number>[\d.,]*\d)\s*(?P<unit>\D*)")


LONGEST = 60
"""Characters of two formulas that are told whole."""


def _formulas(before: str, after: str) -> str | None:
    """Where two formulas differ in one or two of their factors only, those; else both whole, when short."""
    pieces = [_FACTOR.split(formula) for formula in (before, after)]
    if len(pieces[0]) == len(pieces[1]) and pieces[0][1::2] == pieces[1][1::2]:
        told = [
            _instead(one, other)
            for one, other in zip(pieces[0][::2], pieces[1][::2], strict=True)
            if one != other
        ]
        if len(told) <= 2 and all(told):
            return " and ".join(dict.fromkeys(each for each in told if each))
    whole = f"{after} instead of {before}"
    return whole if len(whole) <= LONGEST else None


def _instead(before: str, after: str) -> str | None:
    """`8 instead of 4 vCores`; None where the two are not amounts of the same."""
    one, other = _AMOUNT.fullmatch(before), _AMOUNT.fullmatch(after)
    if one is None or other is None or _singular(one["unit"]) != _singular(other["unit"]):
        return None
    unit = max(one["unit"], other["unit"], key=len).strip()
    return f"{other['number']} instead of {one['number']}" + (f" {unit}" if unit else "")


def _singular(unit: str) -> str:
    return unit.strip().removesuffix("s")
