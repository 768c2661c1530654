"""Writes docs/what-the-plans-said.md: `python tools/what_the_plans_said.py`, or `make said`."""

from __future__ import annotations

from pathlib import Path

from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.claimed import BASE
from seatrial.bill.claims import read
from seatrial.bill.elsewhere import moved
from seatrial.bill.said import Told, page
from seatrial.cli.system_file import read_system
from seatrial.model import System

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "what-the-plans-said.md"
SYSTEMS = ("doctrove", "papr", "qlp", "newswire", "cultivate")
REGION = "eastus2"
"""Where the embedded book is complete."""


def written() -> str:
    """The page as it is to be, by the embedded prices."""
    book = Book()
    return page([_told(ROOT / "systems" / name, book) for name in SYSTEMS], book)


def _told(folder: Path, book: Book) -> Told:
    system = read_system(folder / "system.py")
    claims = read((folder / "claims.toml").read_text(encoding="utf-8"), str(folder / "claims.toml"))
    variants = (None, *system.variants)
    return Told(claims=claims, bills={each or BASE: _bill(system, each, book) for each in variants})


def _bill(system: System, variant: str | None, book: Book) -> Bill:
    return bill(graph(moved(system.plan(variant), REGION)), book)


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")
