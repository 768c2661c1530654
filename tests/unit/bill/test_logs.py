"""What logs are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly

LOGS = "Microsoft.OperationalInsights/workspaces"
Find = Callable[..., Line]


def diary(amount: str = "105 GB", also_in: tuple[str, ...] = (), **logs: Any) -> System:
    """A service that nobody asks, and so much that is logged in a month."""
    system = System("diary", region="eastus2", also_in=list(also_in))
    system.service("web", "serve", port=8000, health="/health")
    kept = system.logs("logs", **logs)
    system.usage(kept, logs=amount)
    return system


def test_what_is_taken_in_is_paid_beyond_5_gb(priced: Callable[[System], Bill], line: Find) -> None:
    taken = line(priced(diary()), "logs taken in")

    assert taken.amount == exactly(Decimal("276.00"))  # 100 × 2.76
    assert taken.formula == "105 GB; 5 GB a month are free"
    assert not taken.steady


def test_regions_share_what_is_taken_in(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(diary("100 GB", ("westeurope",)))

    assert line(bill, "logs taken in", LOGS, "eastus2").used == exactly(50)
    assert line(bill, "logs taken in", LOGS, "westeurope").used == exactly(50)


def test_a_daily_cap_holds_it_down(priced: Callable[[System], Bill], line: Find) -> None:
    taken = line(priced(diary("1 TB", daily_cap="2 GB")), "logs taken in")

    assert taken.used == exactly(2 * (Decimal(730) / 24))  # 2 GB a day, 60.83 GB
    assert taken.formula == "1 TB (at most 2 GB a day × 30.42 days); 5 GB a month are free"


def test_a_month_is_kept_without_a_charge(priced: Callable[[System], Bill]) -> None:
    bill = priced(diary(keeps="30 days"))

    assert not [each for each in bill.lines if each.what == "logs kept"]
    assert [free.why for free in bill.free if free.what == "logs kept"] == [
        "for 30 days, of 31 that are in the price of taking them in"
    ]


def test_what_is_kept_longer_is_paid_and_what_processes_tell_from_the_91st_day(
    priced: Callable[[System], Bill], line: Find
) -> None:
    # 105 GB a month for 180 days: 149 days beyond 31, and 90 beyond 90 for what processes tell, which is
    # 90, 75 or 50 % of it
    kept = line(priced(diary(keeps="180 days")), "logs kept")

    days = Decimal(730) / 24
    assert kept.used == Range(
        105 * (Decimal("0.9") * 90 + Decimal("0.1") * 149) / days,
        105 * (Decimal("0.75") * 90 + Decimal("0.25") * 149) / days,
        105 * (Decimal("0.5") * 90 + Decimal("0.5") * 149) / days,
    )
    assert kept.price.meter.name == "Analytics Logs Data Retention"


def test_a_system_that_says_nothing_of_logs_still_has_some(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("diary", region="eastus2")
    web = system.service("web", "serve", port=8000, health="/health", public=True)
    system.worker("work", "work", uses=[web])
    system.usage(requests="10M/month", new_records="5M/month", log_size="2 KB")

    bill = priced(system)

    # 10,000,000 requests and 5,000,000 items × 2 KB = 30 GB, and 10, 50 or 200 MB of each resource that
    # tells of itself
    assumed = {each.key: each for each in bill.assumptions}["logs"]
    told = int(assumed.why.rpartition("for each of ")[2].partition(" ")[0])
    assert told > 3
    assert line(bill, "logs taken in").used == Range(
        30 + told * Decimal("0.01"), 30 + told * Decimal("0.05"), 30 + told * Decimal("0.2")
    )
    assert line(bill, "logs taken in").part is None


def test_what_is_copied_out_is_paid_as_json(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("diary", region="eastus2")
    system.service("web", "serve", port=8000, health="/health")
    archive = system.blobs("archive")
    kept = system.logs("logs", archive=archive)
    system.usage(kept, logs="100 GB")

    copied = line(priced(system), "logs copied out")

    # 100 GB × 50, 75, 90 % of processes × 1.2, 1.4, 2 as JSON = 60, 105, 180 GB × 0.10
    assert copied.amount == Range(Decimal("6.00"), Decimal("10.50"), Decimal("18.00"))
