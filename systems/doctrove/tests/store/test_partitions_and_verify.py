"""Papers by year, and the check that the store is whole."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import doctrove.store
import psycopg
import pytest
from doctrove.ingest.merge import merge, prepare
from doctrove.ingest.records import document
from doctrove.store.models import activate_model, create_model
from doctrove.store.partitions import is_partitioned, make_room, partition_by_year
from doctrove.store.verify import verify
from seatrial_kit.database import connect

pytestmark = pytest.mark.integration

TABLE = (
    "select id, source, source_id, title, abstract, authors, primary_date, field, country, links,"
    " content_hash, words::text, first_seen from papers order by id"
)


@pytest.fixture
def filled_db(store_url):
    with connect(store_url) as connection:
        prepare(connection)
        add(connection, [(f"p{n}", date(2000 + n % 4, 1, 1 + n % 28) if n % 5 else None) for n in range(60)])
        yield connection


def add(connection, ids_and_days, title="Title"):
    documents = [
        document(source_id=name, title=title, primary_date=day, field="maths") for name, day in ids_and_days
    ]
    make_room(connection, {day.year for _, day in ids_and_days if day})
    merged = merge(connection, "test", documents, set())
    connection.commit()
    return merged


def store_command(url, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "doctrove.store", *arguments],
        env=os.environ | {"PAPERS_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
    )


def wrong(connection):
    return {finding.what: finding.detail for finding in verify(connection) if not finding.good}


def test_partitioning_keeps_every_row_as_it_is(filled_db):
    before = filled_db.execute(TABLE).fetchall()
    filled_db.commit()

    assert partition_by_year(filled_db) == 60

    assert is_partitioned(filled_db)
    assert filled_db.execute(TABLE).fetchall() == before
    assert wrong(filled_db) == {}


def test_partitioning_twice_changes_nothing(filled_db):
    partition_by_year(filled_db)
    assert partition_by_year(filled_db) is None


def test_indexes_are_on_every_partition_also_those_made_later(filled_db):
    filled_db.execute("create index papers_by_title on papers (lower(title))")
    filled_db.commit()

    partition_by_year(filled_db)
    add(filled_db, [("new", date(2019, 5, 17))])

    for partition in ("papers_2001", "papers_2019", "papers_undated"):
        indexes = str(
            filled_db.execute("select indexdef from pg_indexes where tablename = %s", [partition]).fetchall()
        )
        for part in ("gin (words)", "lower(title)", "(primary_date, id)", "(field, id)", "WHERE (country"):
            assert part in indexes, (partition, part)


def test_a_failure_in_the_middle_leaves_the_table_as_it_was(filled_db, store_url):
    before = filled_db.execute(TABLE).fetchall()
    filled_db.commit()

    def fail(line):
        if line.startswith("2002"):
            raise RuntimeError("pulled the plug")

    with pytest.raises(RuntimeError, match="pulled the plug"):
        partition_by_year(filled_db, fail)

    assert not is_partitioned(filled_db)
    assert filled_db.execute(TABLE).fetchall() == before


def test_a_new_document_gets_a_new_id_and_its_year_a_partition(filled_db):
    partition_by_year(filled_db)

    assert add(filled_db, [("new", date(2031, 1, 1)), ("old", date(1000, 1, 1))]) == (2, 0, 0)

    assert filled_db.execute("select count(*), count(distinct id) from papers").fetchone() == (62, 62)
    assert filled_db.execute("select source_id from papers_2031").fetchall() == [("new",)]
    assert filled_db.execute("select source_id from papers_1000").fetchall() == [("old",)]


def test_a_document_whose_date_changes_moves_and_stays_one(filled_db):
    partition_by_year(filled_db)
    first_id = filled_db.execute("select id from papers where source_id = 'p1'").fetchone()

    assert add(filled_db, [("p1", date(2020, 1, 1))]) == (0, 1, 0)
    assert add(filled_db, [("p1", None)]) == (0, 1, 0)

    assert filled_db.execute("select id from papers where source_id = 'p1'").fetchall() == [first_id]
    assert filled_db.execute("select id from papers_undated where source_id = 'p1'").fetchone() == first_id


def test_a_query_for_one_year_reads_one_partition(filled_db):
    partition_by_year(filled_db)

    plan = str(
        filled_db.execute(
            "explain select id from papers where primary_date between '2001-02-01' and '2001-11-30'"
        ).fetchall()
    )

    assert "papers_2001" in plan
    assert "papers_2002" not in plan


def test_doubles_and_orphans_are_found(filled_db):
    partition_by_year(filled_db)
    assert wrong(filled_db) == {}

    filled_db.execute(
        "insert into papers (source, source_id, title, primary_date, content_hash, field)"
        " values ('test', 'p1', 'double', '2003-01-01', '', 'unheard of')"
    )
    filled_db.execute("delete from papers where source_id = 'p2'")
    filled_db.execute("update enrichment set embedded_by = 1 where paper_id = 5")
    filled_db.commit()

    found = wrong(filled_db)

    assert found["one row for each (source, source_id)"] == "1, such as test p1"
    assert found["every source, field and country of papers has its number"] == "1, such as field unheard of"
    assert "no enrichment without its paper" in found
    assert "every paper stands in the queue of enrichment" in found
    assert found["what counts as embedded has its vector, of the text it has now"] == "1, such as 5"


@pytest.mark.parametrize("carried_over", [False, True])
def test_an_index_that_does_not_know_the_vectors_is_found(filled_db, carried_over):
    model_id = create_model(filled_db, "tiny", "local", 8)
    activate_model(filled_db, model_id)
    if carried_over:
        # PostgreSQL believes in the index, but it was not there when the rows came: a careless table swap.
        filled_db.execute(
            "update pg_index set indisready = false where indexrelid = %s::regclass",
            [f"embedding_{model_id}_hnsw"],
        )
        filled_db.commit()
    dice = random.Random(3)
    for (paper_id,) in filled_db.execute("select id from papers").fetchall():
        vector = str([dice.gauss(0, 1) for _ in range(8)])
        filled_db.execute(
            "insert into embedding values (%s, %s, '', %s::halfvec)", [model_id, paper_id, vector]
        )
    filled_db.commit()

    probe = {f"vectors of model {model_id} find themselves through the index": "0 of 60 found"}
    assert wrong(filled_db) == (probe if carried_over else {})


def test_the_command_says_what_is_applied_and_what_is_whole(store_url):
    status = store_command(store_url, "status")
    assert status.returncode == 0
    assert status.stdout.startswith("0001  first_schema  applied ")

    verified = store_command(store_url, "verify")
    assert verified.returncode == 0
    assert "ok     one row for each (source, source_id)" in verified.stdout


def test_the_command_on_an_empty_database_says_what_is_to_do(empty_database):
    status = store_command(empty_database, "status")
    assert (status.returncode, status.stdout.split()[-2:]) == (3, ["to", "do"])

    first, second = store_command(empty_database, "migrate"), store_command(empty_database, "migrate")

    written = len(list((Path(doctrove.store.__file__).parent / "migrations").glob("*.sql")))
    assert first.stdout == f"{written} applied\n"
    assert second.stdout == "nothing to do: the schema is up to date\n"


def test_the_command_without_an_address_says_which_variable(monkeypatch):
    monkeypatch.delenv("PAPERS_URL", raising=False)
    failed = subprocess.run(
        [sys.executable, "-m", "doctrove.store", "status"], capture_output=True, text=True, timeout=60
    )

    assert failed.returncode == 1
    assert failed.stderr.startswith("error: PAPERS_URL is not set\nhint: ")
    assert "Traceback" not in failed.stderr


def test_the_command_partitions_with_progress_and_is_safe_to_run_twice(store_url):
    with connect(store_url) as connection:
        prepare(connection)
        add(connection, [("a", date(2001, 1, 1)), ("b", None)])

    first, second = (store_command(store_url, "partition", "--by", "year") for _ in range(2))

    assert first.stdout == "2 papers partitioned\n"
    assert "2001: 1 papers  (2 of 2)" in first.stderr
    assert second.stdout == "nothing to do: papers are partitioned\n"


def test_two_ingestors_that_meet_a_new_year_at_once_share_its_partition(filled_db, store_url):
    partition_by_year(filled_db)
    with connect(store_url) as other:
        assert make_room(filled_db, {2040}) == [2040]
        other.execute("set lock_timeout = '300ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            make_room(other, {2040})
        other.rollback()
        filled_db.commit()
        assert make_room(other, {2040}) == []
