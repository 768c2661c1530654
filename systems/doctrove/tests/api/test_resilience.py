"""The API as a process: it outlives its database, stops when asked, and keeps queries out of its log."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from doctrove.store import MIGRATIONS
from seatrial_kit.migrations import migrate

from seatrial.laptop.postgres import Server

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """`python -m doctrove.api`, with its log in a file."""

    def __init__(self, url: str, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.log = log
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "doctrove.api"],
                env=os.environ | environment | {"PAPERS_URL": url, "PORT": str(self.port)},
                stdout=output,
                stderr=output,
            )
        self.wait_for("/api/health/live", 200)

    def wait_for(self, path: str, status: int, within: float = 30) -> httpx.Response:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                answer = self.client.get(path)
                if answer.status_code == status:
                    return answer
            except httpx.TransportError:
                assert self._process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError(
            f"{path} did not answer {status} within {within} s; {self.log.read_text()[-3000:]}"
        )

    def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(15)

    def end(self) -> None:
        self.client.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def own_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="api-postgres-") as folder:
        Path(folder).chmod(0o711)
        server = Server(Path(folder) / "data", settings={"fsync": "off"})
        server.start()
        server.create_database("papers", ["vector"])
        yield server
        server.stop()


@pytest.fixture
def start_api(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], Process]]:
    started: list[Process] = []

    def start(url: str, environment: dict[str, str]) -> Process:
        started.append(Process(url, environment, tmp_path / "api.log"))
        return started[-1]

    yield start
    for process in started:
        process.end()


def test_it_outlives_a_killed_database_and_recovers_by_itself(own_server, start_api, monkeypatch):
    # Given a database that is away while the API starts
    url, environment = own_server.url("papers"), own_server.environment()
    monkeypatch.setenv("PGPASSFILE", environment["PGPASSFILE"])
    migrate(url, MIGRATIONS)
    own_server.stop()
    api = start_api(url, environment)
    # Then it lives, is not ready, and says so wherever it is asked
    refused = api.wait_for("/api/health", 503)
    assert refused.headers["retry-after"]
    assert {error["where"] for error in refused.json()["errors"]} == {"database", "schema"}
    papers = api.client.get("/api/papers")
    assert papers.status_code == 503
    assert papers.headers["retry-after"]
    assert papers.headers["content-type"] == "application/problem+json"
    assert "127.0.0.1" not in papers.text
    # When the database comes, then it is ready by itself
    own_server.start()
    assert api.wait_for("/api/health", 200).json()["checks"]["schema"] >= "0001"
    assert api.client.get("/api/papers").status_code == 200
    # When the database is killed, then it lives on and recovers again
    os.kill(own_server.pid, signal.SIGKILL)
    while own_server.running():
        time.sleep(0.01)
    api.wait_for("/api/health", 503)
    assert api.client.get("/api/health/live").status_code == 200
    own_server.start()
    api.wait_for("/api/health", 200)
    assert all(api.client.get("/api/papers").status_code == 200 for _ in range(20))


def test_a_schema_that_is_not_there_is_told_with_the_way_out(own_server, start_api):
    api = start_api(own_server.url("papers"), own_server.environment())
    told = api.wait_for("/api/health/ready", 503).json()
    assert [error["where"] for error in told["errors"]] == ["schema"]
    assert "run the migrations" in told["errors"][0]["hint"]
    assert api.client.get("/api/papers").status_code == 503


def test_it_stops_when_asked_and_its_log_holds_no_query(store_url, start_api):
    api = start_api(store_url, {})
    assert api.client.get("/api/search?q=my+secret+illness").status_code == 200
    assert api.client.get("/api/papers?source=secret&limit=0").status_code == 422
    began = time.monotonic()
    assert api.stop() in (0, -signal.SIGTERM)
    assert time.monotonic() - began < 5
    log = api.log.read_text()
    assert "GET /api/search 200" in log
    assert "GET /api/papers 422" in log
    assert "secret" not in log
    assert "Traceback" not in log


def test_a_setting_that_is_missing_is_named(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PAPERS_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "doctrove.api"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "PAPERS_URL is not set" in done.stderr


def test_a_statement_that_takes_too_long_is_given_up(library_url, client, monkeypatch):
    from doctrove.api import statistics

    async def slow(connection, shown):
        await connection.execute("set statement_timeout = 50")
        try:
            await connection.execute("select pg_sleep(5)")
        finally:
            await connection.execute("reset statement_timeout")

    monkeypatch.setattr(statistics, "_count", slow)
    monkeypatch.setattr(statistics, "FRESH_SECONDS", 0)
    answer = client.get("/api/statistics")
    assert answer.status_code == 503
    assert "took too long" in answer.json()["detail"]


def test_a_mistake_of_ours_says_nothing_about_the_inside(client, monkeypatch, caplog):
    from doctrove.api import statistics

    async def broken(connection, shown):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(statistics, "_count", broken)
    monkeypatch.setattr(statistics, "FRESH_SECONDS", 0)
    answer = client.get("/api/statistics", headers={"X-Request-ID": "find-me"})
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.json()["request_id"] == "find-me"
    assert "find-me" in caplog.text
    assert "hunter2" in caplog.text
