"""Schema changes as plain .sql files, applied by Alembic: forward only, one after the other.

A file is `NNNN_what_it_does.sql`. Each runs in a transaction of its own together with the row that says so,
except a file whose first line is `-- no transaction`: it holds one statement that PostgreSQL refuses inside
a transaction (`create index concurrently if not exists …`) and that may run twice.

Alembic keeps the order and its version table; `schema_migration` adds the checksum of every applied file.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg

from seatrial_kit import roles
from seatrial_kit.database import Row, connect
from seatrial_kit.errors import Failure

__all__ = ["Applied", "CannotMigrate", "Migration", "Status", "lacking", "migrate", "read", "status"]

_FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
_ONE_AT_A_TIME = 0x5EA7_41A1
"""The advisory lock of whoever migrates this database."""
_RIGHTS = (
    "migrate as the owner of the database, or let the owner grant create on the database and on schema public"
)


class CannotMigrate(Failure):
    """The schema cannot be brought to what the code expects."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One file."""

    version: str
    name: str
    path: Path
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        return not self.sql.startswith("-- no transaction")


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A migration that the database has."""

    version: str
    name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Status:
    """How a database stands to a folder of migrations."""

    applied: tuple[Applied, ...]
    pending: tuple[Migration, ...]


def read(folder: Path) -> tuple[Migration, ...]:
    """The migrations of a folder, in order.

    Raises:
        CannotMigrate: a file is named wrongly, or two have one number.
    """
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            raise CannotMigrate(f"{path}: not a name of a migration", hint="0002_what_it_does.sql")
        version, name = match.groups()
        if version in found:
            raise CannotMigrate(
                f"{path}: number {version} is taken by {found[version].path.name}",
                hint="give the newer one the next free number",
            )
        # Line ends are made alike, so that a checkout on Windows has the same checksums.
        sql = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        found[version] = Migration(version=version, name=name, path=path, sql=sql)
    return tuple(found.values())


def status(connection: psycopg.Connection[Row], folder: Path) -> Status:
    """What is applied and what is still to do.

    Raises:
        CannotMigrate: the database is newer than the code, or an applied file was edited since.
    """
    known = {migration.version: migration for migration in read(folder)}
    rows = _journal(connection)
    for version, name, checksum, _ in rows:
        if version not in known:
            raise CannotMigrate(
                f"the database has migration {version} ({name}), which this code does not know: it is newer",
                hint="run the release that made it, or a later one; migrations only go forward",
            )
        if known[version].checksum != checksum:
            raise CannotMigrate(
                f"{known[version].path.name} was edited after this database applied it",
                hint="put the file back as it was released, and say the change in a new migration",
            )
    done = {version for version, *_ in rows}
    return Status(
        applied=tuple(Applied(version=version, name=name, at=at) for version, name, _, at in rows),
        pending=tuple(migration for version, migration in known.items() if version not in done),
    )


def lacking(connection: psycopg.Connection[Row], folder: Path) -> tuple[Migration, ...]:
    """What a program needs that the database has not got.

    The database may have more: a release goes on working while the migrations of the next are already in.
    """
    done = {version for version, *_ in _journal(connection)}
    return tuple(migration for migration in read(folder) if migration.version not in done)


def migrate(
    url: str,
    folder: Path,
    *,
    say: Callable[[str], None] = lambda _: None,
    wait_seconds: float = 600,
    let_in: roles.Wanted | None = None,
) -> tuple[Migration, ...]:
    """Apply what is pending and return it. Two at once are safe: the second waits, then finds nothing to do.

    `let_in`: who may use the database afterwards, where its users sign in by identity.

    Raises:
        CannotMakeRoles: the migrations are in, but not those who use them.
        CannotMigrate: see `status`; a statement failed (that file left nothing behind); or another migrator
            was not done within `wait_seconds`.
    """
    with (
        connect(url, name="migrations", autocommit=True, as_owner=False) as connection,
        _alone(connection, wait_seconds),
    ):
        pending = status(connection, folder).pending
        if pending:
            _make_journal(connection)
            _apply(url, read(folder), say)
        if let_in is not None:
            roles.make(connection, url, let_in)
    return pending


def _journal(connection: psycopg.Connection[Row]) -> list[Row]:
    if connection.execute("select to_regclass('schema_migration')").fetchone() == (None,):
        return []
    return connection.execute(
        "select version, name, checksum, applied_at from schema_migration order by version"
    ).fetchall()


def _make_journal(connection: psycopg.Connection[Row]) -> None:
    try:
        connection.execute(
            "create table if not exists schema_migration (version text primary key, name text not null,"
            " checksum text not null, applied_at timestamptz not null default now())"
        )
    except psycopg.errors.InsufficientPrivilege as exc:
        raise CannotMigrate(f"no right to make a table: {str(exc).strip()}", hint=_RIGHTS) from exc


@contextmanager
def _alone(connection: psycopg.Connection[Row], wait_seconds: float) -> Iterator[None]:
    """Hold the migrator's lock.

    It is tried again and again rather than waited for: a waiting statement holds a snapshot, and
    `create index concurrently` of the other migrator waits for all snapshots.
    """
    deadline = time.monotonic() + wait_seconds
    while connection.execute("select pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME]).fetchone() == (False,):
        if time.monotonic() > deadline:
            raise CannotMigrate(
                f"another migrator has been at work for {wait_seconds:g} s",
                hint="look for application_name 'migrations' in pg_stat_activity",
            )
        time.sleep(0.1)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("select pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _apply(url: str, migrations: tuple[Migration, ...], say: Callable[[str], None]) -> None:
    """Let Alembic take every step that the database lacks."""
    # Imported here: status, which services ask at their start, does without SQLAlchemy.
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script import Script
    from alembic.script.revision import RevisionMap
    from sqlalchemy import NullPool, create_engine

    # Not as the owner of everything, who may not create extensions
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(url, name="migrations", as_owner=False),
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        revisions = RevisionMap(lambda: _scripts(migrations, lambda migration: _run(context, migration, say)))

        def steps(heads: tuple[str, ...], _: MigrationContext) -> list[Any]:
            down_from_the_newest = revisions.iterate_revisions("heads", heads or "base")
            return [
                MigrationStep.upgrade_from_script(revisions, script)
                for script in reversed(list(down_from_the_newest))
                if isinstance(script, Script)
            ]

        context = MigrationContext.configure(
            connection, opts={"fn": steps, "transaction_per_migration": True}
        )
        context.run_migrations()


def _scripts(migrations: tuple[Migration, ...], run: Callable[[Migration], None]) -> list[Any]:
    """The files as Alembic's scripts: each comes down from the one before."""
    from alembic.script import Script

    scripts = []
    before: str | None = None
    for migration in migrations:
        module = ModuleType(f"migration_{migration.version}")
        vars(module).update(
            revision=migration.version,
            down_revision=before,
            upgrade=lambda migration=migration, **_: run(migration),
            __doc__=migration.name,
        )
        scripts.append(Script(module, migration.version, migration.path))
        before = migration.version
    return scripts


