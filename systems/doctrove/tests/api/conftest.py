"""A small library of real documents with real vectors, two maps, and the API over it."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np
import psycopg
import pytest
import uvicorn
from doctrove.api import ApiSettings, create_app
from doctrove.geometry import POINTS_PER_TILE, morton, priority
from doctrove.store.maps import activate_map, create_map
from doctrove.store.models import activate_model, create_model
from pgvector import HalfVector
from psycopg import sql
from psycopg.types.json import Jsonb
from seatrial_kit.embeddings.minilm import MiniLM
from starlette.testclient import TestClient

from seatrial.laptop.postgres import Server

EPOCH = date(1970, 1, 1)
NO_DAY = -(2**31)
_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A document as it was put into the store."""

    id: int
    source: str
    title: str
    abstract: str
    date: date | None
    field: str | None
    country: str | None
    x: float
    y: float
    cluster: int
    embedded: bool = True

    @property
    def day(self) -> int:
        return NO_DAY if self.date is None else (self.date - EPOCH).days


SUBJECTS = [
    ("os.path.join", "Join one or more path segments intelligently, with a separator between them."),
    ("asyncio.Queue", "A first in, first out queue for coroutines; producers wait while it is full."),
    ("json.dumps", "Serialise an object to a string of JSON, with indent and separators."),
    ("re.compile", "Compile a regular expression pattern into an object that can be matched."),
    ("math.sqrt", "The square root of a number."),
    ("random.shuffle", "Shuffle a list in place, at random."),
    ("email.message", "Represent an e-mail message with headers and a payload."),
    ("sqlite3.connect", "Open a connection to a database in a file on the disk."),
    ("threading.Lock", "A primitive lock that only one thread can hold at a time."),
    ("zipfile.ZipFile", "Read and write archives in the ZIP format."),
    ("Cooking rice", "Wash the rice, add water and salt, and simmer it until it is tender."),
    ("Sailing upwind", "A sailing boat tacks to make way against the wind."),
]


def documents() -> list[Stored]:
    """Ninety-six documents: each subject in eight variations; some undated, two not embedded yet."""
    generator = np.random.default_rng(7)
    made = []
    for number in range(96):
        title, abstract = SUBJECTS[number % len(SUBJECTS)]
        variation = number // len(SUBJECTS)
        x, y = (float(np.float32(value)) for value in generator.uniform(-0.99, 0.99, 2))
        made.append(
            Stored(
                id=number + 1,
                source=("python-docs", "arxiv", "it's; drop table papers --")[variation % 3],
                title=title if variation == 0 else f"{title} {variation}",
                abstract=f"{abstract} Variation {variation}.",
                date=None if number % 7 == 3 else date(1999, 1, 1) + timedelta(days=97 * (number // 2)),
                field=(None, "library", "outdoors")[number % 3],
                country=(None, "NO", "SE", "DK")[number % 4],
                x=x,
                y=y,
                cluster=number % 5,
                embedded=number < 94,
            )
        )
    return made


@cache
def minilm() -> MiniLM:
    return MiniLM()


@pytest.fixture(scope="session")
def seeded_documents() -> list[Stored]:
    return documents()


@pytest.fixture(scope="session")
def new_database(
    postgres_server: Server, _migrated_template: str
) -> Callable[[], AbstractContextManager[str]]:
    """Makes a store with the newest schema, dropped at the end of the block."""

    @contextmanager
    def made() -> Iterator[str]:
        name = sql.Identifier(f"api_{os.getpid()}_{next(_numbers)}")
        template = sql.Identifier(_migrated_template)
        with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template {}").format(name, template))
        yield postgres_server.url(name.as_string().strip('"'))
        with psycopg.connect(postgres_server.url(), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(name))

    return made


@pytest.fixture(scope="session")
def library_url(new_database, seeded_documents: list[Stored]) -> Iterator[str]:
    """A store with the documents on map 2; map 1 is an older one with nothing on it, map 3 is being built."""
    with new_database() as url:
        with psycopg.connect(url) as connection:
            fill(connection, seeded_documents)
        yield url


def fill(connection: psycopg.Connection, stored: list[Stored]) -> None:
    model = create_model(connection, "all-MiniLM-L6-v2", "local", 384)
    activate_model(connection, model)
    for made in ("quick", "umap"):
        activate_map(connection, create_map(connection, made, model, fitted_on=len(stored)))
    create_map(connection, "umap", model)
    codes = insert_terms(connection, stored)
    vectors = minilm().embed([f"{each.title}\n{each.abstract}" for each in stored])
    insert_papers(connection, stored)
    insert_vectors(
        connection, model, {each.id: v for each, v in zip(stored, vectors, strict=True) if each.embedded}
    )
    connection.execute(
        "insert into enrichment (paper_id, content_hash, embedded_by, placed_on)"
        " select id, content_hash, case when id <= 94 then %s end, case when id <= 90 then 2 end from papers",
        [model],
    )
    insert_placements(connection, 2, [each for each in stored if each.id <= 90], codes)
    for cluster in range(1, 5):
        connection.execute(
            "insert into map_label (map_id, level, cluster, label, terms, x, y, papers, region)"
            " values (2, 2, %s, %s, '{a,b}', 0, 0, 18, '[[0,0],[1,0],[0,1]]')",
            [cluster, f"cluster {cluster}"],
        )
    connection.execute(
        "insert into ingest_run (source, location, fingerprint, status, rejected)"
        " values ('arxiv', 'a', 'f', 'done', 3)"
    )
    for line in (3, 5, 8):
        connection.execute("insert into ingest_reject values (1, %s, 'no title', '{}')", [line])


def insert_terms(connection: psycopg.Connection, stored: list[Stored]) -> dict[tuple[str, str | None], int]:
    codes: dict[tuple[str, str | None], int] = {}
    for kind in ("source", "field", "country"):
        codes[kind, None] = 0
        names = sorted({name for each in stored if (name := getattr(each, kind)) is not None})
        for code, name in enumerate(names, start=1):
            codes[kind, name] = code
            connection.execute("insert into term values (%s, %s, %s)", [kind, code, name])
    return codes


def insert_papers(connection: psycopg.Connection, stored: list[Stored]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy papers (id, source, source_id, title, abstract, authors, primary_date, field, country,"
            " links, content_hash) from stdin"
        ) as copy,
    ):
        for each in stored:
            copy.write_row(
                [
                    each.id,
                    each.source,
                    f"{each.title}-{each.id}",
                    each.title,
                    each.abstract,
                    ["A. Author"],
                    each.date,
                    each.field,
                    each.country,
                    Jsonb({"page": "https://example.org/"}),
                    hashlib.sha256(each.abstract.encode()).digest(),
                ]
            )


def insert_vectors(connection: psycopg.Connection, model: int, vectors: dict[int, np.ndarray]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy("copy embedding (model_id, paper_id, content_hash, vector) from stdin") as copy,
    ):
        for paper_id, vector in vectors.items():
            copy.write_row([model, paper_id, b"", HalfVector(vector).to_text()])


def insert_placements(
    connection: psycopg.Connection,
    map_id: int,
    stored: list[Stored],
    codes: dict[tuple[str, str | None], int],
) -> None:
    ids = np.array([each.id for each in stored])
    numbers = morton([each.x for each in stored], [each.y for each in stored])
    priorities = priority(ids)
    assert len(stored) <= POINTS_PER_TILE or map_id > 2
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "copy placement (map_id, paper_id, position, morton, priority, level, source, field, country,"
            " day, cluster) from stdin"
        ) as copy,
    ):
        for each, number, drawn in zip(stored, numbers, priorities, strict=True):
            copy.write_row(
                [
                    map_id,
                    each.id,
                    f"({each.x!r},{each.y!r})",
                    int(number),
                    float(drawn),
                    0,
                    codes["source", each.source],
                    codes["field", each.field],
                    codes["country", each.country],
                    each.day,
                    each.cluster,
                ]
            )


