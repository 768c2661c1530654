"""Search over HTTP against the bare SQL, with its recall against comparing every vector.

    python bench/search.py [--records 100000] [--queries 200]

The vectors are made: 2,000 short texts of random words, embedded by the local model, each with a cloud of
records around it; so queries and records live in the same space, as in a real corpus. They are made once and
kept in bench/data. The bare SQL embeds the query, searches words and vectors, and fetches the same documents
in one process with one connection; it fuses nothing, marks nothing and speaks no HTTP.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
from functools import cache, partial
from urllib.parse import quote

import numpy as np
import psycopg
from doctrove.api.meaning import ef_search
from doctrove.store.models import activate_model, create_model
from pgvector import HalfVector
from seatrial_kit.embeddings.minilm import MiniLM
from serving import api, get, milliseconds, show, store
from threadpoolctl import threadpool_limits

TOPICS, WORDS, DIMENSIONS = 2_000, 3_000, 384
NOISE = 0.045
"""Of every component: a record is then as near to its topic (cosine .75) as real documents are to theirs."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--records", type=int, default=100_000)
    arguments.add_argument("--queries", type=int, default=200)
    options = arguments.parse_args()
    ef = ef_search(options.records)
    print(f"{options.records:,} records of {DIMENSIONS} dimensions, ef_search {ef}")
    chance = random.Random(9)
    queries = [ask_like(text, chance) for text in chance.sample(topics(), options.queries)]
    model = MiniLM()
    threadpool_limits(
        1, user_api="blas"
    )  # as the API does: a short text is slower on two cores when they are busy
    with (
        store(f"search-{options.records}", partial(fill, records=options.records)) as url,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as bare,
        api(url) as http,
    ):
        warm_up(bare, http, options.queries)
        ours, floor, recalls = [], [], []
        for turn, query in enumerate(queries):
            address = f"/api/search?limit=10&q={quote(query)}"
            pair = [
                partial(get, http, address),
                partial(bare_search, bare, model, query, ef_search(options.records)),
            ]
            # They take turns at being first, since the second finds the pages warm.
            times = [milliseconds(work) for work in (pair if turn % 2 else reversed(pair))]
            ours.append(times[0 if turn % 2 else 1])
            floor.append(times[1 if turn % 2 else 0])
            recalls.append(recall(bare, http, model, query))
    show("hybrid search, ten hits", ours, floor, aim="p95 < 100 ms, ratio ≤ 1.3")
    print(f"  recall@10       {statistics.mean(recalls):7.3f}      aim: ≥ 0.95")


def bare_search(connection: psycopg.Connection, model: MiniLM, query: str, ef: int) -> None:
    """What has to be done at least: the model, the two searches, the documents."""
    vector = HalfVector(model.embed([query])[0]).to_text()
    ids = [row[0] for row in connection.execute(WORDS_SQL, {"q": query})]
    with connection.transaction():
        connection.execute(f"set local hnsw.ef_search = {ef}")
        ids += [row[0] for row in connection.execute(NEAR_SQL, {"v": vector})]
    connection.execute("select * from papers where id = any(%s)", [ids[:10]]).fetchall()


WORDS_SQL = """
    select id from papers, websearch_to_tsquery('english', %(q)s) query
    where words @@ query order by ts_rank_cd(words, query, 1) desc limit 100"""
NEAR_SQL = f"""
    select paper_id from embedding_1
    order by (vector::halfvec({DIMENSIONS})) <=> %(v)s::halfvec({DIMENSIONS}) limit 100"""
EXACT_SQL = "select paper_id from embedding_1 order by vector <=> %(v)s::halfvec, paper_id limit 10"


def recall(connection: psycopg.Connection, http, model: MiniLM, query: str) -> float:
    """The share of the ten truly nearest that a search by meaning finds."""
    vector = HalfVector(model.embed([query])[0]).to_text()
    exact = {row[0] for row in connection.execute(EXACT_SQL, {"v": vector})}
    answer = json.loads(get(http, f"/api/search?mode=meaning&limit=10&q={quote(query)}"))
    return len(exact & {hit["paper"]["id"] for hit in answer["items"]}) / len(exact)


