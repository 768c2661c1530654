"""Documents, page by page and one by one."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import psycopg
import pytest

pytestmark = pytest.mark.integration


def pages(client, path: str, **query):
    """Every item, page after page."""
    cursor, items = None, []
    for _ in range(100):
        answer = client.get(path, params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        items += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return items
    raise AssertionError("the pages do not end")


def expected(order: str, stored):
    if order == "id":
        return sorted(each.id for each in stored)
    sign = -1 if order == "newest" else 1
    by_day = lambda each: (each.date is None, sign * (each.date or date.min).toordinal(), sign * each.id)  # noqa: E731
    return [each.id for each in sorted(stored, key=by_day)]


@pytest.mark.parametrize("order", ["newest", "oldest", "id"])
@pytest.mark.parametrize("limit", [1, 7, 82, 83, 95, 96, 200])
def test_pages_hold_every_document_once_and_in_order(client, seeded_documents, order, limit):
    found = [paper["id"] for paper in pages(client, "/api/papers", order=order, limit=limit)]
    assert found == expected(order, seeded_documents)


def test_the_last_page_has_no_next_even_when_it_is_full(client):
    assert client.get("/api/papers?limit=96&order=id").json()["next"] is None


def test_a_document_that_comes_between_two_pages_moves_neither(client, library_url):
    first = client.get("/api/papers?order=newest&limit=10").json()
    with psycopg.connect(library_url) as connection:
        connection.execute(
            "insert into papers (id, source, source_id, title, content_hash, primary_date)"
            " values (5000, 'x', 'x', 'brand new', '', '2030-01-01')"
        )
    try:
        second = client.get("/api/papers", params={"limit": 10, "cursor": first["next"]}).json()
    finally:
        with psycopg.connect(library_url) as connection:
            connection.execute("delete from papers where id = 5000")
    both = [paper["date"] for paper in first["items"] + second["items"]]
    assert all(before >= after for before, after in pairwise(both))
    assert len({paper["id"] for paper in first["items"] + second["items"]}) == 20


def test_a_page_holds_only_what_the_filters_let_through(client, seeded_documents):
    found = pages(
        client, "/api/papers", source=["arxiv", "python-docs"], country="NO", to="2005-01-01", limit=3
    )
    assert {paper["id"] for paper in found} == {
        each.id
        for each in seeded_documents
        if each.source in ("arxiv", "python-docs")
        and each.country == "NO"
        and each.date is not None
        and each.date <= date(2005, 1, 1)
    }


def test_a_cursor_of_another_question_or_an_edited_one_is_refused(client):
    cursor = client.get("/api/papers?limit=3").json()["next"]
    edited = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for query in (
        {"cursor": cursor, "source": "arxiv"},
        {"cursor": cursor, "order": "oldest"},
        {"cursor": edited},
        {"cursor": "x"},
        {"cursor": "ünïcode"},
        {"cursor": "A" * 400},
    ):
        answer = client.get("/api/papers", params=query)
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["where"] == "query.cursor"


def test_a_document_tells_its_place_and_how_far_it_has_come(client, seeded_documents):
    paper = client.get("/api/papers/1").json()
    assert (paper["x"], paper["y"]) == (seeded_documents[0].x, seeded_documents[0].y)
    assert paper["state"] == {
        "embedded_by": "all-MiniLM-L6-v2",
        "placed_on": 2,
        "attempts": 0,
        "error": None,
        "retry_at": None,
    }
    waiting = client.get("/api/papers/96").json()
    assert waiting["x"] is None
    assert waiting["state"]["embedded_by"] is None


def test_neighbours_mean_something_alike_and_leave_out_the_document_itself(client):
    found = client.get("/api/papers/11/neighbours?limit=5").json()["items"]
    assert len(found) == 5
    assert all(each["paper"]["title"].startswith("Cooking rice") for each in found)
    assert 11 not in [each["paper"]["id"] for each in found]
    assert all(before["similarity"] >= after["similarity"] for before, after in pairwise(found))


def test_a_document_without_a_vector_has_no_neighbours_yet(client):
    assert client.get("/api/papers/96/neighbours").json() == {"items": []}


@pytest.mark.parametrize(
    "path", ["/api/papers/4711", "/api/papers/4711/neighbours", "/api/papers/9223372036854775807"]
)
def test_a_document_that_is_not_there_is_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "there is no document" in answer.json()["detail"]


def test_the_numbers_agree_with_the_store(client, seeded_documents):
    counted = client.get("/api/statistics").json()
    assert (counted["papers"], counted["embedded"], counted["placed"]) == (96, 94, 90)
    for kind in ("source", "field", "country"):
        names = {each["name"]: each["count"] for each in counted["by"][kind]}
        assert names == {
            name: sum(getattr(each, kind) == name for each in seeded_documents)
            for name in {getattr(each, kind) for each in seeded_documents}
        }
    years = [each["name"] for each in counted["by"]["year"]]
    assert years[:2] == ["1999", "2000"]
    assert counted["first_date"] == "1999-01-01"


@pytest.mark.parametrize("status", ["running", "stopped", "done", "failed"])
def test_a_run_is_told_whatever_became_of_it(client, library_url, status):
    with psycopg.connect(library_url) as connection:
        connection.execute("update ingest_run set status = %s", [status])
    assert client.get("/api/ingest").json()["runs"][0]["status"] == status


def test_ingest_tells_its_runs_and_what_was_kept_aside(client):
    told = client.get("/api/ingest").json()
    assert [run["source"] for run in told["runs"]] == ["arxiv"]
    assert (told["to_embed"], told["to_place"], told["rejected"]) == (2, 4, 3)
    kept = pages(client, "/api/ingest/1/rejects", limit=2)
    assert [(each["line"], each["reason"]) for each in kept] == [
        (3, "no title"),
        (5, "no title"),
        (8, "no title"),
    ]
    assert client.get("/api/ingest/99/rejects").status_code == 404
