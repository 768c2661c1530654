"""Writes docs/what-the-plans-said.md, and the table of costs in each system's README: `make said`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.claimed import BASE
from seatrial.bill.claims import read
from seatrial.bill.elsewhere import moved
from seatrial.bill.questions.machines import on_machines
from seatrial.bill.questions.unit_costs import unit_costs
from seatrial.bill.said import Told, page, summary
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "what-the-plans-said.md"
SYSTEMS = ("doctrove", "papr", "qlp", "newswire", "cultivate")
BEGIN, END = "<!-- costs -->", "<!-- end of costs -->"
"""Between them stands what is written here."""
REGION = "eastus2"
"""Where the embedded book is complete."""


def written() -> dict[Path, str]:
    """Every file as it is to be, by the embedded prices."""
    book = Book()
    told = {name: _told(ROOT / "systems" / name, book) for name in SYSTEMS}
    files = {PAGE: page(list(told.values()), book)}
    for name, each in told.items():
        readme = ROOT / "systems" / name / "README.md"
        before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        files[readme] = f"{before}{BEGIN}\n{summary(each, book)}\n{END}{after}"
    return files


def _told(folder: Path, book: Book) -> Told:
    system = read_system(folder / "system.py")
    claims = read((folder / "claims.toml").read_text(encoding="utf-8"), str(folder / "claims.toml"))
    graphs = {each or BASE: graph(moved(system.plan(each), REGION)) for each in (None, *system.variants)}
    bills = {name: bill(made, book) for name, made in graphs.items()}
    return Told(claims=claims, bills=bills, computed=tuple(_computed(graphs[BASE], bills[BASE], book)))


def _computed(made: Graph, base: Bill, book: Book) -> Iterator[str]:
    for cost in unit_costs(base):
        yield cost.in_words()
    yield from on_machines(made, book, base, Usage(made.plan)).sentences()


if __name__ == "__main__":
    for file, text in written().items():
        file.write_text(text, encoding="utf-8")
        print(f"written: {file.relative_to(ROOT)}")
