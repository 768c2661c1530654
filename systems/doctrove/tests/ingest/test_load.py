"""Real processes and a real database, and what is done to them in the middle."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from doctrove.ingest.load import InputBusy, StoreBehind, load
from doctrove.ingest.sources.arxiv import arxiv
from doctrove.store import MIGRATIONS
from seatrial_kit.database import DatabaseAway, connect
from seatrial_kit.migrations import migrate

from seatrial.laptop.postgres import Server

pytestmark = pytest.mark.integration

IDS = "select source_id from papers order by 1"
RUN = "select status, read, added, changed, unchanged, rejected, position, line from ingest_run order by id"


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def mixed_file(arxiv_file, arxiv_record):
    """12,000 records; every hundredth is broken."""
    return arxiv_file(arxiv_record(n) if n % 100 else f'{{"id": {n}' for n in range(12_000))


def expected_ids():
    return [(f"0704.{n:05}",) for n in range(12_000) if n % 100]


def test_a_file_is_read_and_a_second_run_adds_nothing(ingest_command, store_rows, mixed_file):
    first = ingest_command("arxiv", mixed_file)
    second = ingest_command("arxiv", mixed_file)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert store_rows(IDS) == expected_ids()
    size = mixed_file.stat().st_size
    assert store_rows(RUN) == [("done", 12_000, 11_880, 0, 0, 120, size, 12_000)]
    assert "12,000 read in" in first.stderr
    assert "(11,880 added, 0 changed, 0 unchanged, 120 kept aside)" in first.stderr
    assert "nothing new, all 12,000 records were read before" in second.stderr


def test_reading_again_changes_nothing_but_counts(ingest_command, store_rows, mixed_file):
    ingest_command("arxiv", mixed_file)
    before = store_rows("select id, changed_at from papers order by id")

    assert ingest_command("arxiv", mixed_file, "--again").returncode == 0

    assert store_rows("select id, changed_at from papers order by id") == before
    assert store_rows(RUN)[1][1:6] == (12_000, 0, 0, 11_880, 120)


@pytest.mark.parametrize("packed", [False, True])
def test_after_kill_9_the_next_run_goes_on_and_nothing_is_lost_or_doubled(
    ingest_command, store_rows, mixed_file, packed
):
    if packed:
        path = mixed_file.with_suffix(".gz")
        path.write_bytes(gzip.compress(mixed_file.read_bytes()))
        mixed_file = path
    victim = ingest_command("arxiv", mixed_file, wait=False)
    try:
        wait_for(lambda: store_rows("select coalesce(max(read), 0) >= 2000 from ingest_run") == [(True,)])
    finally:
        victim.kill()
        victim.communicate(timeout=20)
    assert victim.returncode == -signal.SIGKILL
    [(status, read, *_)] = store_rows(RUN)
    assert (status, 0 < read < 12_000) == ("running", True)

    resumed = ingest_command("arxiv", mixed_file)

    assert resumed.returncode == 0
    assert "going on after" in resumed.stderr
    assert store_rows(IDS) == expected_ids()
    assert store_rows("select count(*), count(distinct paper_id) from enrichment") == [(11_880, 11_880)]
    assert [row[:6] for row in store_rows(RUN)] == [("done", 12_000, 11_880, 0, 0, 120)]
    assert store_rows("select count(*), min(line), max(line) from ingest_reject") == [(120, 1, 11_901)]


def test_ctrl_c_ends_after_the_batch_and_the_next_run_goes_on(ingest_command, store_rows, mixed_file):
    process = ingest_command("arxiv", mixed_file, wait=False)
    wait_for(lambda: store_rows("select count(*) from ingest_run where read > 0") == [(1,)])
    process.send_signal(signal.SIGINT)
    _, talk = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "the same command goes on from there" in talk
    assert store_rows("select status, ended_at is not null from ingest_run") == [("stopped", True)]
    assert "Traceback" not in talk

    assert ingest_command("arxiv", mixed_file).returncode == 0
    assert store_rows(IDS) == expected_ids()


def test_what_was_kept_aside_is_listed_for_people_and_machines(ingest_command, arxiv_file, arxiv_record):
    year_zero = arxiv_record(4, versions=[{"created": "Mon, 1 Jan 0000 0:0:0 GMT"}])
    path = arxiv_file([arxiv_record(1), arxiv_record(2, title=" "), "{", year_zero])
    read = ingest_command("arxiv", path)

    people = ingest_command("arxiv", path, "--rejects")
    machines = ingest_command("arxiv", path, "--rejects", "--json")

    assert "--rejects lists what was kept aside" in read.stderr
    assert f"{path}:2: empty title\n" in people.stdout
    assert f"{path}:3: not JSON: " in people.stdout
    entries = [json.loads(line) for line in machines.stdout.splitlines()]
    assert [entry["line"] for entry in entries] == [2, 3, 4]
    assert entries[2]["reason"] == "not a date of a version: 'Mon, 1 Jan 0000 0:0:0 GMT'"
    assert json.loads(entries[2]["content"])["id"] == "0704.00004"


def test_progress_is_also_told_to_machines(ingest_command, mixed_file):
    done = ingest_command("arxiv", mixed_file, "--json")

    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert events[-1]["event"] == "done"
    assert (events[-1]["read"], events[-1]["added"], events[-1]["rejected"]) == (12_000, 11_880, 120)
    assert all(0 < event["share"] <= 1 for event in events if event["event"] == "progress")


@pytest.mark.parametrize(
    ("content", "exit_code", "talk"),
    [
        (b"", 4, "has no records"),
        (b"no json\n{}\n", 4, "(0 added, 0 changed, 0 unchanged, 2 kept aside)"),
        (b"\xff\xfe{\x00", 1, "error: "),
        (b"\x1f\x8bnot gzip at all", 1, "damaged or end too early"),
        (b"PK\x03\x04not zip", 1, "damaged zip"),
    ],
)
def test_an_input_that_gives_nothing_is_no_success(ingest_command, tmp_path, content, exit_code, talk):
    path = tmp_path / "bad.json"
    path.write_bytes(content)

    done = ingest_command("arxiv", path)

    assert done.returncode == exit_code
    assert talk in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_wrong_use(ingest_command, tmp_path):
    done = ingest_command("arxiv", tmp_path / "none.json")

    assert done.returncode == 2
    assert "does not exist" in done.stderr


def test_a_packed_file_that_was_cut_off_gives_what_is_whole_and_then_fails(
    ingest_command, store_rows, tmp_path, arxiv_record
):
    whole = gzip.compress("".join(json.dumps(arxiv_record(n)) + "\n" for n in range(5_000)).encode())
    path = tmp_path / "cut.gz"
    path.write_bytes(whole[: len(whole) // 2])

    done = ingest_command("arxiv", path)

    assert done.returncode == 1
    assert "damaged or end too early" in done.stderr
    [(status, read, added, *_)] = store_rows(RUN)
    assert (status, read, added) == ("failed", added, added)
    assert added > 500


def test_a_store_without_its_schema_is_named_with_the_way_out(empty_database, mixed_file):
    with pytest.raises(StoreBehind, match=r"lacks migration 0001.*\nhint: python -m doctrove.store migrate"):
        load(empty_database, arxiv(mixed_file))


def test_what_only_the_store_refuses_is_kept_aside_alone(store_url, store_rows, arxiv_file, arxiv_record):
    with connect(store_url, autocommit=True) as connection:
        connection.execute("alter table papers add check (title not like '%number 13%')")
    path = arxiv_file(arxiv_record(n) for n in range(50))

    run = load(store_url, arxiv(path))

    assert (run.status, run.read, run.added, run.rejected) == ("done", 50, 49, 1)
    [(line, reason)] = store_rows("select line, reason from ingest_reject")
    assert line == 14
    assert reason.startswith("the store refused it: new row for relation")
    assert store_rows("select count(*) from enrichment") == [(49,)]
    assert len(store_rows("select * from term where kind = 'field'")) == 3


def test_two_processes_do_not_read_one_input_at_once(store_url, mixed_file, monkeypatch):
    monkeypatch.setattr("doctrove.ingest.load.BUSY_WAIT_SECONDS", 0.3)
    source = arxiv(mixed_file)
    with connect(store_url, autocommit=True) as other:
        other.execute(
            "select pg_advisory_lock(hashtextextended('doctrove ingest ' || %s || %s, 0))",
            [source.name, source.fingerprint()],
        )

        with pytest.raises(InputBusy, match="another process is reading"):
            load(store_url, source)


def test_a_connection_that_breaks_in_every_batch_costs_nothing(store_url, store_rows, mixed_file):
    notices = []

    def cut(run, progress):
        with connect(store_url, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and application_name = 'ingest'"
            )

    run = load(store_url, arxiv(mixed_file), report=cut, notice=notices.append)

    assert (run.status, run.read, run.added, run.rejected) == ("done", 12_000, 11_880, 120)
    assert store_rows(IDS) == expected_ids()
    assert any("the database is away, trying again" in notice for notice in notices)


def test_a_database_that_restarts_in_the_middle_is_waited_for(fragile_store, mixed_file):
    server, url = fragile_store
    restarted = threading.Event()

    def restart(run, progress):
        if not restarted.is_set():
            restarted.set()
            server.stop()
            threading.Timer(1.0, server.start).start()

    run = load(url, arxiv(mixed_file), report=restart)

    assert restarted.is_set()
    assert (run.status, run.read, run.added) == ("done", 12_000, 11_880)


def test_a_database_that_stays_away_ends_the_run_with_the_way_on(fragile_store, mixed_file):
    server, url = fragile_store

    with pytest.raises(DatabaseAway, match="goes on after the last batch"):
        load(url, arxiv(mixed_file), report=lambda *_: server.stop(), away_seconds=1)

    server.start()
    run = load(url, arxiv(mixed_file))
    assert (run.status, run.read, run.added, run.rejected) == ("done", 12_000, 11_880, 120)


@pytest.fixture
def fragile_store():
    """A server of the test's own, which it may stop, with a migrated store."""
    directory = Path(tempfile.mkdtemp(prefix="seatrial-fragile-"))
    directory.chmod(0o711)
    server = Server(directory / "data")
    before = os.environ.get("PGPASSFILE")
    server.start()
    try:
        os.environ.update(server.environment())
        server.create_database("papers", extensions=("vector",))
        migrate(server.url("papers"), MIGRATIONS)
        yield server, server.url("papers")
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
        os.environ.pop("PGPASSFILE", None)
        if before is not None:
            os.environ["PGPASSFILE"] = before


LOAD_AND_TELL_MEMORY = """
import re, sys
from pathlib import Path
from doctrove.ingest.load import load
from doctrove.ingest.sources.arxiv import arxiv
run = load(sys.argv[1], arxiv(Path(sys.argv[2])))
print(run.read, re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the highest memory")
def test_200_mb_with_one_line_of_60_mb_are_read_in_little_memory(store_url, tmp_path, arxiv_record):
    path = tmp_path / "large.json"
    abstract = "abstract of some length " * 80
    block = "".join(json.dumps(arxiv_record(n, abstract=abstract)) + "\n" for n in range(1_000))
    with path.open("w") as file:
        for _ in range(30):
            file.write(block)
        file.write("x" * 60_000_000 + "\n")
        for _ in range(35):
            file.write(block)
    assert path.stat().st_size > 200_000_000

    told = subprocess.run(
        [sys.executable, "-c", LOAD_AND_TELL_MEMORY, store_url, path],
        capture_output=True,
        text=True,
        timeout=150,
        check=True,
    ).stdout.split()

    assert told[0] == "65001"
    assert int(told[1]) < 150_000, "kB at the highest"
