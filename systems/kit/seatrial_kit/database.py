"""Connections to PostgreSQL: one way to make them, for a script and for a service.

A password never stands in an address here: it comes from PGPASSWORD or from the file that PGPASSFILE names.
An address without a user, together with PGUSER and AZURE_CLIENT_ID, signs in by identity: a token is the
password, a fresh one for each connection. What such a process makes in the database belongs not to it but to
the role that owns everything there, if it is a member of that; see `roles`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import psycopg

from seatrial_kit import identity
from seatrial_kit.errors import Failure

if TYPE_CHECKING:
    from psycopg_pool import AsyncConnectionPool, ConnectionPool

__all__ = ["DatabaseAway", "connect", "connector", "pool", "pool_for_threads"]

CONNECT_TIMEOUT_SECONDS = 10
STATEMENT_TIMEOUT_SECONDS = 30.0

_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""A peer that vanished without a word (failover, a pulled cable) is noticed within a minute."""

Row = tuple[Any, ...]


class DatabaseAway(Failure):
    """The database cannot be reached, or not with these credentials."""


def connect(
    url: str, *, name: str | None = None, autocommit: bool = False, as_owner: bool = True
) -> psycopg.Connection[Row]:
    """A connection of its own, without a limit on the length of a statement.

    `name` is what the server shows in pg_stat_activity; by default the part's name. `as_owner` False: who
    signs in by identity stays who it is.

    Raises:
        DatabaseAway: nobody answers, or the server refuses the user or the database; or there is no token.
    """
    try:
        return connector(url, name=name, autocommit=autocommit, as_owner=as_owner)()
    except psycopg.OperationalError as exc:
        way_in = (
            "has the job that migrates made this identity's role?"
            if _by_identity(url)
            else "the password comes from PGPASSWORD or the file that PGPASSFILE names"
        )
        raise DatabaseAway(
            f"cannot connect to {_without_password(url)}: {str(exc).strip()}",
            hint=f"is it up? `seatrial status` tells; {way_in}",
        ) from exc


def connector(
    url: str, *, name: str | None = None, autocommit: bool = False, as_owner: bool = True
) -> Callable[[], psycopg.Connection[Row]]:
    """What makes such a connection, for a library that makes its own (`creator` of SQLAlchemy).

    What it makes raises `psycopg.OperationalError`, as such libraries expect.
    """

    def make() -> psycopg.Connection[Row]:
        connection = psycopg.connect(url, autocommit=autocommit, **_parameters(url, name))
        if as_owner:
            _become_owner_in(url)(connection)
        return connection

    return make


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

    async def parameters() -> dict[str, Any]:
        # A token may have to be waited for, and requests must not wait with it
        return await asyncio.to_thread(_parameters, url, name, statement_timeout_seconds)

    async def ready(connection: psycopg.AsyncConnection[Row]) -> None:
        if _by_identity(url):
            await connection.execute(_BECOME_OWNER)
            await connection.commit()
        if configure is not None:
            await configure(connection)

    return AsyncConnectionPool(
        url,
        check=AsyncConnectionPool.check_connection,
        configure=ready,
        kwargs=parameters,
        min_size=min_size,
        max_size=max_size,
        open=False,
        timeout=5,
        max_idle=300,
        max_lifetime=1800,
        reconnect_timeout=5,
    )


def pool_for_threads(
    url: str, min_size: int = 1, max_size: int = 4, *, name: str | None = None
) -> ConnectionPool[psycopg.Connection[Row]]:
    """One for threads, as `with pool_for_threads(...) as connections`. It has patience: no limit on a
    statement, and half a minute for a connection."""
    from psycopg_pool import ConnectionPool

    return ConnectionPool(
        url,
        check=ConnectionPool.check_connection,
        configure=_become_owner_in(url),
        kwargs=lambda: _parameters(url, name),
        min_size=min_size,
        max_size=max_size,
        open=False,
    )


def _parameters(url: str, name: str | None, statement_timeout_seconds: float | None = None) -> dict[str, Any]:
    """What one connection is opened with.

    Raises:
        psycopg.OperationalError: there is no token; whoever connects tries again as if the server were away.
    """
    given: dict[str, Any] = {
        "application_name": name or os.environ.get("SEATRIAL_PART") or "seatrial-kit",
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        **_KEEPALIVES,
    }
    if statement_timeout_seconds is not None:
        given["options"] = f"-c statement_timeout={round(statement_timeout_seconds * 1000)}"
    if _by_identity(url):
        try:
            given["password"] = identity.token(identity.POSTGRES)
        except identity.IdentityAway as exc:
            raise psycopg.OperationalError(exc.what) from exc
    return given


def _by_identity(url: str) -> bool:
    """An address that names a user is one of a password, which PGPASSWORD may be: a process can use a server
    by password and another by identity."""
    if not identity.given() or not os.environ.get("PGUSER") or os.environ.get("PGPASSFILE"):
        return False
    named = psycopg.conninfo.conninfo_to_dict(url)
    return not any(named.get(key) for key in ("user", "password", "passfile"))


_BECOME_OWNER = """
select set_config('role', rolname, false) from pg_roles
 where rolname = current_database() || '_owner' and pg_has_role(oid, 'member')
"""
# Or else the partition that one process makes would be its own, and closed to the others.


def _become_owner_in(url: str) -> Callable[[psycopg.Connection[Row]], None]:
    def become_owner(connection: psycopg.Connection[Row]) -> None:
        if _by_identity(url):
            connection.execute(_BECOME_OWNER)
            connection.commit()

    return become_owner


def _without_password(url: str) -> str:
    parameters = psycopg.conninfo.conninfo_to_dict(url)
    host, port, database = (parameters.get(key) or "?" for key in ("host", "port", "dbname"))
    return f"{database} on {host}:{port}"
