"""Makes the price book that comes with seatrial from CSV files of collected prices.

    python tools/price_book.py PRICES.csv...

Columns: service, meter, sku, region, unit, price_usd, reservation, as_of, source, confidence. A second run
with the same files changes nothing. What had to be left out is told.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from price_facts import free_before, from_fact

from seatrial.bill.book import EMBEDDED
from seatrial.bill.book_files import texts
from seatrial.bill.entries import entries
from seatrial.bill.rows import Row


def main(paths: list[str]) -> None:
    rows: list[Row] = []
    for path in paths:
        with Path(path).open(newline="", encoding="utf-8") as file:
            for number, fact in enumerate(csv.DictReader(file), 2):
                try:
                    rows += from_fact(fact)
                except (ValueError, KeyError, ArithmeticError) as exc:
                    raise SystemExit(f"{path}:{number}: {exc}") from exc
    rows += free_before(rows)
    made, left_out = entries(rows)
    files = texts("USD", max(entry.read_on for entry in made), made)
    EMBEDDED.mkdir(exist_ok=True)
    for old in EMBEDDED.glob("*.tsv"):
        if old.name not in files:
            old.unlink()
    for name, text in files.items():
        (EMBEDDED / name).write_bytes(text.encode())
    for each in left_out:
        print(f"left out: {each.meter}: {each.why}", file=sys.stderr)
    print(f"{len(made)} meters of {len({entry.region for entry in made})} regions from {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(sys.argv[1:])
