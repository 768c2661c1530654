"""The map's versions, its labels, and what lies inside of an outline."""

from __future__ import annotations

import time
from math import cos, pi, sin

import psycopg
import pytest
from doctrove.api.maps import FRESH_SECONDS
from doctrove.store.maps import activate_map

pytestmark = pytest.mark.integration

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1]]


def test_the_map_tells_what_its_numbers_mean(client, seeded_documents):
    told = client.get("/api/map").json()
    assert (told["version"], told["kind"], told["papers"], told["placed"]) == (2, "umap", 96, 90)
    assert told["progress"] == {"to_embed": 2, "to_place": 4, "building": "umap"}
    on_map = [each for each in seeded_documents if each.id <= 90]
    assert {term["name"]: term["count"] for term in told["terms"]["source"]} == {
        name: sum(each.source == name for each in on_map) for name in {each.source for each in on_map}
    }
    assert (told["first_day"], told["model"]) == ("1999-01-01", "all-MiniLM-L6-v2")


def test_every_version_is_listed_the_newest_first(client):
    told = client.get("/api/map/versions").json()["items"]
    assert [(each["version"], each["status"]) for each in told] == [
        (3, "building"),
        (2, "active"),
        (1, "retired"),
    ]


def test_labels_come_with_their_outline(client):
    labels = client.get("/api/map/2/labels").json()["items"]
    assert [label["label"] for label in labels] == [f"cluster {number}" for number in range(1, 5)]
    assert labels[0]["region"] == [[0, 0], [1, 0], [0, 1]]
    assert client.get("/api/map/1/labels").json() == {"items": []}


def test_a_switch_of_maps_is_seen_within_seconds(client, library_url):
    with psycopg.connect(library_url) as connection:
        activate_map(connection, 1)
    try:
        time.sleep(FRESH_SECONDS)
        assert client.get("/api/map").json()["version"] == 1
        assert client.get("/api/papers/1").json()["x"] is None
    finally:
        with psycopg.connect(library_url) as connection:
            activate_map(connection, 2)
        time.sleep(FRESH_SECONDS)
    assert client.get("/api/map").json()["version"] == 2


def test_an_outline_selects_what_lies_inside(client, seeded_documents):
    inside = [each for each in seeded_documents if each.id <= 90 and each.x >= 0 and each.y >= 0]
    told = client.post("/api/map/2/selection?limit=200", json={"polygon": SQUARE}).json()
    assert told["count"] == len(inside)
    newest_first = sorted(inside, key=lambda each: (-each.day, -each.id))
    assert [paper["id"] for paper in told["items"]] == [each.id for each in newest_first]
    for kind in ("source", "field"):
        counts = {each["name"]: each["count"] for each in told["by"][kind]}
        assert counts == {
            name: sum(getattr(each, kind) == name for each in inside)
            for name in {getattr(each, kind) for each in inside}
        }
    clusters = {each["name"]: each["count"] for each in told["by"]["cluster"]}
    assert clusters == {
        (f"cluster {number}" if number else None): sum(each.cluster == number for each in inside)
        for number in {each.cluster for each in inside}
    }


def test_a_bent_outline_leaves_its_bay_out(client, seeded_documents):
    bay = [[-1, -1], [1, -1], [1, 1], [0, 0], [-1, 1]]
    told = client.post("/api/map/2/selection?limit=200", json={"polygon": bay}).json()
    expected = {each.id for each in seeded_documents if each.id <= 90 and each.y <= abs(each.x)}
    assert {paper["id"] for paper in told["items"]} == expected


def test_a_selection_is_paged_and_filtered(client, seeded_documents):
    ring = [[1.5 * cos(step * pi / 500), 1.5 * sin(step * pi / 500)] for step in range(1000)]
    cursor, items = "", []
    while cursor is not None:
        query = {"limit": 7, "source": "arxiv", "text": "rice or wind"} | (
            {"cursor": cursor} if cursor else {}
        )
        told = client.post("/api/map/2/selection", params=query, json={"polygon": ring}).json()
        items += [paper["id"] for paper in told["items"]]
        cursor = told["next"]
    chosen = {
        each.id
        for each in seeded_documents
        if each.id <= 90 and each.source == "arxiv" and each.title.startswith(("Cooking", "Sailing"))
    }
    assert len(items) == len(set(items)) == told["count"]
    assert set(items) == chosen


def test_a_cursor_of_another_outline_is_refused(client):
    cursor = client.post("/api/map/2/selection?limit=2", json={"polygon": SQUARE}).json()["next"]
    answer = client.post(f"/api/map/2/selection?cursor={cursor}", json={"polygon": [*SQUARE, [0, 0.5]]})
    assert answer.status_code == 422
