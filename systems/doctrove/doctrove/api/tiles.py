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
from doctrove.api.filters import Filter, on_placements
from doctrove.api.shared import Connection, MapVersion, Shared, shown_map
from doctrove.geometry import MAX_ZOOM, POINTS_PER_TILE, tile_range

__all__ = ["MEDIA_TYPE", "Points", "pack", "router"]

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
    async with shared.connection() as connection:
        shown = await shown_map(connection, version)
        etag = _etag(shown, (z, x, y), chosen)
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        points = await _points(connection, shown, z, span, chosen)
    return Response(pack(points, version), media_type=MEDIA_TYPE, headers=headers)


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


_COLUMNS = ("paper_id", "position", "day", "source", "field", "country", "cluster")
_COLUMNS_SENT = sql.SQL(", ").join(
    sql.SQL("array_send(array_agg({0})) as {0}").format(sql.Identifier(name)) for name in _COLUMNS
)


async def _points(
    connection: Connection, shown: MapVersion, z: int, span: tuple[int, int], chosen: Filter
) -> Points:
    condition = on_placements(chosen)
    # A point's level is the first zoom on which it is drawn, so without a filter the levels up to z hold the
    # sample, and the index on (level, morton) yields it in order. A filter has a sample of its own.
    levels = sql.SQL("pt.level = any(%(levels)s)") if not chosen else sql.SQL("true")
    statement = sql.SQL(
        "select {columns} from ("
        "select paper_id, position, day, source, field, country, cluster from {table} pt"
        " where pt.morton >= %(low)s and pt.morton < %(high)s and {levels} and {meets} {first}) chosen"
    ).format(
        columns=_COLUMNS_SENT,
        table=sql.Identifier(f"placement_{shown.id}"),
        levels=levels,
        meets=condition.sql,
        first=sql.SQL("order by pt.priority, pt.paper_id limit %(limit)s" if chosen else ""),
    )
    values = {
        **condition.values,
        "low": span[0],
        "high": span[1],
        "levels": list(range(z + 1)),
        "limit": POINTS_PER_TILE,
    }
    row = await (await connection.execute(statement, values, binary=True)).fetchone()
    assert row is not None
    return _read(row)


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
