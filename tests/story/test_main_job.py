"""The main job as its user lives it: DocTrove up, filled, killed part by part, stopped and up again.

Real processes, the real model, an embedded PostgreSQL. Some hundred documents, so that it takes a minute.
"""

from __future__ import annotations

import gzip
import inspect
import json
import os
import shutil
import signal
import string
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
PAPERS = 300


class Laptop:
    """A DocTrove of its own, driven by the command line alone."""

    def __init__(self, folder: Path) -> None:
        self.system = folder / "doctrove"
        self.system.mkdir()
        text = (ROOT / "systems/doctrove/system.py").read_text()
        # The default documents are thousands; here a user brings a file.
        assert 'runs="once"' in text
        (self.system / "system.py").write_text(text.replace('runs="once"', 'runs="by hand"'))
        self.home = folder / "home"
        self.env = os.environ | {"SEATRIAL_HOME": str(self.home), "NO_COLOR": "1"}

    def seatrial(self, verb: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "seatrial", verb, *words]
        done = subprocess.run(
            command, cwd=self.system, env=self.env, capture_output=True, text=True, timeout=180, check=False
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
        return done

    def up(self) -> None:
        self.seatrial("up", "--detach")

    def down(self) -> None:
        self.seatrial("down", check=False)

    def parts(self) -> dict[str, Any]:
        state = json.loads(self.seatrial("status", "--json", check=False).stdout)
        return {part["name"]: part for part in as_list(state["parts"])}

    def get(self, path: str, part: str = "api") -> Any:
        with urllib.request.urlopen(self.parts()[part]["url"] + path, timeout=30) as reply:
            return json.load(reply)

    def processes(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            try:
                marker = process.environ().get("SEATRIAL_RUN", "")
            except psutil.Error:
                continue
            if marker.startswith(str(self.home)):
                found.append(process)
        return found


def as_list(parts: Any) -> list[Any]:
    return list(parts.values()) if isinstance(parts, dict) else list(parts)


def eventually(holds: Callable[[], Any], within: float = 120) -> Any:
    """The first true value of `holds`; what the world refuses meanwhile is asked again."""
    deadline = time.monotonic() + within
    while True:
        try:
            value = holds()
        except OSError as error:
            value, last = None, error
        else:
            last = None
        if value:
            return value
        assert time.monotonic() < deadline, f"{within} s: {inspect.getsource(holds).strip()} {last or ''}"
        time.sleep(0.2)


def arxiv_records() -> Iterator[dict[str, Any]]:
    """Records in the shape of arXiv's snapshot, with texts that mean something."""
    topics = {
        "cs.LG": "training deep neural networks with stochastic gradient descent on images",
        "astro-ph.GA": "spectra of distant galaxies, their stars, dust and central black holes",
        "q-bio.PE": "how populations of animals evolve, compete and spread in their habitat",
        "cs.DB": "indexes, joins and transactions in relational databases on disks",
        "math.NT": "prime numbers, elliptic curves and the zeros of zeta functions",
    }
    for number in range(PAPERS):
        category, text = list(topics.items())[number % len(topics)]
        words = text.split()
        turned = " ".join(words[number % len(words) :] + words[: number % len(words)])
        yield {
            "id": f"{2000 + number // 100}.{number:05d}",
            "submitter": "A. Author",
            "authors": f"A. Author, {string.ascii_uppercase[number % 26]}. Writer",
            "authors_parsed": [
                ["Author", "A.", ""],
                ["Writer", string.ascii_uppercase[number % 26] + ".", ""],
            ],
            "title": f"On {' '.join(turned.split()[:5])}, part {number}",
            "abstract": f"We study {turned}. Case {number} shows what is known and what remains open.",
            "categories": category,
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
            "update_date": "2008-11-26",
        }


@pytest.fixture(scope="module")
def laptop() -> Iterator[Laptop]:
    # Not below pytest's own directory, which other users cannot enter: when we are root, PostgreSQL is one.
    folder = Path(tempfile.mkdtemp(prefix="seatrial-story-"))
    folder.chmod(0o755)
    machine = Laptop(folder)
    machine.up()
    try:
        yield machine
    finally:
        machine.down()
        shutil.rmtree(folder, ignore_errors=True)
        left = machine.processes()
        for process in left:
            process.kill()
        assert not left, f"left running: {left}"


@pytest.fixture(scope="module")
def filled(laptop: Laptop, tmp_path_factory: pytest.TempPathFactory) -> Laptop:
    """DocTrove with a user's own arXiv file in it, embedded and on a fitted map."""
    file = tmp_path_factory.mktemp("arxiv") / "snapshot.json.gz"
    with gzip.open(file, "wt") as lines:
        for record in arxiv_records():
            lines.write(json.dumps(record) + "\n")
        lines.write('{"id": "9999.00001", "title": "cut in the mid\n')
    done = laptop.seatrial("run", "ingest", "--", "arxiv", str(file))
    assert f"{PAPERS}" in done.stdout + done.stderr
    eventually(lambda: laptop.get("/api/map")["version"], within=120)
    eventually(lambda: laptop.get("/api/map")["kind"] == "umap", within=240)
    eventually(lambda: laptop.get("/api/map")["placed"] == PAPERS)
    return laptop


def test_every_document_of_the_file_is_in_once_and_the_broken_line_is_kept_aside(filled: Laptop) -> None:
    statistics = filled.get("/api/statistics")
    assert (statistics["papers"], statistics["embedded"], statistics["placed"]) == (PAPERS,) * 3
    (run,) = filled.get("/api/ingest")["runs"]
    (reject,) = filled.get(f"/api/ingest/{run['id']}/rejects")["items"]
    assert reject["line"] == PAPERS + 1


def test_documents_are_found_by_meaning(filled: Laptop) -> None:
    query = urllib.parse.quote("artificial intelligence that learns to see")
    found = filled.get(f"/api/search?q={query}&mode=meaning&limit=5")["items"]
    assert {item["paper"]["field"] for item in found} == {"cs.LG"}


def test_the_map_carries_its_quality_and_labels(filled: Laptop) -> None:
    version = filled.get("/api/map")
    assert 0.5 < version["quality"]["trustworthiness"] <= 1
    labels = filled.get(f"/api/map/{version['version']}/labels")["items"]
    assert labels
    assert all(label["label"] for label in labels)


def test_docscope_serves_the_page_and_passes_the_api_on(filled: Laptop) -> None:
    with urllib.request.urlopen(filled.parts()["docscope"]["url"] + "/", timeout=10) as page:
        assert "DocScope" in page.read().decode()
    assert filled.get("/api/statistics", part="docscope")["papers"] == PAPERS


@pytest.mark.parametrize("part", ["api", "docscope", "enrichment", "papers"])
def test_a_killed_part_comes_back_and_nothing_is_lost(filled: Laptop, part: str) -> None:
    # Given a part at work, when it is killed
    before = filled.parts()[part]
    os.kill(before["pid"], signal.SIGKILL)
    # Then it comes back by itself as another process, and every document is still there.
    after = eventually(lambda: changed(filled, part, before["pid"]), within=60)
    assert after["restarts"] > 0
    assert eventually(lambda: filled.get("/api/statistics")["placed"]) == PAPERS


def changed(laptop: Laptop, part: str, pid: int) -> Any:
    now = laptop.parts()[part]
    return now if now["pid"] not in (None, pid) and now["condition"] == "healthy" else None


def test_after_a_kill_of_seatrial_itself_the_next_up_takes_over(filled: Laptop) -> None:
    state = json.loads((filled.home / "doctrove" / "state.json").read_text())
    os.kill(state["pid"], signal.SIGKILL)
    eventually(lambda: not psutil.pid_exists(state["pid"]) or is_dead(state["pid"]))
    filled.up()
    assert filled.get("/api/statistics")["placed"] == PAPERS


def is_dead(pid: int) -> bool:
    return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_stopped_nothing_runs_and_a_second_up_keeps_everything(filled: Laptop) -> None:
    filled.seatrial("down")
    assert filled.processes() == []
    filled.up()
    assert filled.get("/api/statistics")["placed"] == PAPERS
    assert filled.get("/api/map")["kind"] == "umap"


def test_no_password_stands_in_any_log_or_state(filled: Laptop) -> None:
    password = (filled.home / "doctrove" / "postgres" / "pgpass").read_text().strip().rsplit(":", 1)[1]
    readable = [*(filled.home / "doctrove").glob("logs/*"), filled.home / "doctrove" / "state.json"]
    assert len(readable) > 3
    for file in readable:
        assert password not in file.read_text(errors="replace"), file
    assert password not in filled.seatrial("status").stdout
