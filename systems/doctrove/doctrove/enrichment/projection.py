"""From vectors to places on the map, by two kinds of fit. Both are deterministic: one vector, one place.

The quick one is a PCA of the first documents. The other keeps what UMAP has fitted: a document that was not
in the sample goes where its nearest fitted documents gather. docs/map.md compares that with UMAP's own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from doctrove.geometry import priority

__all__ = ["Matrix", "NeighbourFit", "Placed", "Projection", "QuickFit", "fill_square", "nearest"]

Matrix = NDArray[np.float32]

NEIGHBOURS = 10
"""Fitted documents that decide about a new one's place."""

_EDGE = 0.93
"""Where the central 98 % of the points end on each axis; the others lie between here and `_MARGIN`."""
_MARGIN = 0.985
_TOGETHER = 0.02
"""How near to each other, on the map, documents stand together."""
_JITTER = 0.002
_AT_ONCE = 2_048


class Placed(NamedTuple):
    """Places on the map and how well they are founded, row by row."""

    positions: Matrix
    """x and y in [-1, 1]."""
    distances: Matrix
    """Mean cosine distance to the nearest fitted documents; zeros where a fit has no such thing."""
    agreement: Matrix
    """The part of the nearest fitted documents in meaning that are among the nearest on the map as well."""


class Projection(Protocol):
    """A fit that can place documents."""

    def place(self, paper_ids: NDArray[np.int64], vectors: Matrix) -> Placed:
        """The places of documents; `vectors` are of length 1."""


@dataclass(frozen=True, kw_only=True)
class QuickFit:
    """The two directions in which the first documents differ most."""

    mean: Matrix
    directions: Matrix
    """dimensions × 2, scaled so that the central part of the documents fills the square."""
    centre: Matrix

    @classmethod
    def of(cls, vectors: Matrix) -> QuickFit:
        """Fitted on at least three documents."""
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        _, axes = np.linalg.eigh(centred.T @ centred)  # in growing order of their eigenvalues
        axes = axes[:, [-1, -2]]
        axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
        centre, half = _spread(centred @ axes)
        return cls(mean=mean, directions=np.asarray(axes / half, np.float32), centre=centre / half)

    def place(self, paper_ids: NDArray[np.int64], vectors: Matrix) -> Placed:
        nothing = np.zeros(len(vectors), np.float32)
        raw = (vectors - self.mean) @ self.directions - self.centre
        return Placed(_into_square(np.asarray(raw, np.float32)), nothing, nothing)


@dataclass(frozen=True, kw_only=True)
class NeighbourFit:
    """Fitted documents with their places: everybody else is placed by them."""

    paper_ids: NDArray[np.int64]
    """In ascending order."""
    vectors: Matrix
    """Half precision is enough; they are used as float32."""
    positions: Matrix

    def place(self, paper_ids: NDArray[np.int64], vectors: Matrix) -> Placed:
        parts = [
            self._place(paper_ids[start : start + _AT_ONCE], vectors[start : start + _AT_ONCE])
            for start in range(0, len(vectors), _AT_ONCE)
        ]
        return Placed(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def held_out(self, rows: NDArray[np.int64]) -> Placed:
        """Where fitted documents would go if they were new: what is normal for this fit."""
        return self._by_neighbours(self.vectors[rows], leave_out=rows)

    def _place(self, paper_ids: NDArray[np.int64], vectors: Matrix) -> Placed:
        itself = self._row_of(paper_ids, vectors)
        found = self._by_neighbours(vectors, leave_out=itself)
        # Documents of one content would hide each other.
        angle = 2 * np.pi * priority(paper_ids)
        positions = found.positions + _JITTER * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        fitted = itself >= 0
        positions[fitted] = self.positions[itself[fitted]]
        return found._replace(positions=np.clip(positions, -1, 1).astype(np.float32))

    def _by_neighbours(self, vectors: Matrix, *, leave_out: NDArray[np.int64]) -> Placed:
        count = min(NEIGHBOURS, len(self.paper_ids) - 1)
        neighbours, distances = nearest(vectors, self.vectors, count, leave_out=leave_out)
        gap = distances - distances[:, :1]
        weights = np.exp(-gap / (gap.mean(axis=1, keepdims=True) + 1e-6))
        positions = _where_they_gather(self.positions[neighbours], weights)
        around, _ = _nearest_on_map(positions, self.positions, count, leave_out=leave_out)
        agreement = (neighbours[:, :, None] == around[:, None, :]).any(axis=2).mean(axis=1)
        return Placed(positions, distances.mean(axis=1), agreement.astype(np.float32))

    def _row_of(self, paper_ids: NDArray[np.int64], vectors: Matrix) -> NDArray[np.int64]:
        """The row of each document in the sample, -1 for none (or when its content has changed since)."""
        rows = np.searchsorted(self.paper_ids, paper_ids).clip(max=len(self.paper_ids) - 1)
        same = np.einsum("ij,ij->i", vectors, self.vectors[rows]) > 0.999
        return np.where((self.paper_ids[rows] == paper_ids) & same, rows, -1)


def nearest(
    queries: Matrix, among: Matrix, count: int, *, leave_out: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], Matrix]:
    """The rows of the nearest in cosine space, nearest first, and their distances. Exact.

    `leave_out`: for each query a row that does not count (itself), or -1.
    """
    return _smallest(np.asarray(1 - queries @ among.T, np.float32), count, leave_out)