@pytest.fixture(scope="session")
def client(library_url: str) -> Iterator[TestClient]:
    """The API over the library, as a client sees it."""
    with TestClient(create_app(ApiSettings(papers_url=library_url)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def served(library_url: str) -> Iterator[str]:
    """The address of the API over the library, as uvicorn serves it."""
    app = create_app(ApiSettings(papers_url=library_url))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_keep_alive=65))
    thread = threading.Thread(target=server.run)
    thread.start()
    for _ in range(400):
        if server.started:
            break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def add_placements() -> Callable[..., None]:
    """Puts points in a crowd onto map 1, with levels that follow from how many a tile shows."""

    def add(url: str, *, points: int, per_tile: int, deepest: int) -> None:
        chance = np.random.default_rng(11)
        places = np.clip(chance.normal(0, 0.2, (points, 2)), -1, 1).astype(np.float32)
        numbers = morton(places[:, 0], places[:, 1])
        with psycopg.connect(url) as connection:
            model = create_model(connection, "crowd", "local", 8)
            activate_map(connection, create_map(connection, "umap", model))
            for code in range(1, 6):
                connection.execute("insert into term values ('source', %s, %s)", [code, f"source-{code}"])
            connection.execute("insert into term values ('field', 1, 'rare')")
            drawn = dict(
                zip(
                    range(points),
                    levels(numbers, priority(np.arange(points)), per_tile, deepest),
                    strict=True,
                )
            )
            with (
                connection.cursor() as cursor,
                cursor.copy(
                    "copy placement (map_id, paper_id, position, morton, priority, level, source, field,"
                    " country, day, cluster) from stdin"
                ) as copy,
            ):
                for i, (x, y) in enumerate(places.tolist()):
                    row = [1, i, f"({x!r},{y!r})", int(numbers[i]), 0.5, drawn[i]]
                    copy.write_row([*row, i % 5 + 1, int(i % 200 == 0), 0, i * 5, 0])
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze placement_1")

    return add


def levels(numbers: np.ndarray, first: np.ndarray, per_tile: int, deepest: int) -> list[int]:
    """By the definition: the first zoom on which a point is among the `per_tile` first of its tile."""
    found = [deepest + 1] * len(numbers)
    order = np.argsort(first, kind="stable")
    for z in range(deepest, -1, -1):
        seen: dict[int, int] = {}
        for index in order.tolist():
            tile = int(numbers[index]) >> (32 - 2 * z)
            seen[tile] = seen.get(tile, 0) + 1
            if seen[tile] <= per_tile:
                found[index] = z
    return found
