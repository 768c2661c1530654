"""New documents onto the map that is shown: everybody who is on it keeps their place."""

from __future__ import annotations

from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from seatrial_kit.blobs import Blobs
from seatrial_kit.database import Row

from doctrove import geometry
from doctrove.enrichment import artefact, clusters, maps, vectors
from doctrove.enrichment.levels import expected_levels
from doctrove.enrichment.projection import Matrix, Placed, Projection

__all__ = ["Placer"]

AT_ONCE = 2_000


class Placer:
    """Remembers the fit of the map that is shown, and where its points are."""

    def __init__(self, blobs: Blobs, model_id: int) -> None:
        self._blobs, self._model_id = blobs, model_id
        self._map_id: int | None = None
        self._fit: Projection | None = None
        self._mortons: NDArray[np.int64] = np.zeros(0, np.int64)

    def place(self, connection: psycopg.Connection[Row]) -> int:
        """Place up to 2,000 of those that wait; how many. None are placed on another model's map."""
        try:
            with connection.transaction():
                maps.alone(connection)  # from here on nobody switches maps
                shown = maps.active(connection)
                if shown is None or shown.model_id != self._model_id:
                    return 0
                waiting = maps.waiting(connection, self._model_id, AT_ONCE)
                if not waiting:
                    return 0
                fit = self._fit_of(connection, shown)
                [some] = vectors.read(connection, self._model_id, waiting, at_once=AT_ONCE)
                return self._write(connection, shown, some, fit.place(some.paper_ids, some.matrix))
        except BaseException:
            self._map_id = None  # what we remember of its points may be ahead of what was stored
            raise

    def _write(
        self, connection: psycopg.Connection[Row], shown: maps.Map, some: vectors.Vectors, placed: Placed
    ) -> int:
        numbers = geometry.morton(*placed.positions.T)
        priorities = geometry.priority(some.paper_ids)
        self._mortons = np.sort(np.concatenate([self._mortons, numbers]))
        centroids: Matrix = np.array(shown.parameters["centroids"], np.float32)
        points = maps.Points(
            paper_ids=some.paper_ids,
            hashes=some.hashes,
            positions=placed.positions,
            mortons=numbers,
            priorities=priorities,
            levels=expected_levels(numbers, priorities, self._mortons),
            clusters=clusters.which(placed.positions, centroids),
        )
        maps.write_points(connection, shown.map_id, points)
        count = maps.mark_placed(connection, shown.map_id, self._model_id)
        since = _since(shown.parameters, placed)
        maps.touch(connection, shown.map_id, {"since": since})
        if (normal := shown.parameters.get("normal")) is not None:
            connection.execute(
                "update map_version set drift = %s where id = %s", [drift(normal, since), shown.map_id]
            )
        return count

    def _fit_of(self, connection: psycopg.Connection[Row], shown: maps.Map) -> Projection:
        if self._fit is None or self._map_id != shown.map_id:
            self._fit = artefact.unpack(self._blobs.read(shown.artefact), shown.parameters["sha256"])
            self._mortons = maps.mortons(connection, shown.map_id)
            self._map_id = shown.map_id
        return self._fit


def drift(normal: dict[str, float], since: dict[str, Any]) -> float:
    """How much worse the documents placed since the fit suit it than held-out ones of its sample did.

    0: no worse. 0.25: a quarter farther from their nearest fitted documents, or with a quarter less of their
    neighbours kept, whichever is worse.
    """
    if not since["documents"]:
        return 0.0
    farther = since["distance"] / since["documents"] / max(normal["distance"], 1e-6) - 1
    fewer = 1 - since["agreement"] / since["documents"] / max(normal["agreement"], 1e-6)
    return float(max(0.0, farther, fewer))


def _since(parameters: dict[str, Any], placed: Placed) -> dict[str, Any]:
    """Sums over the documents placed since the fit."""
    before = parameters.get("since", {"documents": 0, "distance": 0.0, "agreement": 0.0})
    return {
        "documents": before["documents"] + len(placed.positions),
        "distance": before["distance"] + float(placed.distances.sum()),
        "agreement": before["agreement"] + float(placed.agreement.sum()),
    }
