"""What is advised for the systems here, written below their own files and priced again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from seatrial.azure.compile import graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.savings.savings import advice
from seatrial.bill.savings.variables import variables_in
from seatrial.bill.usage import Usage
from seatrial.model import System

SYSTEMS = Path(__file__).parents[3] / "systems"


@pytest.mark.parametrize("name", ["doctrove", "papr", "qlp", "cultivate"])
def test_the_cheapest_way_can_be_pasted_below_the_system(name: str) -> None:
    source = (SYSTEMS / name / "system.py").read_text("utf-8")
    written: dict[str, Any] = {"__name__": name}
    exec(compile(source, f"{name}/system.py", "exec"), written)
    system = next(each for each in written.values() if isinstance(each, System))
    book = Book()
    # Given a limit that nothing keeps
    advised = advice(system.plan(), book, Decimal(1), called=variables_in(source))
    assert advised.cheapest is not None
    assert advised.cheapest.code is not None
    # When all that saves most is written below the system
    exec(advised.cheapest.code, written)
    # Then that variant costs what was said
    cheaper = system.plan("cheaper")
    term = next((each.commitment for each in advised.cheapest.changes if each.commitment), None)
    priced = bill(graph(cheaper), book, Usage(cheaper), term)
    assert priced.total == advised.cheapest.total
    assert priced.total.likely < advised.bill.total.likely