def _run(context: Any, migration: Migration, say: Callable[[str], None]) -> None:
    say(f"{migration.version} {migration.name.replace('_', ' ')}")
    connection: psycopg.Connection[Row] = context.connection.connection.driver_connection
    try:
        if migration.in_transaction:
            connection.execute(migration.sql.encode())
        else:
            with context.autocommit_block():
                connection.execute(migration.sql.encode())
        connection.execute(
            "insert into schema_migration (version, name, checksum) values (%s, %s, %s)",
            [migration.version, migration.name, migration.checksum],
        )
    except psycopg.Error as exc:
        raise _explain(migration, exc) from exc


def _explain(migration: Migration, error: psycopg.Error) -> CannotMigrate:
    position = int(error.diag.statement_position or 0)
    where = migration.path.name
    if position:
        where += f":{migration.sql.count(chr(10), 0, position - 1) + 1}"
    message = error.diag.message_primary or str(error).strip()
    return CannotMigrate(
        f"{where}: {message}; nothing of this file was applied", hint=_way_out(error, message)
    )


def _way_out(error: psycopg.Error, message: str) -> str | None:
    extension = re.search(r'extension "([\w-]+)" is not (available|allow-listed)', message)
    if extension:
        return (
            "on Azure put it on the allow-list: az postgres flexible-server parameter set"
            f" --name azure.extensions --value {extension[1]} (with resource group and server);"
            " elsewhere install the package that brings it, for example postgresql-17-pgvector"
        )
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return _RIGHTS
    return error.diag.message_hint
