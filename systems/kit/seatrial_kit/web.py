"""What every service does around its routes: request ids, an access log, bounds, and safe headers; and who
may come at all."""

from __future__ import annotations

import hmac
import logging
import re
import time
import uuid
from urllib.parse import quote

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seatrial_kit.problems import UNEXPECTED, Problem, reply

__all__ = ["Guard", "behind_front_door"]

MAX_BODY_BYTES = 128 * 1024

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-cache",
}
"""Where a route sets one of these itself, its own stays."""

log = logging.getLogger(__name__)
access = logging.getLogger(f"{__name__}.access")


class Guard:
    """ASGI middleware around a whole application.

    Every answer carries `X-Request-ID` (the caller's, if it is a plain word). A request is logged by method,
    path, status and time (a healthy probe only at level DEBUG); never its query, which may be private. A
    body over `max_body_bytes` is 413. An exception
    nobody handled is logged and answered with a problem that says nothing about it.
    """

    def __init__(self, app: ASGIApp, *, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        asked = Headers(scope=scope).get("x-request-id", "")
        request_id = asked if _REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex
        scope["request_id"] = request_id
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, self._bounded(receive), send_marked)
        except Exception:
            log.exception("request %s failed", request_id)
            if status:
                raise  # half an answer is out: only a broken connection tells that it is not whole
            problem = reply(Problem(status=500, detail=UNEXPECTED), request_id)
            await problem(scope, receive, send_marked)
        finally:
            taken = (time.perf_counter() - began) * 1000
            # Probes come every few seconds: a healthy answer to one is no news.
            level = logging.DEBUG if "/health" in scope["path"] and status < 400 else logging.INFO
            where = quote(scope["path"])  # or a line end in it would begin a line of its own
            access.log(level, "%s %s %d %.1f ms %s", scope["method"], where, status, taken, request_id)

    def _bounded(self, receive: Receive) -> Receive:
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._max_body_bytes:
                raise HTTPException(413, f"body: at most {self._max_body_bytes} bytes are taken")
            return message

        return receive_bounded


def behind_front_door(app: ASGIApp, front_door_id: str | None, *, health: str) -> ASGIApp:
    """Answer only what comes through this Front Door, and 403 to all others; None: answer everybody.

    Everybody can reach the public address of a service; only Front Door can put its own id into a header.
    What lives below the path `health` is answered to everybody, for the probes of the host come past it.
    Source: https://learn.microsoft.com/azure/frontdoor/origin-security
    """
    if front_door_id is None:
        return app
    expected = front_door_id.encode()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or _is_at(scope["path"], health):
            await app(scope, receive, send)
            return
        said = [value for name, value in scope["headers"] if name == b"x-azure-fdid"]
        if len(said) == 1 and hmac.compare_digest(said[0], expected):
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            access.info("%s %s 403 not through Front Door", scope["method"], quote(scope["path"]))
            await reply(Problem(status=403, detail="come through the front door"), None)(scope, receive, send)

    return guarded


def _is_at(path: str, place: str) -> bool:
    return path == place or path.startswith(f"{place}/")
