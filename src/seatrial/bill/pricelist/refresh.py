"""A new price book from Azure's own price list.

It is written whole or not at all, and not when a meter of the old book is no longer in the list: a bill must
not become impossible, or wrong, because a name was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from seatrial.bill.book import Book
from seatrial.bill.errors import BillError, Gone, MetersGone, NoBook, PricesUnreadable
from seatrial.bill.meters import Meter
from seatrial.bill.pricelist.book_files import texts
from seatrial.bill.pricelist.entries import Entry, entries
from seatrial.bill.pricelist.names import former, services
from seatrial.bill.pricelist.rows import Row, from_item
from seatrial.bill.pricelist.shelf import newest, put
from seatrial.model.value import Value

__all__ = ["Change", "Fetch", "Refreshed", "before", "from_azure", "refresh", "where"]

Fetch = Callable[[str], Iterable[Mapping[str, Any]]]
"""All items of the price list for which a filter holds; `seatrial.bill.pricelist.retail.PriceList` is one."""

EVERYWHERE = frozenset({"Azure DNS", "Load Balancer", "NAT Gateway", "Traffic Manager", "Virtual Network"})
"""Services with prices that are the same in all regions."""
BY_ZONE = frozenset({"Azure Front Door Service"})
ZONES = tuple(f"Zone {number}" for number in range(1, 9))
REGIONAL = frozenset(services()) - EVERYWHERE - BY_ZONE | {"Virtual Network"}


class Change(Value):
    """A price that is not what it was."""

    old: Entry
    new: Entry


class Refreshed(Value):
    """A new book, and how it differs from the old one."""

    folder: Path
    currency: str
    places: tuple[str, ...]
    """Of which prices were fetched; those of others are as old as they were."""
    fetched: int
    """Meters."""
    new: tuple[Meter, ...]
    """That the old book did not have."""
    changed: tuple[Change, ...]
    kept: tuple[Entry, ...]
    """The list does not have them: they were read elsewhere, and keep their own date."""
    dropped: tuple[Gone, ...]
    """Gone, which was allowed. A bill that needs one of them is refused."""
    left_out: tuple[Gone, ...]
    """What the list has, but cannot be understood; the old book did not have it."""


def where(service: str, region: str | None = None) -> str:
    """The filter for the prices of a service, in one region or in all. Names count letter by letter."""
    fields = {"serviceName": service} | ({} if region is None else {"armRegionName": region})
    return " and ".join(
        f"{field} eq '{text.replace(chr(39), chr(39) * 2)}'" for field, text in fields.items()
    )


def before(currency: str, shelf: Path | None = None) -> Book:
    """The book that a refresh is compared with: the refreshed one of that currency, or the embedded one."""
    try:
        folder = newest(currency, shelf)
        if folder is None:
            return Book()
        book = Book(folder)
        book.verify()
    except NoBook:
        return Book()  # a refresh is the way out of a damaged book
    return book


def refresh(
    old: Book,
    regions: Sequence[str],
    fetch: Fetch,
    *,
    source: str,
    currency: str = "USD",
    shelf: Path | None = None,
    today: date | None = None,
    allow_missing: bool = False,
) -> Refreshed:
    """Fetches the prices of these regions, and of what is priced by no region, and shelves a new book.

    `fetch` answers in `currency`; `source` is what a price says of its origin. Of other regions the old book
    is copied, when it is in the same currency.

    Raises:
        MetersGone: meters of the old book are gone, and `allow_missing` is not set.
        PricesUnreadable: `fetch` did not give a whole answer.
        BookNotWritten: the disk refuses it, or another process is writing a book.
        BillError: there are no prices at all for a region.
        In none of these cases anything is written.
    """
    day = today or date.today()
    places = tuple(dict.fromkeys((*regions, "Global", *ZONES)))
    rows = [row for place in places for row in _listed(old, place, fetch, day, source)]
    read, left_out = entries(rows, day)
    for region in regions:
        if all(entry.region != region for entry in read):
            raise BillError(f"the price list has nothing for region {region}\nhint: is it spelled as in ARM?")
    compared = _Compared(old, currency, places, read, left_out)
    if compared.gone and not allow_missing:
        raise MetersGone(tuple(compared.gone))
    elsewhere = (
        entry
        for region in (old.regions if old.currency == currency else ())
        if region not in places
        for entry in old.entries(region)
    )
    files = texts(currency, day, (*compared.priced, *compared.kept, *elsewhere))
    return Refreshed(
        folder=put(files, currency, shelf),
        currency=currency,
        places=places,
        fetched=len(compared.priced),
        new=tuple(entry.meter for entry in compared.new),
        changed=tuple(compared.changed),
        kept=tuple(compared.kept),
        dropped=tuple(compared.gone),
        left_out=compared.left_out,
    )


def _listed(old: Book, place: str, fetch: Fetch, day: date, source: str) -> Iterator[Row]:
    """What the list has for a place: of each service that may have prices there, or had."""
    may = EVERYWHERE if place == "Global" else BY_ZONE if place in ZONES else REGIONAL
    for service in sorted(may | {entry.service for entry in old.entries(place)}):
        # Zones of DNS are listed under no region or under Zone 1, and none of them under Global.
        region = None if service == "Azure DNS" else place
        for name in (service, *former(service)):
            rows = [row for row in _rows(fetch, where(name, region), day, source) if row.region == place]
            yield from rows
            if rows:
                break


def _rows(fetch: Fetch, asked: str, day: date, source: str) -> Iterator[Row]:
    for item in fetch(asked):
        try:
            yield from from_item(item, day, source)
        except ValueError as exc:
            raise PricesUnreadable(f"{asked}: {exc}") from exc


class _Compared:
    """What was read of some places, beside the old book."""

    def __init__(
        self,
        old: Book,
        currency: str,
        places: Sequence[str],
        read: Sequence[Entry],
        left_out: Sequence[Gone],
    ) -> None:
        self.gone: list[Gone] = []
        self.kept: list[Entry] = []
        self.changed: list[Change] = []
        known: set[tuple[str, ...]] = set()
        unpriced: set[tuple[str, ...]] = set()
        why = {each.meter: each.why for each in left_out}
        found = {key: entry for entry in read for key in _keys(entry)}
        for was in (entry for place in places for entry in old.entries(place)):
            known |= {*_keys(was)}
            now = next((found[key] for key in _keys(was) if key in found), None)
            if now is None:
                if was.sure == "high":
                    self.gone.append(Gone(meter=was.meter, why=why.get(was.meter, "is not in the list")))
                elif old.currency == currency:
                    self.kept.append(was)
            elif _highest(now) == 0 < _highest(was):
                # In some currencies the list rounds a small price to nothing, and nothing is no price.
                self.gone.append(Gone(meter=was.meter, why="would cost nothing, which it did not before"))
                unpriced.add(now.key)
            elif old.currency == currency and (now.tiers, now.unit) != (was.tiers, was.unit):
                self.changed.append(Change(old=was, new=now))
        self.priced = [entry for entry in read if entry.key not in unpriced]
        gone = {each.meter for each in self.gone}
        self.left_out = tuple(each for each in left_out if each.meter not in gone)
        self.new = [entry for entry in self.priced if known.isdisjoint(_keys(entry))]


def _keys(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """All under which it is found."""
    key = entry.key
    return (key, (*key[:4], entry.other_sku)) if entry.other_sku else (key,)


def _highest(entry: Entry) -> Decimal:
    return max(tier.price for tier in entry.tiers)


def from_azure(
    currency: str,
    regions: Sequence[str],
    *,
    allow_missing: bool = False,
    told: Callable[[str], None] = lambda _: None,
) -> Refreshed:
    """Today's list prices of these regions, from Azure itself, on the user's shelf; see `refresh`.

    `told` gets a sentence for each page and each pause: a region takes a minute or so.
    """
    from seatrial.bill.pricelist.retail import PriceList  # with the library that speaks HTTP

    with PriceList(currency, told=told) as prices:
        return refresh(
            before(currency),
            regions,
            prices,
            source=prices.source,
            currency=currency,
            allow_missing=allow_missing,
        )
