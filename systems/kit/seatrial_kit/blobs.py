"""Blobs at one address: a folder on a laptop (`file:///…`), a container on Azure (`https://<account>.blob…`)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from seatrial_kit.errors import Failure

__all__ = ["BlobMissing", "Blobs", "BlobsAway", "open_blobs"]


class BlobMissing(Failure):
    """There is no blob of that key."""


class BlobsAway(Failure):
    """The store cannot be reached, or refuses."""


class Blobs:
    """Bytes under keys such as `maps/3/umap.bin`. A write is seen whole or not at all."""

    def __init__(self, store: ObjectStore, url: str) -> None:
        self._store = store
        self._url = url

    def read(self, key: str) -> bytes:
        """
        Raises:
            BlobMissing: there is none of that key.
            BlobsAway: the store does not answer.
        """
        try:
            return bytes(self._store.get(key).bytes())
        except (NotFoundError, FileNotFoundError) as exc:
            raise BlobMissing(f"{self._url}: no blob {key}") from exc
        except BaseError as exc:
            raise self._away(exc) from exc

    def write(self, key: str, data: bytes) -> None:
        """Write or replace."""
        try:
            self._store.put(key, data)
        except BaseError as exc:
            raise self._away(exc) from exc

    def delete(self, key: str) -> None:
        """Delete; one that is not there is no error."""
        try:
            self._store.delete(key)
        except (NotFoundError, FileNotFoundError):
            pass
        except BaseError as exc:
            raise self._away(exc) from exc

    def keys(self, prefix: str = "") -> list[str]:
        """The keys below a prefix of whole path segments, sorted."""
        try:
            return sorted(blob["path"] for batch in self._store.list(prefix or None) for blob in batch)
        except BaseError as exc:
            raise self._away(exc) from exc

    def _away(self, error: Exception) -> BlobsAway:
        first_line = str(error).strip().splitlines()[0]
        return BlobsAway(f"{self._url}: {first_line}", hint="MODELS_URL and the like say where blobs are")


def open_blobs(url: str) -> Blobs:
    """The blobs at an address; a folder is made when it is not there.

    On Azure the address is `https://<account>.blob.core.windows.net/<container>`, or `az://<container>` with
    AZURE_STORAGE_ACCOUNT_NAME; AZURE_CLIENT_ID says whose token opens it. obstore fetches and renews it.

    Raises:
        BlobsAway: the address is of no kind we know.
    """
    try:
        if urlsplit(url).scheme == "file":
            Path(unquote(urlsplit(url).path)).mkdir(parents=True, exist_ok=True)
        return Blobs(from_url(url), url)
    except (BaseError, ValueError, OSError) as exc:
        raise BlobsAway(
            f"{url}: {exc}", hint="file:///a/folder or https://account.blob.core.windows.net/container"
        ) from exc
