"""The vector index finds what comparing every vector finds, and with a filter never too few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import psycopg
import pytest
from doctrove.api import meaning
from doctrove.api.filters import Filter
from doctrove.api.shared import Model, open_pool
from doctrove.store.models import activate_model, create_model
from pgvector import HalfVector
from psycopg import sql

pytestmark = pytest.mark.integration

DOCUMENTS, DIMENSIONS, CLUSTERS = 6_000, 64, 60
MODEL = Model(id=1, name="bench", provider="local", dimensions=DIMENSIONS)


@pytest.fixture(scope="module")
def many_vectors() -> np.ndarray:
    chance = np.random.default_rng(3)
    centres = chance.normal(size=(CLUSTERS, DIMENSIONS))
    vectors = centres[np.arange(DOCUMENTS) % CLUSTERS] + 0.6 * chance.normal(size=(DOCUMENTS, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float16).astype(np.float32)


@pytest.fixture(scope="module")
def many_url(new_database, many_vectors) -> Iterator[str]:
    with new_database() as url, psycopg.connect(url) as connection:
        assert create_model(connection, "bench", "local", DIMENSIONS) == MODEL.id
        activate_model(connection, MODEL.id)
        papers = "copy papers (id, source, source_id, title, content_hash, primary_date) from stdin"
        with connection.cursor() as cursor:
            with cursor.copy(papers) as copy:
                for i in range(DOCUMENTS):
                    day = date(2000, 1, 1) + timedelta(days=i)
                    copy.write_row([i, f"source-{i % 40}", str(i), f"document {i}", b"", day])
            with cursor.copy("copy embedding (model_id, paper_id, content_hash, vector) from stdin") as copy:
                for i, vector in enumerate(many_vectors):
                    copy.write_row([1, i, b"", HalfVector(vector).to_text()])
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
        yield url


def brute_force(vectors: np.ndarray, query: np.ndarray, allowed: np.ndarray, limit: int) -> list[int]:
    ids = np.flatnonzero(allowed)
    return [int(i) for i in ids[np.argsort(-(vectors[ids] @ query), kind="stable")[:limit]]]


FILTERS = {
    "all": (Filter(), lambda i: i >= 0),
    "one source of forty": (Filter(sources=("source-7",)), lambda i: i % 40 == 7),
    "a third": (Filter(sources=tuple(f"source-{n}" for n in range(13))), lambda i: i % 40 < 13),
    "ten days": (
        Filter(first=date(2001, 1, 1), last=date(2001, 1, 10)),
        lambda i: (i >= 366) & (i < 376),
    ),
}


@pytest.mark.parametrize("exact_up_to", [0, 20_000], ids=["by the index", "exactly"])
@pytest.mark.parametrize("name", FILTERS)
async def test_the_nearest_are_those_that_comparing_all_would_find(
    many_url, many_vectors, monkeypatch, name, exact_up_to
):
    monkeypatch.setattr(meaning, "EXACT_UP_TO", exact_up_to)
    chosen, test = FILTERS[name]
    allowed = test(np.arange(DOCUMENTS))
    recalls = []
    async with open_pool(many_url) as pool, pool.connection() as connection:
        for query in many_vectors[::197]:
            found = await meaning.nearest(connection, MODEL, query, chosen, None, limit=10)
            assert len(found) == min(10, allowed.sum())
            assert found == sorted(found, key=lambda near: -near.similarity)
            true = set(brute_force(many_vectors, query, allowed, 10))
            recalls.append(len(true & {near.id for near in found}) / len(true))
    assert np.mean(recalls) >= (0.95 if exact_up_to == 0 else 0.99)  # equals may change places


async def test_a_filter_far_from_the_query_yields_as_many_as_there_are(many_url, many_vectors, monkeypatch):
    # Given documents that all lie in other clusters than the query, so that the index meets them last
    monkeypatch.setattr(meaning, "EXACT_UP_TO", 0)
    monkeypatch.setitem(meaning._FOR_HNSW, "hnsw.max_scan_tuples", "200")
    chosen = Filter(sources=("source-39",))
    async with open_pool(many_url) as pool, pool.connection() as connection:
        # When the index is given up early
        found = await meaning.nearest(connection, MODEL, many_vectors[0], chosen, None, limit=100)
    # Then all are compared instead
    assert [near.id for near in found][:50] == brute_force(
        many_vectors, many_vectors[0], np.arange(DOCUMENTS) % 40 == 39, 50
    )
    assert len(found) == 100


class Explaining:
    """A connection that also asks for the plan of every search by distance."""

    def __init__(self, connection) -> None:
        self._connection = connection
        self.plans: list[str] = []

    def transaction(self):
        return self._connection.transaction()

    async def execute(self, query, values):
        if "<=>" in (query if isinstance(query, str) else query.as_string()):
            rows = await self._connection.execute(sql.SQL("explain ") + query, values)
            self.plans.append("\n".join(row[0] for row in await rows.fetchall()))
        return await self._connection.execute(query, values)


@pytest.mark.parametrize("name", ["all", "a third"])
async def test_postgresql_really_uses_the_index(many_url, many_vectors, monkeypatch, name):
    monkeypatch.setattr(meaning, "EXACT_UP_TO", 0)
    async with open_pool(many_url) as pool, pool.connection() as connection:
        explaining = Explaining(connection)
        await meaning.nearest(explaining, MODEL, many_vectors[5], FILTERS[name][0], None, limit=10)
    (plan,) = explaining.plans
    assert "Index Scan using embedding_1_hnsw" in plan
    assert "Sort" not in plan


async def test_neighbours_are_the_nearest_without_the_document_itself(many_url, many_vectors):
    async with open_pool(many_url) as pool, pool.connection() as connection:
        found = await meaning.nearest_to(connection, MODEL, 42, limit=10)
    allowed = np.arange(DOCUMENTS) != 42
    true = set(brute_force(many_vectors, many_vectors[42], allowed, 10))
    assert len(true & {near.id for near in found}) >= 9
    assert 42 not in {near.id for near in found}


@pytest.mark.parametrize(("vectors", "kept"), [(0, 200), (100_000, 200), (500_000, 500), (5_000_000, 1_000)])
def test_more_vectors_are_searched_with_more_candidates_up_to_what_pgvector_takes(vectors, kept):
    assert meaning.ef_search(vectors) == kept
