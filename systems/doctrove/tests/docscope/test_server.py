"""What DocScope's server serves, passes on and keeps back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from doctrove.docscope.server import make_app
from starlette.testclient import TestClient

POLICY_WITHOUT = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


@pytest.fixture
def static(tmp_path: Path) -> Path:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>DocScope</title>")
    (assets / "main-ABC.js").write_text("let a = 1;")
    (assets / "main-ABC.js.gz").write_bytes(b"packed")
    (tmp_path / "secret.txt").write_text("not for you")
    return tmp_path


class Api(httpx.AsyncBaseTransport):
    """An API that answers by a function, piece by piece as over a network."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        made = self._answer(request)
        return httpx.Response(made.status_code, headers=made.headers, stream=httpx.ByteStream(made.content))


def browse(
    static: Path, answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(500)
) -> TestClient:
    return TestClient(make_app("http://api.example:5001", static=static, transport=Api(answer)))


def test_the_page_allows_nothing_from_elsewhere(static: Path) -> None:
    with browse(static) as client:
        page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not [word for word in POLICY_WITHOUT if word in policy]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"


def test_a_page_that_has_not_changed_is_not_sent_again(static: Path) -> None:
    with browse(static) as client:
        tag = client.get("/").headers["etag"]
        assert client.get("/", headers={"If-None-Match": tag}).status_code == 304
        (static / "index.html").write_text("another release")
        assert client.get("/", headers={"If-None-Match": tag}).text == "another release"


def test_a_bundled_file_is_kept_for_ever_and_sent_packed_to_who_can_unpack_it(static: Path) -> None:
    with browse(static) as client:
        packed = client.build_request("GET", "/assets/main-ABC.js", headers={"Accept-Encoding": "gzip"})
        sent = client.send(packed, stream=True)
        assert sent.headers["content-encoding"] == "gzip"
        assert b"".join(sent.iter_raw()) == b"packed"
        plain = client.get("/assets/main-ABC.js", headers={"Accept-Encoding": "identity"})
    assert plain.text == "let a = 1;"
    assert plain.headers["content-type"].startswith("text/javascript")
    assert "immutable" in plain.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../secret.txt",
        "/assets/%2e%2e%2fsecret.txt",
        "/assets/main-ABC.js.gz",
        "/secret.txt",
    ],
)
def test_nothing_but_the_bundle_is_served(static: Path, path: str) -> None:
    with browse(static) as client:
        assert client.get(path).status_code == 404


def test_it_is_ready_only_when_the_page_is_built_and_says_how_to_build_it(static: Path) -> None:
    with browse(static) as client:
        assert client.get("/health").status_code == 200
        (static / "index.html").unlink()
        health = client.get("/health")
        assert health.status_code == 503
        assert "make web" in health.text
        assert "make web" in client.get("/").text


def test_the_api_gets_the_path_and_query_as_the_browser_sent_them(static: Path) -> None:
    seen: list[httpx.Request] = []

    def api(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={}, headers={"ETag": '"7"', "Cache-Control": "no-cache"})

    with browse(static, api) as client:
        headers = {"Cookie": "a=b", "Authorization": "Bearer x", "Accept": "application/json"}
        answer = client.get("/api/search?q=a%2Fb+c&source=x%26y", headers=headers)
    assert answer.headers["etag"] == '"7"'
    assert seen[0].url.raw_path == b"/api/search?q=a%2Fb+c&source=x%26y"
    assert seen[0].headers["host"] == "api.example:5001"
    assert not {"cookie", "authorization"} & set(seen[0].headers)


def test_what_has_not_changed_stays_unchanged_on_the_way(static: Path) -> None:
    def api(request: httpx.Request) -> httpx.Response:
        known = request.headers.get("if-none-match") == '"7"'
        return httpx.Response(
            304 if known else 200, headers={"ETag": '"7"', "Connection": "x-hop", "X-Hop": "1"}
        )

    with browse(static, api) as client:
        answer = client.get("/api/map/1/tiles/0/0/0", headers={"If-None-Match": '"7"'})
    assert answer.status_code == 304
    assert answer.headers["etag"] == '"7"'
    assert "x-hop" not in answer.headers


def test_only_reading_and_the_selection_pass(static: Path) -> None:
    seen: list[tuple[str, bytes]] = []

    def api(request: httpx.Request) -> httpx.Response:
        seen.append((request.method, request.read()))
        return httpx.Response(200, json={"count": 0})

    with browse(static, api) as client:
        assert client.post("/api/map/3/selection?limit=5", json={"polygon": []}).json() == {"count": 0}
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert client.request(method, "/api/papers").status_code == 405
        assert client.post("/api/map/3/selection", content=b"x" * 300_000).status_code == 413
    assert seen == [("POST", b'{"polygon":[]}')]


def test_an_api_that_is_away_is_a_problem_that_says_so(static: Path) -> None:
    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with browse(static, away) as client:
        answer = client.get("/api/map")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["title"] == "The API is away"
