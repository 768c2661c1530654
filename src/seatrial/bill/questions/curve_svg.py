"""A curve of cost against load as SVG: text and shapes only, no script, light or dark as its reader likes it.

Loads stand on a logarithmic axis, money from zero. A line is the likely cost, the band around it what it may
be; every line has its name at its end. Where a shape cannot carry the load its line is broken. A ring marks
where another shape becomes the better one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10
from xml.sax.saxutils import escape

from seatrial.bill.questions.curve import Curve, Point, Track
from seatrial.bill.questions.curve_text import sentences
from seatrial.bill.words import money, short

__all__ = ["curve_svg"]

WIDTH, HEIGHT = 860, 460
LEFT, RIGHT, TOP, BOTTOM = 84, 150, 66, 58
LINE = 18
"""Pixels from one line of text to the next."""
NEAR = 48
"""Pixels between crossings below which the load of one stands above that of the other."""
LONGEST = 138
"""Characters of a sentence in one line."""

_STYLE = """
svg { --ink: #1c2733; --soft: #55636f; --grid: #dfe5ea; --axis: #8796a5; --paper: #ffffff;
  --c0: #1f5fa8; --c1: #b4540a; --c2: #2b7a4b; --c3: #8a3f9e; --c4: #6b6b18; --c5: #a32c50;
  background: var(--paper); font-family: "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e8edf2; --soft: #a9b6c2; --grid: #2a3540;
  --axis: #5d6c7b; --paper: #12181f; --c0: #7fb0e0; --c1: #f0a35c; --c2: #7fcf9f; --c3: #d29be3;
  --c4: #d3d37a; --c5: #f08fae; } }
.paper { fill: var(--paper); }
.heading { font-size: 18px; font-weight: 600; fill: var(--ink); }
.note { font-size: 12px; fill: var(--soft); }
.tick { font-size: 12px; fill: var(--soft); }
.grid { stroke: var(--grid); stroke-width: 1; }
.axis { stroke: var(--axis); stroke-width: 1.2; }
.line { fill: none; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }
.broken { stroke-dasharray: 2 6; }
.band { fill-opacity: 0.14; stroke: none; }
.name { font-size: 13px; font-weight: 600; }
.leader { fill: none; stroke-width: 1; stroke-opacity: 0.6; }
.ring { fill: var(--paper); stroke: var(--ink); stroke-width: 1.8; }
.drop { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 3 4; }
.mark { font-size: 12px; font-weight: 600; fill: var(--ink); }
"""
_COLOURS = 6
_DASHES = ("", "9 4", "14 3 3 3", "5 3", "14 3 3 3 3 3", "20 6")
"""Lines differ by more than colour."""


def curve_svg(curve: Curve) -> str:
    """The whole file."""
    notes = [piece for sentence in (*_legend(curve), *sentences(curve)) for piece in _wrapped(sentence)]
    height = HEIGHT + LINE * (len(notes) + 1)
    plot = _Plot(curve)
    title = escape(f"{curve.system}: what a month costs, by {curve.figure}")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
            f' height="{height}" role="img" aria-labelledby="title about">',
            f'<title id="title">{title}</title>',
            f'<desc id="about">{escape(_about(curve))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            f'<text class="heading" x="24" y="32">{title}</text>',
            f'<text class="note" x="24" y="52">{escape(_subtitle(curve))}</text>',
            *_money_axis(plot),
            *_load_axis(plot),
            *(line for number, track in enumerate(curve.tracks) for line in _band(plot, track, number)),
            *(line for number, track in enumerate(curve.tracks) for line in _line(plot, track, number)),
            *_crossings(plot),
            *_names(plot),
            *(
                f'<text class="note" x="24" y="{HEIGHT + 6 + LINE * index}">{escape(text)}</text>'
                for index, text in enumerate(notes)
            ),
            "</svg>",
            "",
        ]
    )


def _legend(curve: Curve) -> Iterator[str]:
    marks = []
    if curve.crossings:
        marks.append("ring: from here on another shape is the better one")
    if any(_meant(track, curve) for track in curve.tracks):
        marks.append("diamond: the load that a shape says it is for")
    if any(not point.carried for track in curve.tracks for point in track.points):
        marks.append("dots: a load that a shape cannot carry")
    if marks:
        yield "; ".join(marks)


def _meant(track: Track, curve: Curve) -> Decimal | None:
    """The load that a shape is for, when it stands on the paper."""
    load = track.meant_for
    return load if load is not None and curve.loads[0] <= load <= curve.loads[-1] else None


def _about(curve: Curve) -> str:
    """The picture for who does not see it."""
    ends = []
    for track in curve.tracks:
        first, last = (money(track.points[end].total.likely, curve.currency) for end in (0, -1))
        loads = f"at {short(curve.loads[0])} {curve.figure} and {last} at {short(curve.loads[-1])}"
        ends.append(f"{track.name} costs {first} a month {loads}")
    return ". ".join([*ends, *sentences(curve)]) + "."


def _subtitle(curve: Curve) -> str:
    spread = any(not point.total.exact for track in curve.tracks for point in track.points)
    band = "; line: most likely, band: least to most" if spread else ""
    return f"{curve.currency} a month at list prices before tax{band}"


class _Plot:
    """Where loads and amounts stand on the paper."""

    def __init__(self, curve: Curve) -> None:
        self.curve = curve
        self.right, self.bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
        self._first, self._last = (log10(load) for load in (curve.loads[0], curve.loads[-1]))
        # the likely costs decide; a band that is far wider is cut off at the edge of the plot
        likely = max(point.total.likely for track in curve.tracks for point in track.points)
        most = max(point.total.high for track in curve.tracks for point in track.points)
        self.step = _step(max(min(most, likely * 2), Decimal(1)))
        self.top_amount = self.step * ceil(max(min(most, likely * 2), Decimal(1)) / self.step)

    def x(self, load: Decimal) -> float:
        share = (log10(load) - self._first) / (self._last - self._first)
        return round(LEFT + share * (self.right - LEFT), 1)

    def y(self, amount: Decimal) -> float:
        share = float(min(amount, self.top_amount) / self.top_amount)
        return round(self.bottom - share * (self.bottom - TOP), 1)


def _step(most: Decimal) -> Decimal:
    """A round amount of which four to eight reach the most."""
    power = Decimal(10) ** floor(log10(most / 4))
    return next(power * times for times in (1, 2, 5, 10) if most / (power * times) <= 8)


def _money_axis(plot: _Plot) -> Iterator[str]:
    amount = Decimal(0)
    while amount <= plot.top_amount:
        y = plot.y(amount)
        kind = "grid" if amount else "axis"
        yield f'<line class="{kind}" x1="{LEFT}" y1="{y}" x2="{plot.right}" y2="{y}"/>'
        text = money(amount, plot.curve.currency).replace(".00", "")
        yield f'<text class="tick" x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{escape(text)}</text>'
        amount += plot.step


def _load_axis(plot: _Plot) -> Iterator[str]:
    loads = plot.curve.loads
    ticks = [load for load in _ticks(loads[0], loads[-1]) if loads[0] <= load <= loads[-1]]
    for load in ticks:
        x, text = plot.x(load), escape(short(load))
        yield f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{plot.bottom}"/>'
        yield f'<text class="tick" x="{x}" y="{plot.bottom + 18}" text-anchor="middle">{text}</text>'
    middle = (LEFT + plot.right) / 2
    yield (
        f'<text class="note" x="{middle}" y="{plot.bottom + 38}" text-anchor="middle">'
        f"{escape(_axis_name(plot.curve))}</text>"
    )


def _axis_name(curve: Curve) -> str:
    return (
        f"{curve.figure} a month (logarithmic)"
        if curve.figure == "requests"
        else f"{curve.figure} (logarithmic)"
    )


def _ticks(least: Decimal, most: Decimal) -> Sequence[Decimal]:
    """Powers of ten; and 2 and 5 times them, where there are few."""
    powers = range(floor(log10(least)), ceil(log10(most)) + 1)
    times = (1,) if len(powers) > 4 else (1, 2, 5)
    return [Decimal(number).scaleb(power) for power in powers for number in times]


def _band(plot: _Plot, track: Track, number: int) -> Iterator[str]:
    if all(point.total.exact for point in track.points):
        return
    there = [f"{plot.x(point.load)} {plot.y(point.total.high)}" for point in track.points]
    back = [f"{plot.x(point.load)} {plot.y(point.total.low)}" for point in reversed(track.points)]
    yield f'<path class="band" style="fill: {_colour(number)}" d="M{"L".join([*there, *back])}Z"/>'


def _line(plot: _Plot, track: Track, number: int) -> Iterator[str]:
    style = f"stroke: {_colour(number)}"
    dash = _DASHES[number % len(_DASHES)]
    told = f"{escape(track.name)}: {escape(track.title)}"
    yield f"<g><title>{told}</title>"
    for carried, points in _runs(track.points):
        path = "L".join(f"{plot.x(point.load)} {plot.y(point.total.likely)}" for point in points)
        kind = "line" if carried else "line broken"
        dashes = f"; stroke-dasharray: {dash}" if dash and carried else ""
        yield f'<path class="{kind}" style="{style}{dashes}" d="M{path}"/>'
    if (load := _meant(track, plot.curve)) is not None:
        x, y = plot.x(load), plot.y(_between(track.points, load))
        diamond = f"M{x} {y - 6}L{x + 6} {y}L{x} {y + 6}L{x - 6} {y}Z"
        yield f'<path style="fill: {_colour(number)}" d="{diamond}"/>'
    yield "</g>"


def _between(points: Sequence[Point], load: Decimal) -> Decimal:
    """The likely cost at a load, on the line between the points beside it."""
    for one, other in pairwise(points):
        if one.load <= load <= other.load:
            share = (load - one.load) / (other.load - one.load)
            return one.total.likely + share * (other.total.likely - one.total.likely)
    return points[-1].total.likely


def _runs(points: Sequence[Point]) -> Iterator[tuple[bool, Sequence[Point]]]:
    """Pieces of a line that are carried, or not; each begins where the one before ends."""
    first = 0
    for index in range(1, len(points) + 1):
        if index == len(points) or points[index].carried != points[first].carried:
            yield points[first].carried, points[first : min(index + 1, len(points))]
            first = index


def _crossings(plot: _Plot) -> Iterator[str]:
    last, above = None, 0
    for crossing in plot.curve.crossings:
        cost = crossing.costs[1] or crossing.costs[0]
        if cost is None:
            continue
        x, y = plot.x(crossing.load), plot.y(cost.likely)
        told = escape(crossing.in_words(plot.curve.figure, plot.curve.currency))
        above = above + 1 if last is not None and x - last < NEAR else 0
        last = x
        anchor = "end" if x > (LEFT + plot.right) / 2 else "start"
        aside = x - 6 if anchor == "end" else x + 6
        yield f"<g><title>{told}</title>"
        yield f'<line class="drop" x1="{x}" y1="{y}" x2="{x}" y2="{plot.bottom}"/>'
        yield f'<circle class="ring" cx="{x}" cy="{y}" r="5"/>'
        yield (
            f'<text class="mark" x="{aside}" y="{plot.bottom - 8 - 15 * above}" text-anchor="{anchor}">'
            f"{escape(short(crossing.load))}</text></g>"
        )


def _names(plot: _Plot) -> Iterator[str]:
    """At the ends of the lines, moved apart where those are near to each other."""
    ends = [(plot.y(track.points[-1].total.likely), number) for number, track in enumerate(plot.curve.tracks)]
    for (y, number), at in zip(
        sorted(ends), _apart([y for y, _ in sorted(ends)], 16, plot.bottom), strict=True
    ):
        x, name = plot.right, plot.curve.tracks[number].name
        if abs(at - y) > 2:
            yield (f'<path class="leader" style="stroke: {_colour(number)}" d="M{x + 2} {y}L{x + 12} {at}"/>')
        yield (
            f'<text class="name" style="fill: {_colour(number)}" x="{x + 15}" y="{at + 4}">'
            f"{escape(_cut(name, 17))}</text>"
        )


def _apart(wanted: Sequence[float], least: float, lowest: float) -> Sequence[float]:
    """Rising places at least so far from each other, near to those wanted, none below the lowest."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(y, placed[-1] + least) if placed else y)
    floor_at = lowest
    for index in range(len(placed) - 1, -1, -1):
        placed[index] = min(placed[index], floor_at)
        floor_at = placed[index] - least
    return [round(y, 1) for y in placed]


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _wrapped(text: str) -> Sequence[str]:
    import textwrap

    return textwrap.wrap(text, LONGEST, subsequent_indent="   ")


def _colour(number: int) -> str:
    return f"var(--c{number % _COLOURS})"
