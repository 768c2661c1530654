"""The map's tiles at 1,000,000 points, over HTTP and by the bare SQL, on a walk of zooming and panning.

    python bench/viewport.py [--points 1000000] [--steps 60]

A viewport is three by two tiles, all asked for anew at every step. The points are made once and kept in
bench/data.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from functools import partial

import numpy as np
import psycopg
from doctrove.api.filters import Filter
from doctrove.api.tiles import statement
from doctrove.geometry import MAX_ZOOM, POINTS_PER_TILE, morton, priority, tile_range
from doctrove.store.maps import activate_map, create_map
from doctrove.store.models import create_model
from serving import api, get, milliseconds, show, store

SOURCES, FIELDS, COUNTRIES, CLUSTERS = 3, 40, 120, 400


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--points", type=int, default=1_000_000)
    arguments.add_argument("--steps", type=int, default=60)
    options = arguments.parse_args()
    print(f"{options.points:,} points on the map")
    with (
        store(f"viewport-{options.points}", partial(fill, points=options.points)) as url,
        psycopg.connect(url, autocommit=True, prepare_threshold=None) as bare,
        api(url) as http,
    ):
        for title, query, chosen in (
            ("all points", "", Filter()),
            ("one field of forty", "?field=field-7", Filter(fields=("field-7",))),
            ("one source of three, ten years", "?source=source-2&from=1990-01-01&to=1999-12-31", ten_years()),
        ):
            ours: list[float] = []
            floor: list[float] = []
            for viewport in walk(options.steps):
                paths = [f"/api/map/1/tiles/{z}/{x}/{y}{query}" for z, x, y in viewport]
                asked = [statement(1, tile_range(z, x, y), chosen) for z, x, y in viewport]
                pair = [partial(ask_all, http, paths), partial(run_all, bare, asked)]
                times = [milliseconds(work) for work in (pair if len(ours) % 2 else reversed(pair))]
                mine, bare_sql = times if len(ours) % 2 else reversed(times)
                ours.append(mine)
                floor.append(bare_sql)
            show(f"a viewport of six tiles, {title}", ours, floor, aim="p95 < 100 ms")


def ten_years() -> Filter:
    from datetime import date

    return Filter(sources=("source-2",), first=date(1990, 1, 1), last=date(1999, 12, 31))


def ask_all(http, paths) -> None:
    for path in paths:
        get(http, path)


def run_all(bare, asked) -> None:
    for each in asked:
        bare.execute(each.sql, each.values, binary=True).fetchone()


def walk(steps: int) -> Iterator[list[tuple[int, int, int]]]:
    """In from the whole map to the deepest zoom, panning at every zoom, always the same way."""
    chance = random.Random(5)
    for step in range(steps):
        z = 1 + step * MAX_ZOOM // steps
        side = 1 << z
        # Where the points are: near one of the clusters.
        cx, cy = (int((value + 1) / 2 * side) for value in centres()[chance.randrange(CLUSTERS)])
        left, bottom = (min(max(corner, 0), max(side - 3, 0)) for corner in (cx - 1, cy - 1))
        yield [
            (z, x, y) for x in range(left, min(left + 3, side)) for y in range(bottom, min(bottom + 2, side))
        ]


def centres() -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.9, 0.9, (CLUSTERS, 2))


def fill(url: str, *, points: int) -> None:
    """Clusters of unequal size over the map, with levels as the enrichment worker gives them."""
    chance = np.random.default_rng(2)
    cluster = np.minimum(chance.zipf(1.3, points), CLUSTERS) - 1
    places = centres()[cluster] + chance.normal(0, 0.03, (points, 2))
    x, y = np.clip(places, -1, 1).astype(np.float32).T
    ids = np.arange(1, points + 1)
    numbers, first = morton(x, y), priority(ids)
    columns = [ids, x, y, numbers, first, levels(numbers, first)]
    columns += [chance.integers(1, most + 1, points) for most in (SOURCES, FIELDS, COUNTRIES)]
    columns += [chance.integers(0, 20_000, points), cluster + 1]
    with psycopg.connect(url) as connection:
        model = create_model(connection, "bench", "local", 384)
        activate_map(connection, create_map(connection, "umap", model, fitted_on=points))
        for kind, most in (("source", SOURCES), ("field", FIELDS), ("country", COUNTRIES)):
            connection.execute(
                "insert into term select %s, code, %s || '-' || code from generate_series(1, %s) code",
                [kind, kind, most],
            )
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy placement (map_id, paper_id, position, morton, priority, level, source, field, country,"
                " day, cluster) from stdin"
            ) as copy,
        ):
            for i, x0, y0, number, drawn, *rest in zip(*(column.tolist() for column in columns), strict=True):
                copy.write_row([1, i, f"({x0},{y0})", number, drawn, *rest])


def levels(numbers: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The first zoom on which each point is among those drawn; one more than the deepest where on none."""
    level = np.full(len(numbers), MAX_ZOOM + 1)
    for z in range(MAX_ZOOM + 1):
        tile = numbers >> (32 - 2 * z)
        order = np.lexsort((first, tile))
        starts = np.flatnonzero(np.r_[True, np.diff(tile[order]) != 0])
        rank = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
        drawn = order[rank < POINTS_PER_TILE]
        level[drawn] = np.minimum(level[drawn], z)
    return level


if __name__ == "__main__":
    main()
