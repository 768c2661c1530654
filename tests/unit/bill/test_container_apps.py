"""What apps of Container Apps are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial import System, cpu, queue_length, requests
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.range import Range, exactly
from seatrial.bill.usage import Usage

APP = "Microsoft.App/containerApps"
COMPUTE, MEMORY = "vCPU", "GiB"
WHOLE = Decimal(2_628_000)
"""The seconds of a month of 730 h."""

Priced = Callable[..., Bill]


def kiosk(*also_in: str) -> System:
    """Working hours of twelve a day: 1,314,000 s a month."""
    system = System("kiosk", region="eastus2", also_in=also_in)
    system.usage(busy="12 h")
    return system


def web(system: System, name: str = "web", a_month: str = "0/month", **wanted: Any) -> Any:
    """One core, 2 GiB; requests of one second, which are all that is said to come."""
    port = 8000 + sum(name.encode()) % 1000
    service = system.service(
        name,
        "serve",
        port=port,
        health="/health",
        **{"cpu": 1, "memory": "2 GiB", "replicas": (1, 5), **wanted},
    )
    system.usage(service, requests=a_month, request_time="1 s", request_cpu="20 ms")
    return service


def amounts(bill: Bill, part: str | None = None) -> dict[str, list[Decimal]]:
    """Of all apps, or of that of a part, by what is paid."""
    found: dict[str, list[Decimal]] = {}
    for line in bill.lines:
        if line.type == APP and line.part in (part or line.part, None):
            found.setdefault(line.what, []).append(line.amount.likely)
    return found


def used(bill: Bill, what: str) -> Decimal:
    return sum(
        (line.used.likely for line in bill.lines if line.type == APP and line.what == what), Decimal(0)
    )


# -- active and idle ------------------------------------------------------------------------------------


def test_a_replica_that_nobody_asks_is_idle_all_month(priced: Priced) -> None:
    system = kiosk()
    web(system)

    found = amounts(priced(system))

    # (1 × 2,628,000 s − 180,000) × 0.000003 and (2 × 2,628,000 − 360,000) × 0.000003
    assert found == {"idle compute": [Decimal("7.34")], "idle memory": [Decimal("14.69")]}


def test_seconds_with_a_request_cost_the_price_of_what_is_active(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="131400/month")

    bill = priced(system)

    # 0.1 a second, each for a second and the one it begins in: 1 − exp(−0.2) of 1,314,000 s are active
    assert used(bill, "compute").quantize(Decimal(1)) == 238_188
    assert used(bill, "idle compute").quantize(Decimal(1)) == 2_389_812
    # the 180,000 s that are free go to idle time first: 2,209,812 × 0.000003 and 238,188 × 0.000024
    assert amounts(bill)["idle compute"] == [Decimal("6.63")]
    assert amounts(bill)["compute"] == [Decimal("5.72")]


def test_the_formula_shows_the_seconds_and_where_they_come_from(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="131400/month")

    (line,) = [line for line in priced(system).lines if line.what == "compute" and line.type == APP]

    assert line.formula == (
        "1 vCPU × 238,188 s of 1 replica with something to do, 9.06 % of the month; "
        "131,400 requests of 1 s in 365 of 730 h"
    )


def test_beyond_the_fewest_replicas_all_count_as_active(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="32850000/month", scale=[requests(10)])

    bill = priced(system)

    # 25 a second want 3 replicas in 365 h; the first is idle for the other 365 h
    assert used(bill, "compute") == 3 * WHOLE / 2
    assert used(bill, "idle compute") == WHOLE / 2


def test_a_service_without_a_rule_gets_a_replica_for_ten_requests(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="32850000/month")

    assert used(priced(system), "compute") == 3 * WHOLE / 2  # as above: 25 / 10


def test_without_fewest_replicas_sparse_requests_cost_the_time_until_it_sleeps(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="1314/month", replicas=(0, 5))

    bill = priced(system)

    # one in 1,000 s, each 1 s and 300 s after it: 1 − exp(−0.301) = 0.25992 of 1,314,000 s
    assert used(bill, "compute").quantize(Decimal(1)) == 341_538
    assert not used(bill, "idle compute")
    # (341,538 − 180,000) × 0.000024 and (2 × 341,538 − 360,000) × 0.000003
    assert amounts(bill)["compute"] == [Decimal("3.88")]
    assert amounts(bill)["memory"] == [Decimal("0.97")]


def test_a_worker_that_always_runs_is_never_idle(priced: Priced) -> None:
    system = kiosk()
    system.worker("daemon", "work", cpu=2, memory="4 GiB", replicas=(1, 1))

    bill = priced(system)

    # (2 × 2,628,000 − 180,000) × 0.000024 and (4 × 2,628,000 − 360,000) × 0.000003
    assert amounts(bill) == {"compute": [Decimal("121.82")], "memory": [Decimal("30.46")]}
    assert all(line.steady for line in bill.lines if line.type == APP)


def test_a_worker_that_sleeps_costs_its_items_and_five_minutes_at_least(priced: Priced) -> None:
    system = kiosk()
    jobs = system.queue("jobs")
    worker = system.worker(
        "worker", "work", cpu=1, memory="2 GiB", replicas=(0, 4), scale=[queue_length(jobs)], receives=[jobs]
    )
    system.usage(worker, items="1000/month", item_time="10 s")

    (line,) = [line for line in priced(system).lines if line.what == "compute" and line.type == APP]

    assert line.used.low == 1000 * 10 + 300  # all of them in one go
    # one in 1,314 s, each with 310 s: 1 − exp(−0.23592) = 0.21016 of 1,314,000 s
    assert line.used.likely.quantize(Decimal(1)) == 276_146


def test_a_gpu_is_paid_by_the_second_beside_its_machine_and_never_idle(priced: Priced) -> None:
    system = kiosk()
    web(system, gpus=1, cpu=4, memory="16 GiB", replicas=(1, 1))

    bill = priced(system)

    # a whole machine of 8 vCPU and 56 GiB: (8 × 2,628,000 − 180,000) × 0.000024,
    # (56 × 2,628,000 − 360,000) × 0.000003 and 2,628,000 × 0.000073
    assert amounts(bill) == {
        "compute": [Decimal("500.26")],
        "memory": [Decimal("440.42")],
        "GPU": [Decimal("191.84")],
    }


# -- what is free ---------------------------------------------------------------------------------------


def test_what_is_free_each_month_is_shared_by_all_apps(priced: Priced) -> None:
    system = kiosk()
    for name in ("one", "two"):
        system.worker(name, "work", cpu=1, memory="2 GiB", replicas=(1, 1))

    found = amounts(priced(system))

    # (2,628,000 − 180,000) × 0.000024 = 58.75, and 2,628,000 × 0.000024 = 63.07
    assert found["compute"] == [Decimal("58.75"), Decimal("63.07")]


def test_requests_from_outside_are_paid_beyond_two_million(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="5000000/month", public=True)

    assert amounts(priced(system))["requests"] == [Decimal("1.20")]  # 3 M × 0.40


def test_requests_from_inside_cost_nothing(priced: Priced) -> None:
    system = kiosk()
    store = web(system, "store", a_month="5000000/month")
    web(system, "front", a_month="100/month", public=True, uses=[store])

    bill = priced(system)

    assert "requests" not in amounts(bill, "store")
    assert "those from inside the environment cost nothing" in [free.why for free in bill.free]


def test_a_gateway_that_asks_whether_it_is_well_lets_nothing_sleep(priced: Priced) -> None:
    system = kiosk()
    service = web(system, replicas=(0, 5))
    system.application_gateway("gateway", routes={"/*": service}, capacity=(2, 2))

    bill = priced(system)

    # two machines ask every 30 s: 175,200 requests a month, and 1 − exp(−20) of 2,628,000 s awake
    assert used(bill, "requests") == 175_200
    assert used(bill, "compute").quantize(Decimal(1)) == WHOLE


def test_a_front_door_that_has_to_choose_asks_every_region(priced: Priced) -> None:
    system = kiosk("westeurope")
    service = web(system, public=True)
    system.front_door("door", routes={"/*": service})

    lines = [line for line in priced(system).lines if line.type == APP and line.what == "requests"]

    # of a hundred places each asks every 30 s, in each region; of one at least, of 300 at most
    assert {line.used for line in lines} == {
        Range(Decimal(87_600), Decimal(8_760_000), Decimal(26_280_000)),
    }


def test_regions_share_the_requests(priced: Priced) -> None:
    system = kiosk("westeurope")
    web(system, a_month="10000000/month", public=True)

    bill = priced(system)

    each = [line.used.likely for line in bill.lines if line.type == APP and line.what == "requests"]
    assert each == [Decimal(5_000_000)] * 2


def test_the_engine_of_workflows_never_sleeps(priced: Priced) -> None:
    system = kiosk()
    history = system.postgres("history", cores=1, memory="2 GiB", sign_in="password")
    system.temporal("temporal", history=history, cpu=0.5, memory="1 GiB", host="container apps")

    bill = priced(system)

    (line,) = [line for line in bill.lines if line.type == APP and line.what == "compute"]
    # half a core, and a quarter for each of the two containers beside it
    assert line.used == exactly(WHOLE)
    assert line.steady


# -- more is never less ---------------------------------------------------------------------------------


def test_all_three_totals_grow_with_the_load_though_idle_time_falls(priced: Priced) -> None:
    system = kiosk()
    service = system.service(
        "web", "serve", port=8000, health="/health", cpu=1, memory="2 GiB", replicas=(2, 9)
    )
    system.usage(service, requests=("10k/month", "100k/month", "1M/month"))

    bills = [
        priced(system, scale={"requests": Decimal(factor)}) for factor in (1, 2, 4, 8, 16, 64, 256, 4096)
    ]

    for before, after in pairwise(bills):
        pairs = zip(before.total.triple, after.total.triple, strict=True)
        assert all(less <= more for less, more in pairs)


@given(
    factor=st.decimals(min_value=0, max_value=10_000, places=2),
    more=st.decimals(min_value=0, max_value=1_000, places=2),
    fewest=st.integers(0, 3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_requests_and_records_never_cost_less(
    small: dict[int, Graph], book: Book, factor: Decimal, more: Decimal, fewest: int
) -> None:
    made = small[fewest]

    less, grown = (
        bill(made, book, Usage(made.plan, scale={"requests": each, "records": each})).total
        for each in (factor, factor + more)
    )

    assert all(a <= b for a, b in zip(less.triple, grown.triple, strict=True))


@pytest.fixture(scope="module")
def small() -> dict[int, Graph]:
    """A service and a worker, by the fewest replicas of each; without what is not of Container Apps."""
    made = {}
    for fewest in range(4):
        system = kiosk()
        waiting = system.queue("waiting")
        system.service(
            "web", "serve", port=8000, health="/health", replicas=(fewest, 10), scale=[requests(20), cpu(70)]
        )
        system.worker(
            "worker", "work", replicas=(fewest, 10), scale=[queue_length(waiting)], receives=[waiting]
        )
        whole = graph(system.plan())
        made[fewest] = replace(whole, resources=whole.of(APP) + whole.of("Microsoft.App/managedEnvironments"))
    return made


def test_more_than_the_most_replicas_carry_is_told(priced: Priced) -> None:
    system = kiosk()
    web(system, a_month="1000000000/month", replicas=(1, 2))

    (warned,) = [each for each in priced(system).warnings if each.part == "web"]

    # two cores for 1,314,000 s, 0.02 s a request: 131,400,000
    assert warned.sentence == (
        "1,000,000,000 requests a month are more than it carries: about 131,400,000, "
        "with 2 at most in each region"
    )
