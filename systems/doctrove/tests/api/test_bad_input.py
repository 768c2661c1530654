"""Bad input gets a clear answer, never a failure of ours and never a silent "everything"."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.integration

LONG = "längere Wörter 🙂 " * 600

REFUSED = [
    ("/api/papers?sorce=arxiv", "query.sorce"),
    ("/api/papers?limit=0", "query.limit"),
    ("/api/papers?limit=201", "query.limit"),
    ("/api/papers?limit=99999999999999999999999", "query.limit"),
    ("/api/papers?limit=ten", "query.limit"),
    ("/api/papers?order=best", "query.order"),
    ("/api/papers?from=0000-01-01", "query.from"),
    ("/api/papers?from=10000-01-01", "query.from"),
    ("/api/papers?from=2024", "query.from"),
    ("/api/papers?from=1717113600", "query.from"),
    ("/api/papers?to=2023-02-29", "query.to"),
    ("/api/papers?to=yesterday", "query.to"),
    ("/api/papers?box=nan,0,1,1", "query.box"),
    ("/api/papers?box=0,0,inf,1", "query.box"),
    ("/api/papers?box=0,0,1e999,1", "query.box"),
    ("/api/papers?box=0,0,1", "query.box"),
    ("/api/papers?box=", "query.box"),
    ("/api/papers?source=a%00b", "query.source.0"),
    ("/api/papers?text=%00", "query.text"),
    ("/api/papers?text=" + "x" * 1001, "query.text"),
    ("/api/papers/0", "path.paper_id"),
    ("/api/papers/-1", "path.paper_id"),
    ("/api/papers/9223372036854775808", "path.paper_id"),
    ("/api/papers/1;drop table papers", "path.paper_id"),
    ("/api/papers/1?fields=all", "query.fields"),
    ("/api/search", "query.q"),
    ("/api/search?q=", "query.q"),
    ("/api/search?q=%20%09", "query.q"),
    ("/api/search?q=a%00", "query.q"),
    ("/api/search?q=" + "x" * 10_001, "query.q"),
    ("/api/search?q=x&mode=magic", "query.mode"),
    ("/api/search?q=x&limit=101", "query.limit"),
    ("/api/map?x=1", "query.x"),
    ("/api/map/2/tiles/13/0/0", "path.z"),
    ("/api/map/2/tiles/0/0/0?box=0,0,1,1", "query.box"),
    ("/api/map/2147483648/labels", "path.version"),
    ("/api/statistics?verbose=1", "query.verbose"),
]


@pytest.mark.parametrize(("path", "where"), REFUSED, ids=[path[:60] for path, _ in REFUSED])
def test_a_mistake_is_refused_with_its_place(client, path, where):
    answer = client.get(path)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["where"] for error in answer.json()["errors"]] == [where]
    assert answer.json()["errors"][0]["what"]


def test_all_mistakes_are_told_at_once(client):
    answer = client.get("/api/papers?limit=0&from=x&box=1&nonsense=1")
    assert {error["where"] for error in answer.json()["errors"]} == {
        "query.limit",
        "query.from",
        "query.box",
        "query.nonsense",
    }


ANSWERED = [
    "/api/papers?from=0001-01-01&to=9999-12-31",
    "/api/papers?box=1,1,-1,-1",
    "/api/papers?box=-1e99,-1e99,1e99,1e99",
    "/api/papers?source=" + "'%20or%201=1%20--",
    "/api/papers?text=" + "'%3B%20select%20pg_sleep(10)%3B%20--",
    "/api/papers?text=%21%21%26%7C%28%29%3A%2A%3C-%3E",
    "/api/papers?text=the",
    "/api/papers?field=%s&country=%(x)s",
    "/api/papers?source=%ED%A0%80",
    "/api/search?q=%ED%A0%80%ff",
    "/api/search?q='%3B%20drop%20table%20papers%3B%20--",
    "/api/search?q=%22unclosed%20-%20or%20or%20-%22",
    "/api/search?q=the%20of%20and",
    "/api/map/2/tiles/0/0/0?from=0001-01-01",
    "/api/map/2/tiles/12/4095/4095",
]


@pytest.mark.parametrize("path", ANSWERED)
def test_odd_but_right_questions_are_answered(client, path):
    assert client.get(path).status_code == 200, path


def test_a_source_named_like_an_attack_is_found_under_its_name(client):
    found = client.get("/api/papers", params={"source": "it's; drop table papers --"}).json()
    assert {paper["source"] for paper in found["items"]} == {"it's; drop table papers --"}


def test_ten_thousand_characters_are_searched_and_the_cut_is_told(served):
    import httpx

    query = LONG[:10_000]
    answer = httpx.get(f"{served}/api/search", params={"q": query}, timeout=30)
    assert answer.status_code == 200, answer.text[:500]
    assert answer.json()["query"] == query
    assert "256 tokens" in " ".join(answer.json()["notes"])


BODIES = [
    ("", 422),
    ("{", 422),
    ("null", 422),
    ("[]", 422),
    ('{"polygon": []}', 422),
    ('{"polygon": [[0,0],[1,1]]}', 422),
    ('{"polygon": [[0,0],[1,1],[NaN,0]]}', 422),
    ('{"polygon": [[0,0],[1,1],[Infinity,0]]}', 422),
    ('{"polygon": [[0,0],[1,1],[1e999,0]]}', 422),
    ('{"polygon": [[0,0],[1,1],[1e300,0]]}', 422),
    ('{"polygon": [[0,0],[1,1],[0]]}', 422),
    ('{"polygon": [[0,0],[1,1],["0","0)"]]}', 422),
    ('{"polygon": [[0,0],[1,1],[0,1]], "\\ud800": 1}', 422),
    ('{"polygon": "((0,0),(1,1))"}', 422),
    ('{"polygon": ' + json.dumps([[0, 0]] * 1001) + "}", 422),
    ('{"polygon": [[0,0],[1,1],[' + "9" * 5000 + ",0]]}", 422),
    ("[" * 20_000, 422),
    ('{"polygon": [[0,0],[1,1],[0,1]]}' + " " * 140_000, 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=[body[:40] for body, _ in BODIES])
def test_a_bad_outline_is_refused(client, body, status):
    answer = client.post(
        "/api/map/2/selection", content=body.encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_what_is_not_there_and_what_is_not_meant_so_are_problems_too(client):
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/api/paper", 404),
        ("GET", "/api/map/9/labels", 404),
        ("GET", "/api/map/3/tiles/0/0/0", 404),
        ("GET", "/api/map/2/tiles/1/2/0", 404),
        ("POST", "/api/papers", 405),
        ("DELETE", "/api/papers/1", 405),
        ("GET", "/api/map/2/selection", 405),
    ):
        answer = client.request(method, path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] not in ("", "Not Found", "Method Not Allowed")


def test_every_answer_has_a_request_id_and_safe_headers(client):
    for path in ("/api/health", "/api/nothing", "/api/papers?limit=0"):
        headers = client.get(path, headers={"X-Request-ID": "from-the-proxy"}).headers
        assert headers["x-request-id"] == "from-the-proxy"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in headers
    forged = client.get("/api/health", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]
    assert forged.isalnum()
