"""DocScope as a person meets it: the real API over a real PostgreSQL, the real page, a real browser."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import httpx
import numpy as np
import psycopg
import pytest
from doctrove.geometry import POINTS_PER_TILE, morton, priority
from doctrove.store.maps import activate_map, create_map
from doctrove.store.models import activate_model, create_model
from numpy.typing import NDArray
from pgvector import HalfVector
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql
from psycopg.types.json import Jsonb
from seatrial_kit.embeddings.minilm import MiniLM

from seatrial.laptop.postgres import Server

WEB = Path(__file__).parents[2] / "web"
EPOCH = date(1970, 1, 1)
DOCUMENTS = 2_600  # more than a tile shows, so that a part of them comes with the next level
SUBJECTS = (
    ("Sailing", "tacking a sailing boat upwind", "NO"),
    ("Cooking", "simmering rice in a covered pot", "IT"),
    ("Astronomy", "measuring the light of distant galaxies", "CL"),
    ("Databases", "indexing rows of a relational table", "US"),
    ("Music", "tuning the strings of a violin", "AT"),
    ("Gardening", "pruning apple trees in winter", "DK"),
)
HOSTILE = '<img src=x onerror="document.title=1"> & <b>bold</b>'
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Library:
    """The documents, column by column; document `i + 1` is row `i`."""

    url: str
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    subject: NDArray[np.int64]
    source: list[str]
    day: list[date]

    def titled(self, row: int) -> str:
        return HOSTILE if row == 0 else f"{SUBJECTS[self.subject[row]][0]} note {row + 1}"


@dataclass(kw_only=True)
class Process:
    """A part of DocTrove as a process of its own, which a test may end and start again."""

    module: str
    port: int
    health: str
    environment: dict[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [sys.executable, "-m", self.module],
                env={**os.environ, **self.environment, "HOST": "127.0.0.1", "PORT": str(self.port)},
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.running.poll() is not None:
                break
            try:
                if httpx.get(self.url + self.health, timeout=2).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{self.module} did not become healthy:\n{self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        if self.running is not None:
            self.running.send_signal(signal.SIGKILL)
            self.running.wait(10)
            self.running = None


@pytest.fixture(scope="session")
def library(postgres_server: Server, _migrated_template: str) -> Iterator[Library]:
    for url in _new_database(postgres_server, _migrated_template):
        with psycopg.connect(url) as connection:
            made = _make_library(url)
            _fill(connection, made)
        yield made


@pytest.fixture(scope="session")
def page_built() -> None:
    done = subprocess.run([sys.executable, WEB / "build.py"], capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stderr


Start = Callable[[str], tuple[Process, Process]]


@pytest.fixture(scope="session")
def start_parts(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts the API over a store and DocScope before it; both end with the session."""
    started: list[Process] = []

    def start(store_url: str) -> tuple[Process, Process]:
        logs = tmp_path_factory.mktemp("logs")
        api = Process(
            module="doctrove.api",
            port=_free_port(),
            health="/api/health",
            environment={"PAPERS_URL": store_url},
            log=logs / "api.log",
        )
        docscope = Process(
            module="doctrove.docscope",
            port=_free_port(),
            health="/health",
            environment={"API_URL": api.url},
            log=logs / "docscope.log",
        )
        for process in (api, docscope):
            started.append(process)
            process.start()
        return api, docscope

    yield start
    for process in reversed(started):
        process.kill()


