"""The built front end, served so that a browser keeps what never changes and asks again for what may."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Annotated

from fastapi import Header, Response
from fastapi.responses import JSONResponse

__all__ = ["CONTENT_SECURITY_POLICY", "Page"]

# Nothing from elsewhere, nothing inline, no eval, in nobody's frame.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_BUILT = "DocScope's page has not been built: static/index.html is missing.\nhint: run `make web`\n"


class Page:
    """Looks at the disk at every request, so that a new build is served without a restart."""

    def __init__(self, static: Path) -> None:
        self._static = static

    def health(self) -> Response:
        """Ready as soon as there is a page to serve."""
        if (self._static / "index.html").is_file():
            return JSONResponse({"status": "ready"})
        return Response(_NOT_BUILT, 503, media_type="text/plain; charset=utf-8")

    def index(self, if_none_match: Annotated[str | None, Header()] = None) -> Response:
        try:
            content = (self._static / "index.html").read_bytes()
        except FileNotFoundError:
            return Response(_NOT_BUILT, 503, media_type="text/plain; charset=utf-8")
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {
            "ETag": tag,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        }
        if if_none_match is not None and tag in if_none_match:
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="text/html; charset=utf-8")

    def asset(self, name: str, accept_encoding: Annotated[str, Header()] = "") -> Response:
        """A bundled file. Its name holds a hash of its content, so it never changes."""
        path = self._static / "assets" / name
        if not _NAME.fullmatch(name) or name.endswith(".gz") or not path.is_file():
            return Response("no such file\n", 404, media_type="text/plain; charset=utf-8")
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        small = path.with_name(f"{name}.gz")
        if "gzip" in accept_encoding and small.is_file():
            path = small
            headers["Content-Encoding"] = "gzip"
        kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0]
        return Response(path.read_bytes(), headers=headers, media_type=kind or "application/octet-stream")
