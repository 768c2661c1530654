"""A tile shows the 2,000 points of smallest priority; a point's level is where it first shows."""

from __future__ import annotations

import numpy as np
import pytest
from doctrove.enrichment.levels import HIDDEN, expected_levels, levels
from doctrove.geometry import MAX_ZOOM, morton, priority, tile_range
from hypothesis import given, settings
from hypothesis import strategies as st

COORDINATES = st.one_of(
    st.floats(-1, 1), st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), st.floats(0.5, 0.5001)
)


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.tuples(COORDINATES, COORDINATES), max_size=40),
    per_tile=st.integers(1, 5),
    coarse=st.booleans(),
)
def test_levels_are_those_of_the_definition(
    points: list[tuple[float, float]], per_tile: int, coarse: bool
) -> None:
    xy = np.array(points, float).reshape(-1, 2)
    ids = np.arange(1, len(xy) + 1)
    numbers = morton(xy[:, 0], xy[:, 1])
    priorities = np.round(priority(ids), 1) if coarse else priority(ids)  # rounded: many are equal

    expected = np.full(len(xy), HIDDEN)
    for z in range(MAX_ZOOM, -1, -1):
        size = 1 << z
        columns = np.clip(((xy + 1) / 2 * size).astype(int), 0, size - 1)
        for column, row in {tuple(cell) for cell in columns.tolist()}:
            low, high = tile_range(z, column, row)
            inside = [n for n in range(len(xy)) if low <= numbers[n] < high]
            shown = sorted(inside, key=lambda n: (priorities[n], ids[n]))[:per_tile]
            expected[shown] = z

    found = levels(numbers, priorities, ids, points_per_tile=per_tile)
    assert found.tolist() == expected.tolist()


def test_no_tile_is_over_the_limit() -> None:
    random = np.random.default_rng(1)
    xy = random.normal(0, 0.02, (30_000, 2))
    numbers = morton(xy[:, 0], xy[:, 1])
    ids = np.arange(30_000)
    found = levels(numbers, priority(ids), ids, points_per_tile=500)
    for z in range(MAX_ZOOM + 1):
        shown = numbers[found <= z] >> (32 - 2 * z)
        in_all = np.bincount(np.unique(numbers >> (32 - 2 * z), return_inverse=True)[1])
        assert np.unique(shown, return_counts=True)[1].max() <= 500
        # and none is emptier than it must be
        assert len(shown) == np.minimum(in_all, 500).sum()


def test_expected_levels_come_close_to_the_exact_ones() -> None:
    random = np.random.default_rng(2)
    xy = random.normal(0, 0.3, (20_000, 2)).clip(-1, 1)
    numbers = morton(xy[:, 0], xy[:, 1])
    ids = np.arange(20_000)
    exact = levels(numbers, priority(ids), ids, points_per_tile=200)
    expected = expected_levels(numbers, priority(ids), np.sort(numbers), points_per_tile=200)
    assert np.abs(exact - expected).max() <= 1
    assert (exact == expected).mean() > 0.85


@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(0, MAX_ZOOM))
def test_a_point_lies_in_the_range_of_its_tile(x: float, y: float, z: int) -> None:
    size = 1 << z
    column, row = (min(int((value + 1) / 2 * size), size - 1) for value in (x, y))
    low, high = tile_range(z, column, row)
    assert low <= morton([x], [y])[0] < high


@pytest.mark.parametrize("tile", [(13, 0, 0), (-1, 0, 0), (1, 2, 0), (1, 0, -1)])
def test_a_tile_that_does_not_exist_is_refused(tile: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no tile"):
        tile_range(*tile)


def test_priorities_are_spread_evenly_and_survive_single_precision() -> None:
    found = priority(np.arange(1, 100_001))
    assert found.dtype == np.float32
    assert np.histogram(found, 10, (0, 1))[0] == pytest.approx(np.full(10, 10_000), rel=0.05)
    assert found.max() < 1
