"""The price book: what every meter costs in every region that is known, with date and source.

It is kept as text, one file a region, one line a meter, so that a refresh is a diff that can be read.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from seatrial.bill.errors import NoBook
from seatrial.bill.meters import Meter, Price, Sure, Term, Tier
from seatrial.bill.rows import Line, canonical, placed, spaced

__all__ = ["EMBEDDED", "Book", "each", "refreshed", "shelf", "texts"]

EMBEDDED = Path(__file__).parent / "prices"
HEAD = "book.tsv"
SOURCES = "sources.tsv"
CURRENT = "current"
"""Names the folder, beside it, of the book that was finished last."""


class Book:
    """Prices of one currency, read region by region as they are asked for.

    Raises:
        NoBook: the folder holds no book, or a file of it is not as it was written.
    """

    def __init__(self, folder: Path = EMBEDDED) -> None:
        self.folder = folder
        self._files: dict[str, tuple[str, str]] = {}
        self._lines: dict[str, dict[tuple[str, ...], str]] = {}
        self._sources: dict[str, str] | None = None
        self._prices: dict[Meter, Price | None] = {}
        self._oldest: date | None = None
        self._read_head()

    @classmethod
    def current(cls, currency: str = "USD", shelf_folder: Path | None = None) -> Book:
        """The refreshed book of that currency, when it is whole and not older than the embedded one.

        Raises:
            NoBook: prices in that currency were never fetched.
        """
        embedded = cls()
        kept = refreshed(currency, shelf_folder)
        if kept is not None:
            try:
                book = cls(kept)
                book.verify()
            except NoBook:
                if currency != embedded.currency:
                    raise
            else:
                if currency != embedded.currency or book.made_on >= embedded.made_on:
                    return book
        if currency != embedded.currency:
            raise NoBook(
                f"there are no prices in {currency}: seatrial comes with those in {embedded.currency}\n"
                f"hint: seatrial bill --refresh --currency {currency} fetches them (needs a network)"
            )
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
        return tuple(self._files)

    def price(self, meter: Meter) -> Price | None:
        """What a meter costs; None where it is not in the book: never a guess."""
        if meter not in self._prices:
            region = placed(canonical(meter.service, "")[0], meter.region)
            line = self._region(region).get(_key(meter))
            self._prices[meter] = None if line is None else self._price(self._parsed(region, line))
        price = self._prices[meter]
        if price is not None and (self._oldest is None or price.read_on < self._oldest):
            self._oldest = price.read_on
        return price

    def near(self, meter: Meter) -> tuple[Meter, ...]:
        """The meters of that region and service whose names are most like it, at most five: for messages.

        Of `Global` where the region has nothing of that service.
        """
        from difflib import SequenceMatcher

        service, product, name, sku = _key(meter)
        for region in (meter.region, "Global"):
            known = {
                self._parsed(region, line).key
                for key, line in self._region(region).items()
                if key[0] == service
            }
            if known:
                break
        like = SequenceMatcher(b=f"{name} {sku} {product}", autojunk=False)

        def likeness(key: tuple[str, ...]) -> float:
            like.set_seq1(f"{key[3]} {key[4]} {key[2]}")
            return like.ratio()

        nearest = sorted(sorted(known), key=likeness, reverse=True)[:5]
        return tuple(
            Meter(region=key[0], service=key[1], product=key[2], name=key[3], sku=key[4]) for key in nearest
        )

    def oldest(self) -> date:
        """The day on which the oldest price was read that has been asked for so far.

        When none was asked for: when the newest was read.
        """
        return self._oldest or self._made_on

    def lines(self, region: str) -> tuple[Line, ...]:
        """All that is known of a region, in the order of the file."""
        seen = dict.fromkeys(self._region(region).values())
        return tuple(self._parsed(region, line) for line in seen)

    def verify(self) -> None:
        """Reads every file once, whether it is as it was written."""
        for region in self._files:
            self._text(region)
        self._source("")

    def _read_head(self) -> None:
        try:
            rows = [line.split("\t") for line in (self.folder / HEAD).read_text("utf-8").splitlines()]
            self._currency, self._made_on = rows[0][1], date.fromisoformat(rows[1][1])
            for _, region, file, digest in rows[2:]:
                self._files[region] = file, digest
        except FileNotFoundError as exc:
            raise NoBook(f"{self.folder}: there is no price book here ({HEAD} is missing)") from exc
        except (OSError, ValueError, IndexError) as exc:
            raise NoBook(f"{self.folder / HEAD}: not the head of a price book ({exc})") from exc
        self._sources_digest = self._files.pop("", ("", ""))[1]

    def _read(self, file: str, digest: str) -> str:
        path = self.folder / file
        try:
            data = path.read_bytes()
        except OSError as exc:
            raise NoBook(f"{path}: cannot be read ({exc.strerror})") from exc
        if _digest(data) != digest:
            raise NoBook(f"{path}: is not as it was written\nhint: seatrial bill --refresh writes it again")
        return data.decode("utf-8")

    def _text(self, region: str) -> str:
        return self._read(*self._files[region])

    def _region(self, region: str) -> Mapping[tuple[str, ...], str]:
        """The lines of a region by service, product, name and SKU, and again by their other SKU."""
        known = self._lines.get(region)
        if known is None:
            known = self._lines[region] = {}
            if region in self._files:
                also = []
                for line in self._text(region).splitlines():
                    service, product, name, sku, other, _ = line.split("\t", 5)
                    known[service, product, name, sku] = line
                    if other:
                        also.append(((service, product, name, other), line))
                for key, line in also:
                    known.setdefault(key, line)
        return known

    def _source(self, short: str) -> str:
        if self._sources is None:
            text = self._read(SOURCES, self._sources_digest)
            cells = (line.partition("\t") for line in text.splitlines())
            self._sources = {short: source for short, _, source in cells}
        return self._sources.get(short, short)

    def _parsed(self, region: str, line: str) -> Line:
        try:
            service, product, name, sku, other, unit, tiers, terms, read_on, short, sure = line.split("\t")
            return Line(
                service=service,
                product=product,
                name=name,
                sku=sku,
                other_sku=other,
                region=region,
                unit=unit,
                tiers=tuple(
                    Tier(Decimal(above), Decimal(price))
                    for above, _, price in (each.partition(":") for each in tiers.split(" "))
                ),
                terms={
                    _TERM[term]: Decimal(price)
                    for term, _, price in (each.partition(":") for each in terms.split(" ") if each)
                },
                read_on=date.fromisoformat(read_on),
                source=self._source(short),
                sure=_SURE[sure],
            )
        except (ValueError, KeyError, InvalidOperation) as exc:
            raise NoBook(f"{self.folder / self._files[region][0]}: not a line of prices: {line}") from exc

    @staticmethod
    def _price(line: Line) -> Price:
        meter = Meter(
            service=line.service, product=line.product, name=line.name, sku=line.sku, region=line.region
        )
        return Price(
            meter=meter,
            unit=line.unit,
            each=each(line.unit),
            tiers=line.tiers,
            terms=line.terms,
            read_on=line.read_on,
            source=line.source,
            sure=line.sure,
        )


_SURE: Mapping[str, Sure] = {"high": "high", "medium": "medium", "low": "low"}
_TERM: Mapping[str, Term] = {
    "spot": "spot",
    "sp-1y": "sp-1y",
    "sp-3y": "sp-3y",
    "ri-1y": "ri-1y",
    "ri-3y": "ri-3y",
}
_MANY = re.compile(r"(\d+)([KM]?)(?:$|[ /])")


def each(unit: str) -> Decimal:
    """How many single things are in a unit of the price list: 10,000 in `10K/Month`, 1 in `1 GB`."""
    found = _MANY.match(unit)
    if found is None:
        return Decimal(1)
    return int(found[1]) * {"": Decimal(1), "K": Decimal(1_000), "M": Decimal(1_000_000)}[found[2]]


def _key(meter: Meter) -> tuple[str, str, str, str]:
    service, product = canonical(meter.service, meter.product)
    return service, product, spaced(meter.name), spaced(meter.sku)


def _digest(data: bytes) -> str:
    return f"{zlib.crc32(data):08x}"


def shelf() -> Path:
    """The folder of refreshed books, one folder a currency: `SEATRIAL_PRICES`, or in the user's data."""
    if chosen := os.environ.get("SEATRIAL_PRICES"):
        return Path(chosen).expanduser()
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "seatrial" / "prices"


