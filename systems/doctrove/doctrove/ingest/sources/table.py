"""Tables of any origin, CSV or Parquet: a mapping says which column is what.

What we know: id, title, abstract, authors, date, field, country, and link.NAME. A column is taken for what it
is called, whatever its case, unless the mapping says another.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from doctrove.ingest.records import (
    MAX_CONTENT,
    Document,
    InputBroken,
    Kept,
    Progress,
    Reject,
    Rejected,
    check_date,
    document,
    parse_date,
)
from doctrove.ingest.sources.files import LONGEST_LINE, LineFile, text_of

__all__ = ["CsvTable", "ParquetTable", "table"]

READER = "1"
KNOWN = ("id", "title", "abstract", "authors", "date", "field", "country")
_BATCH = 1_000


def table(
    path: Path,
    mapping: Mapping[str, str],
    *,
    name: str | None = None,
    delimiter: str | None = None,
    encoding: str = "utf-8",
) -> CsvTable | ParquetTable:
    """The source of a table, called `name`, by default as the file. `mapping` is {"title": "Its column"}.

    `delimiter` is by default a tab for .tsv and a comma for others; packed CSV is read as it is.

    Raises:
        InputBroken: it cannot be read, or has no column for id or title.
    """
    name = name or path.name.split(".")[0]
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as exc:
        raise InputBroken(f"{path}: {exc.strerror}", hint="name a file that can be read") from exc
    if head == b"PAR1":
        return ParquetTable(name, path, mapping)
    comma = delimiter or ("\t" if ".tsv" in path.suffixes else ",")
    return CsvTable(name, path, mapping, delimiter=comma, encoding=encoding)


class CsvTable:
    """CSV with a header line. A position counts bytes of what the file holds when unpacked."""

    def __init__(
        self, name: str, path: Path, mapping: Mapping[str, str], *, delimiter: str, encoding: str
    ) -> None:
        self.name = name
        self.location = str(path.absolute())
        self._file = LineFile(path)
        self._delimiter = delimiter
        self._encoding = encoding
        self.total = self._file.total
        self._fingerprint = self._file.fingerprint(
            name,
            READER,
            delimiter,
            encoding,
            *(f"{what}={column}" for what, column in sorted(mapping.items())),
        )
        self._header, self._start, self._start_line = self._read_header()
        self._columns = _columns(path, self._header, mapping)

    def fingerprint(self) -> str:
        return self._fingerprint

    def progress(self) -> Progress:
        return self._file.progress()

    def records(self, position: int, line: int) -> Iterator[Kept | Reject]:
        at = [max(position, self._start), max(line, self._start_line)]
        refused: list[Reject] = []
        rows = csv.reader(self._texts(at, refused), delimiter=self._delimiter)
        csv.field_size_limit(LONGEST_LINE)
        while True:
            try:
                row = next(rows)
            except StopIteration:
                break
            except csv.Error as exc:
                yield from _drain(refused)
                yield Reject(at[0], at[1], f"not CSV: {exc}", "")
                continue
            yield from _drain(refused)
            try:
                if len(row) != len(self._header):
                    raise Rejected(f"{len(row)} columns where the header has {len(self._header)}")
                yield Kept(at[0], at[1], _document(dict(zip(self._header, row, strict=True)), self._columns))
            except Rejected as exc:
                yield Reject(at[0], at[1], str(exc), self._delimiter.join(row)[:MAX_CONTENT])
        yield from _drain(refused)

    def _texts(self, at: list[int], refused: list[Reject]) -> Iterator[str]:
        """The lines as text; `at` follows them, and what is no text goes to `refused`."""
        for line in self._file.lines(*at):
            at[:] = line.end, line.number
            try:
                yield text_of(line, self._encoding) + "\n"
            except Rejected as exc:
                beginning = line.data[:MAX_CONTENT].decode(errors="replace")
                refused.append(Reject(line.end, line.number, str(exc), beginning))

    def _read_header(self) -> tuple[list[str], int, int]:
        for line in self._file.lines():
            try:
                header = next(csv.reader([text_of(line, self._encoding)], delimiter=self._delimiter))
            except (Rejected, csv.Error) as exc:
                raise InputBroken(f"{self.location}: the header is {exc}", hint="try --encoding") from exc
            return [name.strip() for name in header], line.end, line.number
        raise InputBroken(f"{self.location}: is empty", hint="a CSV file starts with a line of column names")


class ParquetTable:
    """Parquet, row group after row group. A position and a line count rows."""

    def __init__(self, name: str, path: Path, mapping: Mapping[str, str]) -> None:
        self.name = name
        self.location = str(path.absolute())
        self._path = path
        try:
            facts = pq.read_metadata(path)
            header = list(facts.schema.to_arrow_schema().names)
        except (pa.ArrowException, OSError) as exc:
            raise InputBroken(f"{path}: is a damaged Parquet file: {exc}", hint="fetch it again") from exc
        self.total: int | None = facts.num_rows
        self._columns = _columns(path, header, mapping)
        how = [f"{what}={column}" for what, column in sorted(self._columns.items())]
        self._fingerprint = LineFile(path).fingerprint(name, READER, *how)
        self._done = 0

    def fingerprint(self) -> str:
        return self._fingerprint

    def progress(self) -> Progress:
        return Progress(done=self._done, total=self.total or 0)

    def records(self, position: int, line: int) -> Iterator[Kept | Reject]:
        del line  # the same as the position here
        try:
            with pq.ParquetFile(self._path) as file:
                for number, row in _rows(file, sorted(set(self._columns.values())), position):
                    self._done = number
                    try:
                        yield Kept(number, number, _document(row, self._columns))
                    except Rejected as exc:
                        yield Reject(number, number, str(exc), str(row)[:MAX_CONTENT])
        except (pa.ArrowException, OSError) as exc:
            raise InputBroken(
                f"{self._path}: cannot be read on after row {self._done}: {exc}", hint="fetch it again"
            ) from exc


def _rows(file: pq.ParquetFile, columns: list[str], skip: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row with its number from 1; whole row groups before `skip` are not touched."""
    number = 0
    for group in range(file.num_row_groups):
        length = file.metadata.row_group(group).num_rows
        if number + length <= skip:
            number += length
            continue
        for batch in file.iter_batches(_BATCH, row_groups=[group], columns=columns):
            for row in batch.to_pylist():
                number += 1
                if number > skip:
                    yield number, row