def fill_square(raw: Matrix) -> Matrix:
    """Coordinates of a fit, moved into [-1, 1] so that they fill it; a few far ones are drawn closer."""
    centre, half = _spread(raw)
    return _into_square((raw - centre) / half)


def _where_they_gather(points: Matrix, weights: Matrix) -> Matrix:
    """The weighted mean of those points of each row that stand together.

    The mean of all would lie in the void between two islands when the neighbours live on both.
    """
    apart = ((points[:, :, None] - points[:, None, :]) ** 2).sum(axis=-1)
    close = np.exp(apart / (-2 * _TOGETHER**2))
    middle = np.einsum("ij,ikj->ik", weights, close).argmax(axis=1)
    kept = weights * np.take_along_axis(close, middle[:, None, None], axis=1)[:, 0]
    return np.asarray(np.einsum("ij,ijk->ik", kept / kept.sum(axis=1, keepdims=True), points), np.float32)


def _nearest_on_map(
    queries: Matrix, among: Matrix, count: int, *, leave_out: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Matrix]:
    squares = (among**2).sum(axis=1) - 2 * (queries.astype(np.float32) @ among.T)
    return _smallest(np.asarray(squares, np.float32), count, leave_out)


def _smallest(
    distances: Matrix, count: int, leave_out: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], Matrix]:
    if leave_out is not None:
        rows = np.flatnonzero(leave_out >= 0)
        distances[rows, leave_out[rows]] = np.inf
    if count < distances.shape[1]:
        columns = np.argpartition(distances, count - 1, axis=1)[:, :count]
    else:
        columns = np.broadcast_to(np.arange(distances.shape[1]), distances.shape)
    found = np.take_along_axis(distances, columns, axis=1)
    order = np.lexsort((columns, found), axis=1)
    return np.take_along_axis(columns, order, axis=1), np.take_along_axis(found, order, axis=1)


def _spread(raw: Matrix) -> tuple[Matrix, Matrix]:
    """The middle and half the width of the central 98 %, by axis; outliers do not squeeze the rest."""
    low, high = np.quantile(raw, [0.01, 0.99], axis=0)
    return np.asarray((low + high) / 2, np.float32), np.maximum((high - low) / 2, 1e-6).astype(np.float32)


def _into_square(unit: Matrix) -> Matrix:
    """±1 becomes ±`_EDGE`; what is beyond approaches `_MARGIN`."""
    scaled = unit * _EDGE
    room = _MARGIN - _EDGE
    beyond = np.maximum(np.abs(scaled) - _EDGE, 0)
    inside = np.minimum(np.abs(scaled), _EDGE)
    return np.asarray(np.sign(scaled) * (inside + room * np.tanh(beyond / (4 * room))), np.float32)
