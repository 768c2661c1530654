"""A server that speaks the embeddings API, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

DIMENSIONS = 4

Answer = tuple[int, dict[str, str], Any]
"""Status, headers, body."""


class EmbeddingEndpoint:
    """What it was asked, and what it will answer next: afterwards it answers as it should."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.times: list[float] = []
        self.next: list[Callable[[list[str]], Answer] | Answer] = []
        self.bad_texts: set[str] = set()
        self.url = ""

    def answer(self, texts: list[str]) -> Answer:
        if self.next:
            given = self.next.pop(0)
            return given(texts) if callable(given) else given
        for text in texts:
            if text in self.bad_texts:
                return 400, {}, {"error": {"message": f"'{text}' is not valid"}}
        return 200, {}, {"data": [vector(index, text) for index, text in enumerate(texts)]}


def vector(index: int, text: str) -> dict[str, Any]:
    return {"index": index, "embedding": [float(len(text)), 1.0, 2.0, 3.0]}


@pytest.fixture
def embedding_endpoint() -> Iterator[EmbeddingEndpoint]:
    endpoint = EmbeddingEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            endpoint.asked.append(body)
            endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
            endpoint.paths.append(self.path)
            endpoint.times.append(time.monotonic())
            status, headers, content = endpoint.answer(body["input"])
            payload = content if isinstance(content, bytes) else json.dumps(content).encode()
            try:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
            except (BrokenPipeError, ConnectionResetError):
                pass  # who asked has gone, as a test wants it

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield endpoint
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
