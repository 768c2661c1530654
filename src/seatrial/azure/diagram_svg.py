"""A picture as SVG: text and shapes only, no script, light or dark as its reader likes it."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from seatrial.azure.diagram_layout import (
    LINE_HEIGHT,
    PADDING,
    TITLE_HEIGHT,
    Picture,
    Placed,
    Route,
)

__all__ = ["svg"]

MARGIN = 24
HEADING = 40
LEGEND = 34
SMALLEST = 640
"""Pixels across, so that the legend has its room."""

_STYLE = """
svg { --ink: #1c2733; --soft: #55636f; --line: #5b6b7a; --open: #b4540a; --paper: #ffffff; --box: #ffffff;
  --frame: #8796a5; --tint: #3f6d9a; background: var(--paper);
  font-family: "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #e8edf2; --soft: #a9b6c2; --line: #93a3b2; --open: #f0a35c;
  --paper: #12181f; --box: #1d2630; --frame: #5d6c7b; --tint: #7fb0e0; } }
.paper { fill: var(--paper); }
.heading { font-size: 18px; font-weight: 600; fill: var(--ink); }
.frame { fill: var(--tint); fill-opacity: 0.05; stroke: var(--frame); stroke-dasharray: 5 4; }
.frame-title { font-size: 12px; font-weight: 600; fill: var(--soft); }
.box { fill: var(--box); stroke: var(--line); stroke-width: 1.3; }
.box-title { font-size: 14px; font-weight: 600; fill: var(--ink); }
.box-line { font-size: 11px; fill: var(--soft); }
.route { fill: none; stroke: var(--line); stroke-width: 1.3; }
.route.open { stroke: var(--open); stroke-dasharray: 7 4; }
.arrow { fill: var(--line); } .arrow.open { fill: var(--open); }
"""


def svg(picture: Picture) -> str:
    """The whole file."""
    width = max(picture.width, 11 * len(picture.title), SMALLEST) + 2 * MARGIN
    height = picture.height + 2 * MARGIN + HEADING + LEGEND
    title = escape(picture.title)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
            f' height="{height}" role="img" aria-labelledby="title about">',
            f'<title id="title">{title}</title>',
            f'<desc id="about">{escape(_about(picture))}</desc>',
            f"<style>{_STYLE}</style>",
            "<defs>",
            *(_marker(name) for name in ("closed", "open")),
            "</defs>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            f'<text class="heading" x="{MARGIN}" y="{MARGIN + 14}">{title}</text>',
            f'<g transform="translate({MARGIN} {MARGIN + HEADING})">',
            *(_frame(frame) for frame in picture.frames),
            *(_route(route) for route in picture.routes),
            *(line for box in picture.boxes for line in _box(box)),
            "</g>",
            *_legend(picture, height - LEGEND + 4),
            "</svg>",
            "",
        ]
    )


def _about(picture: Picture) -> str:
    """The picture for who does not see it."""
    named = {box.of.key: box.of.title for box in picture.boxes}
    asked: dict[str, list[str]] = {}
    for route in picture.routes:
        asked.setdefault(named[route.of.source], []).append(named[route.of.target])
    reached = "; ".join(f"{source} reaches {', '.join(targets)}" for source, targets in asked.items())
    things = f"{len(picture.boxes)} things in {len(picture.frames)} frames."
    return f"{things} {reached}." if reached else things


def _marker(name: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"'
        f' orient="auto" markerUnits="userSpaceOnUse"><path class="arrow {name}" d="M0 0L8 4L0 8Z"/></marker>'
    )


def _frame(frame: Placed) -> str:
    return (
        f"<g><title>{escape(frame.of.title)}</title>"
        f'<rect class="frame" x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}"'
        f' rx="8"/><text class="frame-title" x="{frame.x + 10}" y="{frame.y + 17}">'
        f"{escape(frame.title[0])}</text></g>"
    )


def _route(route: Route) -> str:
    kind = "open" if route.of.public else "closed"
    (x, y), *rest = route.points
    path = f"M{x} {y}" + "".join(f"L{x} {y}" for x, y in rest)
    return f'<path class="route {kind}" d="{path}" marker-end="url(#{kind})"/>'


def _box(box: Placed) -> Iterator[str]:
    yield f"<g><title>{escape(': '.join((box.of.title, *getattr(box.of, 'lines', ()))))}</title>"
    yield f'<rect class="box" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="5"/>'
    y = box.y + PADDING + 13
    for text in box.title:
        yield f'<text class="box-title" x="{box.x + PADDING}" y="{y}">{escape(text)}</text>'
        y += TITLE_HEIGHT
    for text in box.lines:
        yield f'<text class="box-line" x="{box.x + PADDING}" y="{y - 2}">{escape(text)}</text>'
        y += LINE_HEIGHT
    yield "</g>"


def _legend(picture: Picture, y: int) -> Iterator[str]:
    x = MARGIN
    ways = (
        ("closed", "inside the network, by private link or private endpoint"),
        ("open", "over the internet"),
    )
    for kind, words in ways:
        if any(route.of.public == (kind == "open") for route in picture.routes):
            yield f'<path class="route {kind}" d="M{x} {y}L{x + 44} {y}" marker-end="url(#{kind})"/>'
            yield f'<text class="box-line" x="{x + 52}" y="{y + 4}">{escape(words)}</text>'
            x += 52 + 6 * len(words) + 30
