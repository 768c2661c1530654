"""What jobs and schedules of Container Apps are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly
from seatrial.bill.runs import runs_of_clock

Priced = Callable[[System], Bill]


def of(bill: Bill, part: str, what: str = "compute") -> Line:
    (found,) = [
        line
        for line in bill.lines
        if line.type == "Microsoft.App/jobs" and line.part == part and line.what == what
    ]
    return found


@pytest.mark.parametrize(
    ("cron", "runs"),
    [
        ("*/5 * * * *", Decimal(8760)),  # 12 an hour × 730 h
        ("0 */6 * * *", Decimal(730) / 6),
        ("0 3 * * 0", Decimal(730) / 24 / 7),
        ("0 0 29 2 *", Decimal(7) / (28 * 12)),  # seven in the 336 months of 28 years
    ],
)
def test_a_clock_gives_the_runs_of_a_month(cron: str, runs: Decimal) -> None:
    assert abs(runs_of_clock(cron) - runs) < Decimal("0.0001")


def test_runs_cost_their_seconds_at_the_price_of_what_is_active(priced: Priced) -> None:
    system = System("kiosk", region="eastus2")
    often = system.schedule("often", "run", cron="*/5 * * * *", cpu=1, memory="2 GiB")
    system.usage(often, run_time="1 min")

    bill = priced(system)

    # 8,760 × 60 s = 525,600 s: (525,600 − 180,000) × 0.000024 and (2 × 525,600 − 360,000) × 0.000003
    assert of(bill, "often").amount == exactly(Decimal("8.29"))
    assert of(bill, "often", "memory").amount == exactly(Decimal("2.07"))
    assert of(bill, "often").formula == "1 vCPU × 8,760 runs of 1 min"


def test_every_region_has_a_clock(priced: Priced) -> None:
    system = System("kiosk", region="eastus2", also_in=["westeurope"])
    system.usage(system.schedule("often", "run", cron="0 * * * *"), run_time="1 min")

    lines = [line for line in priced(system).lines if line.part == "often" and line.what == "compute"]

    assert [line.region for line in lines] == ["eastus2", "westeurope"]
    assert {line.used for line in lines} == {exactly(Decimal("0.5") * 730 * 60)}  # half a core


def test_a_job_that_every_deployment_starts_runs_as_often(priced: Priced) -> None:
    system = System("kiosk", region="eastus2")
    warm = system.job("warm", "run", runs="every start", cpu=1, memory="2 GiB")
    system.usage(deployments="10/month")
    system.usage(warm, run_time="2 min")

    assert of(priced(system), "warm").used == exactly(10 * 120)


def test_a_job_that_runs_once_is_paid_in_one_month_only(priced: Priced) -> None:
    system = System("kiosk", region="eastus2")
    fill = system.job("fill", "run", runs="once", cpu=1, memory="2 GiB")
    system.usage(fill, run_time="1 h")

    assert of(priced(system), "fill").used == Range(Decimal(0), Decimal(3600), Decimal(3600))


def test_a_run_is_never_taken_to_last_longer_than_it_may(priced: Priced) -> None:
    system = System("kiosk", region="eastus2")
    system.usage(system.job("short", "run", cpu=1, memory="2 GiB", time_limit="5 min"), runs="1/month")

    assert of(priced(system), "short").used == Range(Decimal(60), Decimal(300), Decimal(300))


def test_a_schema_is_brought_up_to_date_with_every_deployment(priced: Priced) -> None:
    system = System("kiosk", region="eastus2")
    system.postgres("store", cores=2, migrate="migrate")
    system.usage(deployments="8/month")

    # half a core × 8 × 10 s, 30 s, 300 s
    assert of(priced(system), "store").used == Range(Decimal(40), Decimal(120), Decimal(1200))
