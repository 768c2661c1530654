"""Records as arXiv has them, and what became of them in the store."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from seatrial_kit.database import connect


@pytest.fixture
def arxiv_record():
    def make(number, **changes):
        return {
            "id": f"0704.{number:05}",
            "title": f"On the number {number}",
            "abstract": f"  We show that {number} is a number.\n  It follows that it is none other. ",
            "authors_parsed": [["Noether", "Emmy", ""], ["Gauss", "C. F.", "Jr."]],
            "categories": ["math.NT", "cs.LG stat.ML", "hep-th"][number % 3],
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
            "update_date": "2008-11-26",
            "doi": None,
        } | changes

    return make


@pytest.fixture
def arxiv_file(tmp_path, arxiv_record):
    """Write records (or text that is none) one a line."""

    def write(records, name="arxiv.json", end="\n"):
        path = tmp_path / name
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        path.write_text("\n".join(lines) + end, encoding="utf-8", errors="surrogateescape")
        return path

    return write


@pytest.fixture
def ingest_command(store_url):
    """Start `python -m doctrove.ingest` on the test's own store."""

    def start(*arguments, wait=True, timeout=120):
        process = subprocess.Popen(
            [sys.executable, "-m", "doctrove.ingest", *map(str, arguments)],
            env=os.environ | {"PAPERS_URL": store_url},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if not wait:
            return process
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return start


@pytest.fixture
def store_rows(store_url):
    """Ask the test's own store."""

    def ask(query):
        with connect(store_url) as connection:
            return connection.execute(query).fetchall()

    return ask
