"""What runs in the five systems, and all their variants, has prices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.usage import Usage
from seatrial.cli.system_file import read_system

SYSTEMS = Path(__file__).parents[3] / "systems"
RUNS = (
    "Microsoft.App/",
    "Microsoft.ContainerInstance/",
    "Microsoft.ContainerService/",
    "Microsoft.Web/serverfarms",
)


def what_runs(name: str) -> list[Graph]:
    """Of the system and each of its variants, in a region of which every price is known."""
    system = read_system(SYSTEMS / name / "system.py")
    whole = [graph(replace(system.plan(each), region="eastus2")) for each in (None, *system.variants)]
    return [
        replace(made, resources=tuple(each for each in made.resources if each.type.startswith(RUNS)))
        for made in whole
    ]


@pytest.mark.parametrize("name", ["doctrove", "papr", "qlp", "newswire", "cultivate"])
def test_every_meter_is_in_the_book_and_more_load_costs_no_less(name: str) -> None:
    for made in what_runs(name):
        totals = [
            bill(made, Book(), Usage(made.plan, scale={"requests": each, "records": each})).total
            for each in (Decimal(0), Decimal("0.1"), Decimal(1), Decimal(5), Decimal(50))
        ]

        assert totals[2].likely > 0
        for index in range(3):
            each_case = [total.triple[index] for total in totals]
            assert each_case == sorted(each_case)
