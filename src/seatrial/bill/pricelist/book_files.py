"""The files of a price book: text, one a region, one line a meter, tabs between the cells.

`book.tsv` says the currency, when the newest price was read, and of every other file its region and a
checksum; `sources.tsv` has each source once, with the short name that the lines use.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from seatrial.bill.meters import Sure, Term, Tier
from seatrial.bill.pricelist.entries import Entry

__all__ = ["HEAD", "SOURCES", "checksum", "parsed", "texts"]

HEAD = "book.tsv"
SOURCES = "sources.tsv"


def texts(currency: str, made_on: date, entries: Iterable[Entry]) -> dict[str, str]:
    """The files of a book, by name, the head last; of the same entries always the same.

    Raises:
        ValueError: a name has a tab or a line's end in it, or two regions would share a file.
    """
    by_region: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.key):
        by_region.setdefault(entry.region, []).append(entry)
    sources = sorted({entry.source for found in by_region.values() for entry in found})
    # Short names that depend on nothing else, so that a new source changes no line but its own.
    short = {source: checksum(source) for source in sources}
    if len({*short.values()}) < len(sources):
        raise ValueError("two sources would have the same short name")
    files = {SOURCES: "".join(f"{short[source]}\t{source}\n" for source in sources)}
    head = [f"currency\t{currency}", f"made on\t{made_on}", f"file\t\t{SOURCES}\t{checksum(files[SOURCES])}"]
    for region, found in by_region.items():
        file = re.sub(r"[^a-z0-9]+", "-", region.lower()) + ".tsv"
        if file in files or file == HEAD:
            raise ValueError(f"region {region}: {file} is taken")
        files[file] = "".join(_line(entry, short[entry.source]) for entry in found)
        head.append(f"file\t{region}\t{file}\t{checksum(files[file])}")
    return files | {HEAD: "".join(f"{line}\n" for line in head)}


def checksum(text: str) -> str:
    """Against files cut short and slips of an editor, not against an enemy."""
    return f"{zlib.crc32(text.encode()):08x}"


def _line(entry: Entry, source: str) -> str:
    cells = (
        entry.service,
        entry.product,
        entry.name,
        entry.sku,
        entry.other_sku,
        entry.unit,
        " ".join(f"{tier.above:f}:{tier.price:f}" for tier in entry.tiers),
        " ".join(f"{term}:{price:f}" for term, price in sorted(entry.terms.items())),
        str(entry.read_on),
        source,
        entry.sure,
    )
    if any(len(cell.splitlines()) > 1 or "\t" in cell for cell in cells):
        raise ValueError(f"a tab or a line's end in {cells}")
    return "\t".join(cells) + "\n"


def parsed(line: str, region: str, sources: Mapping[str, str]) -> Entry:
    """What a line says. Raises ValueError when it is not one of a book."""
    try:
        service, product, name, sku, other, unit, tiers, terms, read_on, source, sure = line.split("\t")
        return Entry(
            service=service,
            product=product,
            name=name,
            sku=sku,
            other_sku=other,
            region=region,
            unit=unit,
            tiers=tuple(Tier(Decimal(above), Decimal(price)) for above, price in _pairs(tiers)),
            terms={_TERM[term]: Decimal(price) for term, price in _pairs(terms)},
            read_on=date.fromisoformat(read_on),
            source=sources[source],
            sure=_SURE[sure],
        )
    except (KeyError, InvalidOperation) as exc:
        raise ValueError(f"not a line of prices: {line}") from exc


def _pairs(cell: str) -> Iterable[tuple[str, str]]:
    for each in cell.split():
        left, _, right = each.partition(":")
        yield left, right


_SURE: Mapping[str, Sure] = {"high": "high", "medium": "medium", "low": "low"}
_TERM: Mapping[str, Term] = {
    "spot": "spot",
    "sp-1y": "sp-1y",
    "sp-3y": "sp-3y",
    "ri-1y": "ri-1y",
    "ri-3y": "ri-3y",
}