@pytest.fixture(scope="session")
def parts(start_parts: Start, library: Library) -> tuple[Process, Process]:
    return start_parts(library.url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium that draws WebGL in software and speaks to nobody on its own.

    For one module: while Playwright's own event loop runs, no asynchronous test can.
    """
    path = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine: .ci/run installs one")
        pytest.skip("no Chromium on this machine: install `chromium` to run the browser tests")
    flags = [
        "--headless=new",
        "--no-sandbox",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, parts: tuple[Process, Process]) -> Iterator[Open]:
    """Opens DocScope in a fresh browser context. When the test is over, no page has asked anybody but this
    machine, nor complained on its console; a page in `forgiven` may complain that the API was away."""
    contexts: list[BrowserContext] = []
    asked: list[str] = []
    complaints: list[str] = []

    def open_(path: str = "/", *, base: str | None = None, forgiven: bool = False, **options: object) -> Page:
        given = {"viewport": {"width": 1200, "height": 760}, "reduced_motion": "reduce", **options}
        context = chromium.new_context(**given)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(25_000)
        page.on("request", lambda request: asked.append(request.url))
        if not forgiven:
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((base or parts[1].url) + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    away = [
        url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:"))
    ]
    assert away == []
    assert complaints == []


def _make_library(url: str) -> Library:
    dice = np.random.default_rng(11)
    subject = np.arange(DOCUMENTS) % len(SUBJECTS)
    angle = subject * (2 * np.pi / len(SUBJECTS))
    place = np.stack([0.55 * np.cos(angle), 0.55 * np.sin(angle)]) + dice.normal(0, 0.075, (2, DOCUMENTS))
    x, y = np.clip(place, -0.98, 0.98).astype(np.float32)
    return Library(
        url=url,
        x=x,
        y=y,
        subject=subject,
        source=["notebook" if row % 3 else "almanac" for row in range(DOCUMENTS)],
        day=[date(2001, 1, 1) + timedelta(days=3 * row) for row in range(DOCUMENTS)],
    )


def _fill(connection: psycopg.Connection, made: Library) -> None:
    model = create_model(connection, "all-MiniLM-L6-v2", "local", 384)
    activate_model(connection, model)
    codes = _insert_terms(connection)
    meanings = MiniLM().embed([f"{name}: {about}" for name, about, _ in SUBJECTS])
    dice = np.random.default_rng(12)
    papers, vectors = [], []
    for row in range(DOCUMENTS):
        name, about, country = SUBJECTS[made.subject[row]]
        abstract = f"About {about}, part {row + 1}."
        links = {"page": "https://example.org/", "trap": "javascript:document.title=2"}
        digest = hashlib.sha256(abstract.encode()).digest()
        source, title = made.source[row], made.titled(row)
        about_it = [made.day[row], name, country, Jsonb(links), digest]
        papers.append([row + 1, source, f"n{row}", title, abstract, ["Ada L.", "Tor N."], *about_it])
        vector = meanings[made.subject[row]] + dice.normal(0, 0.01, 384)
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        vectors.append([model, row + 1, digest, HalfVector(unit).to_text()])
    columns = (
        "id, source, source_id, title, abstract, authors, primary_date, field, country, links, content_hash"
    )
    _copy(connection, f"papers ({columns})", papers)
    _copy(connection, "embedding (model_id, paper_id, content_hash, vector)", vectors)
    for kind, x, y in (("quick", made.x, made.y), ("umap", -made.y, made.x)):
        version = create_map(connection, kind, model, fitted_on=DOCUMENTS)  # type: ignore[arg-type]
        _copy(connection, _PLACEMENT, _placements(made, version, x, y, codes))
        _insert_labels(connection, version, made, x, y)
        if kind == "quick":
            activate_map(connection, version)
    connection.execute(
        "insert into enrichment (paper_id, content_hash, embedded_by, placed_on)"
        " select id, content_hash, %s, 2 from papers",
        [model],
    )


_PLACEMENT = (
    "placement (map_id, paper_id, position, morton, priority, level, source, field, country, day, cluster)"
)


def _placements(
    made: Library, version: int, x: NDArray[np.float32], y: NDArray[np.float32], codes: dict[str, int]
) -> list[list[object]]:
    first = priority(np.arange(1, DOCUMENTS + 1))
    numbers = morton(x, y)
    # The first tile shows the first of all; the four of the next level have room for the rest.
    order = np.argsort(np.argsort(first))
    level = np.where(order < POINTS_PER_TILE, 0, 1)
    rows: list[list[object]] = []
    for row in range(DOCUMENTS):
        code = int(made.subject[row]) + 1  # of the field and of the country, and the cluster
        where = f"({float(x[row])!r},{float(y[row])!r})", int(numbers[row])
        drawn = float(first[row]), int(level[row])
        day = (made.day[row] - EPOCH).days
        rows.append([version, row + 1, *where, *drawn, codes[made.source[row]], code, code, day, code])
    return rows


def _insert_terms(connection: psycopg.Connection) -> dict[str, int]:
    sources = {"almanac": 1, "notebook": 2}
    rows: list[list[object]] = [["source", code, name] for name, code in sources.items()]
    for code, (name, _, country) in enumerate(SUBJECTS, start=1):
        rows += [["field", code, name], ["country", code, country]]
    _copy(connection, "term (kind, code, name)", rows)
    return sources


def _insert_labels(
    connection: psycopg.Connection,
    version: int,
    made: Library,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
) -> None:
    for level in range(3):
        for number, (name, about, _) in enumerate(SUBJECTS):
            inside = made.subject == number
            middle = float(x[inside].mean()), float(y[inside].mean())
            text = (name, about.split(" in ")[0], f"{name} notes")[level]
            parent = number + 1 if level else None
            ring = [
                [middle[0] + 0.2 * a, middle[1] + 0.2 * b] for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]
            connection.execute(
                "insert into map_label (map_id, level, cluster, parent, label, terms, x, y, papers, region)"
                " values (%s, %s, %s, %s, %s, '{}', %s, %s, %s, %s)",
                [version, level, number + 1, parent, text, *middle, int(inside.sum()), Jsonb(ring)],
            )


def _copy(connection: psycopg.Connection, target: str, rows: list[list[object]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy {target} from stdin".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _new_database(server: Server, template: str) -> Iterator[str]:
    name = f"docscope_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        make = sql.SQL("create database {} template {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
    yield server.url(name)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
