"""Which book counts: the one that comes with seatrial, or one that was refreshed."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from seatrial.bill.book import Book
from seatrial.bill.errors import BookNotWritten, NoBook
from seatrial.bill.pricelist.book_files import texts
from seatrial.bill.pricelist.shelf import newest, put, shelf

TODAY = Book().made_on + timedelta(days=1)


def files(currency: str = "USD", day: date = TODAY) -> dict[str, str]:
    """A book of one region."""
    return texts(currency, day, Book().entries("eastus"))


def test_without_a_refreshed_book_the_embedded_one_counts(tmp_path: Path) -> None:
    book = Book.current("USD", tmp_path)
    assert book.embedded
    assert book.remark == ""


def test_a_newer_book_counts_instead_of_the_embedded_one(tmp_path: Path) -> None:
    folder = put(files(), "USD", tmp_path)
    book = Book.current("USD", tmp_path)
    assert (book.folder, book.made_on, book.regions) == (folder, TODAY, ("eastus",))


def test_an_older_book_does_not_and_it_is_said(tmp_path: Path) -> None:
    put(files(day=date(2026, 1, 1)), "USD", tmp_path)
    book = Book.current("USD", tmp_path)
    assert book.embedded
    assert "newer" in book.remark


def test_a_damaged_book_does_not_and_it_is_said(tmp_path: Path) -> None:
    folder = put(files(), "USD", tmp_path)
    (folder / "eastus.tsv").write_bytes(b"")
    book = Book.current("USD", tmp_path)
    assert book.embedded
    assert "eastus.tsv: is not as it was written" in book.remark


def test_another_currency_must_be_fetched_first(tmp_path: Path) -> None:
    with pytest.raises(NoBook, match=r"no prices in EUR(.|\n)*hint: seatrial bill --refresh --currency EUR"):
        Book.current("EUR", tmp_path)
    put(files("EUR", date(2020, 1, 1)), "EUR", tmp_path)
    assert Book.current("EUR", tmp_path).currency == "EUR"


def test_a_shelf_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "USD" / "current").mkdir(parents=True)
    assert "current: cannot be read" in Book.current("USD", tmp_path).remark


def test_a_damaged_book_of_another_currency_is_not_replaced_by_dollars(tmp_path: Path) -> None:
    folder = put(files("EUR"), "EUR", tmp_path)
    (folder / "book.tsv").unlink()
    with pytest.raises(NoBook, match="there is no price book here"):
        Book.current("EUR", tmp_path)


def test_whoever_reads_the_book_before_can_go_on(tmp_path: Path) -> None:
    # Given a reader of the first book
    put(files(), "USD", tmp_path)
    reader = Book.current("USD", tmp_path)
    # When a second is put there, then he still reads; when a third, only the last two remain
    put(files(), "USD", tmp_path)
    assert reader.entries("eastus")
    third = put(files(), "USD", tmp_path)
    assert newest("USD", tmp_path) == third
    assert sorted(path.name for path in (tmp_path / "USD").iterdir()) == ["2", "3", "current", "lock"]


def test_two_do_not_write_at_once(tmp_path: Path) -> None:
    import fcntl

    put(files(), "USD", tmp_path)
    with (tmp_path / "USD" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(BookNotWritten):
            put(files(), "USD", tmp_path)


def test_the_shelf_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATRIAL_PRICES", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert shelf() == Path("/data/seatrial/prices")
    monkeypatch.setenv("XDG_DATA_HOME", "")
    monkeypatch.setenv("HOME", "/home/ada")
    assert shelf() == Path("/home/ada/.local/share/seatrial/prices")
    monkeypatch.setenv("SEATRIAL_PRICES", "~/prices")
    assert shelf() == Path("/home/ada/prices")


def test_a_shelf_that_cannot_be_written_leaves_the_old_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(files(), "USD", tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BookNotWritten, match="No space left"):
        put(files(day=TODAY + timedelta(days=1)), "USD", tmp_path)
    assert newest("USD", tmp_path) == first
    assert Book.current("USD", tmp_path).made_on == TODAY
