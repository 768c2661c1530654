"""What the tests of every system share: a real PostgreSQL, and a store of one's own for each test."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

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


class IdentityEndpoint:
    """The endpoint of managed identities, as Container Apps has it beside each process.

    Source: https://learn.microsoft.com/azure/container-apps/managed-identity (REST endpoint reference)
    """

    client_id = "00000000-0000-0000-0000-00000000abcd"
    header = "a-secret-of-the-platform"

    def __init__(self) -> None:
        self.token = "a-token"  # noqa: S105 - a test says which
        self.holds_seconds = 3600
        self.waits_seconds = 0.0
        self.status = 200
        self.resources: list[str] = []
        """What tokens were asked for, one after the other."""

    def answer(self, query: dict[str, list[str]], header: str | None) -> tuple[int, object]:
        self.resources.append(query["resource"][0])
        time.sleep(self.waits_seconds)
        if header != self.header or query["client_id"] != [self.client_id]:
            return 400, {"statusCode": 400, "message": "No User Assigned or Delegated Managed Identity found"}
        if self.status != 200:
            return self.status, {"statusCode": self.status, "message": "not now"}
        return 200, {
            "access_token": self.token,
            "expires_on": str(int(time.time()) + self.holds_seconds),
            "resource": query["resource"][0],
            "token_type": "Bearer",
            "client_id": self.client_id,
        }


@pytest.fixture
def identity_endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[IdentityEndpoint]:
    """Hands out `token` to the processes of this test, whose environment says where it is."""
    endpoint = IdentityEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = parse_qs(urlsplit(self.path).query)
            status, content = endpoint.answer(query, self.headers["X-IDENTITY-HEADER"])
            body = json.dumps(content).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                pass  # who asked had no more patience

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{server.server_port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", endpoint.header)
    monkeypatch.setenv("AZURE_CLIENT_ID", endpoint.client_id)
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
