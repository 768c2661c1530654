"""Texts a second through the worker's path (claim, embed, store, durably) against the bare model.

Both run in one process on the same texts, batch by batch in turns, so that a slow moment of the machine hits
both. The texts are pieces of the Python documentation.

    python bench/embedding.py [--texts 1024] [--characters 200]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from dbos import DBOS
from doctrove.enrichment import durable, models
from doctrove.enrichment.embedding import BATCH, Embedding
from doctrove.ingest.records import Kept
from doctrove.ingest.sources.python_docs import PythonDocs
from doctrove.store import MIGRATIONS
from psycopg_pool import ConnectionPool
from seatrial_kit.embeddings.minilm import MiniLM
from seatrial_kit.migrations import migrate

from seatrial.laptop.postgres import Server

MOST_OVERHEAD = 1.1
AIM = 150
"""Texts of 200 characters a second on 2 free cores."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--texts", type=int, default=1024)
    arguments.add_argument("--characters", type=int, default=200)
    given = arguments.parse_args()
    texts = list(itertools.islice(pieces(given.characters), given.texts))
    model = MiniLM()
    model.embed([" ".join(text) for text in texts[:BATCH]])  # warm
    bare = ours = 0.0
    with store(texts) as url, ConnectionPool(url, open=True) as pool:
        with pool.connection() as connection:
            worker = Embedding(model, models.adopt(connection, model), pool.connection)
        durable.launch(url, slot=0)
        try:
            for start in range(0, len(texts), BATCH):
                batch = ["\n\n".join(text) for text in texts[start : start + BATCH]]
                bare += seconds(lambda batch=batch: model.embed(batch))
                ours += seconds(worker.batch)
        finally:
            DBOS.destroy()
        with pool.connection() as connection:
            [(stored,)] = connection.execute("select count(*) from embedding").fetchall()
    if stored != len(texts):
        sys.exit(f"{stored} vectors were stored of {len(texts)}")
    tokens = sum(model.tokens(["\n\n".join(text) for text in texts])) / len(texts)
    print(f"embedding of {len(texts):,} texts of {given.characters} characters ({tokens:.0f} tokens)")
    print(f"  worker      {len(texts) / ours:6.0f} texts/s   aim {AIM} on 2 free cores")
    print(f"  bare model  {len(texts) / bare:6.0f} texts/s")
    print(f"  ratio       {ours / bare:6.3f}           aim ≤ {MOST_OVERHEAD}")


def pieces(characters: int) -> Iterator[tuple[str, str]]:
    """Titles and abstracts that make texts of exactly so many characters."""
    for record in PythonDocs().records(0, 0):
        text = f"{record.document.title} {record.document.abstract}" if isinstance(record, Kept) else ""
        for start in range(0, len(text) - characters, characters):
            piece = text[start : start + characters - 2]  # two line breaks come between
            if piece.isprintable():
                yield piece[:60], piece[60:]


@contextmanager
def store(texts: list[tuple[str, str]]) -> Iterator[str]:
    """A database of its own with these documents, all waiting."""
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as folder:
        Path(folder).chmod(0o755)
        server = Server(Path(folder) / "postgres")
        server.start()
        try:
            os.environ.update(server.environment())
            server.create_database("papers", ["vector"])
            url = server.url("papers")
            migrate(url, MIGRATIONS)
            with psycopg.connect(url) as connection, connection.cursor() as cursor:
                cursor.executemany(
                    "with p as (insert into papers (source, source_id, title, abstract, content_hash)"
                    " values ('bench', %s, %s, %s, %s) returning id, content_hash)"
                    " insert into enrichment (paper_id, content_hash) select * from p",
                    [
                        (str(number), title, abstract, hashlib.sha256(str(number).encode()).digest())
                        for number, (title, abstract) in enumerate(texts)
                    ],
                )
            yield url
        finally:
            server.stop()


def seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


if __name__ == "__main__":
    main()
