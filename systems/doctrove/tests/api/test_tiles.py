"""Tiles: packed as described, chosen alike on every zoom, and cheap to ask for again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from datetime import date

import numpy as np
import psycopg
import pytest
from doctrove.api import ApiSettings, create_app, tiles
from doctrove.geometry import morton, tile_range
from starlette.testclient import TestClient

pytestmark = pytest.mark.integration

COLUMNS = [("id", "<f8"), ("x", "<f4"), ("y", "<f4"), ("day", "<i4")]
COLUMNS += [(name, "<u2") for name in ("source", "field", "country", "cluster")]


def unpack(content: bytes) -> dict[str, np.ndarray]:
    """A tile read as docs/doctrove-api.md describes it."""
    magic, count, in_all, version = struct.unpack_from("<4sIII", content)
    assert magic == b"DTT1"
    read: dict[str, np.ndarray] = {"in_all": in_all, "version": version}
    at = 16
    for name, kind in COLUMNS:
        read[name] = np.frombuffer(content, kind, count, at)
        at += -(-read[name].nbytes // 4) * 4
    assert at == len(content)
    return read


def ask(client: TestClient, z: int, x: int, y: int, version: int = 2, **query) -> dict[str, np.ndarray]:
    answer = client.get(f"/api/map/{version}/tiles/{z}/{x}/{y}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.doctrove.tile"
    return unpack(answer.content)


def test_a_tile_holds_its_points_with_what_colours_them(client, seeded_documents):
    names = {term["code"]: term["name"] for term in client.get("/api/map").json()["terms"]["field"]}
    tile = ask(client, 1, 1, 0)
    inside = {each.id: each for each in seeded_documents if each.id <= 90 and each.x >= 0 and each.y < 0}
    assert set(tile["id"]) == set(inside)
    assert tile["in_all"] == len(inside)
    assert tile["version"] == 2
    for index, number in enumerate(tile["id"]):
        each = inside[int(number)]
        assert (tile["x"][index], tile["y"][index]) == (each.x, each.y)
        assert tile["day"][index] == each.day
        assert names.get(tile["field"][index]) == each.field
        assert tile["cluster"][index] == each.cluster


def test_four_tiles_make_up_the_one_above_them(client):
    whole = ask(client, 0, 0, 0)["id"]
    parts = [ask(client, 1, x, y)["id"] for x in (0, 1) for y in (0, 1)]
    assert sorted(np.concatenate(parts)) == sorted(whole)


def in_the_library_up_north(each) -> bool:
    return each.country in ("NO", "SE") and each.field == "library"


@pytest.mark.parametrize(
    ("query", "test"),
    [
        ({"source": "arxiv"}, lambda each: each.source == "arxiv"),
        (
            {"country": ["NO", "SE"], "field": "library"},
            lambda e: e.country in ("NO", "SE") and e.field == "library",
        ),
        ({"to": "2003-05-01"}, lambda each: each.date is not None and each.date <= date(2003, 5, 1)),
        ({"text": "rice"}, lambda each: "rice" in each.title),
        ({"source": "nowhere"}, lambda each: False),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_a_filtered_tile_holds_the_points_that_match(client, seeded_documents, query, test):
    expected = {each.id for each in seeded_documents if each.id <= 90 and test(each)}
    assert set(ask(client, 0, 0, 0, **query)["id"]) == expected


def test_a_tile_with_nothing_in_it_is_a_header(client):
    assert ask(client, 0, 0, 0, version=1)["in_all"] == 0


def test_a_tile_asked_for_again_is_not_sent_again(client):
    first = client.get("/api/map/2/tiles/0/0/0")
    again = client.get("/api/map/2/tiles/0/0/0", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    for other in ("/api/map/2/tiles/1/0/0", "/api/map/1/tiles/0/0/0", "/api/map/2/tiles/0/0/0?source=arxiv"):
        assert client.get(other, headers={"If-None-Match": first.headers["etag"]}).status_code == 200, other


POINTS, PER_TILE, DEEPEST = 4_000, 50, 5


@pytest.fixture(scope="module")
def crowded_client(new_database, seeded_documents, add_placements) -> Iterator[TestClient]:
    """A map of four thousand points whose tiles show fifty."""
    with new_database() as url:
        add_placements(url, points=POINTS, per_tile=PER_TILE, deepest=DEEPEST)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tiles, "POINTS_PER_TILE", PER_TILE)
            with TestClient(create_app(ApiSettings(papers_url=url))) as client:
                yield client


def below(z: int, x: int, y: int) -> list[tuple[int, int, int]]:
    return [(z + 1, 2 * x + dx, 2 * y + dy) for dx in (0, 1) for dy in (0, 1)]


@pytest.mark.parametrize(
    "query", [{}, {"source": "source-2"}, {"field": "rare"}, {"from": "1995-01-01"}], ids=str
)
def test_a_point_that_is_shown_stays_when_one_zooms_in(crowded_client, query):
    shown = {(0, 0, 0): ask(crowded_client, 0, 0, 0, version=1, **query)}
    for _ in range(DEEPEST):
        deeper = {}
        for place, tile in shown.items():
            parts = {part: ask(crowded_client, *part, version=1, **query) for part in below(*place)}
            assert len(tile["id"]) <= PER_TILE
            assert set(tile["id"]) <= {number for part in parts.values() for number in part["id"]}
            deeper |= {part: each for part, each in parts.items() if len(each["id"])}
        shown = deeper


def test_a_full_tile_is_full_and_says_that_it_does_not_show_all(crowded_client):
    tile = ask(crowded_client, 0, 0, 0, version=1)
    assert len(tile["id"]) == PER_TILE
    assert tile["in_all"] == 2**32 - 1
    assert len(ask(crowded_client, 0, 0, 0, version=1, source="source-2")["id"]) == PER_TILE


def test_only_points_of_the_tile_are_in_it(crowded_client):
    for place in ((1, 0, 1), (3, 4, 4), (5, 15, 17)):
        tile = ask(crowded_client, *place, version=1)
        low, high = tile_range(*place)
        numbers = morton(tile["x"], tile["y"])
        assert ((numbers >= low) & (numbers < high)).all()


def test_tiles_are_read_from_the_index_alone(crowded_client):
    with psycopg.connect(crowded_client.app.state.library.pool.conninfo, autocommit=True) as connection:
        asked = tiles.statement(1, tile_range(1, 0, 0), tiles.Filter(sources=("source-2",)))
        plan = connection.execute(tiles.sql.SQL("explain ") + asked.sql, asked.values).fetchall()
    assert "Index Only Scan" in "\n".join(row[0] for row in plan)
