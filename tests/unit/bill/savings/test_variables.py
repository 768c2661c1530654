from __future__ import annotations

from seatrial.bill.savings.variables import variables_in

SOURCE = """
from seatrial import System

shop = System("my-shop", region="eastus2")
orders = shop.postgres("orders")
engine = shop.temporal("temporal", history=orders)
for name in ("one", "two-three"):
    shop.queue(name)
number = len("orders")
"""


def test_a_part_is_called_as_the_file_calls_it() -> None:
    called = variables_in(SOURCE)
    assert [called(name) for name in ("my-shop", "orders", "temporal")] == ["shop", "orders", "engine"]


def test_what_no_variable_holds_is_called_as_it_most_likely_would_be() -> None:
    assert variables_in(SOURCE)("two-three") == "two_three"


def test_a_text_that_is_no_python_holds_nothing() -> None:
    assert variables_in("def (")("memory-worker") == "memory_worker"
