"""The map as a square of tiles: where a point lies, which tile holds it, and who is drawn first.

The map is the square from -1 to 1 on both axes, y upwards. Zoom z cuts it into 2^z × 2^z tiles, counted from
the lower left corner. A point's Morton number interleaves 16 bits of x and of y (x in the even bits), so that
the points of any tile are one contiguous range of numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["MAX_ZOOM", "POINTS_PER_TILE", "morton", "priority", "tile_range"]

MAX_ZOOM = 12
"""The deepest zoom; its tiles are 1/2048 of the map's half width."""

POINTS_PER_TILE = 2_000
"""The most points that a tile shows."""

_BITS = 16
_PLACES = 1 << _BITS


def morton(x: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
    """The Morton numbers of points; a coordinate outside [-1, 1] counts as on the edge."""
    return _spread(_place(x)) | _spread(_place(y)) << 1


def tile_range(z: int, x: int, y: int) -> tuple[int, int]:
    """The Morton numbers of the points in a tile: `low <= morton < high`.

    Raises:
        ValueError: there is no such tile.
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise ValueError(f"no tile {z}/{x}/{y}: z is 0 to {MAX_ZOOM}, x and y are 0 to 2^z - 1")
    tile = int(_spread(np.array([x]))[0] | _spread(np.array([y]))[0] << 1)
    shift = 2 * (_BITS - z)
    return tile << shift, (tile + 1) << shift


def priority(paper_ids: ArrayLike) -> NDArray[np.float32]:
    """A number in [0, 1) for each document, evenly spread and always the same: small ones are drawn first.

    24 bits, so that it is the same number in NumPy and as PostgreSQL's `real`. Two may be equal: then the
    smaller id comes first.
    """
    bits = np.asarray(paper_ids, dtype=np.int64).astype(np.uint64)  # splitmix64's finaliser
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    bits ^= bits >> np.uint64(31)
    return ((bits >> np.uint64(40)).astype(np.float32) / np.float32(1 << 24)).astype(np.float32)


def _place(coordinate: ArrayLike) -> NDArray[np.int64]:
    cells = np.floor((np.asarray(coordinate, dtype=np.float64) + 1.0) * (_PLACES / 2))
    return np.clip(cells, 0, _PLACES - 1).astype(np.int64)


def _spread(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each bit moved to twice its place."""
    spread = numbers
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | spread << shift) & mask
    return spread
