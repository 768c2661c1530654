"""DocTrove as its containers on Azure run: by identity, without a password, reachable from beside them.

Tries what `seatrial check` calls laptop-sign-in.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from seatrial.azure.access import use_of
from seatrial.azure.reach import users_of
from seatrial.cli.system_file import read_system
from seatrial.model import Backlog, Postgres, Worker

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

TOKEN = "a-token-that-all-identities-have"
SCALES = "the-password-of-the-scaler"
SYSTEM = Path(__file__).parents[2] / "system.py"

PAPERS = """id,title,abstract,date
1,Whales sing in winter,Songs of the deep,2024-01-02
2,Rockets land,On a ship at sea,2025-03-04
3,Bread rises,With time and warmth,
"""


class Containers:
    """The processes of DocTrove, each with the environment that it is given on Azure."""

    def __init__(self, admin: str, folder: Path) -> None:
        self._admin, self.folder = admin, folder
        self.name = f"containers_{os.getpid()}"
        server = conninfo_to_dict(admin)
        self.url = f"postgresql://{server['host']}:{server['port']}/{self.name}"
        self.started: list[subprocess.Popen[bytes]] = []

    def admin(self, statement: str, *names: str, database: str = "postgres") -> list[Any]:
        with psycopg.connect(make_conninfo(self._admin, dbname=database), autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            return cursor.fetchall() if cursor.description else []

    def identity(self, process: str) -> str:
        return f"{self.name}-{process}"

    def environment(self, process: str, **more: str) -> dict[str, str]:
        kept = ("PATH", "HOME", "LANG", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_CLIENT_ID")
        given = {"PAPERS_URL": self.url, "PGUSER": self.identity(process), **more}
        return {name: os.environ[name] for name in kept if name in os.environ} | given

    def run(self, process: str, *words: str, **more: str) -> str:
        ran = subprocess.run(
            [sys.executable, "-m", *words],
            env=self.environment(process, **more),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, process: str, *words: str, **more: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{process}.log").open("wb") as log:
            command = [sys.executable, "-m", *words]
            started = subprocess.Popen(command, env=self.environment(process, **more), stdout=log, stderr=log)
        self.started.append(started)
        return started

    def serve(self, process: str, *words: str, **more: str) -> str:
        """The address of a service, from beside its container."""
        with socket.socket() as free:
            free.bind(("", 0))
            port = free.getsockname()[1]
        self.start(process, *words, HOST="0.0.0.0", PORT=str(port), **more)
        return f"http://127.0.0.2:{port}"

    def migrate(self) -> str:
        return self.run(
            "migrate",
            *("doctrove.store", "migrate"),
            PAPERS_ROLES=",".join(f"{self.identity(each)}={use}" for each, use in uses().items()),
            PAPERS_SCALER_PASSWORD=SCALES,
        )


@pytest.fixture
def containers(postgres_server, identity_endpoint, tmp_path) -> Iterator[Containers]:
    """A database of the administrators, of whom the migrating job is one; and no role besides."""
    admin = make_conninfo(postgres_server.url(), passfile=postgres_server.environment()["PGPASSFILE"])
    identity_endpoint.token = TOKEN
    containers = Containers(admin, tmp_path)
    before = containers.admin("select rolname from pg_roles")
    admins, job = f"{containers.name}_admins", containers.identity("migrate")
    containers.admin("create role {}", admins)
    containers.admin(f"create role {{}} login createrole password '{TOKEN}' in role {{}}", job, admins)
    containers.admin("create database {} owner {}", containers.name, admins)
    # Azure lets its administrators create the extensions that a server allows; PostgreSQL, superusers only
    containers.admin("create extension vector", database=containers.name)
    try:
        yield containers
    finally:
        for process in containers.started:
            if process.poll() is None:
                process.kill()
            process.wait(10)
        containers.admin("drop database {} with (force)", containers.name)
        for (role,) in containers.admin("select rolname from pg_roles order by oid desc"):
            if (role,) not in before:
                containers.admin("drop role {}", role)
        logs = "".join(path.read_text() for path in sorted(tmp_path.glob("*.log")))
        print(logs)  # pytest shows it with a test that failed
        assert TOKEN not in logs


def uses() -> dict[str, str]:
    """Who uses the database, and how far: as the migrating job is told."""
    plan = read_system(SYSTEM).plan()
    (papers,) = plan.of(Postgres)
    return {user.name: use_of(user, papers) for user in users_of(papers, plan)}


def answer(address: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """What a service says, once it listens."""
    until = time.monotonic() + 60
    while True:
        try:
            request = urllib.request.Request(address, headers=headers or {})
            with urllib.request.urlopen(request, timeout=10) as response:
                body = response.read()
                return response.status, json.loads(body) if body.startswith(b"{") else body
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def wait_for(ready: Any) -> None:
    until = time.monotonic() + 90
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_documents_go_all_the_way_by_identity(containers):
    assert "applied" in containers.migrate()
    assert "nothing to do" in containers.migrate()
    for each in uses():
        containers.admin(f"alter role {{}} password '{TOKEN}'", containers.identity(each))

    papers = containers.folder / "papers.csv"
    papers.write_text(PAPERS)
    containers.run("ingest", *("doctrove.ingest", "table", str(papers)))
    assert waiting(containers) == 3
    worker = containers.start(
        *("enrichment", "doctrove.enrichment"), MODELS_URL=(containers.folder / "models").as_uri()
    )
    wait_for(lambda: waiting(containers) == 0 or worker.poll() is not None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0

    api = containers.serve(*("api", "doctrove.api"))
    wait_for(lambda: answer(f"{api}/api/health")[0] == 200)
    status, found = answer(f"{api}/api/search?q=the+song+of+a+whale")
    assert status == 200
    assert found["items"][0]["paper"]["title"] == "Whales sing in winter"
    assert found["model"] == "all-MiniLM-L6-v2"  # its vectors stand in a table that the worker made


def waiting(containers: Containers) -> int:
    """What the scale rule of the plan counts, by the role that is there for it."""
    worker = next(part for part in read_system(SYSTEM).plan().of(Worker) if part.name == "enrichment")
    query = next(rule.sql for rule in worker.scale if isinstance(rule, Backlog))
    with psycopg.connect(make_conninfo(containers.url, user="scaler", password=SCALES)) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("select title from papers")
        (count,) = connection.execute(query).fetchone()
        return count


def test_the_page_is_seen_through_the_front_door_only(containers):
    page = containers.serve(
        *("docscope", "doctrove.docscope"), API_URL="http://127.0.0.1:1", FRONT_DOOR_ID="our-front-door"
    )

    assert answer(f"{page}/health")[0] == 200
    assert answer(page)[0] == 403
    assert answer(page, {"X-Azure-FDID": "another"})[0] == 403
    assert answer(page, {"X-Azure-FDID": "our-front-door"})[0] == 200
