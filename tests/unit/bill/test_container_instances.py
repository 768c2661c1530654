"""What groups of Container Instances are charged for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Usage

GROUP = "Microsoft.ContainerInstance/containerGroups"


def lab(**wanted: Any) -> System:
    system = System("lab", region="eastus2")
    system.worker("loop", "work", cpu=2, memory="8 GiB", host="container instances", **wanted)
    return system


def amounts(bill: Bill) -> list[tuple[str, Range]]:
    return [(line.what, line.amount) for line in bill.lines if line.type == GROUP]


def test_a_group_is_paid_by_its_cores_and_memory_all_month(priced: Callable[[System], Bill]) -> None:
    found = amounts(priced(lab(replicas=(1, 1))))

    # 2 vCPU × 730 h × 0.0405 and 8 GB × 730 h × 0.00445
    assert found == [("compute", exactly(Decimal("59.13"))), ("memory", exactly(Decimal("25.99")))]


def test_each_replica_is_a_group(priced: Callable[[System], Bill]) -> None:
    found = amounts(priced(lab(replicas=(3, 3))))

    assert [what for what, _ in found] == ["compute", "memory"] * 3


def test_all_containers_of_a_group_count_but_those_that_run_before_it(
    priced: Callable[[System], Bill],
) -> None:
    system = System("lab", region="eastus2")
    history = system.postgres("history", cores=1, memory="2 GiB", sign_in="password")
    system.temporal("temporal", history=history, cpu=2, memory="4 GiB", host="container instances")

    (cores, memory) = [line for line in priced(system).lines if line.type == GROUP]

    # the server, its page and its helper, of a quarter of a core and half a GiB each
    assert cores.formula == "2.5 vCPU of 3 containers × 730 h"
    assert memory.used == exactly(5 * 730)


def test_a_group_that_may_end_costs_a_month_at_most(book: Book) -> None:
    made = graph(lab(replicas=(1, 1)).plan())

    def ending(body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**body, "properties": {**body["properties"], "restartPolicy": "OnFailure"}}

    groups = tuple(replace(each, body=ending(each.body)) for each in made.of(GROUP))
    found = bill(replace(made, resources=groups), book, Usage(made.plan))

    # 2 vCPU × 730 h × 0.0405 at most
    assert found.lines[0].amount == Range(Decimal("0.00"), Decimal("59.13"), Decimal("59.13"))
    assert not found.lines[0].steady
