"""What plans of App Service are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System, cpu
from seatrial.bill.app_service import meter
from seatrial.bill.bill import Bill, Line
from seatrial.bill.book import Book
from seatrial.bill.range import Range, exactly

Priced = Callable[..., Bill]


def shop(
    a_month: str = "0/month", size: str = "P1v3", instances: tuple[int, int] = (1, 4)
) -> tuple[System, Any]:
    """A service that scales at 70 % of the cores, of which a request takes 0.1 s; twelve hours a day."""
    system = System("shop", region="eastus2")
    machines = system.app_service_plan("machines", size=size, instances=instances)
    web = system.service(
        "web", "serve", port=8000, health="/health", cpu=1, memory="2 GiB", host=machines, scale=[cpu(70)]
    )
    system.usage(busy="12 h")
    system.usage(web, requests=a_month, request_cpu="100 ms", request_time="200 ms")
    return system, machines


def lines(bill: Bill) -> list[Line]:
    return [line for line in bill.lines if line.type == "Microsoft.Web/serverfarms"]


def test_the_fewest_machines_are_paid_all_month(priced: Priced) -> None:
    system, _ = shop(instances=(2, 2))

    (line,) = lines(priced(system))

    assert line.amount == exactly(Decimal("226.30"))  # 2 × 730 h × 0.155
    assert line.formula == "2 machines P1v3 × 730 h"
    assert line.steady


def test_more_machines_are_paid_while_requests_need_them(priced: Priced) -> None:
    # 26,280,000 in 1,314,000 s are 20 a second, which take 2 cores; a machine gives 2 × 70 % of them: so 2
    system, _ = shop("26280000/month")

    always, more = lines(priced(system))

    assert always.amount == exactly(Decimal("113.15"))  # 730 h × 0.155
    # one more for 365 h: 1,095 h × 0.155 = 169.73 in all, without the 113.15
    assert more.amount == exactly(Decimal("56.58"))
    assert not more.steady


def test_items_take_machines_as_requests_do(priced: Priced) -> None:
    system, machines = shop()
    worker = system.service(
        "worker", "work", port=8001, health="/health", cpu=1, memory="2 GiB", host=machines, scale=[cpu(70)]
    )
    system.usage(worker, items="1314000/month", item_time="2 s")

    _, more = lines(priced(system))

    # one a second, each of two seconds of one core: 2 cores of 1.4 on each machine, so 2 machines by day
    assert more.used == exactly(365)


def test_there_are_never_more_than_the_plan_may_have(priced: Priced) -> None:
    system, _ = shop("999999999/month", instances=(1, 3))

    _, more = lines(priced(system))

    assert more.used == exactly(2 * 365)


def test_how_many_there_are_can_be_said(priced: Priced) -> None:
    system, machines = shop()
    system.usage(machines, machines=1.5)

    _, more = lines(priced(system))

    assert more.used == exactly(365)


def test_of_a_size_that_is_not_known_the_fewest_are_likely_and_the_most_possible(priced: Priced) -> None:
    system, _ = shop("99999999/month", size="P1v4", instances=(1, 3))

    _, more = lines(priced(system))

    assert more.used == Range(Decimal(0), Decimal(0), Decimal(2 * 730))


def test_the_apps_on_a_plan_are_free(priced: Priced) -> None:
    system, _ = shop()

    assert "paid with its plan" in [
        free.why for free in priced(system).free if free.type == "Microsoft.Web/sites"
    ]


def test_a_service_without_a_plan_has_one_of_its_own(priced: Priced) -> None:
    system = System("shop", region="eastus2")
    system.service(
        "web",
        "serve",
        port=8000,
        health="/health",
        cpu=1,
        memory="2 GiB",
        host="app service",
        replicas=(1, 1),
    )

    (line,) = lines(priced(system))

    assert line.amount == exactly(Decimal("56.58"))  # 730 h × 0.0775 of a P0v3


@pytest.mark.parametrize(
    "size",
    [
        *("B1", "B2", "B3", "S1", "S2", "S3"),
        *("P0v3", "P1v3", "P1mv3", "P2v3", "P2mv3", "P3v3", "P3mv3", "P4mv3", "P5mv3"),
        *("P0v4", "P1v4", "P1mv4", "P2v4", "P2mv4", "P3v4", "P3mv4", "P4mv4", "P5mv4"),
    ],
)
def test_the_price_of_every_size_is_found(book: Book, size: str) -> None:
    assert book.price(meter(size, "eastus2")) is not None


def test_more_requests_than_all_machines_carry_are_told(priced: Priced) -> None:
    system, _ = shop("99999999/month", instances=(1, 2))

    assert any(
        each.part == "web" and "more than it carries" in each.sentence for each in priced(system).warnings
    )
