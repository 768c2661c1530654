"""Makes the price book that comes with seatrial from CSV files of collected prices.

    python tools/price_book.py [--drop] PRICES.csv...

Columns: service, meter, sku, region, unit, price_usd, reservation, as_of, source, confidence. A second run
with the same files changes nothing. What had to be left out is told. A meter of the present book that the
files do not have is refused, unless it is to be dropped.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from price_facts import free_before, from_fact

from seatrial.bill.book import EMBEDDED, Book
from seatrial.bill.pricelist.book_files import HEAD, texts
from seatrial.bill.pricelist.entries import Entry, entries
from seatrial.bill.pricelist.rows import Row


def main(paths: list[str], drop: bool) -> None:
    rows = read(paths)
    made, left_out = entries([*rows, *free_before(rows)])
    for each in left_out:
        print(f"left out: {each.meter}: {each.why}", file=sys.stderr)
    known = {entry.meter for entry in made}
    lost = sorted(str(entry.meter) for entry in present() if entry.meter not in known)
    for meter in lost:
        print(f"not in these files: {meter}", file=sys.stderr)
    if lost and not drop:
        raise SystemExit("nothing was written\nhint: name all files, or give --drop")
    files = texts("USD", max(entry.read_on for entry in made), made)
    EMBEDDED.mkdir(exist_ok=True)
    for old in EMBEDDED.glob("*.tsv"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (EMBEDDED / name).write_bytes(text.encode())
    print(f"{len(made)} meters of {len({entry.region for entry in made})} regions from {len(rows)} rows")


def read(paths: Iterable[str]) -> list[Row]:
    rows: list[Row] = []
    for path in paths:
        with Path(path).open(newline="", encoding="utf-8") as file:
            for number, fact in enumerate(csv.DictReader(file), 2):
                try:
                    rows += from_fact(fact)
                except (ValueError, KeyError, ArithmeticError) as exc:
                    raise SystemExit(f"{path}:{number}: {exc}") from exc
    return rows


def present() -> list[Entry]:
    """What the book has now."""
    if not (EMBEDDED / HEAD).exists():
        return []
    book = Book()
    return [entry for region in book.regions for entry in book.entries(region)]


if __name__ == "__main__":
    if not (given := [each for each in sys.argv[1:] if each != "--drop"]):
        raise SystemExit(__doc__)
    main(given, drop="--drop" in sys.argv)
