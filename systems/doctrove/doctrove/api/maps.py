"""The map: its active version, all versions, its labels, and what lies inside of an outline."""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter
from psycopg import sql
from seatrial_kit.problems import describe

from doctrove.api import asking
from doctrove.api.asking import NoParameters
from doctrove.api.replies import (
    Label,
    Labels,
    MapInfo,
    Progress,
    Quality,
    Term,
    Terms,
    Version,
    Versions,
)
from doctrove.api.shared import Connection, MapVersion, Shared
from doctrove.geometry import MAX_ZOOM, POINTS_PER_TILE

__all__ = ["progress", "router"]

router = APIRouter(tags=["map"])

FRESH_SECONDS = 2.0
"""How old the numbers of `/api/map` may be; DocScope asks every few seconds."""
TERMS_SECONDS = 3600.0
"""Counts on a map change only with its stamp."""


@router.get("/map", summary="The active map", responses=describe(422, 503), dependencies=[NoParameters])
async def active(shared: Shared) -> MapInfo:
    """The version that is shown, how good it is, what its numbers mean, and what is still on its way."""

    shown = (await shared.present()).active

    async def count() -> tuple[Terms, int]:
        if shown is None:
            return Terms(), 0
        async with shared.connection() as connection:
            return await _terms(connection, shown)

    async def make() -> MapInfo:
        terms, placed = await shared.memory.recall("terms", count, seconds=TERMS_SECONDS, of=shown)
        async with shared.connection() as connection:
            return await _info(connection, shown, terms, placed)

    return await shared.memory.recall("map", make, seconds=FRESH_SECONDS, of=shown)


@router.get(
    "/map/versions",
    summary="All versions of the map",
    responses=describe(422, 503),
    dependencies=[NoParameters],
)
async def versions(shared: Shared) -> Versions:
    """Every fit that was made, with what was measured about it."""
    async with shared.connection() as connection:
        cursor = await connection.execute(
            "select v.*, m.name as model from map_version v join embedding_model m on m.id = v.model_id"
            " order by v.id desc"
        )
        rows = await cursor.fetchall()
    return Versions(
        items=[
            Version(
                version=row.id,
                kind=row.kind,
                status=row.status,
                stamp=row.stamp,
                model=row.model,
                quality=_quality(row),
                error=row.error,
                created_at=row.created_at,
                activated_at=row.activated_at,
            )
            for row in rows
        ]
    )


@router.get(
    "/map/{version}/labels",
    summary="Names of the map's regions",
    responses=describe(404, 422, 503),
    dependencies=[NoParameters],
)
async def labels(version: asking.MapId, shared: Shared) -> Labels:
    """What the map's regions are about, on three levels."""
    await shared.map(version)
    async with shared.connection() as connection:
        cursor = await connection.execute(
            "select level, cluster, parent, label, terms, x, y, papers, region from map_label"
            " where map_id = %s order by level, cluster",
            [version],
        )
        return Labels(items=[Label.model_validate(row._asdict()) for row in await cursor.fetchall()])


async def progress(connection: Connection) -> Progress:
    """What is on its way to the map, counted on partial indexes."""
    row = await (
        await connection.execute(
            "select (select count(*) from enrichment where embedded_by is null) as to_embed,"
            " (select count(*) from enrichment"
            "  where embedded_by is not null and placed_on is null) as to_place,"
            " exists (select from map_version where status = 'building' and kind = 'umap') as building"
        )
    ).fetchone()
    assert row is not None
    return Progress(to_embed=row.to_embed, to_place=row.to_place, building="umap" if row.building else None)


async def _info(connection: Connection, shown: MapVersion | None, terms: Terms, placed: int) -> MapInfo:
    row = await (
        await connection.execute(
            "select (select count(*) from papers) as papers,"
            " (select min(primary_date) from papers) as first_day,"
            " (select max(primary_date) from papers) as last_day, m.name as model, v.trustworthiness,"
            " v.neighbour_agreement, v.drift, v.fitted_on"
            " from (values (1)) one left join map_version v on v.id = %s"
            " left join embedding_model m on m.id = v.model_id",
            [shown.id if shown else None],
        )
    ).fetchone()
    assert row is not None
    return MapInfo(
        version=shown.id if shown else None,
        kind=cast(Any, shown.kind) if shown else None,
        stamp=shown.stamp if shown else None,
        papers=row.papers,
        placed=placed,
        quality=_quality(row) if shown else None,
        model=row.model,
        max_zoom=MAX_ZOOM,
        points_per_tile=POINTS_PER_TILE,
        terms=terms,
        first_day=row.first_day,
        last_day=row.last_day,
        progress=await progress(connection),
        activated_at=shown.activated_at if shown else None,
    )


async def _terms(connection: Connection, shown: MapVersion) -> tuple[Terms, int]:
    """How often each name stands on the map, and how many points there are."""
    statement = sql.SQL(
        "with counted as ("
        "  select grouping(source, field, country) as which, source, field, country, count(*) as n from {}"
        "  group by grouping sets ((source), (field), (country), ()))"
        " select coalesce(t.kind, '') as kind, t.code, t.name, c.n from counted c left join term t on"
        "  (c.which = 3 and t.kind = 'source' and t.code = c.source)"
        "  or (c.which = 5 and t.kind = 'field' and t.code = c.field)"
        "  or (c.which = 6 and t.kind = 'country' and t.code = c.country)"
        " where t.code is not null or c.which = 7 order by c.n desc, t.name"
    ).format(sql.Identifier(f"placement_{shown.id}"))
    rows = await (await connection.execute(statement)).fetchall()
    by: dict[str, list[Term]] = {"source": [], "field": [], "country": []}
    placed = 0
    for row in rows:
        if row.kind:
            by[row.kind].append(Term(code=row.code, name=row.name, count=row.n))
        else:
            placed = row.n
    return Terms(**by), placed


def _quality(row: Any) -> Quality:
    return Quality(
        trustworthiness=row.trustworthiness,
        neighbour_agreement=row.neighbour_agreement,
        drift=row.drift,
        fitted_on=row.fitted_on,
    )
