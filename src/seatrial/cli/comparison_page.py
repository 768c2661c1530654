"""Bills side by side as text: each part, the totals, and what makes the difference."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from seatrial.bill.as_json import range_as_json
from seatrial.bill.questions.compare import Comparison, Difference, PartRow
from seatrial.bill.range import Range
from seatrial.bill.words import changed, money

__all__ = ["comparison_as_json", "comparison_page"]

WIDTH = 100
FIRST = 24
COLUMN = 16

Style = Callable[[str], str]


def comparison_page(comparison: Comparison, style: Style) -> str:
    """The whole page; with more than two bills every one is compared with the first."""
    currency = comparison.currency
    heads = [comparison.names[0]]
    for name in comparison.names[1:]:
        heads += [name, "difference"]
    lines = [style("".join([" " * FIRST, *(f"{head:>{COLUMN}}" for head in heads)]))]
    for row in comparison.parts:
        if not any(amount.high for amount in row.amounts):
            continue  # nothing in any of them
        name = row.part or "what all stand on"
        lines.append(_row(name, row.amounts, row.differences, currency))
    lines.append(style(_row("Total", comparison.totals, comparison.differences, currency)))
    spans = "; ".join(
        f"{name} {money(total.low, currency)} to {money(total.high, currency)}"
        for name, total in zip(comparison.names, comparison.totals, strict=True)
        if not total.exact
    )
    texts = ["\n".join(lines)]
    if spans:
        texts.append("\n".join(textwrap.wrap(f"Between the least and the most: {spans}", WIDTH)))
    texts.append("\n".join([style("What makes the difference"), *_sentences(comparison)]))
    return "\n\n".join(texts)


def _row(name: str, amounts: Sequence[Range], differences: Sequence[Difference], currency: str) -> str:
    cells = [money(amounts[0].likely, currency)]
    for amount, difference in zip(amounts[1:], differences, strict=True):
        cells += [money(amount.likely, currency), changed(difference.likely, currency)]
    return f"{name:<{FIRST}}" + "".join(f"{cell:>{COLUMN}}" for cell in cells)


def _sentences(comparison: Comparison) -> Iterator[str]:
    for sentence in comparison.sentences():
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="      ")


def comparison_as_json(comparison: Comparison) -> dict[str, Any]:
    """What `seatrial bill --compare … --json` prints; amounts as text."""
    return {
        "currency": comparison.currency,
        "bills": list(comparison.names),
        "totals": [range_as_json(total) for total in comparison.totals],
        "differences": [_difference(each) for each in comparison.differences],
        "parts": [_part(row) for row in comparison.parts],
        "sentences": list(comparison.sentences()),
    }


def _part(row: PartRow) -> dict[str, Any]:
    return {
        "part": row.part,
        "amounts": [range_as_json(amount) for amount in row.amounts],
        "differences": [_difference(each) for each in row.differences],
        "rows": [
            {
                "type": each.type,
                "what": each.what,
                "amounts": [range_as_json(amount) for amount in each.amounts],
                "differences": [_difference(difference) for difference in each.differences],
                "why": list(each.why),
            }
            for each in row.rows
        ],
    }


def _difference(each: Difference) -> dict[str, str]:
    return {"least": f"{each.least:f}", "likely": f"{each.likely:f}", "most": f"{each.most:f}"}
