"""Models and map versions: partitions that never mix, and switches without a gap."""

from __future__ import annotations

import threading

import psycopg
import pytest
from doctrove.store.maps import CannotUseMap, activate_map, create_map, drop_map, fail_map
from doctrove.store.models import UnknownModel, activate_model, create_model
from seatrial_kit.database import connect

pytestmark = pytest.mark.integration


@pytest.fixture
def papers_db(store_url):
    with connect(store_url, autocommit=True) as connection:
        yield connection


def add_vector(connection, model_id, paper_id, vector):
    connection.execute(
        "insert into embedding (model_id, paper_id, content_hash, vector) values (%s, %s, '', %s::halfvec)",
        [model_id, paper_id, str(vector)],
    )


def add_point(connection, map_id, paper_id):
    connection.execute(
        "insert into placement (map_id, paper_id, position, morton, priority, level, source, field, country,"
        " day, cluster) values (%s, %s, point(0, 0), 0, 0, 0, 0, 0, 0, 0, 0)",
        [map_id, paper_id],
    )


def test_the_same_model_is_made_once(papers_db):
    first = create_model(papers_db, "MiniLM", "local", 3)

    assert create_model(papers_db, "MiniLM", "local", 3) == first
    assert create_model(papers_db, "MiniLM", "openai", 3) != first


def test_two_workers_that_make_one_model_at_once_get_one(store_url):
    made = []

    def work():
        with connect(store_url) as connection:
            made.append(create_model(connection, "MiniLM", "local", 3))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(made) == 4
    assert len(set(made)) == 1


def test_a_vector_of_another_length_is_refused(papers_db):
    model_id = create_model(papers_db, "MiniLM", "local", 3)

    add_vector(papers_db, model_id, 1, [1, 0, 0])
    with pytest.raises(psycopg.errors.CheckViolation):
        add_vector(papers_db, model_id, 2, [1, 0])


def test_the_index_of_a_model_answers_for_that_model_alone(papers_db):
    ours = create_model(papers_db, "ours", "local", 2)
    theirs = create_model(papers_db, "theirs", "local", 2)
    add_vector(papers_db, ours, 1, [1, 0])
    add_vector(papers_db, theirs, 2, [1, 0])

    papers_db.execute("set enable_seqscan = off")
    nearest = (
        f"select paper_id from embedding_{ours} order by vector::halfvec(2) <=> '[1,0]'::halfvec(2) limit 5"
    )

    assert papers_db.execute(nearest).fetchall() == [(1,)]
    plan = str(papers_db.execute("explain " + nearest).fetchall())
    assert f"embedding_{ours}_hnsw" in plan


def test_one_model_is_active_at_a_time(papers_db):
    one, two = (create_model(papers_db, name, "local", 2) for name in ("one", "two"))

    activate_model(papers_db, one)
    activate_model(papers_db, two)

    assert papers_db.execute("select id from embedding_model where active").fetchall() == [(two,)]


def test_activating_a_model_that_is_not_there_changes_nothing(papers_db):
    one = create_model(papers_db, "one", "local", 2)
    activate_model(papers_db, one)

    with pytest.raises(UnknownModel, match="no embedding model 99"):
        activate_model(papers_db, 99)

    assert papers_db.execute("select id from embedding_model where active").fetchall() == [(one,)]


def test_activating_a_map_retires_the_other_in_the_same_moment(papers_db, store_url):
    model = create_model(papers_db, "one", "local", 2)
    quick, umap = create_map(papers_db, "quick", model), create_map(papers_db, "umap", model, fitted_on=10)
    activate_map(papers_db, quick)
    seen = []
    stop = threading.Event()

    def watch():
        with connect(store_url, autocommit=True) as reader:
            while not stop.is_set():
                seen.append(reader.execute("select id from map_version where status = 'active'").fetchall())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(30):
        activate_map(papers_db, umap)
        activate_map(papers_db, quick)
    stop.set()
    watcher.join(20)

    assert seen
    assert {len(active) for active in seen} == {1}
    assert papers_db.execute("select status from map_version where id = %s", [umap]).fetchone() == (
        "retired",
    )


def test_activating_again_does_not_change_the_stamp(papers_db):
    map_id = create_map(papers_db, "quick", create_model(papers_db, "one", "local", 2))
    activate_map(papers_db, map_id)
    stamp = papers_db.execute("select stamp from map_version").fetchone()

    activate_map(papers_db, map_id)

    assert papers_db.execute("select stamp from map_version").fetchone() == stamp


def test_a_failed_map_is_never_shown(papers_db):
    map_id = create_map(papers_db, "umap", create_model(papers_db, "one", "local", 2))
    fail_map(papers_db, map_id, "too few documents")

    with pytest.raises(CannotUseMap, match="has failed"):
        activate_map(papers_db, map_id)


def test_a_dropped_map_takes_its_points_and_labels_along(papers_db):
    model = create_model(papers_db, "one", "local", 2)
    old, new = create_map(papers_db, "quick", model), create_map(papers_db, "umap", model)
    for map_id in (old, new):
        add_point(papers_db, map_id, 1)
    papers_db.execute("insert into map_label values (%s, 0, 1, null, 'graphs', '{}', 0, 0, 1, '[]')", [old])
    papers_db.execute("insert into enrichment (paper_id, content_hash, placed_on) values (1, '', %s)", [old])
    activate_map(papers_db, new)

    drop_map(papers_db, old)

    assert papers_db.execute("select map_id from placement").fetchall() == [(new,)]
    assert papers_db.execute("select count(*) from map_label").fetchone() == (0,)
    assert papers_db.execute("select placed_on from enrichment").fetchone() == (None,)


def test_the_map_that_is_shown_cannot_be_dropped(papers_db):
    map_id = create_map(papers_db, "quick", create_model(papers_db, "one", "local", 2))
    activate_map(papers_db, map_id)

    with pytest.raises(CannotUseMap, match="activate another one first"):
        drop_map(papers_db, map_id)
