"""How far a map can be believed. See docs/map.md for what the figures mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.manifold import trustworthiness

from doctrove.enrichment.projection import Matrix, nearest

__all__ = ["Quality", "quality"]

NEIGHBOURS = 10
_MOST = 2_000


class Quality(NamedTuple):
    """Both from 0 to 1, and 1 is best."""

    trustworthiness: float
    neighbour_agreement: float


def quality(vectors: Matrix, positions: Matrix) -> Quality | None:
    """Measured on up to 2,000 documents, always the same ones; None of fewer than 30."""
    if len(vectors) < 3 * NEIGHBOURS:
        return None
    chosen = np.random.default_rng(0).permutation(len(vectors))[:_MOST]
    trust = trustworthiness(vectors[chosen], positions[chosen], n_neighbors=NEIGHBOURS, metric="cosine")
    # Against all documents, not only the chosen: ten neighbours among few would be easier to keep.
    near, _ = nearest(vectors[chosen], vectors, NEIGHBOURS, leave_out=chosen)
    lifted = _lifted(positions)
    near_on_map, _ = nearest(_queries(positions[chosen]), lifted, NEIGHBOURS, leave_out=chosen)
    agreement = (near[:, :, None] == near_on_map[:, None, :]).any(axis=2).mean()
    return Quality(float(trust), float(agreement))


def _lifted(positions: Matrix) -> Matrix:
    """Three columns whose product with `_queries` is greatest for the nearest point of the plane."""
    half_square = (positions**2).sum(axis=1, keepdims=True) / -2
    return np.concatenate([positions, half_square], axis=1)


def _queries(positions: Matrix) -> Matrix:
    return np.concatenate([positions, np.ones((len(positions), 1), np.float32)], axis=1)
