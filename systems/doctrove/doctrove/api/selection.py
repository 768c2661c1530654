"""What lies inside of an outline that somebody drew on the map."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2s
from typing import Any, cast

from fastapi import APIRouter
from psycopg import sql
from seatrial_kit import paging
from seatrial_kit.problems import describe

from doctrove.api import asking
from doctrove.api.filters import Condition, on_placements
from doctrove.api.papers import cards
from doctrove.api.replies import By, Count, Selection
from doctrove.api.shared import Connection, MapVersion, Shared

__all__ = ["router"]

router = APIRouter(tags=["map"])


@router.post(
    "/map/{version}/selection",
    summary="The documents inside of an outline",
    responses=describe(400, 404, 413, 422, 503),
)
async def selection(
    version: asking.MapId, body: asking.Polygon, ask: asking.ask_selection, shared: Shared
) -> Selection:
    """How many documents lie inside (its edge counts), of what kinds, and a page of them."""
    chosen = ask.filter()
    question = f"selection {version} {chosen!r} {_digest(body.polygon)}"
    after = None if ask.cursor is None else _after(ask.cursor, question)
    inside = _inside(body.polygon, on_placements(chosen))
    shown = await shared.map(version)
    async with shared.connection() as connection:
        count, by = await _counts(connection, shown, inside)
        rows = await _page(connection, shown, inside, after, ask.limit + 1)
        page = rows[: ask.limit]
        following = None
        if len(rows) > ask.limit:
            following = paging.encode([page[-1].day, page[-1].paper_id], question=question)
        items = await cards(connection, [row.paper_id for row in page], shown)
    return Selection(count=count, items=items, next=following, by=by)


def _inside(corners: Sequence[tuple[float, float]], condition: Condition) -> Condition:
    outline = "(" + ",".join(f"({x!r},{y!r})" for x, y in corners) + ")"
    return Condition(
        sql=sql.SQL("pt.position <@ %(outline)s::polygon and {}").format(condition.sql),
        values={**condition.values, "outline": outline},
    )


async def _counts(connection: Connection, shown: MapVersion, inside: Condition) -> tuple[int, By]:
    statement = sql.SQL(
        "with counted as ("
        "  select grouping(source, field, cluster) as which, source, field, cluster, count(*) as n"
        "  from {table} pt where {inside} group by grouping sets ((source), (field), (cluster), ()))"
        " select c.which, coalesce(s.name, f.name, l.label) as name, c.n from counted c"
        "  left join term s on c.which = 3 and s.kind = 'source' and s.code = c.source"
        "  left join term f on c.which = 5 and f.kind = 'field' and f.code = c.field"
        "  left join map_label l on c.which = 6 and l.cluster = c.cluster and l.level = 2"
        "   and l.map_id = %(map)s"
        " order by c.n desc, name nulls last, c.source, c.field, c.cluster"
    ).format(table=_table(shown), inside=inside.sql)
    rows = await (await connection.execute(statement, {**inside.values, "map": shown.id})).fetchall()

    def those(which: int) -> list[Count]:
        return [Count(name=row.name, count=row.n) for row in rows if row.which == which]

    total = next(row.n for row in rows if row.which == 7)
    return total, By(source=those(3), field=those(5), cluster=those(6))


async def _page(
    connection: Connection,
    shown: MapVersion,
    inside: Condition,
    after: tuple[int, int] | None,
    limit: int,
) -> list[Any]:
    beyond = sql.SQL("true" if after is None else "(pt.day, pt.paper_id) < (%(day)s, %(id)s)")
    statement = sql.SQL(
        "select pt.paper_id, pt.day from {table} pt where {inside} and {beyond}"
        " order by pt.day desc, pt.paper_id desc limit %(limit)s"
    ).format(table=_table(shown), inside=inside.sql, beyond=beyond)
    values: dict[str, object] = {**inside.values, "limit": limit}
    if after is not None:
        values |= {"day": after[0], "id": after[1]}
    return await (await connection.execute(statement, values)).fetchall()


def _after(cursor: str, question: str) -> tuple[int, int]:
    try:
        day, paper_id = paging.decode(cursor, int, int, question=question)
    except ValueError as exc:
        raise asking.bad_parameter("cursor", str(exc)) from None
    return cast(int, day), cast(int, paper_id)


def _digest(corners: Sequence[tuple[float, float]]) -> str:
    return blake2s(repr(corners).encode(), digest_size=12).hexdigest()


def _table(shown: MapVersion) -> sql.Identifier:
    return sql.Identifier(f"placement_{shown.id}")
