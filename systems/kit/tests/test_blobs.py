"""Blobs in a folder; the same code speaks to Azure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from seatrial_kit.blobs import BlobMissing, BlobsAway, open_blobs


class BlobService(ThreadingHTTPServer):
    """As much of Azure's blob service as these tests need."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Blob)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.blobs: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.shown: list[str | None] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> BlobService:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Blob(BaseHTTPRequestHandler):
    server: BlobService

    def do_PUT(self) -> None:
        self.server.blobs[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, b"")

    def do_GET(self) -> None:
        found = self.server.blobs.get(self.path)
        self._answer(404 if found is None else 200, found or b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.shown.append(self.headers["Authorization"])
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def folder_blobs(tmp_path):
    return open_blobs((tmp_path / "a new folder").as_uri())


def test_what_was_written_is_read(folder_blobs):
    folder_blobs.write("maps/1/umap.bin", b"\x00\xff" * 1000)

    assert folder_blobs.read("maps/1/umap.bin") == b"\x00\xff" * 1000


def test_a_second_write_replaces_the_first(folder_blobs):
    folder_blobs.write("a", b"one")
    folder_blobs.write("a", b"two")

    assert folder_blobs.read("a") == b"two"


def test_keys_are_listed_below_a_prefix(folder_blobs):
    for key in ("maps/2/b", "maps/1/a", "other"):
        folder_blobs.write(key, b"")

    assert folder_blobs.keys("maps") == ["maps/1/a", "maps/2/b"]
    assert folder_blobs.keys() == ["maps/1/a", "maps/2/b", "other"]


def test_a_blob_that_is_not_there_is_named(folder_blobs):
    with pytest.raises(BlobMissing, match="no blob maps/9"):
        folder_blobs.read("maps/9")


def test_deleting_twice_is_no_error(folder_blobs):
    folder_blobs.write("a", b"one")

    folder_blobs.delete("a")
    folder_blobs.delete("a")

    assert folder_blobs.keys() == []


def test_an_address_of_no_known_kind_is_refused_with_the_way_out():
    with pytest.raises(
        BlobsAway, match=r"file:///a/folder or https://account.blob.core.windows.net/container"
    ):
        open_blobs("gopher://somewhere")


@pytest.fixture
def blob_service(monkeypatch) -> Iterator[BlobService]:
    """Answers instead of the account of any address."""
    service = BlobService()
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", service.url)
    monkeypatch.setenv("AZURE_ALLOW_HTTP", "true")
    with service:
        yield service


def test_a_container_of_azure_is_opened_by_the_token_of_the_identity(identity_endpoint, blob_service):
    blobs = open_blobs("https://theaccount.blob.core.windows.net/models")
    blobs.write("maps/1/umap.bin", b"one")

    assert blobs.read("maps/1/umap.bin") == b"one"
    with pytest.raises(BlobMissing, match="no blob maps/9"):
        blobs.read("maps/9")

    assert set(blob_service.asked) == {
        "PUT /models/maps/1/umap.bin",
        "GET /models/maps/1/umap.bin",
        "GET /models/maps/9",
    }
    assert set(blob_service.shown) == {"Bearer a-token"}
    assert identity_endpoint.resources == ["https://storage.azure.com"]


def test_a_container_cannot_be_opened_without_a_token(identity_endpoint, blob_service):
    identity_endpoint.status = 403

    with pytest.raises(BlobsAway) as failure:
        open_blobs("https://theaccount.blob.core.windows.net/models").read("maps/1/umap.bin")

    assert "theaccount" in str(failure.value)
    assert identity_endpoint.header not in str(failure.value)
    assert blob_service.asked == []
