"""Which shape a load needs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.book import Book
from seatrial.bill.errors import NoLoad
from seatrial.bill.questions.shapes import choose
from seatrial.cli.system_file import read_system

SYSTEMS = Path(__file__).parents[4] / "systems"
BOOK = Book()


def load(**amounts: int) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in amounts.items()}


@cache
def shop() -> Mapping[str, Graph]:
    """One small machine for 1M requests, and 2 to 6 replicas for 50M. Requests come all day, 2,628,000 s."""
    system = System("shop")
    machine = system.app_service_plan("machine", size="P0v3")
    api = system.service(
        "api", "run", port=8000, health="/h", cpu=1, memory="2 GiB", public=True, host=machine
    )
    system.usage(api, request_cpu=("50 ms", "50 ms", "100 ms"), request_time="100 ms")
    system.usage(busy="24 h")
    system.budget("$30/month", records=1_000, requests="1M/month")
    large = system.variant("large")
    large.without(machine)
    large.change(api, host="container apps", replicas=(2, 6))
    large.budget("$500/month", records=1_000, requests="50M/month")
    return {"small": graph(system.plan()), "large": graph(system.plan("large"))}


def test_the_cheapest_that_carries_the_load_is_chosen() -> None:
    # 1M ÷ 2,628,000 s × 0.05 s = 0.019 cores, of 1
    found = choose(shop(), BOOK)
    assert found.chosen == found.safe == found.by_the_plan == "small"
    costs = [shape.bill.total.likely for shape in found.shapes]
    assert costs[0] < costs[1]
    assert found.sentences()[0].startswith("1k records and 1M requests a month: small, the cheapest that")


def test_a_shape_that_cannot_carry_it_says_why_and_another_is_chosen() -> None:
    # 60M ÷ 2,628,000 s × 0.05 s = 1.14 cores: more than the one of P0v3, fewer than the 6 of large
    found = choose(shop(), BOOK, load(requests=60_000_000))
    assert found.chosen == "large"
    (why,) = [each for each in found.sentences() if each.startswith("small cannot")]
    assert "machine: 1.14 (1.14 to 2.28) cores are in use by api" in why
    assert "1 × P0v3 has 1" in why


def test_what_only_the_most_would_break_is_told_as_a_doubt() -> None:
    # 30M: 0.57 cores most likely, 1.14 at most, of 1
    found = choose(shop(), BOOK, load(requests=30_000_000))
    assert (found.chosen, found.safe) == ("small", "large")
    assert any(each.startswith("small may not: machine: ") for each in found.sentences())
    assert any(each.startswith("to be sure of the most that can come: large") for each in found.sentences())


def test_where_none_carries_the_load_each_says_what_is_in_the_way() -> None:
    # 400M: 7.6 cores, of 1 and of 6
    found = choose(shop(), BOOK, load(requests=400_000_000))
    assert found.chosen is None
    told = found.sentences()
    assert told[0] == "no shape carries 1k records and 400M requests a month"
    assert [each.partition(":")[0] for each in told if " cannot:" in each] == ["small cannot", "large cannot"]


def test_the_border_that_the_plan_draws_is_told_where_it_is_another() -> None:
    # 10M: 0.19 cores of 1, so small carries it; by its budget it is for 1M
    found = choose(shop(), BOOK, load(requests=10_000_000))
    assert (found.chosen, found.by_the_plan) == ("small", "large")
    assert any(
        "by its own words the plan would take large here: small for up to 1k records and 1M requests" in each
        for each in found.sentences()
    )
    assert found.shape("small").beyond == ("requests",)


def test_a_shape_over_its_budget_says_by_how_much() -> None:
    found = choose(shop(), BOOK)
    small = found.shape("small")
    assert small.over_budget
    over = small.bill.total.likely - 30
    assert f"small is ${over:,.2f} over its budget of $30.00" in found.sentences()


def test_every_shape_is_priced_at_the_same_load() -> None:
    found = choose(shop(), BOOK, load(requests=7_000_000))
    for shape in found.shapes:
        figures = {each.key: each.amount.likely for each in shape.bill.assumptions}
        assert figures["requests"] == 7_000_000


def test_what_no_figure_tells_of_is_said() -> None:
    assert choose(papr(), BOOK).not_judged == (
        "not judged: what a query takes of the cores and the memory of memories and history",
    )


def test_a_system_that_states_no_load_is_not_scaled() -> None:
    with pytest.raises(NoLoad, match="--assume requests="):
        choose({"base": graph(System("bare").plan())}, BOOK, load(requests=1))


def test_there_must_be_a_shape() -> None:
    with pytest.raises(ValueError, match="no shape"):
        choose({}, BOOK)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 10**9))
def test_what_is_chosen_carries_the_load_and_nothing_that_does_is_cheaper(requests: int) -> None:
    found = choose(shop(), BOOK, load(requests=requests))
    carrying = {each.name: each.bill.total.likely for each in found.shapes if each.carries}
    if found.chosen is None:
        assert not carrying
    else:
        assert carrying[found.chosen] == min(carrying.values())
    if found.safe is not None and found.chosen is not None:
        assert carrying[found.safe] >= carrying[found.chosen]


# -- the three shapes of PAPR ---------------------------------------------------------------------------


@cache
def papr() -> Mapping[str, Graph]:
    system = read_system(SYSTEMS / "papr/system.py")
    return {name or "single": graph(system.plan(name)) for name in (None, "split", "cluster")}


@pytest.mark.parametrize(
    ("documents", "operations", "shape"),
    [
        (500, 5_000, "single"),
        (1_000, 10_000, "single"),
        (5_000, 50_000, "split"),
        (9_999, 99_999, "split"),
        (20_000, 200_000, "cluster"),
    ],
)
def test_the_borders_of_paprs_own_plan_are_known(documents: int, operations: int, shape: str) -> None:
    # Its plan: single below 1,000 documents and 10,000 operations, cluster above 10,000 and 100,000.
    found = choose(papr(), BOOK, load(records=documents, requests=operations))
    assert found.by_the_plan == shape


def test_paprs_figures_let_one_machine_carry_more_than_its_plan_says() -> None:
    found = choose(papr(), BOOK, load(records=5_000, requests=50_000))
    assert found.chosen == "single"
    assert any(
        each.startswith("by its own words the plan would take split here") for each in found.sentences()
    )


def test_a_load_of_millions_needs_paprs_cluster() -> None:
    found = choose(papr(), BOOK, load(records=1_000_000, requests=10_000_000))
    assert found.chosen == "cluster"
    assert {"single", "split"} <= {each.split()[0] for each in found.sentences() if " cannot:" in each}
