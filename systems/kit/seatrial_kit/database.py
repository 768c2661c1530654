"""Connections to PostgreSQL: one way to make them, for a script and for a service.

A password never stands in an address here: it comes from the file that PGPASSFILE names, or on Azure as a
token (`PGPASSWORD`).
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import psycopg

from seatrial_kit.errors import Failure

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool

__all__ = ["DatabaseAway", "connect", "pool"]

CONNECT_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 30.0

_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A peer that vanished without a word (failover, a pulled cable) is noticed within a minute."""

Row = tuple[Any, ...]


class DatabaseAway(Failure):
    """The database cannot be reached, or not with these credentials."""


def connect(url: str, *, name: str | None = None, autocommit: bool = False) -> psycopg.Connection[Row]:
    """A connection of its own, without a limit on the length of a statement.

    `name` is what the server shows in pg_stat_activity; by default the part's name.

    Raises:
        DatabaseAway: nobody answers, or the server refuses the user or the database.
    """
    try:
        return psycopg.connect(url, autocommit=autocommit, **_parameters(name))
    except psycopg.OperationalError as exc:
        raise DatabaseAway(
            f"cannot connect to {_without_password(url)}: {str(exc).strip()}",
            hint="is it up? `seatrial status` tells; the password comes from the file that PGPASSFILE names",
        ) from exc


def pool(
    url: str,
    min_size: int = 1,
    max_size: int = 4,
    *,
    name: str | None = None,
    statement_timeout_seconds: float | None = STATEMENT_TIMEOUT_SECONDS,
    configure: Callable[[psycopg.AsyncConnection[Row]], Awaitable[None]] | None = None,
) -> AsyncConnectionPool[psycopg.AsyncConnection[Row]]:
    """A pool that is not open yet: use it as `async with pool(...) as connections`.

    A connection is tried before it is handed out, so that a restarted server costs no request; who waits
    longer than 5 seconds for one gets `psycopg_pool.PoolTimeout`. A lost server is tried again for ever, at
    growing intervals of up to 5 seconds. `statement_timeout_seconds` None: no limit.
    """
    from psycopg_pool import AsyncConnectionPool  # scripts that need one connection start sooner without

    options = None
    if statement_timeout_seconds is not None:
        options = f"-c statement_timeout={round(statement_timeout_seconds * 1000)}"
    return AsyncConnectionPool(
        url,
        min_size=min_size,
        max_size=max_size,
        open=False,
        timeout=5,
        max_idle=300,
        max_lifetime=1800,
        reconnect_timeout=5,
        check=AsyncConnectionPool.check_connection,
        configure=configure,
        kwargs=_parameters(name) | ({} if options is None else {"options": options}),
    )


def _parameters(name: str | None) -> dict[str, Any]:
    application_name = name or os.environ.get("SEATRIAL_PART") or "seatrial-kit"
    return {
        "application_name": application_name,
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        **_KEEPALIVES,
    }


def _without_password(url: str) -> str:
    parameters = psycopg.conninfo.conninfo_to_dict(url)
    host, port, database = (parameters.get(key) or "?" for key in ("host", "port", "dbname"))
    return f"{database} on {host}:{port}"
