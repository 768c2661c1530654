"""What a system keeps on this machine, and its removal."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from seatrial.laptop.state import Home

__all__ = ["holdings_of", "remove", "size_in_words"]

_NAMES = {
    "postgres": "the databases",
    "blobs": "the blobs",
    "cache": "the caches",
    "logs": "the logs",
    "done": "which jobs have been done",
}


def holdings_of(home: Home) -> list[tuple[str, int]]:
    """What there is, and its size in bytes. Data that PostgreSQL's user keeps elsewhere counts too."""
    found = []
    for name, words in _NAMES.items():
        folder = home.folder / name
        if folder.exists():
            size = _size(folder) + sum(_size(link.resolve()) for link in _links(folder))
            found.append((f"{words} ({name}/)", size))
    return found


def remove(home: Home) -> None:
    """Remove it all. The lock, which must be held, goes with the folder."""
    for link in _links(home.postgres):
        place = link.resolve()
        shutil.rmtree(place, ignore_errors=True)
        place.with_suffix(".origin").unlink(missing_ok=True)
    shutil.rmtree(home.folder)
    with suppress(OSError):
        home.folder.parent.rmdir()  # when it was the last system


def _links(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_symlink()] if folder.is_dir() else []


def _size(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(where, name)).st_blocks * 512  # noqa: PTH118  # many files
    return total


def size_in_words(size: int) -> str:
    """Bytes as people read them."""
    amount = float(size)
    for unit in ("B", "KiB", "MiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"
