"""Neighbourhoods of the map on three levels, each inside one of the level above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import cut_tree, linkage
from scipy.ndimage import gaussian_filter
from scipy.spatial import ConvexHull, QhullError
from sklearn.cluster import KMeans

from doctrove.enrichment.projection import Matrix

__all__ = ["Neighbourhoods", "centre_of", "find", "outline", "which"]

LEVELS = 3
_SAMPLE = 20_000
_GRID = 192
_CORE = 0.9
"""The part of a cluster's points, those nearest to its middle, that its outline goes around."""


@dataclass(frozen=True, kw_only=True)
class Neighbourhoods:
    """Clusters numbered from 1 on each level: coarse, middle, fine."""

    centroids: Matrix
    """Of the fine clusters: a point belongs to the one whose centroid is nearest."""
    parents: tuple[NDArray[np.int64], NDArray[np.int64]]
    """For each fine cluster its coarse and its middle one."""

    @property
    def levels(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """For each fine cluster, its cluster on each level."""
        return (*self.parents, np.arange(1, len(self.centroids) + 1))


def find(positions: Matrix) -> Neighbourhoods:
    """Neighbourhoods of a map of at least one point; their number grows with the map up to 12, 48 and 160."""
    some = positions
    if len(positions) > _SAMPLE:
        some = positions[np.random.default_rng(0).choice(len(positions), _SAMPLE, replace=False)]
    distinct = len(np.unique(some, axis=0))
    fine = int(min(max(np.sqrt(len(positions)) * 1.6, 3), 160, distinct))
    means = KMeans(fine, n_init=1, random_state=0).fit(some.astype(np.float64))
    centroids = np.asarray(means.cluster_centers_, np.float32)
    sizes = (min(12, max(1, round(fine / 8))), min(48, max(1, round(fine / 3))))
    if fine == 1:
        return Neighbourhoods(centroids=centroids, parents=(np.ones(1, np.int64), np.ones(1, np.int64)))
    # Cuts of one tree: whoever is together below is together above.
    cuts = cut_tree(linkage(centroids, "ward"), n_clusters=sizes) + 1
    return Neighbourhoods(centroids=centroids, parents=(cuts[:, 0], cuts[:, 1]))


def which(positions: Matrix, centroids: Matrix) -> NDArray[np.int64]:
    """The number of the fine cluster of each point."""
    found = np.empty(len(positions), np.int64)
    squares = (centroids**2).sum(axis=1)
    for start in range(0, len(positions), 65_536):
        part = positions[start : start + 65_536]
        found[start : start + 65_536] = (squares - 2 * part @ centroids.T).argmin(axis=1) + 1
    return found


def density(positions: Matrix) -> NDArray[np.float64]:
    """How crowded it is around each point, in no particular unit."""
    cells = np.clip(((positions + 1) * (_GRID / 2)).astype(int), 0, _GRID - 1)
    counts = np.zeros((_GRID, _GRID))
    np.add.at(counts, (cells[:, 0], cells[:, 1]), 1)
    smooth = np.asarray(gaussian_filter(counts, sigma=1.5))
    return np.asarray(smooth[cells[:, 0], cells[:, 1]])


def centre_of(positions: Matrix, crowd: NDArray[np.float64]) -> tuple[float, float]:
    """A point of the cluster itself: crowded, and rather in its middle than at its rim."""
    middle = np.median(positions, axis=0)
    away = np.linalg.norm(positions - middle, axis=1)
    best = positions[(crowd / crowd.max() - 0.7 * away / (away.max() + 1e-9)).argmax()]
    return float(best[0]), float(best[1])


def outline(positions: Matrix) -> list[list[float]]:
    """Corners, counter-clockwise, of a convex outline around the core of a cluster."""
    middle = np.median(positions, axis=0)
    away = np.linalg.norm(positions - middle, axis=1)
    core = positions[away <= np.quantile(away, _CORE)].astype(np.float64)
    try:
        corners = core[ConvexHull(core).vertices]
    except (QhullError, ValueError):  # fewer than three points, or all on one line: a small diamond
        reach = float(away.max()) + 0.005
        corners = middle + reach * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    return [[round(float(x), 4), round(float(y), 4)] for x, y in corners.clip(-1, 1)]