def refreshed(currency: str, shelf_folder: Path | None = None) -> Path | None:
    """The folder of the book in that currency that was refreshed last; None if none ever was."""
    at = (shelf_folder or shelf()) / currency
    try:
        name = (at / CURRENT).read_text("utf-8").strip()
    except OSError:
        return None
    return at / name


def texts(currency: str, made_on: date, lines: Iterable[Line]) -> dict[str, str]:
    """The files of a book, by name; of the same lines always the same."""
    by_region: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.key):
        by_region.setdefault(line.region, []).append(line)
    sources = sorted({line.source for found in by_region.values() for line in found})
    short = {source: f"s{index}" for index, source in enumerate(sources, 1)}
    files = {SOURCES: "".join(f"{short[source]}\t{source}\n" for source in sources)}
    head = [f"currency\t{currency}", f"made on\t{made_on}"]
    head.append(f"file\t\t{SOURCES}\t{_digest(files[SOURCES].encode())}")
    for region, found in by_region.items():
        file = re.sub(r"[^a-z0-9]+", "-", region.lower()) + ".tsv"
        if file in files:
            raise ValueError(f"two regions would be written to {file}")
        files[file] = "".join(_written(line, short[line.source]) for line in found)
        head.append(f"file\t{region}\t{file}\t{_digest(files[file].encode())}")
    return files | {HEAD: "".join(f"{line}\n" for line in head)}


def _written(line: Line, source: str) -> str:
    cells = (
        line.service,
        line.product,
        line.name,
        line.sku,
        line.other_sku,
        line.unit,
        " ".join(f"{tier.above:f}:{tier.price:f}" for tier in line.tiers),
        " ".join(f"{term}:{price:f}" for term, price in sorted(line.terms.items())),
        str(line.read_on),
        source,
        line.sure,
    )
    if any("\t" in cell or "\n" in cell for cell in cells):
        raise ValueError(f"a tab or a line's end in {cells}")
    return "\t".join(cells) + "\n"
