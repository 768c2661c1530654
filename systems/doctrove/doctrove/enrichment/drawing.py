"""A whole map at once: every document placed on a fit, clustered, named, and shown in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray
from seatrial_kit.database import Row

from doctrove import geometry
from doctrove.enrichment import clusters, labels, maps, vectors
from doctrove.enrichment.levels import levels
from doctrove.enrichment.projection import Matrix, NeighbourFit, Projection
from doctrove.enrichment.quality import Quality, quality
from doctrove.store.maps import activate_map, create_map

__all__ = ["begin", "choose_sample", "draw", "normal", "relabel"]

SAMPLE = 20_000
_LABELLED = 20_000
_HELD_OUT = 2_000


class _Everybody(NamedTuple):
    paper_ids: NDArray[np.int64]
    hashes: list[bytes]
    positions: Matrix


def choose_sample(
    connection: psycopg.Connection[Row], model_id: int, most: int = SAMPLE
) -> tuple[int, list[int]]:
    """How many documents have a vector, and the ids, in order, of those to fit on: always the same ones."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute("select paper_id from embedding where model_id = %s", [model_id]).fetchall()
    ids = np.sort(np.fromiter((paper_id for (paper_id,) in rows), np.int64, len(rows)))
    chosen = ids[np.lexsort((ids, geometry.priority(ids)))[:most]]
    return len(ids), np.sort(chosen).tolist()


def begin(
    connection: psycopg.Connection[Row],
    kind: Literal["quick", "umap"],
    model_id: int,
    *,
    artefact: str,
    fitted_on: int,
    parameters: dict[str, Any],
) -> int:
    """The version for this artefact, made when it is not there yet."""
    with connection.transaction():
        maps.alone(connection)
        there = maps.of_artefact(connection, artefact)
        if there is not None:
            return there.map_id
        return create_map(
            connection, kind, model_id, fitted_on=fitted_on, artefact=artefact, parameters=parameters
        )


def normal(fit: NeighbourFit) -> dict[str, float]:
    """What is to be expected of documents that were not in the sample: drift is measured against it."""
    rows = np.random.default_rng(0).permutation(len(fit.paper_ids))[:_HELD_OUT]
    placed = fit.held_out(rows)
    return {"distance": float(placed.distances.mean()), "agreement": float(placed.agreement.mean())}


def draw(
    connection: psycopg.Connection[Row],
    map_id: int,
    model_id: int,
    fit: Projection,
    parameters: dict[str, Any],
    *,
    leads: Callable[[], bool] = lambda: True,
) -> bool:
    """Place all documents on a fit and show the map, unless it is shown already; whether it is.

    Until the last step readers see the map before, and documents go on being placed there. Who got a vector
    meanwhile is placed afterwards, like any new document. A crash leaves an empty version, to be drawn again.
    """
    version = connection.execute("select status from map_version where id = %s", [map_id]).fetchone()
    if version is None or version[0] != "building":
        return version is not None and version[0] == "active"
    everybody = _place(connection, model_id, fit)
    places = clusters.find(everybody.positions)
    fine = clusters.which(everybody.positions, places.centroids)
    texts = _texts(connection, everybody.paper_ids)
    made = labels.label(places, everybody.positions, fine, texts)
    if isinstance(fit, NeighbourFit):
        figures, drift = quality(fit.vectors, fit.positions), 0.0
    else:
        figures, drift = _quality_of_all(connection, model_id, everybody), None
    points = _points(everybody, fine)
    with connection.transaction():
        maps.write_points(connection, map_id, points)
        maps.write_labels(connection, map_id, made)
        connection.execute(
            "update map_version set trustworthiness = %s, neighbour_agreement = %s, drift = %s where id = %s",
            [*(figures or (None, None)), drift, map_id],
        )
        maps.alone(connection)
        if not leads():
            raise psycopg.errors.LockNotAvailable("another worker draws maps now")
        # Nobody may change a document's state between these two, nor wait for us while we wait for them.
        connection.execute("lock table enrichment in share row exclusive mode")
        maps.mark_placed(connection, map_id, model_id)
        maps.unmark_others(connection, map_id)
        activate_map(connection, map_id)
        maps.touch(
            connection,
            map_id,
            {**parameters, "centroids": places.centroids.tolist(), "labelled": len(everybody.paper_ids)},
        )
    return True


def relabel(connection: psycopg.Connection[Row], map_id: int) -> int:
    """Find the neighbourhoods of a map that has grown anew, and name them; how many points it has."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(
            "select paper_id, position[0], position[1] from placement where map_id = %s order by paper_id",
            [map_id],
        ).fetchall()
    connection.commit()
    paper_ids = np.array([row[0] for row in rows], np.int64)
    positions = np.array([row[1:] for row in rows], np.float32).reshape(-1, 2)
    places = clusters.find(positions)
    fine = clusters.which(positions, places.centroids)
    made = labels.label(places, positions, fine, _texts(connection, paper_ids))
    with connection.transaction():
        maps.alone(connection)
        maps.recluster(connection, map_id, dict(zip(paper_ids.tolist(), fine.tolist(), strict=True)))
        maps.write_labels(connection, map_id, made)
        maps.touch(connection, map_id, {"centroids": places.centroids.tolist(), "labelled": len(paper_ids)})
    return len(paper_ids)


def _place(connection: psycopg.Connection[Row], model_id: int, fit: Projection) -> _Everybody:
    ids: list[NDArray[np.int64]] = []
    hashes: list[bytes] = []
    positions: list[Matrix] = []
    for some in vectors.read(connection, model_id):
        ids.append(some.paper_ids)
        hashes.extend(some.hashes)
        positions.append(fit.place(some.paper_ids, some.matrix).positions)
    return _Everybody(np.concatenate(ids), hashes, np.concatenate(positions))


def _points(everybody: _Everybody, fine: NDArray[np.int64]) -> maps.Points:
    numbers = geometry.morton(*everybody.positions.T)
    priorities = geometry.priority(everybody.paper_ids)
    return maps.Points(
        paper_ids=everybody.paper_ids,
        hashes=everybody.hashes,
        positions=everybody.positions,
        mortons=numbers,
        priorities=priorities,
        levels=levels(numbers, priorities, everybody.paper_ids),
        clusters=fine,
    )


def _texts(connection: psycopg.Connection[Row], paper_ids: NDArray[np.int64]) -> dict[int, tuple[str, str]]:
    """Titles and beginnings of up to 20,000 documents, by row."""
    rows = np.sort(np.random.default_rng(0).permutation(len(paper_ids))[:_LABELLED])
    found = maps.label_texts(connection, paper_ids[rows].tolist(), labels.CHARACTERS)
    connection.commit()
    by_row = {int(row): found.get(int(paper_ids[row])) for row in rows}
    return {row: text for row, text in by_row.items() if text is not None}


def _quality_of_all(
    connection: psycopg.Connection[Row], model_id: int, everybody: _Everybody
) -> Quality | None:
    matrix = np.concatenate([some.matrix for some in vectors.read(connection, model_id)])
    return quality(matrix, everybody.positions) if len(matrix) == len(everybody.positions) else None
