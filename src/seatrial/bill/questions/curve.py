"""Cost against load: what each shape of a system costs at every load, and where another becomes the better.

All shapes get the same load, that of the first one of them, so that what is compared is the shape alone. The
graph of a shape is made once; only the usage changes from point to point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, partial
from itertools import pairwise
from typing import Literal

from seatrial.azure.graph import Graph
from seatrial.bill.bill import Pricing
from seatrial.bill.book import Book
from seatrial.bill.errors import NoLoad
from seatrial.bill.meters import Term
from seatrial.bill.questions.capacity import obstacles, stopped
from seatrial.bill.questions.load import LOADS, same_load, stated_load
from seatrial.bill.range import Range
from seatrial.bill.usage import said
from seatrial.bill.words import money, short
from seatrial.model import Plan, Stated
from seatrial.model.value import Value

__all__ = ["PRECISION", "Crossing", "Curve", "Point", "Track", "crossings", "curve"]

PRECISION = 10_000
"""A crossing is found to within one part in so many of its load, or to within one single thing."""


class Point(Value):
    """One shape under one load."""

    load: Decimal
    total: Range
    in_the_way: tuple[str, ...]
    """Why the shape cannot carry the load; empty: it can."""

    @property
    def carried(self) -> bool:
        return not self.in_the_way


class Track(Value):
    """One shape under every load."""

    name: str
    title: str
    points: tuple[Point, ...]
    """By rising load; the same loads in every track of a curve."""
    meant_for: Decimal | None
    """The load that the shape itself says it is for."""

    @property
    def carries_until(self) -> Decimal | None:
        """The largest load of the points up to which it carries all; None: not even the least."""
        last = None
        for point in self.points:
            if not point.carried:
                break
            last = point.load
        return last


class Crossing(Value):
    """A load from which on another shape is the better one: the cheapest of those that carry it."""

    load: Decimal
    """The least load at which it is."""
    below: Decimal
    """A load, one step of the search before, at which it is not."""
    before: str | None
    """The shape that was the better one; None: none carried less than this."""
    after: str | None
    """The one that is from here on; None: none carries more."""
    costs: tuple[Range | None, Range | None]
    """Of both at `load`; of one that is None, none."""
    why: Literal["cheaper", "carries"]
    """Because it costs less; or because the one before cannot carry the load."""

    def in_words(self, figure: str, currency: str) -> str:
        """`from 3.1M records on 10m is cheaper: $812.10 against $812.44`."""
        here = f"from {short(self.load)} {figure} on"
        one, other = (None if cost is None else money(cost.likely, currency) for cost in self.costs)
        if self.after is None:
            return f"{here} no shape carries the load"
        if self.before is None:
            return f"{here} {self.after} carries the load: {other}"
        if self.why == "carries":
            return f"{here} {self.before} cannot carry the load: {self.after} costs {other} against {one}"
        return f"{here} {self.after} is cheaper: {other} against {one}"


class Curve(Value):
    """What a month costs, by load."""

    system: str
    figure: str
    """What the load is told in: `records`, `requests`."""
    currency: str
    tracks: tuple[Track, ...]
    crossings: tuple[Crossing, ...]
    """By rising load."""
    held: tuple[tuple[str, Decimal], ...]
    """Other loads, that are the same at every point and for every shape."""
    along: tuple[tuple[str, Decimal], ...]
    """Other loads that grow with it: so many of them for each one."""

    @property
    def loads(self) -> tuple[Decimal, ...]:
        return tuple(point.load for point in self.tracks[0].points)

    def best(self, index: int) -> Track | None:
        """The shape that is cheapest of those that carry the load of that index; None: none does."""
        fitting = [track for track in self.tracks if track.points[index].carried]
        return min(fitting, key=lambda track: track.points[index].total.likely, default=None)


def curve(
    graphs: Mapping[str, Graph],
    book: Book,
    figure: str,
    least: Decimal,
    most: Decimal,
    *,
    points: int = 100,
    along: Sequence[str] = (),
    asked: Iterable[Stated] = (),
    commitment: Term | None = None,
) -> Curve:
    """What each shape costs at loads from the least to the most, each so many times the one before.

    Args:
        graphs: the shapes by name; the first says what else a month brings.
        figure: `records` or `requests`.
        points: how many loads; fewer where they would be closer than one single thing.
        along: the other load, if it is to grow with this one, in the proportion that the first shape states.
        asked: figures that stand in the place of what the systems say, as in `Usage`.

    Raises:
        NoLoad: the first shape does not state the load, or nothing can be scaled by that figure.
        PricesMissing: some price is not in the book.
        ValueError: the loads do not rise, or are not above nothing; fewer than two points; no graph.
    """
    if not 0 < least < most or points < 2 or not graphs:
        raise ValueError(f"no curve from {least} to {most} with {points} points of {len(graphs)} shapes")
    reference = next(iter(graphs.values())).plan
    if figure not in LOADS:
        raise NoLoad(f"{figure}: nothing that a load is told in\nhint: write {' or '.join(LOADS)}")
    ratios = {name: stated_load(reference, name) / stated_load(reference, figure) for name in along}
    asked = tuple(asked)
    at = {
        name: cache(partial(_point, Pricing(graph, book, commitment), reference, figure, ratios, asked))
        for name, graph in graphs.items()
    }
    loads = _spaced(least, most, points)
    tracks = tuple(
        Track(
            name=name,
            title=graph.plan.title,
            points=tuple(map(at[name], loads)),
            meant_for=_meant(graph.plan, figure),
        )
        for name, graph in graphs.items()
    )
    return Curve(
        system=reference.name,
        figure=figure,
        currency=book.currency,
        tracks=tracks,
        crossings=tuple(crossings(at, loads)),
        held=tuple(_held(reference, {figure, *along})),
        along=tuple(ratios.items()),
    )


def _point(
    pricing: Pricing,
    reference: Plan,
    figure: str,
    ratios: Mapping[str, Decimal],
    asked: tuple[Stated, ...],
    load: Decimal,
) -> Point:
    loads = {figure: load, **{name: load * ratio for name, ratio in ratios.items()}}
    usage = same_load(pricing.graph.plan, reference, loads, asked)
    made = pricing.bill(usage)
    blocked = stopped(made, obstacles(pricing.graph, usage))
    return Point(load=load, total=made.total, in_the_way=blocked)


def _spaced(least: Decimal, most: Decimal, points: int) -> tuple[Decimal, ...]:
    """Each so many times the one before, in whole things, the first and the last as they are."""
    step = ((most / least).ln() / (points - 1)).exp()
    between = ((least * step**index).quantize(Decimal(1), ROUND_HALF_EVEN) for index in range(1, points - 1))
    return tuple(dict.fromkeys([least, *(load for load in between if least < load < most), most]))


def _meant(plan: Plan, figure: str) -> Decimal | None:
    stated = said(plan).get(figure)
    return None if stated is None else stated.likely


def _held(reference: Plan, moving: set[str]) -> Iterator[tuple[str, Decimal]]:
    for name in LOADS:
        if name not in moving and (stated := said(reference).get(name)) is not None:
            yield name, stated.likely


# -- where another becomes the better one ---------------------------------------------------------------

At = Callable[[Decimal], Point]


def crossings(shapes: Mapping[str, At], loads: Sequence[Decimal]) -> Iterator[Crossing]:
    """Where another of several shapes becomes the better one, between loads at which different ones are.

    Args:
        shapes: what tells the cost of each at any load; asked often at the same ones.
        loads: rising; what changes and changes back between two of them is not found.
    """
    for lower, upper in pairwise(loads):
        after, low = _choice(shapes, upper), lower
        while (before := _choice(shapes, low)) != after:
            below, load = _narrowed(shapes, low, upper, before)
            yield _crossing(shapes, below, load, before, _choice(shapes, load))
            low = load


def _choice(shapes: Mapping[str, At], load: Decimal) -> str | None:
    """The cheapest that carries the load; of equals the first; None: none carries it."""
    costs = {name: point.total.likely for name, at in shapes.items() if (point := at(load)).carried}
    return min(costs, key=costs.__getitem__, default=None)


def _narrowed(
    shapes: Mapping[str, At], low: Decimal, high: Decimal, before: str | None
) -> tuple[Decimal, Decimal]:
    """A load at which `before` is the choice, and one a step above it at which it is not: by halving."""
    while high - low > max(Decimal(1), low / PRECISION):
        middle = ((low + high) / 2).to_integral_value()
        if not low < middle < high:
            break
        if _choice(shapes, middle) == before:
            low = middle
        else:
            high = middle
    return low, high


def _crossing(
    shapes: Mapping[str, At], below: Decimal, load: Decimal, before: str | None, after: str | None
) -> Crossing:
    one, other = (None if name is None else shapes[name](load) for name in (before, after))
    return Crossing(
        load=load,
        below=below,
        before=before,
        after=after,
        costs=(None if one is None else one.total, None if other is None else other.total),
        why="cheaper" if one is not None and one.carried else "carries",
    )
