"""Blobs in a folder; the same code speaks to Azure."""

from __future__ import annotations

import pytest
from seatrial_kit.blobs import BlobMissing, BlobsAway, open_blobs


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
    with pytest.raises(BlobsAway, match="file:///a/folder or az://container"):
        open_blobs("gopher://somewhere")
