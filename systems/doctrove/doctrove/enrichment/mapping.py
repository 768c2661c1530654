"""Making maps: the quick one at once, the fitted one as a durable workflow beside all other work."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import psycopg
from dbos import DBOS, DBOSConfiguredInstance
from seatrial_kit.blobs import Blobs
from seatrial_kit.database import Row

from doctrove.enrichment import artefact, drawing, maps, vectors
from doctrove.enrichment.deciding import State, Wanted, wanted
from doctrove.enrichment.fitting import CannotFit, fit
from doctrove.enrichment.projection import Matrix, NeighbourFit, QuickFit
from doctrove.store.maps import drop_map, fail_map

__all__ = ["Mapping"]

log = logging.getLogger(__name__)

Connect = Callable[[], AbstractContextManager[psycopg.Connection[Row]]]

_QUICK_SAMPLE = 4_000
_DYING_SECONDS = 5.0
_PAUSE_AFTER_FAILURE_SECONDS = 600.0


@DBOS.dbos_class()
class Mapping(DBOSConfiguredInstance):
    """The part of a worker that makes maps. Only one worker leads, and only it makes them."""

    def __init__(self, model_id: int, blobs: Blobs, connect: Connect, *, leads: Callable[[], bool]) -> None:
        self._model_id, self._blobs, self._connect, self._leads = model_id, blobs, connect, leads
        self._not_before = 0.0
        super().__init__(config_name=f"model-{model_id}")

    def next(self, *, drained: bool) -> Wanted | None:
        """The map to make now."""
        if time.monotonic() < self._not_before:
            return None
        with self._connect() as connection:
            return wanted(self._state(connection, drained=drained))

    def _state(self, connection: psycopg.Connection[Row], *, drained: bool) -> State:
        shown = maps.active(connection)
        embedded = maps.count_embedded(connection, self._model_id)
        if shown is None or shown.model_id != self._model_id:
            return State(embedded=embedded, drained=drained, shown=None)
        row = connection.execute("select drift from map_version where id = %s", [shown.map_id]).fetchone()
        return State(
            embedded=embedded,
            drained=drained,
            shown="quick" if shown.kind == "quick" else "umap",
            fitted_for=shown.parameters["documents"],
            drift=(row[0] if row else None) or 0.0,
            placed_since=shown.parameters.get("since", {}).get("documents", 0),
        )

    def quick(self) -> None:
        """Fit and show the quick map. Not a workflow: it takes a second, and happens wholly or not at all."""
        with self._connect() as connection:
            documents, sample = drawing.choose_sample(connection, self._model_id, _QUICK_SAMPLE)
            fitted = QuickFit.of(_matrix(connection, self._model_id, sample)[1])
            key = f"maps/{uuid.uuid4()}.npz"
            parameters = self._keep(key, fitted, {"documents": documents})
            map_id = drawing.begin(
                connection,
                "quick",
                self._model_id,
                artefact=key,
                fitted_on=len(sample),
                parameters=parameters,
            )
            connection.commit()
            drawing.draw(connection, map_id, self._model_id, fitted, parameters)
            log.info("map %d: quick projection of %d documents is shown", map_id, documents)

    def relabel_when_grown(self) -> None:
        """New neighbourhoods for a quick map that has twice the points it had when they were named."""
        with self._connect() as connection:
            shown = maps.active(connection)
            if shown is None or shown.kind != "quick":
                return
            row = connection.execute(
                "select count(*) from placement where map_id = %s", [shown.map_id]
            ).fetchone()
            if row is not None and row[0] >= 2 * shown.parameters.get("labelled", 0):
                drawing.relabel(connection, shown.map_id)

    @DBOS.workflow(name="fit_map")
    def fitted(self) -> int | None:
        """Choose a sample, fit UMAP, keep the fit, draw the map: each step is done once, whatever happens.

        Returns the version shown, or None when another worker leads by now, or when the fit failed.
        """
        if not self._leads_soon():
            return None
        key = f"maps/{DBOS.workflow_id}.npz"
        documents, sample = self._choose()
        map_id = self._begin(key, documents, len(sample))
        try:
            parameters = self._fit(key, documents, sample)
        except CannotFit as exc:
            self._fail(map_id, str(exc))
            return None
        return map_id if self._draw(map_id, key, parameters) else None

    def _leads_soon(self) -> bool:
        """Whether this worker leads: the one whose work it resumes may be dying still."""
        until = time.monotonic() + _DYING_SECONDS
        while not (leads := self._leads()) and time.monotonic() < until:
            time.sleep(0.1)
        return leads

    @DBOS.step(name="choose")
    def _choose(self) -> tuple[int, list[int]]:
        with self._connect() as connection:
            return drawing.choose_sample(connection, self._model_id)

    @DBOS.step(name="begin")
    def _begin(self, key: str, documents: int, fitted_on: int) -> int:
        with self._connect() as connection:
            return drawing.begin(
                connection,
                "umap",
                self._model_id,
                artefact=key,
                fitted_on=fitted_on,
                parameters={"documents": documents},
            )

    @DBOS.step(name="fit")
    def _fit(self, key: str, documents: int, sample: list[int]) -> dict[str, Any]:
        with self._connect() as connection:
            paper_ids, matrix = _matrix(connection, self._model_id, sample)
        positions, about = fit(matrix)
        fitted = NeighbourFit(paper_ids=paper_ids, vectors=matrix, positions=positions)
        log.info("fitted UMAP on %d documents in %.0f s", len(paper_ids), about["seconds"])
        return self._keep(key, fitted, {"documents": documents, **about, "normal": drawing.normal(fitted)})

    @DBOS.step(name="draw")
    def _draw(self, map_id: int, key: str, parameters: dict[str, Any]) -> bool:
        fitted = artefact.unpack(self._blobs.read(key), parameters["sha256"])
        with self._connect() as connection:
            shown = drawing.draw(connection, map_id, self._model_id, fitted, parameters, leads=self._leads)
            self.prune(connection)
        log.info("map %d: %s", map_id, "is shown" if shown else "is not shown: it is not wanted any more")
        return shown

    @DBOS.step(name="fail")
    def _fail(self, map_id: int, error: str) -> None:
        log.error("map %d: %s", map_id, error)
        self.pause()
        with self._connect() as connection:
            fail_map(connection, map_id, error)

    def pause(self) -> None:
        """Make no map for ten minutes: what failed would most likely fail again."""
        self._not_before = time.monotonic() + _PAUSE_AFTER_FAILURE_SECONDS

    def prune(self, connection: psycopg.Connection[Row]) -> None:
        """Drop the versions that nobody will go back to."""
        for map_id, key in maps.superfluous(connection):
            drop_map(connection, map_id)
            connection.commit()
            if key:
                self._blobs.delete(key)

    def clear_abandoned(self) -> None:
        """Fail the versions that no workflow of ours is making any more; for a worker that begins to lead."""
        with self._connect() as connection:
            rows = connection.execute("select id from map_version where status = 'building'").fetchall()
            for (map_id,) in rows:
                fail_map(connection, map_id, "the worker that made it is gone")
            self.prune(connection)

    def _keep(self, key: str, fitted: QuickFit | NeighbourFit, about: dict[str, Any]) -> dict[str, Any]:
        content, sha256 = artefact.pack(fitted, about)
        self._blobs.write(key, content)
        return {**about, "sha256": sha256}


def _matrix(
    connection: psycopg.Connection[Row], model_id: int, sample: list[int]
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], Matrix]:
    """The ids and vectors of a sample; one whose vector went meanwhile is missing."""
    parts = list(vectors.read(connection, model_id, sample))
    return np.concatenate([p.paper_ids for p in parts]), np.concatenate([p.matrix for p in parts])
