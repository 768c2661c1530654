"""Where refreshed price books are kept, each whole or not at all.

Below the shelf there is a folder for each currency, in it one folder for each book, and a file `current` that
names the one that counts. That file is written last, and replaced at once.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from seatrial.bill.errors import BookNotWritten, NoBook

__all__ = ["newest", "put", "shelf"]

CURRENT = "current"


def shelf() -> Path:
    """The folder of refreshed books: `SEATRIAL_PRICES`, or else `seatrial/prices` in the user's data."""
    if chosen := os.environ.get("SEATRIAL_PRICES"):
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "seatrial" / "prices"


def newest(currency: str, at: Path | None = None) -> Path | None:
    """The folder of the book in that currency that was finished last; None when none ever was.

    Raises:
        NoBook: it cannot be found out.
    """
    folder = (at or shelf()) / currency
    try:
        name = (folder / CURRENT).read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as exc:
        raise NoBook(f"{folder / CURRENT}: cannot be read ({exc})") from exc
    return folder / name


def put(files: Mapping[str, str], currency: str, at: Path | None = None) -> Path:
    """Puts a book on the shelf, and lets it count once every file of it is on the disk; gives its folder.

    The one before stays, for those who are reading it; older ones, and what a killed refresh left, go.

    Raises:
        BookNotWritten: the disk refuses it, or another process is putting one there.
    """
    folder = (at or shelf()) / currency
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            return _put(files, folder, newest(currency, at))
    except OSError as exc:
        raise BookNotWritten(f"{folder}: no price book could be written ({exc.strerror or exc})") from exc


def _put(files: Mapping[str, str], folder: Path, before: Path | None) -> Path:
    # A number is never used again: somebody may still read a book that was taken away.
    taken = [int(old.name) for old in folder.iterdir() if old.name.isdigit()]
    book = folder / str(max(taken, default=0) + 1)
    book.mkdir()
    for name, text in files.items():
        _write(book / name, text)
    _sync(book)
    _write(folder / f"{CURRENT}.new", f"{book.name}\n")
    (folder / f"{CURRENT}.new").replace(folder / CURRENT)
    _sync(folder)
    for old in folder.iterdir():
        if old.is_dir() and old not in (book, before):
            import shutil  # with compression, which reading a book never needs

            shutil.rmtree(old, ignore_errors=True)
    return book


def _write(path: Path, text: str) -> None:
    with path.open("wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Puts the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            raise BookNotWritten(
                f"{folder}: another refresh is writing there\nhint: wait until it has ended"
            ) from exc
        yield
