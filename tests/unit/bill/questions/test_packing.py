"""How many machines hold all copies of all processes."""

from __future__ import annotations

from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.bill.machine_sizes import Machine, machine
from seatrial.bill.questions.fleet import Need
from seatrial.bill.questions.packing import packed
from seatrial.bill.range import exactly


def four() -> Machine:
    """A machine of 4 cores and 16 GiB."""
    found = machine("Standard_D4s_v5")
    assert found is not None
    return found


def need(name: str, cores: str, gib: str = "1", *, apart: bool = False) -> Need:
    return Need(
        name=name,
        cores=Decimal(cores),
        gib=Decimal(gib),
        gpus=0,
        pool=None,
        copies=exactly(1),
        apart=apart,
        why="",
    )


@pytest.mark.parametrize(
    ("needs", "machines"),
    [
        ([(need("a", "1"), 4)], 1),
        ([(need("a", "1"), 5)], 2),
        ([(need("a", "3"), 1), (need("b", "1"), 1)], 1),
        ([(need("a", "3"), 2), (need("b", "1"), 2)], 2),
        ([(need("a", "1", "9"), 2)], 2),  # memory: 9 and 9 of 16 GiB
        ([(need("a", "1", apart=True), 2)], 2),
        ([(need("a", "1", apart=True), 4)], 2),  # they would all fit on one
        ([(need("a", "1", apart=True), 2), (need("b", "1", apart=True), 2)], 2),
        ([(need("a", "1", apart=True), 1)], 1),  # one copy cannot be apart from itself
        ([(need("a", "4", apart=True), 2), (need("b", "2"), 1)], 3),
        ([], 0),
    ],
)
def test_copies_are_put_on_as_few_machines_as_hold_them(needs: list[tuple[Need, int]], machines: int) -> None:
    assert packed(needs, four()) == machines


def test_what_fits_on_no_machine_is_not_packed() -> None:
    assert packed([(need("a", "1"), 1), (need("b", "5"), 1)], four()) is None


some = st.lists(
    st.tuples(
        st.sampled_from(["0.25", "0.5", "1", "1.5", "2", "4"]),
        st.sampled_from(["0.5", "1", "3", "8", "16"]),
        st.booleans(),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=6,
)


@given(some)
def test_never_more_than_apart_and_never_less_than_the_sum_needs(
    found: list[tuple[str, str, bool, int]],
) -> None:
    needs = [(need(str(i), c, g, apart=apart), copies) for i, (c, g, apart, copies) in enumerate(found)]
    together = packed(needs, four())
    assert together is not None
    apart = sum(max(ceil(copies / each.fitting(four())), 2 if each.apart else 1) for each, copies in needs)
    assert together <= apart
    assert together * 4 >= sum(each.cores * copies for each, copies in needs)
    assert together * 16 >= sum(each.gib * copies for each, copies in needs)
    if any(each.apart and copies > 1 for each, copies in needs):
        assert together >= 2