def _columns(path: Path, header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """What we know -> the column it comes from."""
    by_name = {name.lower(): name for name in reversed(header)}
    found = {what: by_name[what] for what in KNOWN if what in by_name}
    for what, column in mapping.items():
        if what not in KNOWN and not what.startswith("link."):
            raise InputBroken(
                f"--map {what}={column}: there is no {what}", hint=f"one of {', '.join(KNOWN)}, link.NAME"
            )
        if column not in header:
            raise InputBroken(f"{path}: has no column {column!r}", hint=f"it has {', '.join(header)}")
        found[what] = column
    for what in ("id", "title"):
        if what not in found:
            raise InputBroken(
                f"{path}: no column is the {what}", hint=f"--map {what}=COLUMN; it has {', '.join(header)}"
            )
    return found


def _document(row: Mapping[str, Any], columns: Mapping[str, str]) -> Document:
    def value(what: str) -> Any:
        return row[columns[what]] if what in columns else None

    links = {
        what.removeprefix("link."): _plain(row[column]) or ""
        for what, column in columns.items()
        if what.startswith("link.")
    }
    return document(
        source_id=_plain(value("id")),
        title=_plain(value("title")),
        abstract=_plain(value("abstract")),
        authors=_names(value("authors")),
        primary_date=_day(value("date")),
        field=_plain(value("field")),
        country=_plain(value("country")),
        links=links,
    )


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return str(value)
    raise Rejected(f"{str(value)[:40]!r} is not text but {type(value).__name__}")


def _names(value: object) -> list[str]:
    """A list, or a text with semicolons between the names."""
    if value is None:
        return []
    if isinstance(value, str):
        return value.split(";")
    if isinstance(value, list):
        return [name for part in value if (name := _plain(part))]
    raise Rejected(f"authors are not text but {type(value).__name__}")


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return check_date(value.date())
    if isinstance(value, date):
        return check_date(value)
    return parse_date(str(value) if isinstance(value, int) else value)


def _drain(refused: list[Reject]) -> Iterator[Reject]:
    yield from refused
    refused.clear()
