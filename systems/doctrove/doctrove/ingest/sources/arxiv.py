"""arXiv's metadata snapshot: one record a line, as offered on Kaggle (`arxiv-metadata-oai-snapshot.json`).

Field: the primary category, which is the first. Date: the day of the first version.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from doctrove.ingest.records import Document, Rejected, check_date, document, parse_date
from doctrove.ingest.sources.json_lines import JsonLines

__all__ = ["arxiv", "arxiv_document"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def arxiv(path: Path) -> JsonLines:
    """The source `arxiv`."""
    return JsonLines("arxiv", path, arxiv_document, reader="1")


def arxiv_document(record: dict[str, Any]) -> Document:
    """
    Raises:
        Rejected: see `document`; or a date is none.
    """
    the_id = record.get("id")
    doi = record.get("doi")
    return document(
        source_id=the_id,
        title=record.get("title"),
        abstract=record.get("abstract"),
        authors=_authors(record),
        primary_date=_first_day(record),
        field=str(record.get("categories") or "").split(" ", 1)[0],
        links={
            "abstract": f"https://arxiv.org/abs/{the_id}",
            "doi": f"https://doi.org/{doi.split()[0]}" if isinstance(doi, str) and doi.strip() else "",
        },
    )


def _authors(record: dict[str, Any]) -> list[str]:
    parsed = record.get("authors_parsed")
    if isinstance(parsed, list):
        names = []
        for author in parsed:
            if not isinstance(author, list) or not all(isinstance(part, str) for part in author):
                raise Rejected("authors_parsed is not a list of [last, first, suffix]")
            last, first, suffix = ([*author, "", "", ""])[:3]
            names.append(" ".join(part for part in (first, last, suffix) if part))
        return names
    text = record.get("authors")
    return re.split(r",\s+(?:and\s+)?|\s+and\s+", text) if isinstance(text, str) else []


def _first_day(record: dict[str, Any]) -> date | None:
    """From "Mon, 2 Apr 2007 19:18:42 GMT" of the first version; without versions, the day of the last
    update."""
    versions = record.get("versions")
    if not isinstance(versions, list) or not versions:
        return parse_date(record.get("update_date"))
    created = versions[0].get("created") if isinstance(versions[0], dict) else None
    try:
        _, day, month, year = str(created).split()[:4]
        found = date(int(year), _MONTHS.index(month) + 1, int(day))
    except (ValueError, OverflowError):
        raise Rejected(f"not a date of a version: {str(created)[:40]!r}") from None
    return check_date(found)
