"""What logs are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.telling import Telling, telling
from seatrial.bill.units import GB
from seatrial.bill.usage import Usage

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


def test_5_gb_are_free_once_for_all_regions(priced: Callable[[System], Bill], line: Find) -> None:
    bill = priced(diary("100 GB", ("westeurope",)))
    first, second = (
        line(bill, "logs taken in", LOGS, "eastus2"),
        line(bill, "logs taken in", LOGS, "westeurope"),
    )

    assert first.amount == exactly(Decimal("124.20"))  # (50 - 5) × 2.76
    assert second.amount == exactly(Decimal("149.50"))  # 50 × 2.99
    assert second.paid == second.used
    assert second.formula == "100 GB ÷ 2 regions; 5 GB a month are free, once for all regions"


def test_a_daily_cap_holds_it_down(priced: Callable[[System], Bill], line: Find) -> None:
    taken = line(priced(diary("1 TB", daily_cap="2 GB")), "logs taken in")

    assert taken.used == exactly(2 * (Decimal(730) / 24))  # 2 GB a day, 60.83 GB
    assert taken.formula == "1 TB (at most 2 GB a day × 30.42 days); 5 GB a month are free"


def test_what_a_cap_does_not_take_in_is_said_to_be_lost(priced: Callable[[System], Bill]) -> None:
    within, beyond = priced(diary("60 GB", daily_cap="2 GB")), priced(diary("1 TB", daily_cap="2 GB"))

    assert not [each for each in within.warnings if each.part == "logs"]
    assert [each.sentence for each in beyond.warnings if each.part == "logs"] == [
        "1,000 GB of logs are written in a month in eastus2, and the cap of 2 GB a day takes in 60.83 at "
        "most: the rest is lost"
    ]


def test_a_month_is_kept_without_a_charge(priced: Callable[[System], Bill]) -> None:
    bill = priced(diary(keeps="30 days"))

    assert not [each for each in bill.lines if each.what == "logs kept"]
    assert [free.why for free in bill.free if free.what == "logs kept"] == [
        "for 30 days, of 31 that are in the price of taking them in"
    ]


def test_what_is_kept_longer_than_31_days_is_paid(priced: Callable[[System], Bill], line: Find) -> None:
    # nothing is told by processes: 105 GB a month, each for 149 days beyond 31
    system = diary(keeps="180 days")
    system.usage(requests="0/month", new_records="0/month")

    kept = line(priced(system), "logs kept")

    days = Decimal(730) / 24
    assert kept.used == exactly(105 * Decimal(149) / days)
    assert kept.price.meter.name == "Analytics Logs Data Retention"


def test_what_processes_tell_is_paid_from_the_91st_day(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("diary", region="eastus2")
    system.service("web", "serve", port=8000, health="/health", public=True)
    system.logs("logs", keeps="180 days")
    system.usage(requests="100M/month", new_records="0/month", log_size="2 KB")

    kept, assumed = line(priced(system), "logs kept"), written(system)

    # 200 GB by processes, of which 90 days beyond 90 are paid; of all else 149 beyond 31
    assert assumed.processes == exactly(Decimal(200 * GB))
    others = (assumed.requests + assumed.metrics) / GB
    assert close(kept.used, (others * 149 + 200 * 90) / (Decimal(730) / 24))


def close(one: Range, other: Range) -> bool:
    """Whether two are the same but for the last of many digits."""
    return all(abs(a - b) < Decimal("1e-15") for a, b in zip(one.triple, other.triple, strict=True))


def written(system: System) -> Telling:
    """What a system is assumed to write to its logs."""
    plan = system.plan()
    return telling(Reckoning(graph(plan), Usage(plan)))


def test_processes_tell_of_requests_and_items_and_resources_of_themselves() -> None:
    system = System("diary", region="eastus2")
    web = system.service("web", "serve", port=8000, health="/health", public=True)
    work = system.worker("work", "work", uses=[web])
    system.usage(requests="10M/month", new_records="5M/month", log_size="2 KB")

    assumed = written(system)

    # 10,000,000 requests and 5,000,000 items × 2 KB = 30 GB
    assert assumed.processes == exactly(Decimal(30 * GB))
    # 40 MB, 200 MB or 1 GB of each resource whose metrics are sent
    settings = graph(system.plan()).of("Microsoft.Insights/diagnosticSettings")
    metered = sum(1 for each in settings if each.body["properties"]["metrics"])
    assert metered > 2
    assert assumed.metrics == Range(
        metered * GB / 25,
        metered * GB / 5,
        metered * GB,
    )

    system.usage(work, items="1M/month")
    assert written(system).processes == exactly(Decimal(22 * GB))  # 11,000,000 × 2 KB


def test_a_model_writes_a_row_of_each_question() -> None:
    system = System("diary", region="eastus2")
    model = system.model_api("model", model="text-embedding-3-small")
    system.service("api", "serve", port=8000, health="/health", public=True, uses=[model])
    system.usage(requests="10M/month", new_records="1M/month")

    assert written(system).requests.likely == 11 * GB  # each request and each new record: 11 M × 1,000 bytes


def test_each_edge_and_store_writes_a_row_of_each_request() -> None:
    system = System("diary", region="eastus2")
    results = system.documents("results", partition="/team", throughput=4_000)
    api = system.service("api", "serve", port=8000, health="/health", uses=[results])
    apis = system.api_management("apis", apis={"things": api}, publisher="Us")
    system.front_door("door", routes={"/*": apis})
    system.usage(requests="10M/month", new_records="1M/month")

    # Front Door and API Management write 10,000,000 rows each; the documents 1, 20 or 100 every five minutes,
    # 8,760 times a month, however often they are read: 20,008,760 rows of 500 bytes, 20,175,200 of 1,000 or
    # 20,876,000 of 2,000
    assert written(system).requests == Range(
        Decimal(20_008_760) * 500,
        Decimal(20_175_200) * 1_000,
        Decimal(20_876_000) * 2_000,
    )


def test_a_gateway_of_apis_tells_of_one_call_in_ten() -> None:
    system = System("diary", region="eastus2")
    api = system.service("api", "serve", port=8000, health="/health")
    system.api_management("apis", apis={"things": api}, publisher="Us")
    system.usage(requests="10M/month", new_records="0/month", log_size="1 KB")

    # 10,000,000 requests of the service and 1,000,000 of the gateway × 1 KB
    assert written(system).processes == exactly(Decimal(11 * GB))


def test_a_cluster_writes_what_is_asked_of_its_control_plane() -> None:
    system = System("diary", region="eastus2")
    pool = system.node_pool("pool", machine="Standard_D4s_v5", nodes=(1, 2))
    system.service("web", "serve", port=8000, health="/health", host=pool)

    assert written(system).clusters == Range(2 * GB, 8 * GB, 30 * GB)


def test_a_system_that_says_nothing_of_logs_still_has_some(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("diary", region="eastus2")
    system.service("web", "serve", port=8000, health="/health", public=True)

    bill = priced(system)

    assert line(bill, "logs taken in").part is None
    assert line(bill, "logs taken in").used == written(system).all / GB
    assert "logs" in {each.key for each in bill.assumptions if not each.stated}


def test_what_is_copied_out_is_paid_as_json(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("diary", region="eastus2")
    system.service("web", "serve", port=8000, health="/health", public=True)
    archive = system.blobs("archive")
    kept = system.logs("logs", archive=archive)
    system.usage(requests="100M/month", new_records="0/month", log_size="2 KB")
    system.usage(kept, logs="100 GB")

    copied = line(priced(system), "logs copied out")

    # 100 GB are written, of which processes tell 200 GB of all that is assumed × 1.2, 1.33, 2 as JSON
    low, likely, high = (20_000 * GB / everything for everything in written(system).all.triple)
    assert close(copied.used, Range(low * Decimal("1.2"), likely * Decimal("1.33"), high * Decimal(2)))
    assert copied.price.meter.name == "Log Analytics data export Data Exported"
