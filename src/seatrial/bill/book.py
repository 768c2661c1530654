"""The price book: what every meter costs in every region that is known, with date and source.

It is kept as text, one file a region, one line a meter, so that a refresh is a diff that can be read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from seatrial.bill.errors import NoBook
from seatrial.bill.meters import Meter, Price
from seatrial.bill.pricelist.book_files import HEAD, SOURCES, checksum, parsed
from seatrial.bill.pricelist.entries import Entry
from seatrial.bill.pricelist.names import canonical, placed, spaced
from seatrial.bill.pricelist.shelf import newest

__all__ = ["EMBEDDED", "Book"]

EMBEDDED = Path(__file__).parent / "prices"


class Book:
    """Prices of one currency, read region by region as they are asked for.

    Raises:
        NoBook: the folder holds no book; and later, when a file of it is not as it was written.
    """

    def __init__(self, folder: Path = EMBEDDED) -> None:
        self.folder = folder
        self.remark = ""
        """Why it is this book and not another that was to be expected; for whoever reads the bill."""
        self._currency, self._made_on, self._files = _head(folder)
        self._lines: dict[str, dict[tuple[str, ...], str]] = {}
        self._sources: dict[str, str] | None = None
        self._prices: dict[Meter, Price | None] = {}
        self._oldest: date | None = None

    @classmethod
    def current(cls, currency: str = "USD", shelf: Path | None = None) -> Book:
        """The refreshed book of that currency, if whole and not older than the embedded one; else that.

        `shelf` holds the refreshed books; see `seatrial.bill.pricelist.shelf.shelf`.

        Raises:
            NoBook: prices in that currency were never fetched, or are damaged; says how to get them.
        """
        embedded = cls()
        here = currency == embedded.currency
        try:
            folder = newest(currency, shelf)
            book = None if folder is None else cls(folder)
            if book is not None:
                book.verify()
        except NoBook as exc:
            if not here:
                raise
            embedded.remark = f"the refreshed prices cannot be used: {exc}"
            return embedded
        if book is not None and (not here or book.made_on >= embedded.made_on):
            return book
        if not here:
            raise NoBook(
                f"there are no prices in {currency}: seatrial comes with those in {embedded.currency}\n"
                f"hint: seatrial bill --refresh --currency {currency} fetches them from Azure"
            )
        if book is not None:
            embedded.remark = f"the prices that come with seatrial are newer than those in {book.folder}"
        return embedded

    @property
    def currency(self) -> str:
        """As `USD`."""
        return self._currency

    @property
    def made_on(self) -> date:
        """When its newest price was read."""
        return self._made_on

    @property
    def embedded(self) -> bool:
        """Whether it is the one that comes with seatrial."""
        return self.folder == EMBEDDED

    @property
    def regions(self) -> tuple[str, ...]:
        """All that have prices, `Global` and the zones of Front Door among them."""
        return tuple(region for region in self._files if region)

    def price(self, meter: Meter) -> Price | None:
        """What a meter costs; None where it is not in the book: never a guess."""
        if meter not in self._prices:
            region, key = _key(meter)
            line = self._region(region).get(key)
            self._prices[meter] = None if line is None else _price(self._entry(region, line))
        price = self._prices[meter]
        if price is not None and (self._oldest is None or price.read_on < self._oldest):
            self._oldest = price.read_on
        return price

    def near(self, meter: Meter) -> tuple[Meter, ...]:
        """The meters of that region and service whose names are most like it, at most five: for messages.

        Of `Global`, where the region has nothing of that service.
        """
        from difflib import SequenceMatcher  # for a message only

        region, (service, product, name, sku) = _key(meter)
        lines: set[str] = set()
        for place in (region, "Global"):
            lines = lines or {line for key, line in self._region(place).items() if key[0] == service}
        like = SequenceMatcher(b=f"{name} {sku} {product}", autojunk=False)

        def likeness(line: str) -> float:
            _, product, name, sku, _ = line.split("\t", 4)
            like.set_seq1(f"{name} {sku} {product}")
            return like.ratio()

        place = region if region in self._files and lines & set(self._region(region).values()) else "Global"
        nearest = sorted(sorted(lines), key=likeness, reverse=True)[:5]
        return tuple(self._entry(place, line).meter for line in nearest)

    def oldest(self) -> date:
        """The day on which the oldest price was read that has been asked for so far.

        When none was asked for: when the newest of the book was read.
        """
        return self._oldest or self._made_on

    def entries(self, region: str) -> tuple[Entry, ...]:
        """All that is known of a region, in the order of the file."""
        lines = dict.fromkeys(self._region(region).values())
        return tuple(self._entry(region, line) for line in lines)

    def verify(self) -> None:
        """Reads every file once. Raises NoBook when one is not as it was written."""
        for region in self._files:
            self._text(region)

    def _text(self, region: str) -> str:
        file, written = self._files[region]
        path = self.folder / file
        try:
            text = path.read_bytes().decode()
        except (OSError, UnicodeDecodeError) as exc:
            raise NoBook(f"{path}: cannot be read ({exc})") from exc
        if checksum(text) != written:
            raise NoBook(f"{path}: is not as it was written\nhint: seatrial bill --refresh makes a new book")
        return text

    def _region(self, region: str) -> Mapping[tuple[str, ...], str]:
        """The lines of a region by service, product, name and SKU, and then by their other SKU."""
        known = self._lines.get(region)
        if known is None:
            known = self._lines[region] = {}
            others: dict[tuple[str, ...], str] = {}
            lines = self._text(region).splitlines() if region in self._files else []
            for line in lines:
                service, product, name, sku, other, _ = line.split("\t", 5)
                known[service, product, name, sku] = line
                if other:
                    others[service, product, name, other] = line
            for key, line in others.items():
                known.setdefault(key, line)
        return known

    def _entry(self, region: str, line: str) -> Entry:
        if self._sources is None:
            cells = (line.partition("\t") for line in self._text("").splitlines())
            self._sources = {short: source for short, _, source in cells}
        try:
            return parsed(line, region, self._sources)
        except ValueError as exc:
            raise NoBook(f"{self.folder / self._files[region][0]}: {exc}") from exc


def _head(folder: Path) -> tuple[str, date, dict[str, tuple[str, str]]]:
    """The currency, the day of the newest price, and of each region the file and its checksum.

    The file of the sources is that of the region without a name.
    """
    try:
        rows = [line.split("\t") for line in (folder / HEAD).read_text("utf-8").splitlines()]
        files = {region: (file, written) for _, region, file, written in rows[2:]}
        if files[""][0] != SOURCES:
            raise ValueError(f"no {SOURCES}")
        return rows[0][1], date.fromisoformat(rows[1][1]), files
    except FileNotFoundError as exc:
        raise NoBook(f"{folder}: there is no price book here") from exc
    except (OSError, ValueError, LookupError) as exc:
        raise NoBook(f"{folder / HEAD}: is not the head of a price book ({exc})") from exc


def _key(meter: Meter) -> tuple[str, tuple[str, str, str, str]]:
    service, product = canonical(meter.service, meter.product)
    return placed(service, meter.region), (service, product, spaced(meter.name), spaced(meter.sku))


def _price(entry: Entry) -> Price:
    return Price(
        meter=entry.meter,
        unit=entry.unit,
        each=_each(entry.unit),
        tiers=entry.tiers,
        terms=entry.terms,
        read_on=entry.read_on,
        source=entry.source,
        sure=entry.sure,
    )


_MANY = {"": Decimal(1), "K": Decimal(1_000), "M": Decimal(1_000_000)}


def _each(unit: str) -> Decimal:
    """How many single things are in a unit: 10,000 in `10K/Month`, 100 in `100 Hours`, 1 in `1 GB`.

    Raises:
        NoBook: it does not begin with a number, as all units of the price list do.
    """
    found = re.match(r"(\d+)([KM]?)(?![A-Za-z])", unit)
    if found is None:
        raise NoBook(f"the price list never had a unit like {unit!r}")
    return int(found[1]) * _MANY[found[2]]
