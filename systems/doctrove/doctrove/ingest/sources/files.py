"""Reading a file of lines: plain, gzip or zip, in constant memory, from any position.

A position counts bytes of what the file holds when unpacked, so that it means the same for all three.
"""

from __future__ import annotations

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from doctrove.ingest.records import InputBroken, Progress, Rejected

__all__ = ["LONGEST_LINE", "Line", "LineFile", "text_of"]

LONGEST_LINE = 8 << 20
"""Bytes. The longest records of OpenAlex (thousands of authors) need some 3 MiB."""
_SAMPLE = 1 << 20


class Line(NamedTuple):
    """One line, without its end."""

    end: int
    """The position after it."""
    number: int
    data: bytes
    """Its beginning only, when it is too long."""
    too_long: int
    """Its length in bytes when that is more than LONGEST_LINE, else 0."""
    finished: bool
    """Whether a line break follows; the last line of a file that is still being written has none."""


class LineFile:
    """A file of lines. The kind of packing is told from its first bytes, not from its name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                head = file.read(4)
            self.size = path.stat().st_size
        except OSError as exc:
            raise InputBroken(f"{path}: {exc.strerror}", hint="name a file that can be read") from exc
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise InputBroken(f"{path}: is UTF-16", hint=f"iconv -f UTF-16 -t UTF-8 {path.name} > utf8.json")
        self._packing = "gzip" if head[:2] == b"\x1f\x8b" else "zip" if head == b"PK\x03\x04" else "none"
        self.total = None if self._packing == "gzip" else self._unpacked_size()
        self._raw: BinaryIO | None = None

    def fingerprint(self, *how: str) -> str:
        """Tells this content, as far as size, time and both ends show it, and `how` it is read."""
        digest = hashlib.sha256("\n".join(how).encode())
        status = self.path.stat()
        digest.update(f"\n{status.st_size} {status.st_mtime_ns}\n".encode())
        with self.path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            file.seek(max(0, status.st_size - _SAMPLE))
            digest.update(file.read(_SAMPLE))
        return digest.hexdigest()

    def progress(self) -> Progress:
        """In bytes of the file as it lies on the disk."""
        raw = self._raw
        return Progress(done=raw.tell() if raw is not None and not raw.closed else 0, total=self.size)

    def lines(self, position: int = 0, number: int = 0) -> Iterator[Line]:
        """The lines after a position, whose last line had this number. Empty ones are left out.

        Raises:
            InputBroken: the packed data are damaged or end too early.
        """
        with self.path.open("rb") as raw:
            self._raw = raw
            try:
                with self._unpacked(raw) as file:
                    file.seek(position)
                    yield from _lines(file, position, number)
            except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as exc:
                raise InputBroken(
                    f"{self.path}: the packed data are damaged or end too early: {exc}",
                    hint="fetch the file again; what was whole is in and will not be read twice",
                ) from exc

    def _unpacked(self, raw: BinaryIO) -> BinaryIO:
        if self._packing == "gzip":
            return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # it is one
        if self._packing == "zip":
            archive = zipfile.ZipFile(raw)
            return archive.open(_only_member(archive, self.path))  # type: ignore[return-value]  # it is one
        return raw

    def _unpacked_size(self) -> int:
        if self._packing == "none":
            return self.size
        try:
            with zipfile.ZipFile(self.path) as archive:
                return _only_member(archive, self.path).file_size
        except zipfile.BadZipFile as exc:
            raise InputBroken(f"{self.path}: is a damaged zip: {exc}", hint="fetch the file again") from exc


def text_of(line: Line, encoding: str = "utf-8") -> str:
    """The line as text.

    Raises:
        Rejected: it is too long, or not in this encoding.
    """
    if line.too_long:
        raise Rejected(f"line of {line.too_long:,} bytes is longer than {LONGEST_LINE:,}")
    try:
        return line.data.decode(encoding)
    except UnicodeDecodeError as exc:
        raise Rejected(f"not {encoding.upper()}: byte {exc.start} is 0x{line.data[exc.start]:02x}") from None


def _lines(file: BinaryIO, position: int, number: int) -> Iterator[Line]:
    while data := file.readline(LONGEST_LINE):
        length = len(data)
        finished = data.endswith(b"\n")
        if not finished and length == LONGEST_LINE:
            data = data[:_SAMPLE]
            while not finished and (rest := file.readline(_SAMPLE)):
                length += len(rest)
                finished = rest.endswith(b"\n")
        if position == 0:
            data = data.removeprefix(b"\xef\xbb\xbf")
        position += length
        number += 1
        data = data.rstrip(b"\r\n")
        if data.strip():
            too_long = length if length > LONGEST_LINE else 0
            yield Line(position, number, data, too_long, finished)


def _only_member(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    files = [member for member in archive.infolist() if not member.is_dir()]
    if len(files) != 1:
        raise InputBroken(f"{path}: holds {len(files)} files, not one", hint="unpack it and name the file")
    return files[0]
