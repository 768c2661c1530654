"""The merge: whatever is sent, in whatever pieces and how often, the store is what came last."""

from __future__ import annotations

from datetime import date

import psycopg
import pytest
from doctrove.ingest.load import load
from doctrove.ingest.merge import MAX_CODE, merge, prepare
from doctrove.ingest.records import Kept, Progress, document
from doctrove.store.partitions import make_room, partition_by_year
from doctrove.store.verify import verify
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seatrial_kit.database import connect

pytestmark = pytest.mark.integration

PAPERS = (
    "select source_id, title, abstract, authors, primary_date, field, country, links from papers order by 1"
)


@pytest.fixture
def merge_db(store_url):
    with connect(store_url) as connection:
        prepare(connection)
        yield connection


def one(name="a", **changes):
    return document(**({"source_id": name, "title": "T", "abstract": "text", "field": "maths"} | changes))


def test_a_second_merge_adds_nothing(merge_db):
    batch = [one(str(n), primary_date=date(2020, 1, 1), authors=["A"], links={"a": "b"}) for n in range(50)]

    assert merge(merge_db, "s", batch, set()) == (50, 0, 0)
    merge_db.commit()
    before = merge_db.execute("select *, xmin from papers order by id").fetchall()

    assert merge(merge_db, "s", batch, set()) == (0, 0, 50)
    merge_db.commit()
    assert merge_db.execute("select *, xmin from papers order by id").fetchall() == before


def test_of_two_with_one_id_the_last_wins(merge_db):
    assert merge(merge_db, "s", [one(title="first"), one("b"), one(title="last")], set()) == (2, 0, 1)

    assert merge_db.execute("select title from papers where source_id = 'a'").fetchall() == [("last",)]


def test_one_id_in_two_sources_is_two_documents(merge_db):
    merge(merge_db, "s", [one()], set())
    merge_db.commit()
    assert merge(merge_db, "t", [one()], set()) == (1, 0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "T2"},
        {"abstract": "other"},
        {"authors": ["B"]},
        {"primary_date": date(2021, 1, 1)},
        {"field": None},
        {"country": "NZ"},
        {"links": {"doi": "https://doi.org/1"}},
    ],
)
def test_any_change_is_taken_over_and_sends_the_paper_through_enrichment_again(merge_db, change):
    merge(merge_db, "s", [one()], set())
    merge_db.execute(
        "update enrichment set embedded_by = 1, placed_on = 2, error = 'e', attempts = 3, retry_at = now()"
    )
    merge_db.commit()

    assert merge(merge_db, "s", [one(**change)], set()) == (0, 1, 0)

    queued = merge_db.execute(
        "select embedded_by, placed_on, error, attempts, retry_at, e.content_hash = p.content_hash,"
        " p.changed_at > p.first_seen"
        " from enrichment e join papers p on p.id = e.paper_id"
    ).fetchall()
    assert queued == [(None, None, None, 0, None, True, True)]


def test_what_did_not_change_keeps_its_place_in_enrichment(merge_db):
    merge(merge_db, "s", [one()], set())
    merge_db.execute("update enrichment set embedded_by = 1, placed_on = 2")
    merge_db.commit()

    merge(merge_db, "s", [one()], set())

    assert merge_db.execute("select embedded_by, placed_on from enrichment").fetchall() == [(1, 2)]


def test_names_get_numbers_once_and_in_order(merge_db):
    known = set()
    merge(merge_db, "s", [one("1", field="b", country="NZ"), one("2", field="a")], known)
    merge_db.commit()
    merge(merge_db, "s", [one("3", field="c", country="NZ")], known)
    merge(merge_db, "s", [one("4", field="c")], set())

    terms = merge_db.execute("select kind, code, name from term order by 1, 2").fetchall()
    assert terms == [
        ("country", 1, "NZ"),
        ("field", 1, "a"),
        ("field", 2, "b"),
        ("field", 3, "c"),
        ("source", 1, "s"),
    ]


def test_a_name_that_comes_after_the_last_number_has_none(merge_db):
    merge_db.execute("insert into term values ('field', %s, 'nearly last')", [MAX_CODE - 1])

    merge(merge_db, "s", [one("1", field="x"), one("2", field="y"), one("3", field="z")], set())

    assert merge_db.execute("select name from term where kind = 'field' order by code").fetchall() == [
        ("nearly last",),
        ("x",),
    ]
    assert merge_db.execute("select count(*) from papers").fetchone() == (3,)


def test_whoever_listens_hears_of_each_batch(store_url):
    class Twice:
        name, location, total = "s", "here", None

        def fingerprint(self):
            return "f"

        def progress(self):
            return Progress(done=0, total=0)

        def records(self, position, line):
            yield Kept(1, 1, one())

    with connect(store_url, autocommit=True) as listener:
        listener.execute("listen doctrove_ingest")
        load(store_url, Twice())
        assert [n.channel for n in listener.notifies(timeout=5, stop_after=1)] == ["doctrove_ingest"]


IDS = st.sampled_from(["a", "b", "c", "ä", "'; drop table papers; --"])
DOCUMENTS = st.builds(
    one,
    IDS,
    title=st.text(min_size=1, max_size=10, alphabet=st.characters(exclude_categories=["Cs", "Cc", "Z"])),
    abstract=st.text(max_size=10, alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    authors=st.lists(st.sampled_from(["A", 'q"u,o{t}e\\', "É"]), max_size=3),
    primary_date=st.none() | st.dates(date(1000, 1, 1), date(2027, 12, 31)),
    field=st.none() | st.sampled_from(["maths", "physics"]),
    links=st.dictionaries(st.sampled_from(["doi", "\\x"]), st.sampled_from(["\u2028", "\t"]), max_size=2),
)


@pytest.mark.parametrize("partitioned", [False, True])
def test_any_batches_in_any_order_with_any_aborted_in_between_give_what_came_last(store_url, partitioned):
    with connect(store_url) as connection:
        prepare(connection)
        if partitioned:
            partition_by_year(connection)

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.lists(st.tuples(st.lists(DOCUMENTS, max_size=6), st.booleans(), st.booleans()), max_size=6))
        def check(batches):
            connection.execute("truncate papers, enrichment")
            connection.commit()
            wanted = {}
            for documents, aborted, repeated in batches:
                for _ in range(1 + repeated):
                    make_room(connection, {d.primary_date.year for d in documents if d.primary_date})
                    connection.commit()
                    merge(connection, "s", documents, set())
                    if aborted:  # as by kill -9 before the commit
                        connection.rollback()
                    else:
                        connection.commit()
                        wanted |= {d.source_id: d for d in documents}

            assert connection.execute(PAPERS).fetchall() == sorted(tuple(d[:8]) for d in wanted.values())
            queued = connection.execute(
                "select p.source_id, e.content_hash from enrichment e join papers p on p.id = e.paper_id"
            ).fetchall()
            assert sorted(queued) == sorted((d.source_id, d.content_hash) for d in wanted.values())
            assert [finding for finding in verify(connection) if not finding.good] == []

        check()


def test_two_ingestors_of_one_source_do_not_double_a_document(merge_db, store_url):
    with connect(store_url) as other:
        prepare(other)
        merge(merge_db, "s", [one()], set())
        other.execute("set statement_timeout = '300ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            merge(other, "s", [one(title="later")], set())
        other.rollback()
        other.execute("set statement_timeout = 0")
        merge_db.commit()

        assert merge(other, "s", [one(title="later")], set()) == (0, 1, 0)
