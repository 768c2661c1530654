"""What is advised about a budget, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from seatrial.bill.savings.advised import Advice, Saving, Way
from seatrial.bill.savings.change import Change
from seatrial.bill.words import money, spanned

__all__ = ["advice_page"]

WIDTH = 100

Style = Callable[[str], str]


def advice_page(advised: Advice, style: Style) -> str:
    """Inside or over, the way under the limit, what else would save, and what was not looked at."""
    sections = [style(_verdict(advised))]
    if advised.way is not None:
        sections.append(
            "\n".join([style("The way under it that gives up least"), *_way(advised.way, advised)])
        )
    elif advised.cheapest is not None and advised.short_by is not None:
        short = money(advised.short_by, advised.bill.currency)
        title = f"Nothing gets under it. The least that was found is {short} above it"
        sections.append("\n".join([style(title), *_way(advised.cheapest, advised)]))
    if advised.savings:
        sections.append("\n".join([style("Each change by itself"), *_savings(advised)]))
    if advised.notes:
        sections.append("\n".join([style("Not looked at"), *(_wrapped(note) for note in advised.notes)]))
    return "\n\n".join(sections)


def _verdict(advised: Advice) -> str:
    currency, by = advised.bill.currency, advised.by
    limit = money(advised.limit, currency)
    total = spanned(advised.bill.total, currency)
    word = f"over by {money(by, currency)}" if by > 0 else f"inside, with {money(-by, currency)} left"
    sure = "" if advised.verdict in ("inside", "over") else ", not sure within the range"
    return f"{total} a month of {limit}: {word}{sure}"


def _way(way: Way, advised: Advice) -> Iterator[str]:
    currency = advised.bill.currency
    for change in way.changes:
        yield from _change(change, "")
    yield _wrapped(
        f"together {spanned(way.total, currency)} a month, {money(way.saved.likely, currency)} less"
    )
    for broken in way.breaks:
        yield _wrapped(f"breaks: {broken}")
    if way.code:
        yield ""
        yield textwrap.indent(way.code.rstrip(), "    ")


def _savings(advised: Advice) -> Iterator[str]:
    for saving in advised.savings:
        yield from _saving(saving, advised)


def _saving(saving: Saving, advised: Advice) -> Iterator[str]:
    yield from _change(saving.change, f"{money(saving.saved.likely, advised.bill.currency):>12}  ")


def _change(change: Change, before: str) -> Sequence[str]:
    first = textwrap.fill(
        f"{before}{change.what}", WIDTH, initial_indent="  ", subsequent_indent="  " + " " * len(before)
    )
    rest = textwrap.fill(
        f"gives up: {change.gives_up}", WIDTH, initial_indent="      ", subsequent_indent="      "
    )
    return first, rest


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="      ")
