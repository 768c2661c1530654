"""On which zoom level each point first shows: the first whose tile has fewer than 2,000 points before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from doctrove.geometry import MAX_ZOOM, POINTS_PER_TILE

__all__ = ["HIDDEN", "expected_levels", "levels"]

HIDDEN = MAX_ZOOM + 1
"""The level of a point that no zoom shows: its deepest tile has 2,000 of higher priority."""

_BITS = 32  # of a Morton number


def levels(
    mortons: NDArray[np.int64],
    priorities: NDArray[np.float32],
    paper_ids: NDArray[np.int64],
    *,
    points_per_tile: int = POINTS_PER_TILE,
) -> NDArray[np.int16]:
    """The level of every point of a map, exactly. Of two with one priority the smaller id comes first."""
    found = np.full(len(mortons), HIDDEN, np.int16)
    # Points in order of drawing; sorting them by tile, stably, keeps that order within each tile.
    waiting = np.lexsort((paper_ids, priorities))
    levelled = np.zeros(0, np.int64)  # the numbers of the points that have their level
    for z in range(MAX_ZOOM + 1):
        if not len(waiting):
            break
        tiles = mortons[waiting] >> (_BITS - 2 * z)
        order = np.argsort(tiles, kind="stable")
        in_order = tiles[order]
        first_of_tile = np.searchsorted(in_order, in_order, side="left")
        # Whoever got a level on a shallower zoom stands before all that wait, in each of their tiles.
        shown = np.sort(levelled >> (_BITS - 2 * z))
        before = np.searchsorted(shown, in_order, "right") - np.searchsorted(shown, in_order, "left")
        shows = before + np.arange(len(order)) - first_of_tile < points_per_tile
        found[waiting[order[shows]]] = z
        levelled = np.concatenate([levelled, mortons[waiting[order[shows]]]])
        waiting = waiting[np.sort(order[~shows])]
    return found


def expected_levels(
    mortons: NDArray[np.int64],
    priorities: NDArray[np.float32],
    all_mortons: NDArray[np.int64],
    *,
    points_per_tile: int = POINTS_PER_TILE,
) -> NDArray[np.int16]:
    """The levels of a few new points among all (sorted, the new ones included), without reading priorities.

    Priorities are spread evenly, so a point's rank in a tile is about its priority × the points there.
    """
    found = np.full(len(mortons), HIDDEN, np.int16)
    for z in range(MAX_ZOOM, -1, -1):
        shift = _BITS - 2 * z
        low = mortons >> shift << shift
        count = np.searchsorted(all_mortons, low + (1 << shift)) - np.searchsorted(all_mortons, low)
        found[priorities * count < points_per_tile] = z
    return found
