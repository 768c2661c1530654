"""What the routes share while the service runs: connections, the query's embedder, and what is remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

import psycopg
from fastapi import Depends
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool
from seatrial_kit.database import Row, pool
from seatrial_kit.problems import Problem
from starlette.requests import Request

from doctrove.api.queries import Queries

__all__ = ["Connection", "Library", "MapVersion", "Memory", "Model", "Pool", "Present", "Shared", "open_pool"]

Connection = psycopg.AsyncConnection[Any]
Pool = AsyncConnectionPool[psycopg.AsyncConnection[Row]]

STATEMENT_TIMEOUT_SECONDS = 5.0
CONNECTION_WITHIN_SECONDS = 3.0
PRESENT_SECONDS = 1.0

T = TypeVar("T")


class Memory:
    """Answers that are dear to make and may be a little old. Who asks while one is made waits for it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, object, asyncio.Task[Any]]] = {}

    async def recall(
        self, name: str, make: Callable[[], Coroutine[Any, Any, T]], *, seconds: float, of: object = None
    ) -> T:
        """What `make` gave last time, if that began less than `seconds` ago and was about the same thing."""
        began, about, task = self._kept.get(name, (0.0, None, None))
        usable = task is not None and about == of and (not task.done() or _went_well(task))
        if task is None or not usable or (task.done() and time.monotonic() - began >= seconds):
            task = asyncio.create_task(make())
            self._kept[name] = (time.monotonic(), of, task)
        answer: T = await asyncio.shield(task)
        return answer


def _went_well(task: asyncio.Task[Any]) -> bool:
    return not task.cancelled() and task.exception() is None


@dataclass(frozen=True, kw_only=True)
class MapVersion:
    """A map version whose points can be shown."""

    id: int
    kind: str
    model_id: int
    stamp: int
    activated_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Model:
    """The model whose vectors are searched."""

    id: int
    name: str
    provider: str
    dimensions: int
    vectors: int = 0
    """About how many there are, as the planner knows it; 0 when it does not yet."""


@dataclass(frozen=True, kw_only=True)
class Present:
    """What can be shown and searched now."""

    active: MapVersion | None
    model: Model | None
    shown: Mapping[int, MapVersion]
    """The active map and those that were."""


@dataclass(frozen=True, kw_only=True)
class Library:
    pool: Pool
    queries: Queries
    memory: Memory

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection whose every statement stands alone, with rows as named tuples."""
        async with self.pool.connection(timeout=CONNECTION_WITHIN_SECONDS) as connection:
            yield connection

    async def present(self) -> Present:
        """At most `PRESENT_SECONDS` old: after a switch of maps the old one may be shown that much longer."""
        return await self.memory.recall("present", self._present, seconds=PRESENT_SECONDS)

    async def map(self, version: int) -> MapVersion:
        """The active version or one that was; 404 for others."""
        shown = (await self.present()).shown
        if version not in shown:
            detail = f"there is no map version {version} to show; /api/map tells the active one"
            raise Problem(status=404, detail=detail)
        return shown[version]

    async def _present(self) -> Present:
        async with self.connection() as connection:
            maps = await connection.execute(
                "select id, kind, model_id, stamp, activated_at, status from map_version"
                " where status in ('active', 'retired')"
            )
            rows = [row._asdict() for row in await maps.fetchall()]
            models = await connection.execute(
                "select id, name, provider, dimensions, greatest(reltuples, 0)::bigint as vectors"
                " from embedding_model join pg_class on pg_class.oid = to_regclass('embedding_' || id)"
                " where active"
            )
            model = await models.fetchone()
        active = {row["id"] for row in rows if row.pop("status") == "active"}
        shown = {row["id"]: MapVersion(**row) for row in rows}
        return Present(
            active=next((shown[number] for number in active), None),
            model=None if model is None else Model(**model._asdict()),
            shown=shown,
        )


# Not a plain function: that would run in a thread, and cost more than the rest of a small request.
async def _library(request: Request) -> Library:
    library: Library = request.app.state.library
    return library


Shared = Annotated[Library, Depends(_library)]


def open_pool(url: str) -> Pool:
    """A pool for short reads; not open yet."""
    return pool(
        url,
        min_size=2,
        max_size=10,
        name="api",
        statement_timeout_seconds=STATEMENT_TIMEOUT_SECONDS,
        configure=_configure,
    )


async def _configure(connection: Connection) -> None:
    await connection.set_autocommit(True)
    connection.row_factory = namedtuple_row
    # A prepared statement keeps the plan of its first values, which for a filter is the wrong one.
    connection.prepare_threshold = None
    # PostgreSQL reads its dictionary once a connection: now, and not in somebody's first search.
    await connection.execute("select websearch_to_tsquery('english', 'words')")
