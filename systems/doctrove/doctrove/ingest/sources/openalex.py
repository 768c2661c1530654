"""OpenAlex works: one record a line, as in the snapshot's part files (gz).

Field: the field of the primary topic. Country: of the first author's first institution. A retracted work is
kept and has the link `retracted`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from doctrove.ingest.records import Document, Rejected, document, parse_date
from doctrove.ingest.sources.json_lines import JsonLines

__all__ = ["openalex", "openalex_document"]


def openalex(path: Path) -> JsonLines:
    """The source `openalex`."""
    return JsonLines("openalex", path, openalex_document, reader="1")


def openalex_document(record: dict[str, Any]) -> Document:
    """
    Raises:
        Rejected: see `document`; or the inverted index is none.
    """
    address = record.get("id")
    authorships = [entry for entry in _list(record.get("authorships")) if isinstance(entry, dict)]
    return document(
        source_id=address.rpartition("/")[2] if isinstance(address, str) else address,
        title=record.get("title") or record.get("display_name"),
        abstract=_abstract(record.get("abstract_inverted_index")),
        authors=[name for entry in authorships if (name := _inside(entry, "author", "display_name"))],
        primary_date=parse_date(record.get("publication_date")),
        field=_inside(record, "primary_topic", "field", "display_name"),
        country=_country(authorships[0]) if authorships else None,
        links={
            "openalex": address if isinstance(address, str) else "",
            "doi": record.get("doi") or "",
            "landing page": _inside(record, "primary_location", "landing_page_url") or "",
            "retracted": str(address) if record.get("is_retracted") is True else "",
        },
    )


def _abstract(index: object) -> str:
    """The text from {word: [its places]}; places may be missing, as OpenAlex cuts some out."""
    if index is None:
        return ""
    if not isinstance(index, dict):
        raise Rejected("abstract_inverted_index is not an object")
    try:
        placed = sorted((int(place), word) for word, places in index.items() for place in places)
    except (TypeError, ValueError, OverflowError):
        raise Rejected("abstract_inverted_index does not map words to lists of numbers") from None
    return " ".join(word for _, word in placed)


def _country(authorship: dict[str, Any]) -> object:
    institutions = _list(authorship.get("institutions"))
    code = _inside(institutions[0], "country_code") if institutions else None
    return code or next(iter(_list(authorship.get("countries"))), None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _inside(record: object, *path: str) -> Any:
    found = record
    for name in path:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found
