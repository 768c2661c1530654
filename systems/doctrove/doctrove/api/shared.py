"""What the routes share while the service runs: connections, the query's embedder, and what is remembered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import psycopg
from fastapi import Depends
from psycopg.rows import namedtuple_row
from psycopg_pool import AsyncConnectionPool
from seatrial_kit.database import Row, pool
from seatrial_kit.problems import Problem
from starlette.requests import Request

from doctrove.api.queries import Queries

__all__ = ["Connection", "MapVersion", "Memory", "Model", "Shared", "active_map", "active_model", "open_pool"]

Connection = psycopg.AsyncConnection[Any]
Pool = AsyncConnectionPool[psycopg.AsyncConnection[Row]]

STATEMENT_TIMEOUT_SECONDS = 5.0
CONNECTION_WITHIN_SECONDS = 3.0


class Memory:
    """Answers that are dear to make and may be a few seconds old. Who asks while one is made waits for it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, object, Any]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def recall(
        self, name: str, make: Callable[[], Awaitable[Any]], *, seconds: float, of: object = None
    ) -> Any:
        """What `make` gave last time, if that is less than `seconds` ago and was about the same thing."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            kept = self._kept.get(name)
            if kept is not None and kept[1] == of and time.monotonic() - kept[0] < seconds:
                return kept[2]
            made = await make()
            self._kept[name] = (time.monotonic(), of, made)
            return made


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


def _library(request: Request) -> Library:
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


async def active_map(connection: Connection) -> MapVersion | None:
    cursor = await connection.execute(
        "select id, kind, model_id, stamp, activated_at from map_version where status = 'active'"
    )
    row = await cursor.fetchone()
    return None if row is None else MapVersion(**row._asdict())


async def shown_map(connection: Connection, version: int) -> MapVersion:
    """The active version or one that was; 404 for others."""
    cursor = await connection.execute(
        "select id, kind, model_id, stamp, activated_at from map_version"
        " where id = %s and status in ('active', 'retired')",
        [version],
    )
    row = await cursor.fetchone()
    if row is None:
        raise Problem(status=404, detail=f"there is no map version {version}; /api/map tells the active one")
    return MapVersion(**row._asdict())


async def active_model(connection: Connection) -> Model | None:
    cursor = await connection.execute(
        "select id, name, provider, dimensions from embedding_model where active"
    )
    row = await cursor.fetchone()
    return None if row is None else Model(**row._asdict())
