"""The ingestor against the least a database can do: one COPY of the same rows into the same table.

Both start from an empty store with all its indexes. Ours parses JSON, checks every record, merges by
(source, source id), fills the queue of enrichment and can be killed at any moment; COPY does none of that.

    python bench/ingest.py [--records 100000]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

import psycopg
from doctrove.store import MIGRATIONS
from seatrial_kit.migrations import migrate

from seatrial.laptop.postgres import Server

TARGET = 0.5
"""Of the rate of COPY."""
COLUMNS = "source, source_id, title, abstract, authors, primary_date, field, country, links, content_hash"

LOAD = """
import json, re, sys, time
from pathlib import Path
from doctrove.ingest.load import load
from doctrove.ingest.sources.arxiv import arxiv
before = time.perf_counter()
run = load(sys.argv[1], arxiv(Path(sys.argv[2])))
seconds = time.perf_counter() - before
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
print(json.dumps([run.added, seconds, int(peak[1]) / 1024]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="ingest against raw COPY")
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory(prefix="bench-ingest-") as folder, server(Path(folder)) as postgres:
        path = Path(folder) / "arxiv.json"
        write_records(path, records)
        ours, floor = fresh_store(postgres, "ours"), fresh_store(postgres, "floor")

        added, our_seconds, peak = run_ours(ours, path)
        assert added == records, f"{added} of {records} arrived"
        copy_seconds = run_copy(ours, floor, Path(folder) / "rows.copy")
        again = run_ours(ours, path)[1]

        size = path.stat().st_size / 1e6
        share = copy_seconds / our_seconds
        print(f"ingest      {records:,} arXiv records, {size:.0f} MB")
        rate = records / our_seconds
        print(f"  ours      {our_seconds:6.1f} s   {rate:8,.0f} records/s   peak {peak:.0f} MiB")
        print(f"  raw COPY  {copy_seconds:6.1f} s   {records / copy_seconds:8,.0f} records/s")
        print(f"  ratio     {share:6.2f} of COPY's rate (target: at least {TARGET})")
        print(f"  again     {again:6.2f} s   nothing new")
    sys.exit(0 if share >= TARGET else 1)


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    folder.chmod(0o711)  # PostgreSQL runs as another user when we are root
    postgres = Server(folder / "postgres")
    postgres.start()
    os.environ.update(postgres.environment())
    try:
        yield postgres
    finally:
        postgres.stop()


def fresh_store(postgres: Server, name: str) -> str:
    postgres.create_database(name, ["vector"])
    url = postgres.url(name)
    migrate(url, MIGRATIONS)
    return url


def run_ours(url: str, path: Path) -> tuple[int, float, float]:
    """Records added, seconds, and the most memory in MiB, of a process of its own."""
    command = [sys.executable, "-c", LOAD, url, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=3600)
    added, seconds, peak = json.loads(done.stdout)
    return added, seconds, peak


def run_copy(source: str, target: str, rows: Path) -> float:
    """Seconds that one COPY of the same rows takes, read from a file as ours is."""
    with psycopg.connect(source) as connection, rows.open("wb") as file:
        query = f"copy (select {COLUMNS} from papers order by id) to stdout"
        with connection.cursor().copy(query) as copy:
            file.writelines(bytes(part) for part in copy)
    with psycopg.connect(target) as connection, rows.open("rb") as file:
        before = time.perf_counter()
        with connection.cursor().copy(f"copy papers ({COLUMNS}) from stdin") as copy:
            while part := file.read(1 << 16):
                copy.write(part)
        connection.commit()
        return time.perf_counter() - before


def write_records(path: Path, count: int) -> None:
    """Records like arXiv's: words as frequent as in a language, abstracts of 80 to 200 of them."""
    dice = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    words = ["".join(dice.choices(letters, k=dice.randint(2, 11))) for _ in range(30_000)]
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))

    def text(fewest: int, most: int) -> str:
        return " ".join(dice.choices(words, cum_weights=weights, k=dice.randint(fewest, most)))

    with path.open("w") as file:
        for number in range(count):
            record = {
                "id": f"{700 + number // 10_000:04}.{number % 10_000:05}",
                "title": text(5, 15).capitalize(),
                "abstract": f"  {text(80, 200)}\n",
                "authors_parsed": [[text(1, 1), text(1, 1), ""] for _ in range(dice.randint(1, 6))],
                "categories": dice.choice(["cs.LG stat.ML", "math.CO", "hep-th", "astro-ph.GA"]),
                "versions": [
                    {"created": f"Mon, {dice.randint(1, 28)} Apr {dice.randint(1995, 2024)} 19:18:42 GMT"}
                ],
                "doi": None,
            }
            file.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
