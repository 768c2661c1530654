"""A record on its way in: either a document that fits the store, or a reason why it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Protocol

from seatrial_kit.errors import Failure

__all__ = ["Document", "InputBroken", "Kept", "Reject", "Rejected", "Source", "document", "parse_date"]

MAX_ID = 500
"""Characters; four bytes each still fit an index entry of PostgreSQL (2,704 bytes)."""
MAX_TITLE = 10_000
MAX_ABSTRACT = 100_000
"""Characters; PostgreSQL refuses a text whose distinct words need more than 1 MiB."""
MAX_NAME = 200
"""Characters of a field or country."""
MAX_CONTENT = 10_000
"""Characters of a rejected record that are kept."""
EARLIEST = date(1000, 1, 1)
LATEST_AHEAD = timedelta(days=730)
"""Journals print dates ahead of time, but not by more than two years."""


class InputBroken(Failure):
    """The input ends too early or cannot be read on; what came before it is good."""


class Rejected(ValueError):  # the word that people read in ingest_reject
    """Why a record is kept aside."""


class Document(NamedTuple):
    """What the store keeps of a record, in the order of the merge's columns."""

    source_id: str
    title: str
    abstract: str
    authors: list[str]
    primary_date: date | None
    field: str | None
    country: str | None
    links: dict[str, str]
    content_hash: bytes


class Kept(NamedTuple):
    """A document, and where the input stands once it is in."""

    position: int
    line: int
    document: Document


class Reject(NamedTuple):
    """A record kept aside; `content` is its beginning, for people to look at."""

    position: int
    line: int
    reason: str
    content: str


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a source is: `done` of `total` in units of its own. `total` 0: not known."""

    done: int
    total: int


class Source(Protocol):
    """A kind of input. Its order never changes, so that a position says what is already in."""

    name: str
    """What `papers.source` says of its documents."""
    location: str
    """For people: a file, or a set of packages; never a secret."""
    total: int | None
    """Where the position ends, when that is known beforehand."""

    def fingerprint(self) -> str:
        """What tells this input, and our way to read it, from another; found quickly."""

    def records(self, position: int, line: int) -> Iterator[Kept | Reject]:
        """The records after `position` (0: all), whose last line was `line`."""

    def progress(self) -> Progress:
        """May be asked from another thread."""


def document(
    *,
    source_id: object,
    title: object,
    abstract: object = "",
    authors: Sequence[str] = (),
    primary_date: date | None = None,
    field: object = None,
    country: object = None,
    links: Mapping[str, str] | None = None,
    keep_lines: bool = False,
) -> Document:
    """A document as the store keeps it: white space made single, empty names made None.

    `keep_lines` leaves the line breaks of the abstract as they are.

    Raises:
        Rejected: it has no id or title, something is too long, or it has characters that cannot be stored.
    """
    the_id = _text("id", source_id, MAX_ID)
    if not the_id:
        raise Rejected("no id")
    the_title = _text("title", title, MAX_TITLE)
    if not the_title:
        raise Rejected("empty title")
    the_abstract = _text("abstract", abstract, MAX_ABSTRACT, keep_lines=keep_lines)
    return Document(
        the_id,
        the_title,
        the_abstract,
        [name for author in authors if (name := _text("author", author, MAX_TITLE))],
        primary_date,
        _text("field", field, MAX_NAME) or None,
        _text("country", country, MAX_NAME) or None,
        {name: _text("link", address, MAX_TITLE) for name, address in (links or {}).items() if address},
        hashlib.sha256(f"{the_title}\n\n{the_abstract}".encode()).digest(),
    )


def parse_date(text: object) -> date | None:
    """`2024-05-17`, or a longer text that begins so; `2024-05` and `2024` mean their first day.

    Raises:
        Rejected: it is none, or lies outside the years 1000 to two years from now.
    """
    if text is None or text == "":
        return None
    if not isinstance(text, str):
        raise Rejected(f"date is not text: {str(text)[:40]}")
    parts = (text.strip()[:10].split("T")[0] + "-01-01").split("-")[:3]
    try:
        found = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except (ValueError, OverflowError):
        raise Rejected(f"not a date: {text[:40]!r}") from None
    return check_date(found)


def check_date(found: date) -> date:
    """The same date.

    Raises:
        Rejected: it lies outside the years 1000 to two years from now, so it is a mistake or a placeholder.
    """
    if not EARLIEST <= found <= date.today() + LATEST_AHEAD:
        raise Rejected(f"date out of range: {found} is not between {EARLIEST} and two years from now")
    return found


def _text(what: str, value: object, longest: int, *, keep_lines: bool = False) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Rejected(f"{what} is not text but {type(value).__name__}")
    if "\0" in value:
        raise Rejected(f"NUL character in {what}")
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise Rejected(f"{what} is not valid Unicode: character {exc.start} is half of a pair") from None
    text = value.strip() if keep_lines else " ".join(value.split())
    if len(text) > longest:
        raise Rejected(f"{what} is longer than {longest:,} characters")
    return text
