"""The way from the browser to the API: what DocScope passes on, and what it keeps back."""

from __future__ import annotations

import logging

import httpx
from fastapi import Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.background import BackgroundTask

__all__ = ["Passage"]

_log = logging.getLogger(__name__)

# Only what the API answers by: no cookies, no credentials, nothing that speaks of this hop (RFC 9110, 7.6.1).
_TO_API = {
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "if-none-match",
    "if-modified-since",
    "traceparent",
    "x-request-id",
}
_OF_ONE_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "server",
    "date",
    "set-cookie",
}
_LARGEST_SELECTION = 256 * 1024  # bytes; 1,000 corners take some 45 KB


class Passage:
    """Passes reading on as it is, and of the writing only the question that needs a body: a selection."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def read(self, request: Request) -> Response:
        return await self._pass_on(request, None)

    async def select(self, request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST_SELECTION:
                detail = f"a selection has {_LARGEST_SELECTION // 1024} KiB at most; draw fewer corners"
                return _problem(413, "The selection is too large", detail)
        return await self._pass_on(request, bytes(body))

    async def _pass_on(self, request: Request, body: bytes | None) -> Response:
        # The path as it came, not decoded and encoded again: the API is to see what the browser sent.
        target = httpx.URL(self._client.base_url).copy_with(
            raw_path=request.scope["raw_path"] + b"?" + request.scope["query_string"]
        )
        headers = {name: value for name, value in request.headers.items() if name in _TO_API}
        outgoing = self._client.build_request(request.method, target, headers=headers, content=body)
        try:
            answer = await self._client.send(outgoing, stream=True)
        except httpx.TransportError as exc:
            _log.warning("the API at %s does not answer: %s", self._client.base_url, type(exc).__name__)
            detail = "DocScope reaches no API at this moment; it tries again with every request"
            return _problem(503, "The API is away", detail, {"Retry-After": "2"})
        dropped = _OF_ONE_HOP | {
            name.strip().lower() for name in answer.headers.get("connection", "").split(",")
        }
        passed = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        for name, value in answer.headers.multi_items():
            if name.lower() not in dropped:
                passed.headers.append(name, value)
        return passed


def _problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Response:
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, "errors": []}
    return JSONResponse(content, status, headers, media_type="application/problem+json")
