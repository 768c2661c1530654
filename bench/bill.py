"""All five systems with all variants priced in one cold process, and a curve of 100 loads.

python bench/bill.py [--runs 9]

Against a process that reads and compiles the same plans and prices nothing, and against one that does
nothing. The interpreter's compiled files are there from the first, uncounted run on, as they are after an
installation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plan import median

GRAPHS = """
from pathlib import Path
from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system
def graphs():
    for file in sorted(Path("systems").glob("*/system.py")):
        system = read_system(file)
        for variant in (None, *system.variants):
            yield graph(system.plan(variant))
"""
PRICED = (
    GRAPHS
    + """
from dataclasses import replace
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.errors import PricesMissing
book = Book()
for made in graphs():
    try:
        bill(made, book)
    except PricesMissing:
        pass  # a refusal takes as long: every line is looked up
"""
)
CURVE = """
import time
from decimal import Decimal
from pathlib import Path
from seatrial.azure.compile import graph
from seatrial.bill.book import Book
from seatrial.bill.questions.curve import curve
from seatrial.cli.system_file import read_system
system = read_system(Path("systems/doctrove/system.py"))
graphs = {"base": graph(system.plan())}
curve(graphs, Book(), "requests", Decimal(10_000), Decimal(100_000_000), points=100)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    floor, _ = median([sys.executable, "-c", "pass"], runs)
    read, read_worked = median([sys.executable, "-c", GRAPHS + "list(graphs())"], runs)
    print(f"median of {runs} cold processes")
    for what, code, aim in (
        ("all systems and variants, priced", PRICED, 0.5),
        ("a curve of 100 loads", CURVE, 1.0),
    ):
        took, worked = median([sys.executable, "-c", code], runs)
        ratio = took / read
        print(f"  {what:<36}{took:6.2f} s{worked:6.2f} s of a core   ratio {ratio:5.2f}   aim < {aim:g} s")
    print(f"  {'the same plans read and compiled':<36}{read:6.2f} s{read_worked:6.2f} s of a core")
    print(f"  {'an empty Python process':<36}{floor:6.2f} s")


if __name__ == "__main__":
    main()
