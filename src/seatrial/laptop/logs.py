"""The lines that parts write: masked, bounded, kept in files that rotate, and read again."""

from __future__ import annotations

import heapq
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

from seatrial.laptop.environment import Mask

__all__ = ["LineSplitter", "LogFile", "follow", "last_lines", "merged"]

LONGEST_LINE = 64 * 1024
"""Characters. A longer line is told in several, none of it lost."""
_FILE_BYTES, _FILES_KEPT = 10 * 2**20, 3
_STAMP = len("2026-11-21T11:42:13.123Z ")


class LineSplitter:
    """Makes lines of what a process writes, as it comes."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._rest = ""
        self._bytes = b""

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The lines that this chunk completes. A carriage return ends one too, as in progress bars."""
        text = self._rest + self._decode(chunk)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest = lines.pop()
        for line in lines:
            yield from self._cut(self._mask(line))
        if len(self._rest) > LONGEST_LINE + self._mask.longest:
            # What may be the beginning of a secret stays until its end has come.
            told = self._mask(self._rest)
            keep = self._mask.longest
            self._rest = told[len(told) - keep :] if keep else ""
            yield from self._cut(told[: len(told) - keep])

    def end(self) -> Iterator[str]:
        """The last line, when it had no end."""
        rest, self._rest = self._rest + self._bytes.decode(errors="replace"), ""
        if rest:
            yield from self._cut(self._mask(rest))

    def _decode(self, chunk: bytes) -> str:
        """Decode what is whole: a character, or a line end, may come in two chunks."""
        data = self._bytes + chunk
        tail = 1 if data.endswith(b"\r") else _unfinished_character(data)
        self._bytes = data[len(data) - tail :]
        return data[: len(data) - tail].decode(errors="replace")

    @staticmethod
    def _cut(line: str) -> Iterator[str]:
        for start in range(0, max(len(line), 1), LONGEST_LINE):
            yield line[start : start + LONGEST_LINE]


def _unfinished_character(data: bytes) -> int:
    """How many bytes at the end begin a UTF-8 character that is not whole yet."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if length > back else 0
        if byte < 0x80:
            return 0
    return 0


class LogFile:
    """The log of one part: a line each, with the time in UTC; 10 MiB a file, three older ones kept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._handler = RotatingFileHandler(
            path, maxBytes=_FILE_BYTES, backupCount=_FILES_KEPT, encoding="utf-8", errors="replace"
        )
        self._handler.terminator = "\n"

    def write(self, line: str) -> None:
        moment = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))
        text = f"{stamp}.{int(moment * 1000) % 1000:03d}Z {line}"
        self._handler.emit(logging.LogRecord("", 0, "", 0, text, None, None))

    def close(self) -> None:
        self._handler.close()


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log, times included, the newest last; also those that have been rotated away."""
    lines: deque[str] = deque(maxlen=count)
    for number in range(_FILES_KEPT + 1):
        file = path if number == 0 else path.with_name(f"{path.name}.{number}")
        if len(lines) >= count or not file.exists():
            break
        with file.open(errors="replace", newline="\n") as text:
            found = deque((line.rstrip("\n") for line in text), maxlen=count - len(lines))
        lines.extendleft(reversed(found))
    return list(lines)


def without_time(line: str) -> str:
    return line[_STAMP:]


def merged(logs: dict[str, Path], count: int) -> Iterator[tuple[str, str]]:
    """The last `count` lines of each part, in the order of time: part and line."""

    def of(part: str, path: Path) -> Iterable[tuple[str, str, str]]:
        return [(line[:_STAMP], part, line[_STAMP:]) for line in last_lines(path, count)]

    ordered = heapq.merge(*(of(part, path) for part, path in logs.items()), key=lambda each: each[0])
    for _, part, line in ordered:
        yield part, line


def follow(logs: dict[str, Path], going_on: Callable[[], bool]) -> Iterator[tuple[str, str]]:
    """New lines as they are written, until `going_on` says no; rotated or new files are followed too."""
    places = {part: path.stat().st_size if path.exists() else 0 for part, path in logs.items()}
    inodes = {part: path.stat().st_ino if path.exists() else None for part, path in logs.items()}
    rests = dict.fromkeys(logs, "")
    more = True
    while more:
        more = going_on()
        for part, path in logs.items():
            for text in _new_text(part, path, places, inodes):
                *lines, rests[part] = (rests[part] + text).split("\n")
                yield from ((part, without_time(line)) for line in lines)
        if more:
            time.sleep(0.1)


def _new_text(part: str, path: Path, places: dict[str, int], inodes: dict[str, int | None]) -> Iterator[str]:
    if not path.exists():
        return
    if path.stat().st_ino != inodes[part]:  # rotated: the rest of the old file comes first
        old = path.with_name(f"{path.name}.1")
        if inodes[part] is not None and old.exists() and old.stat().st_ino == inodes[part]:
            yield _read_from(old, places[part])[0]
        inodes[part], places[part] = path.stat().st_ino, 0
    text, places[part] = _read_from(path, places[part])
    if text:
        yield text


def _read_from(path: Path, place: int) -> tuple[str, int]:
    with path.open("rb") as file:
        file.seek(place)
        data = file.read()
    return data.decode(errors="replace"), place + len(data)
