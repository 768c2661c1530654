"""Real worker processes on a real store, and a small embedding model of our own behind real HTTP."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest

SUBJECTS = ("whales sing", "rockets land", "bread rises", "rivers freeze", "violins sound")


class Store:
    """A DocTrove database with shortcuts that a test reads well with."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)

    def all(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        [(value,)] = self.all(query, *parameters)
        return value

    def add(self, count: int, *, words: int = 8) -> None:
        """Documents about five subjects, as the ingestor leaves them."""
        start = self.one("select count(*) from papers")
        with self.connection.transaction():
            self.connection.execute(
                "insert into term values ('source', 1, 'tests'), ('field', 1, 'nature')"
                " on conflict do nothing"
            )
            for number in range(start, start + count):
                title = f"{SUBJECTS[number % 5]} {number}"
                abstract = " ".join([SUBJECTS[number % 5], "in the long winter"] * (words // 6))
                self.connection.execute(
                    "with p as (insert into papers (source, source_id, title, abstract, field, content_hash)"
                    " values ('tests', %s, %s, %s, 'nature', %s) returning id, content_hash)"
                    " insert into enrichment (paper_id, content_hash) select * from p",
                    [str(number), title, abstract, content_hash(title, abstract)],
                )
        self.connection.execute("notify doctrove_ingest")

    def change(self, paper_id: int, title: str) -> None:
        """A document's content changes, as the ingestor does it."""
        [(abstract,)] = self.all("select abstract from papers where id = %s", paper_id)
        new = content_hash(title, abstract)
        with self.connection.transaction():
            self.connection.execute(
                "update papers set title = %s, content_hash = %s where id = %s", [title, new, paper_id]
            )
            self.connection.execute(
                "update enrichment set content_hash = %s, embedded_by = null, placed_on = null, attempts = 0,"
                " error = null, retry_at = null where paper_id = %s",
                [new, paper_id],
            )
        self.connection.execute("notify doctrove_ingest")

    def embedded(self) -> int:
        return int(self.one("select count(*) from enrichment where embedded_by is not null"))

    def wait_for(self, query: str, *parameters: Any, seconds: float = 60) -> Any:
        """The first value of a query that is neither null, false nor 0."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            value = self.one(query, *parameters)
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"not within {seconds} s: {query}")

    def wait_until_embedded(self, seconds: float = 60) -> None:
        self.wait_for("select not exists (select from enrichment where embedded_by is null)", seconds=seconds)

    def wait_until_placed(self, seconds: float = 60) -> None:
        self.wait_for(
            "select (select count(*) from enrichment e join map_version v on v.id = e.placed_on"
            " where v.status = 'active') = (select count(*) from papers)",
            seconds=seconds,
        )


def content_hash(title: str, abstract: str) -> bytes:
    return hashlib.sha256(f"{title}\n\n{abstract}".encode()).digest()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = Store(store_url)
    yield store
    store.connection.close()


class SmallModel:
    """Vectors of 8 numbers by the first word of a text; it may be slow, or refuse."""

    def __init__(self) -> None:
        self.url = ""
        self.delay = 0.0
        self.refuses = ""
        self.locked = False
        self.texts: list[str] = []

    def vector(self, text: str) -> list[float]:
        subject = hashlib.sha256(text.split(maxsplit=1)[0].encode()).digest()
        own = hashlib.sha256(text.encode()).digest()
        return [subject[n] - 128 + (own[n] - 128) / 4 for n in range(8)]


@pytest.fixture
def small_model() -> Iterator[SmallModel]:
    model = SmallModel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
            model.texts.extend(texts)
            time.sleep(model.delay)
            status: int
            content: dict[str, Any]
            if model.locked:
                status, content = 401, {"error": {"message": "not with this key"}}
            elif model.refuses and any(model.refuses in text for text in texts):
                status, content = 400, {"error": {"message": "I do not like this text"}}
            else:
                rows = [{"index": n, "embedding": model.vector(text)} for n, text in enumerate(texts)]
                status, content = 200, {"data": rows}
            payload = json.dumps(content).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
            except (BrokenPipeError, ConnectionResetError):
                pass  # the worker was killed meanwhile

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    model.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


StartWorker = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(store_url: str, tmp_path: Path, small_model: SmallModel) -> Iterator[StartWorker]:
    """Starts `python -m doctrove.enrichment` with the small model, or with `model` None the local one."""
    started: list[subprocess.Popen[bytes]] = []

    def start(model: str | None = "small") -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        environment |= {"PAPERS_URL": store_url, "MODELS_URL": (tmp_path / "models").as_uri()}
        if model is not None:
            environment |= {
                "OPENAI_URL": small_model.url,
                "OPENAI_MODEL": model,
                "OPENAI_KEY": "secret-of-the-tests",
                "OPENAI_DIMENSIONS": "8",
            }
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "doctrove.enrichment"], env=environment, stderr=log, stdout=log
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(10)
    logs = "".join(path.read_text() for path in sorted(tmp_path.glob("worker-*.log")))
    print(logs)  # pytest shows it with a test that failed
    assert "secret-of-the-tests" not in logs
