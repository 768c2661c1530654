"""DocScope's server: the built page, its health, and the way to the API, all on one origin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI, Request, Response

from doctrove.docscope.page import Page
from doctrove.docscope.passage import Passage

__all__ = ["STATIC", "make_app"]

STATIC = Path(__file__).parent / "static"
_SAFE_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# A tile takes milliseconds and the slowest search a few seconds: an API that takes longer is away.
_PATIENCE = httpx.Timeout(connect=3, read=30, write=10, pool=5)
_TO_API = httpx.Limits(max_connections=200, max_keepalive_connections=50)


def make_app(api_url: str, *, static: Path, transport: httpx.AsyncBaseTransport | None = None) -> FastAPI:
    """The web application; `static` is where the front end was built, `transport` how the API is reached."""
    client = httpx.AsyncClient(
        base_url=api_url, timeout=_PATIENCE, limits=_TO_API, transport=transport, trust_env=False
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    page = Page(static)
    passage = Passage(client)
    app.get("/health")(page.health)
    app.get("/")(page.index)
    app.get("/assets/{name}")(page.asset)
    app.api_route("/api/{path:path}", methods=["GET", "HEAD"])(passage.read)
    app.post("/api/map/{version}/selection")(passage.select)

    @app.middleware("http")
    async def safe_headers(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await go_on(request)
        for name, value in _SAFE_FOR_ALL.items():
            response.headers.setdefault(name, value)
        return response

    return app
