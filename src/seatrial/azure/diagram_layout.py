"""Gives everything in a picture its place. The only file that knows the layout library."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from seatrial.azure.diagram import Box, Frame, Line, Sketch
from seatrial.model.value import Value

__all__ = ["Picture", "Placed", "Route", "arranged", "fitted"]

BOX_WIDTH = 236
CHARACTERS = 34
"""So many characters of the smaller text fit across a box, whatever the font: see `diagram_svg`."""
TITLE_CHARACTERS = 26
LINE_HEIGHT, TITLE_HEIGHT, PADDING = 15, 18, 9
HEADER = 26
"""Room for the title of a frame, on all its sides."""
FRAME_LETTER = 7.4
"""The width of a letter in the title of a frame, in pixels, on average and in wide fonts."""


class Placed(Value):
    """A box or a frame with its place: the corner at the top left, in pixels."""

    of: Box | Frame
    x: int
    y: int
    width: int
    height: int
    title: tuple[str, ...]
    """In lines that fit."""
    lines: tuple[str, ...]


class Route(Value):
    """A line with its corners."""

    of: Line
    points: tuple[tuple[int, int], ...]


class Picture(Value):
    """A sketch with everything in its place."""

    title: str
    width: int
    height: int
    frames: tuple[Placed, ...]
    boxes: tuple[Placed, ...]
    routes: tuple[Route, ...]


def arranged(sketch: Sketch) -> Picture:
    """The sketch with everything in its place; the same every time."""
    import graphlay

    graph: Any = graphlay.Graph()
    for frame in sketch.frames:
        graph.node(frame.key, width=10, height=10, **_within(graph, frame.within))
    texts = {box.key: _texts(box) for box in sketch.boxes}
    for box in sketch.boxes:
        title, lines = texts[box.key]
        height = 2 * PADDING + len(title) * TITLE_HEIGHT + len(lines) * LINE_HEIGHT
        graph.node(box.key, width=BOX_WIDTH, height=height, **_within(graph, box.within))
    for line in sketch.lines:
        graph.edge(line.source, line.target)
    layout = graphlay.layout(graph, options=_OPTIONS)
    left, top = layout.bounds["min"]["x"], layout.bounds["min"]["y"]
    places = dict(zip(layout.ids, layout.nodes, strict=True))

    def placed(of: Box | Frame, title: tuple[str, ...], lines: tuple[str, ...]) -> Placed:
        center, size = places[of.key]["center"], places[of.key]["size"]
        return Placed(
            of=of,
            x=round(center["x"] - size["width"] / 2 - left),
            y=round(center["y"] - size["height"] / 2 - top),
            width=round(size["width"]),
            height=round(size["height"]),
            title=title,
            lines=lines,
        )

    return Picture(
        title=sketch.title,
        width=round(layout.bounds["max"]["x"] - left),
        height=round(layout.bounds["max"]["y"] - top),
        frames=tuple(_entitled(placed(frame, (frame.title,), ())) for frame in sketch.frames),
        boxes=tuple(placed(box, *texts[box.key]) for box in sketch.boxes),
        routes=tuple(
            Route(
                of=line,
                points=tuple((round(each["x"] - left), round(each["y"] - top)) for each in edge["points"]),
            )
            for line, edge in zip(sketch.lines, layout.edges, strict=True)
        ),
    )


_OPTIONS = {
    "direction": "leftright",
    "spacing": {
        "layer_gap": 44,
        "node_gap": 18,
        "dummy_gap": 12,
        "port_gap": 9,
        "compound_padding": HEADER,
        "isolated_gap": 18,
        "isolated_max_columns": 1,
    },
}


def _within(graph: Any, key: str | None) -> dict[str, int]:
    return {} if key is None else {"parent": graph.ids.index(key)}


def _entitled(frame: Placed) -> Placed:
    """The frame with its title cut to the room that there is."""
    title, room = frame.of.title, int((frame.width - 20) / FRAME_LETTER)
    return replace(frame, title=(title if len(title) <= room else f"{title[: room - 1]}…",))


def _texts(box: Box) -> tuple[tuple[str, ...], tuple[str, ...]]:
    title = fitted(box.title, TITLE_CHARACTERS)
    return title, tuple(piece for line in box.lines if line for piece in fitted(line, CHARACTERS))


def fitted(text: str, width: int) -> tuple[str, ...]:
    """The text in lines of at most so many characters, broken at a comma where that is possible."""
    import textwrap

    lines: list[str] = []
    for piece in text.split(", "):
        longer = f"{lines[-1]}, {piece}" if lines else piece
        if lines and len(longer) <= width:
            lines[-1] = longer
        else:
            lines += textwrap.wrap(piece, width, break_long_words=True, break_on_hyphens=True)
    return tuple(lines) or ("",)
