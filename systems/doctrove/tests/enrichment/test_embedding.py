"""Documents get their vectors once, whoever dies on the way, and two models' vectors never mix.

Tries what `seatrial check` calls laptop-model, and laptop-one-replica as far as workers go.
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from typing import Any

import pytest
from doctrove.enrichment import durable

pytestmark = pytest.mark.integration


def vectors_by_model(store: Any) -> dict[str, int]:
    return dict(
        store.all(
            "select m.name, count(e.paper_id) from embedding_model m"
            " left join embedding e on e.model_id = m.id group by 1"
        )
    )


def test_a_worker_killed_in_mid_batch_leaves_nothing_out_and_nothing_twice(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(500)
    small_model.delay = 0.4
    worker = start_worker()
    store.wait_for("select count(*) from embedding")
    # When it is killed while the model works on the second batch
    time.sleep(0.2)
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    assert 0 < store.embedded() < 500
    small_model.delay = 0
    # Then the next one finishes at once, without waiting for any lease
    before = time.monotonic()
    start_worker()
    store.wait_until_embedded(seconds=30)
    assert time.monotonic() - before < 30
    assert vectors_by_model(store) == {"small": 500}
    # and asked again at most for the batch that was in work
    repeated = Counter(small_model.texts)
    assert sum(count - 1 for count in repeated.values()) <= 128
    assert max(repeated.values()) <= 2


def test_the_work_of_a_worker_that_never_comes_back_is_adopted(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(128)
    small_model.delay = 5
    lost = start_worker()
    while not small_model.texts:
        time.sleep(0.01)
    # Given another worker, which finds nothing to do, when the first is killed and not started again
    start_worker()
    store.wait_for(
        "select count(*) = 2 from pg_locks where locktype = 'advisory' and classid = %s"
        " and database = (select oid from pg_database where datname = current_database())",
        durable._SLOTS,
    )
    time.sleep(3)
    small_model.delay = 0
    lost.send_signal(signal.SIGKILL)
    lost.wait(10)
    # Then the other finishes the batch long before its lease of a quarter of an hour ends
    store.wait_until_embedded(seconds=60)
    assert vectors_by_model(store) == {"small": 128}


def test_two_workers_share_the_work_and_do_nothing_twice(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    small_model.delay = 0.2
    start_worker(), start_worker()
    time.sleep(3)  # both are ready
    store.add(1_000)
    store.wait_until_embedded()
    assert vectors_by_model(store) == {"small": 1_000}
    assert max(Counter(small_model.texts).values()) == 1
    workers = store.one("select count(distinct executor_id) from dbos.workflow_status")
    assert workers == 2


def test_a_text_that_is_refused_says_so_and_blocks_nobody(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(30)
    small_model.refuses = "rockets land 11\n"
    start_worker()
    store.wait_for("select count(*) = 29 from enrichment where embedded_by is not null")
    [(attempts, error, later)] = store.wait_for(
        "select array_agg(title) from papers p join enrichment e on e.paper_id = p.id where error is not null"
    ) and store.all("select attempts, error, retry_at > now() from enrichment where error is not null")
    assert (attempts, error, later) == (1, "I do not like this text", True)


def test_a_model_that_refuses_us_is_waited_for_and_never_replaced(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(20)
    small_model.locked = True
    worker = start_worker()
    while len(small_model.texts) < 20:
        time.sleep(0.01)
    time.sleep(1)
    assert worker.poll() is None
    assert store.embedded() == 0
    # The same worker takes the same documents up when it is let in again
    small_model.locked = False
    store.wait_until_embedded(seconds=30)
    assert vectors_by_model(store) == {"small": 20}


def test_a_document_that_changes_meanwhile_stays_in_the_queue_until_its_new_text_is_embedded(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(5)
    small_model.delay = 1.0
    start_worker()
    while not small_model.texts:
        time.sleep(0.01)
    paper = store.one("select min(id) from papers")
    store.change(paper, "violins are tuned anew")
    store.wait_until_embedded()
    assert any(text.startswith("violins are tuned anew") for text in small_model.texts)
    same = store.one(
        "select bool_and(e.content_hash = p.content_hash) from embedding e join papers p on p.id = e.paper_id"
    )
    assert same is True


def test_a_text_known_already_is_not_asked_for_again(store: Any, start_worker: Any, small_model: Any) -> None:
    store.add(10)
    start_worker()
    store.wait_until_embedded()
    asked = len(small_model.texts)
    store.connection.execute("update enrichment set embedded_by = null, placed_on = null")
    store.connection.execute("notify doctrove_ingest")
    store.wait_until_embedded()
    assert len(small_model.texts) == asked


def test_another_model_builds_up_beside_and_all_switch_at_once(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(300)
    first = start_worker("small")
    store.wait_until_embedded()
    store.wait_until_placed()
    first.terminate()
    first.wait(10)
    small_model.delay = 0.3
    active = "select name from embedding_model where active"
    start_worker("larger")
    # While the new vectors come in, the old model is searched, with all of its vectors
    seen = set()
    while (name := store.one(active)) == "small":
        counts = vectors_by_model(store)
        seen.add(counts.get("larger", 0))
        assert counts["small"] == 300
    assert any(0 < count < 300 for count in seen)
    # and when the new one is searched, all of its vectors are there
    assert name == "larger"
    assert vectors_by_model(store) == {"small": 300, "larger": 300}
    # The map follows, and is of one model only
    store.wait_until_placed()
    [(kind_of_model, points)] = store.all(
        "select m.name, count(*) from map_version v join embedding_model m on m.id = v.model_id"
        " join placement p on p.map_id = v.id where v.status = 'active' group by 1"
    )
    assert (kind_of_model, points) == ("larger", 300)


def test_sigterm_stops_within_seconds_and_loses_nothing(
    store: Any, start_worker: Any, small_model: Any
) -> None:
    store.add(300)
    small_model.delay = 5
    worker = start_worker()
    while not small_model.texts:
        time.sleep(0.01)
    before = time.monotonic()
    worker.terminate()
    assert worker.wait(10) == 0
    assert time.monotonic() - before < 3.5
    small_model.delay = 0
    start_worker()
    store.wait_until_embedded(seconds=30)


def test_the_local_model_embeds_without_any_endpoint(store: Any, start_worker: Any) -> None:
    store.add(10)
    start_worker(None)
    store.wait_until_embedded()
    assert vectors_by_model(store) == {"all-MiniLM-L6-v2": 10}
    assert store.one("select min(vector_norm(vector::vector)) from embedding") == pytest.approx(1, abs=1e-3)
