"""Files with one JSON object a line; what a record means is the business of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from doctrove.ingest.records import MAX_CONTENT, Document, Kept, Progress, Reject, Rejected
from doctrove.ingest.sources.files import Line, LineFile, text_of

__all__ = ["JsonLines"]


class JsonLines:
    """A source of JSON lines, packed or not.

    `reader` names the version of `to_document`: it grows when the same line would give another document.
    """

    def __init__(
        self, name: str, path: Path, to_document: Callable[[dict[str, Any]], Document], *, reader: str
    ) -> None:
        self.name = name
        self.location = str(path.absolute())
        self._file = LineFile(path)
        self._to_document = to_document
        self._fingerprint = self._file.fingerprint(name, reader)
        self.total = self._file.total

    def fingerprint(self) -> str:
        return self._fingerprint

    def progress(self) -> Progress:
        return self._file.progress()

    def records(self, position: int, line: int) -> Iterator[Kept | Reject]:
        for found in self._file.lines(position, line):
            try:
                yield Kept(found.end, found.number, self._to_document(_object(found)))
            except Rejected as exc:
                beginning = found.data[: MAX_CONTENT * 4].decode(errors="replace")
                yield Reject(found.end, found.number, str(exc), beginning[:MAX_CONTENT])


def _object(line: Line) -> dict[str, Any]:
    try:
        if not line.too_long:
            record = orjson.loads(line.data)
            if isinstance(record, dict):
                return record
            raise Rejected("not a JSON object on a line of its own")
    except orjson.JSONDecodeError as exc:
        text_of(line)  # a wrong encoding is the better reason
        if not line.finished:
            raise Rejected("half-written: the file ends in the middle of the record") from None
        raise Rejected(f"not JSON: {exc}") from None
    text_of(line)
    raise AssertionError("a line that is too long has no text")
