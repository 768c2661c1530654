"""Documents: pages of them, one in full, and its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from fastapi import APIRouter
from psycopg import sql
from seatrial_kit import paging
from seatrial_kit.problems import Problem, describe

from doctrove.api import asking, meaning
from doctrove.api.asking import NoParameters, PaperId
from doctrove.api.filters import Filter, on_papers
from doctrove.api.replies import Neighbour, Neighbours, Page, Paper, PaperDetail, State
from doctrove.api.shared import Connection, MapVersion, Shared

__all__ = ["cards", "router"]

router = APIRouter(tags=["papers"])


@router.get("/papers", summary="Documents, page by page", responses=describe(422, 503))
async def papers(ask: asking.ask_papers, shared: Shared) -> Page:
    """The documents that meet the filters, in a stable order: what is added meanwhile moves no page."""
    chosen = ask.filter()
    shown = (await shared.present()).active
    async with shared.connection() as connection:
        ids, following = await _page(connection, ask, chosen, shown)
        return Page(items=await cards(connection, ids, shown), next=following)


@router.get(
    "/papers/{paper_id}",
    summary="One document",
    responses=describe(404, 422, 503),
    dependencies=[NoParameters],
)
async def paper(paper_id: PaperId, shared: Shared) -> PaperDetail:
    """A document with its abstract, its links, and how far it has come."""
    shown = (await shared.present()).active
    async with shared.connection() as connection:
        found = await cards(connection, [paper_id], shown)
        rows = await connection.execute(
            "select p.abstract, p.links, p.first_seen, p.changed_at, m.name as embedded_by, e.placed_on,"
            " coalesce(e.attempts, 0) as attempts, e.error, e.retry_at"
            " from papers p left join enrichment e on e.paper_id = p.id"
            " left join embedding_model m on m.id = e.embedded_by where p.id = %s",
            [paper_id],
        )
        rest = await rows.fetchone()
    if not found or rest is None:
        raise _no_such_paper(paper_id)
    state = State(
        embedded_by=rest.embedded_by,
        placed_on=rest.placed_on,
        attempts=rest.attempts,
        error=rest.error,
        retry_at=rest.retry_at,
    )
    return PaperDetail(
        **found[0].model_dump(),
        abstract=rest.abstract,
        links=rest.links,
        first_seen=rest.first_seen,
        changed_at=rest.changed_at,
        state=state,
    )


@router.get(
    "/papers/{paper_id}/neighbours", summary="Documents of like meaning", responses=describe(404, 422, 503)
)
async def neighbours(paper_id: PaperId, ask: asking.ask_neighbours, shared: Shared) -> Neighbours:
    """The documents nearest to this one by the active model's vectors."""
    present = await shared.present()
    async with shared.connection() as connection:
        if not await cards(connection, [paper_id], None):
            raise _no_such_paper(paper_id)
        if present.model is None:
            return Neighbours(items=[])
        found = await meaning.nearest_to(connection, present.model, paper_id, limit=ask.limit)
        listed = await cards(connection, [hit.id for hit in found], present.active)
    similarity = {hit.id: hit.similarity for hit in found}
    return Neighbours(items=[Neighbour(paper=each, similarity=similarity[each.id]) for each in listed])


async def cards(connection: Connection, ids: Sequence[int], shown: MapVersion | None) -> list[Paper]:
    """These documents in this order, with their places on the map; one that is gone is left out."""
    place = sql.SQL("null::point") if shown is None else sql.SQL("pt.position")
    cluster = sql.SQL("null::integer") if shown is None else sql.SQL("nullif(pt.cluster, 0)")
    join: sql.Composable = sql.SQL("")
    if shown is not None:
        join = sql.SQL("left join {} pt on pt.paper_id = p.id").format(
            sql.Identifier(f"placement_{shown.id}")
        )
    statement = sql.SQL(
        "select p.id, p.source, p.source_id, p.title, p.authors, p.primary_date as date, p.field, p.country,"
        " left(p.abstract, 280) as excerpt, ({place})[0] as x, ({place})[1] as y, {cluster} as cluster"
        " from unnest(%s::bigint[]) with ordinality as wanted(id, number)"
        " join papers p on p.id = wanted.id {join} order by wanted.number"
    ).format(place=place, cluster=cluster, join=join)
    rows = await (await connection.execute(statement, [list(ids)])).fetchall()
    return [Paper.model_validate(row._asdict()) for row in rows]


async def _page(
    connection: Connection, ask: asking.AskPapers, chosen: Filter, shown: MapVersion | None
) -> tuple[list[int], str | None]:
    """The ids of a page and the cursor of the next."""
    # The dated ones first, then the others: so either part is read off an index.
    question = f"papers {ask.order} {chosen!r} {shown.id if shown and chosen.box else ''}"
    after: tuple[date | None, int] | None = None
    if ask.cursor is not None:
        after = _after(ask.cursor, question)
    rows: list[Any] = []
    for dated in (True, False) if ask.order != "id" else (None,):
        if dated and after is not None and after[0] is None:
            continue
        begin = after if dated is None or (after is not None and (after[0] is not None) is dated) else None
        rows += await _part(connection, ask, chosen, shown, dated, begin, ask.limit + 1 - len(rows))
        if len(rows) > ask.limit:
            break
    page = rows[: ask.limit]
    if len(rows) <= ask.limit:
        return [row.id for row in page], None
    last = page[-1]
    day = None if last.primary_date is None or ask.order == "id" else last.primary_date.isoformat()
    return [row.id for row in page], paging.encode([day, last.id], question=question)


async def _part(
    connection: Connection,
    ask: asking.AskPapers,
    chosen: Filter,
    shown: MapVersion | None,
    dated: bool | None,
    after: tuple[date | None, int] | None,
    limit: int,
) -> list[Any]:
    """Rows of those with a date (True), without one (False), or of all by id (None), after a place."""
    condition = on_papers(chosen, shown.id if shown else None)
    down = ask.order == "newest"
    beyond = sql.SQL("<" if down else ">")
    direction = sql.SQL("desc" if down else "asc")
    values: dict[str, object] = {**condition.values, "limit": limit}
    tests = [condition.sql]
    order = sql.SQL("p.id {}").format(direction)
    if dated is not None:
        tests.append(sql.SQL("p.primary_date is not null" if dated else "p.primary_date is null"))
    if dated:
        order = sql.SQL("p.primary_date {0}, p.id {0}").format(direction)
    if after is not None:
        values |= {"after_date": after[0], "after_id": after[1]}
        if dated:
            tests.append(
                sql.SQL("(p.primary_date, p.id) {} (%(after_date)s::date, %(after_id)s)").format(beyond)
            )
        else:
            tests.append(sql.SQL("p.id {} %(after_id)s").format(beyond))
    statement = sql.SQL("select p.id, p.primary_date from papers p where {} order by {} limit %(limit)s")
    composed = statement.format(sql.SQL(" and ").join(tests), order)
    return await (await connection.execute(composed, values)).fetchall()


def _after(cursor: str, question: str) -> tuple[date | None, int]:
    try:
        day, paper_id = paging.decode(cursor, (str, type(None)), int, question=question)
        return date.fromisoformat(cast(str, day)) if day is not None else None, cast(int, paper_id)
    except ValueError as exc:
        raise asking.bad_parameter("cursor", str(exc)) from None


def _no_such_paper(paper_id: int) -> Problem:
    return Problem(status=404, detail=f"there is no document {paper_id}")
