"""Health of a service: it lives as long as it answers; it is ready when all that it needs is.

Two questions, because the answers to "no" differ: what does not live is restarted, what is not ready gets no
requests and is left alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Literal

import psycopg
from fastapi import APIRouter
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, Field

from seatrial_kit import migrations
from seatrial_kit.database import Row
from seatrial_kit.errors import Failure
from seatrial_kit.problems import RETRY_AFTER_SECONDS, Mistake, Problem, describe

__all__ = ["Check", "Live", "Ready", "database_answers", "routes", "schema_is_current"]

Pool = AsyncConnectionPool[psycopg.AsyncConnection[Row]]

Check = Callable[[], Awaitable[str]]
"""Says what it found, or raises `Failure` with what is wrong."""

CHECK_WITHIN_SECONDS = 2.0


class Live(BaseModel):
    """The process runs."""

    status: Literal["live"] = "live"


class Ready(BaseModel):
    """Everything that is needed answers."""

    status: Literal["ready"] = "ready"
    checks: dict[str, str] = Field(
        description="What each check found.", examples=[{"database": "answers", "schema": "0001"}]
    )


def routes(checks: Mapping[str, Check], *, within_seconds: float = CHECK_WITHIN_SECONDS) -> APIRouter:
    """`/health/live`, `/health/ready` and `/health`, which is the same as ready."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="Whether the process runs")
    async def live() -> Live:
        return Live()

    @router.get("/health", summary="Whether everything needed answers", responses=describe(503))
    @router.get("/health/ready", summary="Whether everything needed answers", responses=describe(503))
    async def ready() -> Ready:
        results = await asyncio.gather(*(_run(check, within_seconds) for check in checks.values()))
        found = dict(zip(checks, results, strict=True))
        wrong = [
            Mistake(where=name, what=result.what, hint=result.hint)
            for name, result in found.items()
            if isinstance(result, Failure)
        ]
        if wrong:
            raise Problem(
                status=503,
                detail="; ".join(f"{each.where}: {each.what}" for each in wrong),
                errors=tuple(wrong),
                headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
            )
        return Ready(checks={name: str(result) for name, result in found.items()})

    return router


def database_answers(pool: Callable[[], Pool]) -> Check:
    """A check that the database runs a statement."""

    async def check() -> str:
        try:
            async with pool().connection(timeout=CHECK_WITHIN_SECONDS) as connection:
                await connection.execute("select 1")
        except psycopg.Error as exc:
            raise Failure("it does not answer", hint="it is tried again all the time") from exc
        return "answers"

    return check


def schema_is_current(pool: Callable[[], Pool], folder: Path) -> Check:
    """A check that the database has every migration of a folder.

    It may have more: a release must go on serving while the next one's migrations are already in.
    """
    expected = {migration.version: migration.name for migration in migrations.read(folder)}

    async def check() -> str:
        try:
            async with pool().connection(timeout=CHECK_WITHIN_SECONDS) as connection:
                rows = await (await connection.execute("select version from schema_migration")).fetchall()
        except psycopg.errors.UndefinedTable as exc:
            raise Failure("the database has no schema yet", hint="run the migrations") from exc
        except psycopg.Error as exc:
            raise Failure("unknown, the database does not answer") from exc
        missing = sorted(expected.keys() - {version for (version,) in rows})
        if missing:
            names = ", ".join(f"{version} {expected[version]}" for version in missing)
            raise Failure(f"the database lacks {names}", hint="run the migrations")
        return max(expected)

    return check


async def _run(check: Check, within_seconds: float) -> str | Failure:
    try:
        return await asyncio.wait_for(check(), within_seconds)
    except Failure as failure:
        return failure
    except TimeoutError:
        return Failure(f"no answer within {within_seconds:g} s")