def warm_up(connection: psycopg.Connection, http, queries: int) -> None:
    """Bring the index into memory, with queries of other topics."""
    for text in topics()[: min(queries, 50)]:
        get(http, f"/api/search?limit=10&q={quote(text)}")
    connection.execute("select count(*) from embedding_1 where vector is not null")


@cache
def topics() -> list[str]:
    """Short texts of words that a dictionary might have; always the same."""
    chance = random.Random(4)
    vocabulary = words()
    return [" ".join(chance.choices(vocabulary, weights=weights(), k=12)) for _ in range(TOPICS)]


@cache
def words() -> list[str]:
    """The words of Python's own documentation: real, at hand everywhere, and known to the model."""
    import pydoc_data.topics as documentation

    found: dict[str, int] = {}
    for text in documentation.topics.values():
        for word in text.lower().split():
            if word.isalpha() and len(word) > 3:
                found[word] = found.get(word, 0) + 1
    return sorted(found, key=lambda word: (-found[word], word))[:WORDS]


@cache
def weights() -> list[float]:
    """Few words are frequent, most are rare, as in any language."""
    return [1 / (rank + 10) for rank in range(len(words()))]


def ask_like(text: str, chance: random.Random) -> str:
    return " ".join(chance.sample(text.split(), 3))


def fill(url: str, *, records: int) -> None:
    print(f"making the store (the index of {records:,} vectors takes most of the time) …", flush=True)
    texts = topics()
    centres = MiniLM().embed(texts)
    chance = np.random.default_rng(8)
    choose = random.Random(6)
    with psycopg.connect(url) as connection:
        model = create_model(connection, "all-MiniLM-L6-v2", "local", DIMENSIONS)
        activate_model(connection, model)
        (index,) = connection.execute(
            "select indexdef from pg_indexes where indexname = %s", [f"embedding_{model}_hnsw"]
        ).fetchone()
        connection.execute(f"drop index embedding_{model}_hnsw")
        copy_papers(connection, texts, records, choose)
        copy_vectors(connection, centres, records, chance, model)
        connection.execute(index)


def copy_papers(
    connection: psycopg.Connection, texts: list[str], records: int, choose: random.Random
) -> None:
    papers = (
        "copy papers (id, source, source_id, title, abstract, primary_date, field, content_hash) from stdin"
    )
    vocabulary, frequency = words(), np.cumsum(weights()).tolist()
    with connection.cursor() as cursor, cursor.copy(papers) as copy:
        for i in range(records):
            own = choose.choices(vocabulary, cum_weights=frequency, k=20)
            topic = texts[i % TOPICS].split()
            title = " ".join(choose.sample(topic, 4))
            abstract = " ".join(choose.sample(topic + own, 30))
            row = [
                i,
                f"source-{i % 3}",
                str(i),
                title,
                abstract,
                f"{1990 + i % 35}-01-01",
                f"field-{i % 40}",
                b"",
            ]
            copy.write_row(row)


def copy_vectors(
    connection: psycopg.Connection, centres: np.ndarray, records: int, chance: np.random.Generator, model: int
) -> None:
    vectors = "copy embedding (model_id, paper_id, content_hash, vector) from stdin"
    with connection.cursor() as cursor, cursor.copy(vectors) as copy:
        for start in range(0, records, 10_000):
            ids = np.arange(start, min(start + 10_000, records))
            made = centres[ids % TOPICS] + NOISE * chance.standard_normal((len(ids), DIMENSIONS))
            made /= np.linalg.norm(made, axis=1, keepdims=True)
            for i, vector in zip(ids.tolist(), made, strict=True):
                copy.write_row([model, i, b"", HalfVector(vector).to_text()])


if __name__ == "__main__":
    main()
