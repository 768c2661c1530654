"""What is on its way into the store, and what was kept aside."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Path
from seatrial_kit import paging
from seatrial_kit.problems import Problem, describe

from doctrove.api import asking
from doctrove.api.asking import NoParameters
from doctrove.api.maps import progress
from doctrove.api.replies import Ingest, Reject, Rejects, Run
from doctrove.api.shared import Shared

__all__ = ["router"]

router = APIRouter(tags=["ingest"])

RUNS = 20


@router.get(
    "/ingest", summary="What is on its way", responses=describe(422, 503), dependencies=[NoParameters]
)
async def ingest(shared: Shared) -> Ingest:
    """The newest runs of the ingestor, and the documents that wait for enrichment."""
    async with shared.connection() as connection:
        runs = await connection.execute(
            "select id, source, location, status, position, total, read, added, changed, unchanged, rejected,"
            " error, started_at, updated_at, ended_at from ingest_run order by id desc limit %s",
            [RUNS],
        )
        found = [Run.model_validate(row._asdict()) for row in await runs.fetchall()]
        waiting = await progress(connection)
        counts = await (
            await connection.execute(
                "select (select count(*) from enrichment where error is not null) as failed,"
                " (select coalesce(sum(rejected), 0) from ingest_run)::bigint as rejected"
            )
        ).fetchone()
    assert counts is not None
    return Ingest(
        runs=found,
        to_embed=waiting.to_embed,
        to_place=waiting.to_place,
        failed=counts.failed,
        rejected=counts.rejected,
    )


RunId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The run's number.", examples=[1])]


@router.get("/ingest/{run}/rejects", summary="Records kept aside", responses=describe(404, 422, 503))
async def rejects(run: RunId, ask: asking.ask_rejects, shared: Shared) -> Rejects:
    """The records of a run that could not be read, with line and reason."""
    question = f"rejects {run}"
    after = -1 if ask.cursor is None else _after(ask.cursor, question)
    async with shared.connection() as connection:
        there = await connection.execute("select from ingest_run where id = %s", [run])
        if await there.fetchone() is None:
            raise Problem(status=404, detail=f"there is no run {run}; /api/ingest lists the newest")
        cursor = await connection.execute(
            "select line, reason, content, at from ingest_reject where run_id = %s and line > %s"
            " order by line limit %s",
            [run, after, ask.limit + 1],
        )
        rows = await cursor.fetchall()
    items = [Reject.model_validate(row._asdict()) for row in rows[: ask.limit]]
    following = paging.encode([items[-1].line], question=question) if len(rows) > ask.limit else None
    return Rejects(items=items, next=following)


def _after(cursor: str, question: str) -> int:
    try:
        (line,) = paging.decode(cursor, int, question=question)
    except ValueError as exc:
        raise asking.bad_parameter("cursor", str(exc)) from None
    return cast(int, line)
