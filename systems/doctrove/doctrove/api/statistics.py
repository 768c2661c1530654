"""Counts over the whole store."""

from __future__ import annotations

from fastapi import APIRouter
from psycopg import sql
from seatrial_kit.problems import describe

from doctrove.api.asking import NoParameters
from doctrove.api.replies import ByAll, Count, Statistics
from doctrove.api.shared import Connection, MapVersion, Shared

__all__ = ["router"]

router = APIRouter(tags=["statistics"])

FRESH_SECONDS = 10.0


@router.get("/statistics", summary="Counts", responses=describe(422, 503), dependencies=[NoParameters])
async def statistics(shared: Shared) -> Statistics:
    """How many documents there are, by source, field, country and year."""

    shown = (await shared.present()).active

    async def make() -> Statistics:
        async with shared.connection() as connection:
            return await _count(connection, shown)

    return await shared.memory.recall(
        "statistics", make, seconds=FRESH_SECONDS, of=shown.id if shown else None
    )


async def _count(connection: Connection, shown: MapVersion | None) -> Statistics:
    placed: sql.Composable = sql.SQL("0")
    if shown is not None:
        placed = sql.SQL("(select count(*) from {})").format(sql.Identifier(f"placement_{shown.id}"))
    totals = await (
        await connection.execute(
            sql.SQL(
                "select (select count(*) from papers) as papers, {placed} as placed,"
                " (select count(*) from enrichment where embedded_by is not null) as embedded,"
                " (select min(primary_date) from papers) as first,"
                " (select max(primary_date) from papers) as last"
            ).format(placed=placed)
        )
    ).fetchone()
    assert totals is not None
    by = ByAll(
        source=await _by(connection, sql.SQL("source"), sql.SQL("2 desc, 1")),
        field=await _by(connection, sql.SQL("field"), sql.SQL("2 desc, 1")),
        country=await _by(connection, sql.SQL("country"), sql.SQL("2 desc, 1")),
        year=await _by(connection, sql.SQL("extract(year from primary_date)::integer::text"), sql.SQL("1")),
    )
    return Statistics(
        papers=totals.papers,
        embedded=totals.embedded,
        placed=totals.placed,
        by=by,
        first_date=totals.first,
        last_date=totals.last,
    )


async def _by(connection: Connection, value: sql.Composable, order: sql.Composable) -> list[Count]:
    statement = sql.SQL("select {} as name, count(*) from papers group by 1 order by {} limit 1000")
    cursor = await connection.execute(statement.format(value, order))
    return [Count(name=name, count=count) for name, count in await cursor.fetchall()]
