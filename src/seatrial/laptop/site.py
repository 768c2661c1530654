"""Serves the files of a site on loopback: python -m seatrial.laptop.site DIRECTORY PORT [FALLBACK]."""

from __future__ import annotations

import sys
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HEALTH = "/.seatrial-health"


class Files(SimpleHTTPRequestHandler):
    """The files of one folder. A path that is no file is answered by `fallback`, when there is one."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, directory: str, fallback: str | None) -> None:
        self._fallback = fallback
        super().__init__(*args, directory=directory)

    def do_GET(self) -> None:
        if self.path == HEALTH:
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
            return
        super().do_GET()

    def translate_path(self, path: str) -> str:
        found = super().translate_path(path)
        root = Path(self.directory).resolve()
        inside = Path(found).resolve().is_relative_to(root)  # a link may lead out
        if not inside or (self._fallback and not Path(found).exists()):
            return str(root / (self._fallback or "-")) if inside else str(root / "-")
        return found

    def list_directory(self, path: Any) -> None:
        """Folders are not listed, as on Azure."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != HEALTH:
            super().log_request(code, size)


def main() -> None:
    directory, port, *fallback = sys.argv[1:]
    handler = partial(Files, directory=directory, fallback=fallback[0] if fallback else None)
    with ThreadingHTTPServer(("127.0.0.1", int(port)), handler) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
