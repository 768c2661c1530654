"""A curve of cost against load as text: a table with bars, and sentences; as clear without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from seatrial.bill.questions.curve import Curve, Track
from seatrial.bill.words import counted, money, short

__all__ = ["curve_text"]

ROWS = 12
WIDTH = 100
BAR = 24
AMOUNT = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def curve_text(curve: Curve, rows: int = ROWS) -> str:
    """The curve at some of its loads, first and last among them; then where another shape is the better one.

    A bar is as long as the likely cost; `*` marks the shape that is the better one, `!` one that cannot
    carry the load. The range is told of one shape alone; of several there is room for what is likely.
    """
    shown = _chosen(len(curve.loads), rows)
    highest = max(track.points[index].total.likely for track in curve.tracks for index in shown)
    several = len(curve.tracks) > 1
    labels = max(len(f"{short(load)} {curve.figure}") for load in curve.loads)
    width = min(BAR, max(0, (WIDTH - labels) // len(curve.tracks) - AMOUNT - 5))
    table = [["", *(track.name for track in curve.tracks)]] if several else []
    for index in shown:
        best = curve.best(index) if several else None
        cells = []
        for track in curve.tracks:
            point = track.points[index]
            mark = "!" if not point.carried else "*" if track is best else " "
            amount = money(point.total.likely, curve.currency)
            cells.append(f"{_bar(point.total.likely, highest, width)} {amount:>{AMOUNT}}{mark}")
            if not several and not point.total.exact:
                low, _, high = (money(each, curve.currency) for each in point.total.triple)
                cells[-1] += f" {low} to {high}"
        table.append([f"{short(curve.loads[index])} {curve.figure}", *cells])
    return "\n".join([*_aligned(table), "", *sentences(curve)])


def sentences(curve: Curve) -> Iterator[str]:
    """Where another shape becomes the better one, what cannot be carried, and what was held."""
    for crossing in curve.crossings:
        yield crossing.in_words(curve.figure, curve.currency)
    if len(curve.tracks) > 1 and not curve.crossings:
        best = curve.best(0)
        told = "no shape carries any of these loads" if best is None else f"{best.name} is the better one"
        yield f"{told} at every load" if best is not None else told
    for track in curve.tracks:
        yield from _blocked(track, curve)
    for name, amount in curve.held:
        yield f"the same at every load: {short(amount)} {name}"
    for name, ratio in curve.along:
        yield f"growing with it: {counted(ratio)} {name} for each of the {curve.figure}"


def _blocked(track: Track, curve: Curve) -> Iterator[str]:
    first = next((point for point in track.points if not point.carried), None)
    if first is not None:
        reasons = "; ".join(dict.fromkeys(first.in_the_way))
        yield f"{track.name} does not carry {short(first.load)} {curve.figure}: {reasons}"


def _chosen(number: int, rows: int) -> Sequence[int]:
    """So many indexes, evenly apart, the first and the last among them."""
    if number <= rows:
        return range(number)
    return tuple(dict.fromkeys(round(row * (number - 1) / (rows - 1)) for row in range(rows)))


def _bar(amount: Decimal, highest: Decimal, width: int) -> str:
    eighths = int(amount / highest * width * 8) if highest > 0 else 0
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(width)


def _aligned(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    for row in table:
        first, *rest = row
        cells = [
            first.rjust(widths[0]),
            *(cell.ljust(width) for cell, width in zip(rest, widths[1:], strict=True)),
        ]
        yield "   ".join(cells).rstrip()
