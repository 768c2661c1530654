"""What the tests of every system share: a real PostgreSQL, and a store of one's own for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from seatrial.laptop.postgres import Server

_TEMPLATE = "doctrove_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """An embedded PostgreSQL that stops with the session. PGPASSFILE is set while it runs."""
    # Not below pytest's own directory: the server runs as another user when we are root, who cannot enter it.
    directory = Path(tempfile.mkdtemp(prefix="seatrial-postgres-"))
    directory.chmod(0o711)
    server = Server(directory / "data", settings={"fsync": "off", "max_connections": "100"})
    before = os.environ.get("PGPASSFILE")
    server.start()
    try:
        os.environ.update(server.environment())
        yield server
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
        if before is None:
            os.environ.pop("PGPASSFILE", None)
        else:
            os.environ["PGPASSFILE"] = before


@pytest.fixture(scope="session")
def _migrated_template(postgres_server: Server) -> str:
    from doctrove.store import MIGRATIONS
    from seatrial_kit.migrations import migrate

    postgres_server.create_database(_TEMPLATE, extensions=("vector",))
    migrate(postgres_server.url(_TEMPLATE), MIGRATIONS)
    return _TEMPLATE


@pytest.fixture
def empty_database(postgres_server: Server) -> Iterator[str]:
    """The address of a database with nothing in it."""
    yield from _database(postgres_server, template="template1")


@pytest.fixture
def store_url(postgres_server: Server, _migrated_template: str) -> Iterator[str]:
    """The address of a DocTrove database with the newest schema and no documents."""
    yield from _database(postgres_server, template=_migrated_template)


def _database(server: Server, *, template: str) -> Iterator[str]:
    name = sql.Identifier(f"test_{os.getpid()}_{next(_numbers)}")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(name, sql.Identifier(template)))
    try:
        yield server.url(name.as_string().strip('"'))
    finally:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(name))
