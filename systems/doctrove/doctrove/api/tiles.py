"""Tiles: the points of a square of the map as packed arrays, chosen alike on every zoom and while panning.

PostgreSQL sends each column as one array in its binary form, and NumPy takes it from there: no point is ever
a Python object. (COPY would send one message a row.)
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Path, Response
from numpy.typing import DTypeLike, NDArray
from psycopg import sql
from seatrial_kit.problems import Problem, describe
from starlette.requests import Request

from doctrove.api import asking
from doctrove.api.filters import Condition, Filter, on_placements
from doctrove.api.shared import MapVersion, Shared
from doctrove.geometry import MAX_ZOOM, POINTS_PER_TILE, tile_range

__all__ = ["MEDIA_TYPE", "Points", "pack", "router", "statement"]

MEDIA_TYPE = "application/vnd.doctrove.tile"
NOT_COUNTED = 2**32 - 1

router = APIRouter(tags=["map"])

_TILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The points, little-endian, column by column: see docs/doctrove-api.md.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {
            "ETag": {"description": "Changes with the points.", "schema": {"type": "string"}},
        },
    },
    304: {"description": "As you have it: `If-None-Match` named the present ETag."},
}


@router.get(
    "/map/{version}/tiles/{z}/{x}/{y}",
    summary="The points of a tile",
    responses=_TILE | describe(404, 422, 503),
    response_class=Response,
)
async def tile(
    version: asking.MapId,
    z: Annotated[int, Path(ge=0, le=MAX_ZOOM, description="Zoom: the map is 2^z × 2^z tiles.")],
    x: Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM, description="Column, from the left.")],
    y: Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM, description="Row, from the bottom.")],
    ask: asking.ask_tile,
    shared: Shared,
    request: Request,
) -> Response:
    """At most `points_per_tile` points of a tile: those drawn first. A point that is here is also in the tile
    below it that holds it."""
    try:
        span = tile_range(z, x, y)
    except ValueError as exc:
        raise Problem(status=404, detail=str(exc)) from None
    chosen = ask.filter()
    etag = _etag(await shared.map(version), (z, x, y), chosen)
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    asked = statement(version, span, chosen)
    async with shared.connection() as connection:
        row = await (await connection.execute(asked.sql, asked.values, binary=True)).fetchone()
        assert row is not None
    return Response(pack(_read(row), version), media_type=MEDIA_TYPE, headers=headers)


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points of a map, column by column."""

    id: NDArray[Any]
    x: NDArray[Any]
    y: NDArray[Any]
    day: NDArray[Any]
    source: NDArray[Any]
    field: NDArray[Any]
    country: NDArray[Any]
    cluster: NDArray[Any]
    in_all: int
    """Before sampling; NOT_COUNTED when nobody counted."""


def pack(points: Points, version: int) -> bytes:
    """The tile in its format."""
    count = len(points.id)
    header = b"DTT1" + np.array([count, points.in_all, version], "<u4").tobytes()
    columns: tuple[tuple[NDArray[Any], DTypeLike], ...] = (
        (points.id, "<f8"),
        (points.x, "<f4"),
        (points.y, "<f4"),
        (points.day, "<i4"),
        (points.source, "<u2"),
        (points.field, "<u2"),
        (points.country, "<u2"),
        (points.cluster, "<u2"),
    )
    return header + b"".join(_padded(column.astype(kind).tobytes()) for column, kind in columns)


def _padded(column: bytes) -> bytes:
    return column + bytes(-len(column) % 4)


def _etag(shown: MapVersion, place: tuple[int, int, int], chosen: Filter) -> str:
    return (
        '"' + blake2s(repr((shown.id, shown.stamp, place, chosen)).encode(), digest_size=12).hexdigest() + '"'
    )


_NAMES = ("paper_id", "position", "day", "source", "field", "country", "cluster")
_COLUMNS = sql.SQL(", ").join(sql.Identifier("pt", name) for name in _NAMES)
_COLUMNS_SENT = sql.SQL(", ").join(
    sql.SQL("array_send(array_agg({0})) as {0}").format(sql.Identifier(name)) for name in _NAMES
)


def statement(map_id: int, span: tuple[int, int], chosen: Filter) -> Condition:
    """The query of a tile and its values: one row, one column of packed values for each of the points'."""
    condition = on_placements(chosen)
    points = _among_few if chosen.text is not None else _level_by_level
    text = sql.SQL("select {} from ({}) chosen").format(
        _COLUMNS_SENT, points(sql.Identifier(f"placement_{map_id}"), condition.sql)
    )
    values = {"low": span[0], "high": span[1], "deepest": MAX_ZOOM + 1, "limit": POINTS_PER_TILE}
    return Condition(sql=text, values={**condition.values, **values})


# A level is the first zoom on which a point is drawn when nothing is filtered. Levels come first, within one
# a hash of the id: one order for all tiles and filters, so who is drawn on one zoom is on the next.
_DRAWN_FIRST = sql.SQL("hashint8(pt.paper_id), pt.paper_id limit %(limit)s")


def _level_by_level(table: sql.Identifier, meets: sql.Composable) -> sql.Composed:
    """Reads the index on (level, morton) and nothing else, level after level until the tile is full."""
    return sql.SQL(
        "select drawn.* from generate_series(0, %(deepest)s) as zoom(level), lateral"
        " (select {} from {} pt where pt.level = zoom.level and pt.morton >= %(low)s and pt.morton < %(high)s"
        "  and {} order by {}) drawn limit %(limit)s"
    ).format(_COLUMNS, table, meets, _DRAWN_FIRST)


def _among_few(table: sql.Identifier, meets: sql.Composable) -> sql.Composed:
    """Leaves the way to PostgreSQL: words are rare, and better looked up first."""
    return sql.SQL(
        "select {} from {} pt where pt.morton >= %(low)s and pt.morton < %(high)s and {}"
        " order by pt.level, {}"
    ).format(_COLUMNS, table, meets, _DRAWN_FIRST)


def _read(row: Any) -> Points:
    position = _array(row.position, [("x", ">f8"), ("y", ">f8")])
    paper_ids = _array(row.paper_id, ">i8")
    return Points(
        id=paper_ids,
        x=position["x"],
        y=position["y"],
        day=_array(row.day, ">i4"),
        source=_array(row.source, ">i4"),
        field=_array(row.field, ">i4"),
        country=_array(row.country, ">i4"),
        cluster=_array(row.cluster, ">i4"),
        # A tile that is not full shows all there is; to count a full one would cost more than to draw it.
        in_all=len(paper_ids) if len(paper_ids) < POINTS_PER_TILE else NOT_COUNTED,
    )


_ARRAY_HEADER_BYTES = 20


def _array(sent: bytes | None, kind: Any) -> NDArray[Any]:
    """A one-dimensional array of PostgreSQL without nulls: a header, then each value after its length."""
    element = np.dtype([("length", ">i4"), ("value", kind)])
    if sent is None:
        return np.empty(0, element)["value"]
    return np.frombuffer(sent, element, offset=_ARRAY_HEADER_BYTES)["value"]
