"""The map: soon something, then something good; switched at once; everybody keeps their place."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import psycopg
import pytest
from doctrove.enrichment.levels import levels

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]  # UMAP is compiled in each fit


class Reader:
    """Asks for the map as a browser does, again and again, and notes what it saw."""

    def __init__(self, url: str) -> None:
        self.seen: list[tuple[int, str, int, int]] = []
        self._connection = psycopg.connect(url, autocommit=True)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._stop.wait(0.02):
            row = self._connection.execute(
                "select v.id, v.kind, (select count(*) from placement p where p.map_id = v.id),"
                " (select count(*) from map_label l where l.map_id = v.id)"
                " from map_version v where status = 'active'"
            ).fetchone()
            if row is not None:
                self.seen.append(row)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(10)
        self._connection.close()


def places(store: Any) -> dict[int, tuple[float, float]]:
    return {
        paper: (x, y)
        for paper, x, y in store.all(
            "select paper_id, position[0], position[1] from placement p join map_version v on v.id = p.map_id"
            " where v.status = 'active'"
        )
    }


def kill_when(store: Any, worker: Any, condition: str) -> None:
    store.wait_for(condition)
    fitting = [
        c for c in psutil.Process(worker.pid).children() if "doctrove.enrichment.fitting" in c.cmdline()
    ]
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    for process in fitting:
        process.wait(10)  # it does not outlive its worker


def test_a_reader_sees_a_quick_map_first_and_then_a_whole_fitted_one(
    store: Any, start_worker: Any, store_url: str, tmp_path: Path
) -> None:
    reader = Reader(store_url)
    try:
        store.add(300)
        start_worker()
        store.wait_for(
            "select count(*) from map_version where status = 'active' and kind = 'umap'", seconds=300
        )
        store.wait_until_placed()
        while reader.seen[-1][1] != "umap":
            time.sleep(0.01)
    finally:
        reader.stop()
    # The quick map came first, with labels and before all was embedded; then the other, whole from the start
    kinds = [kind for _, kind, _, _ in reader.seen]
    assert kinds == sorted(kinds)  # 'quick' before 'umap', and never back
    assert kinds[0] == "quick"
    assert all(labels >= 3 for _, _, _, labels in reader.seen)
    assert min(points for _, kind, points, _ in reader.seen if kind == "quick") >= 200
    assert {points for _, kind, points, _ in reader.seen if kind == "umap"} == {300}

    [(x_low, x_high, y_low, y_high)] = store.all(
        "select min(position[0]), max(position[0]), min(position[1]), max(position[1]) from placement"
    )
    assert -1 <= x_low < -0.8 < 0.8 < x_high <= 1
    assert -1 <= y_low < -0.8 < 0.8 < y_high <= 1

    rows = store.all(
        "select morton, priority, paper_id, level, source, field, country, day, cluster from placement p"
        " join map_version v on v.id = p.map_id where v.status = 'active'"
    )
    morton, priority, ids, level = (np.array(column) for column in list(zip(*rows, strict=True))[:4])
    assert levels(morton, priority.astype(np.float32), ids).tolist() == level.tolist()
    assert {row[4:8] for row in rows} == {(1, 1, 0, -2147483648)}

    # Clusters of the points are the fine labels, each inside one of the level above
    fine = {label for (label,) in store.all("select distinct cluster from map_label where level = 2")}
    assert {row[8] for row in rows} <= fine
    orphans = store.one(
        "select count(*) from map_label c where level > 0 and not exists (select from map_label p"
        " where p.map_id = c.map_id and p.level = c.level - 1 and p.cluster = c.parent)"
    )
    assert orphans == 0

    [(trust, agreement, drift, fitted_on)] = store.all(
        "select trustworthiness, neighbour_agreement, drift, fitted_on from map_version where kind = 'umap'"
    )
    assert 0.8 < trust <= 1
    assert 0 < agreement <= 1
    assert (drift, fitted_on) == (0, 300)
    assert len(list((tmp_path / "models").rglob("*.npz"))) == 2


def test_a_fit_killed_midway_is_taken_up_and_new_documents_keep_everybody_in_place(
    store: Any, start_worker: Any
) -> None:
    store.add(100)
    # Given workers that are killed while they make a map: a quick one (or what follows it), then a fitted one
    kill_when(store, start_worker(), "select count(*) from map_version where status = 'building'")
    kill_when(
        store,
        start_worker(),
        "select count(*) from map_version where status = 'building' and kind = 'umap'",
    )
    # When another starts, then it ends with one map of each kind
    start_worker()
    store.wait_for("select count(*) from map_version where status = 'active' and kind = 'umap'", seconds=300)
    assert store.all("select kind, status from map_version where status <> 'failed' order by id") == [
        ("quick", "retired"),
        ("umap", "active"),
    ]
    store.wait_until_placed()
    before, stamp = places(store), store.one("select stamp from map_version where status = 'active'")
    assert len(before) == 100

    # Given new documents, when they are placed, then nobody has moved and the stamp has grown
    store.add(50)
    store.wait_until_embedded()
    store.wait_until_placed()
    after = places(store)
    assert len(after) == 150
    assert {paper: after[paper] for paper in before} == before
    assert store.one("select stamp from map_version where status = 'active'") > stamp
    assert store.one("select drift from map_version where status = 'active'") is not None


def test_a_few_documents_have_a_quick_map_and_wait_for_more(store: Any, start_worker: Any) -> None:
    store.add(7)
    start_worker()
    store.wait_for("select count(*) from map_version where status = 'active'", seconds=30)
    store.wait_until_placed()
    assert len(places(store)) == 7
    store.add(1)
    store.wait_until_embedded()
    store.wait_until_placed()
    assert len(places(store)) == 8
