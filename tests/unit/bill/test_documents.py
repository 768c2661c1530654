"""What containers of Cosmos DB are charged for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.body import Body
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge
from seatrial.bill.documents import container
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

CONTAINERS = "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def files(
    region: str = "eastus2",
    also_in: tuple[str, ...] = (),
    busy: Any = "10 h",
    usage: Mapping[str, Any] | None = None,
    **said: Any,
) -> System:
    """20 GiB; 1,000,000 reads of 2 units and 100,000 writes of 10 units: 3,000,000 units a month."""
    system = System("files", region=region, also_in=also_in)
    sheets = system.documents("sheets", partition="/owner", **said)
    usual = {
        "stored": "20 GiB",
        "reads": "1M/month",
        "writes": "100k/month",
        "read_units": 2,
        "write_units": 10,
    }
    system.usage(busy=busy)
    system.usage(sheets, **{**usual, **(usage or {})})
    return system


# -- paid by the request --------------------------------------------------------------------------------


def test_serverless_is_paid_by_the_request_unit_a_quarter_more_over_zones(priced: Price, line: Find) -> None:
    units = line(priced(files()), "request units")

    # (1,000,000 × 2 + 100,000 × 10) × 1.25 = 3,750,000 units, at 0.25 a million
    assert units.used == exactly(3_750_000)
    assert units.amount == exactly(Decimal("0.94"))
    assert units.formula == "(1,000,000 reads × 2 + 100,000 writes × 10) × 1.25 for several zones"


def test_serverless_in_a_region_without_zones_costs_no_more(book: Book) -> None:
    found = charges(graph(files("westus").plan()))

    assert found["request units"].quantity == exactly(3_000_000)


def test_what_is_kept_is_paid_by_the_gib(priced: Price, line: Find) -> None:
    assert line(priced(files()), "storage", CONTAINERS).amount == exactly(Decimal("5.00"))  # 20 × 0.25


def test_seven_days_of_backups_are_free_and_thirty_are_paid(priced: Price, line: Find) -> None:
    week, month = priced(files(backup="7 days")), priced(files(backup="30 days"))

    assert [free.why for free in week.free if free.what == "backups"] == [
        "seven days of continuous backup are in the price"
    ]
    assert line(month, "backups").amount == exactly(Decimal("4.00"))  # 20 GiB × 0.20


# -- throughput that follows the load -------------------------------------------------------------------


def charges(made: Graph) -> dict[str, Charge]:
    [found] = made.of(CONTAINERS)
    reckoning = Reckoning(made, Usage(made.plan))
    return {each.what: each for each in container(found, reckoning) if isinstance(each, Charge)}


def test_throughput_costs_a_tenth_of_what_is_set_at_least(priced: Price, line: Find) -> None:
    bill = priced(files(throughput=4000))

    # 3,000,000 units in 10 h × 30.42 days are 2.7 a second, far below 400:
    # 4 hundreds × 730 h × 1.5 = 4,380, at 0.008 an hour
    assert line(bill, "request units").used == exactly(4_380)
    assert line(bill, "request units").amount == exactly(Decimal("35.04"))


def test_throughput_is_paid_by_the_busiest_second_of_each_hour(priced: Price, line: Find) -> None:
    bill = priced(files(throughput=10_000, usage={"reads": "1B/month", "read_units": 1, "writes": "0/month"}))

    # In working hours 10⁹ units ÷ (36,000 s × 30.42 days) = 913 a second; at the busiest as many, 2 or 4
    # times as many, and 1,000 at least. In hundreds a second, times hours:
    #   1,000 all month: 10 × 730 h × 1.5 = 10,950
    #   1,826 for 304.17 h, then 1,000 for 425.83 h: (5,555.56 + 4,258.33) × 1.5 = 14,720.83
    #   3,653 for 304.17 h, then 1,000 for 425.83 h: (11,111.11 + 4,258.33) × 1.5 = 23,054.17
    units = line(bill, "request units")
    assert [each.quantize(Decimal("0.01")) for each in units.used.triple] == [
        Decimal("10950.00"),
        Decimal("14720.83"),
        Decimal("23054.17"),
    ]


def test_throughput_never_costs_more_than_what_is_set(priced: Price, line: Find) -> None:
    bill = priced(files(throughput=1000, usage={"reads": "100B/month"}))

    # 10 hundreds in 304.17 h, 1 in the other 425.83 h, × 1.5: 5,201.25
    assert line(bill, "request units").used.likely.quantize(Decimal("0.01")) == Decimal("5201.25")


def test_every_region_pays_for_storage_backups_and_all_writes(priced: Price) -> None:
    system = files(also_in=("westeurope",), throughput=4000, backup="30 days")

    paid = {each.what: each.price.meter.region for each in priced(system).lines if each.type == CONTAINERS}

    assert paid == {
        "request units in eastus2": "eastus2",
        "storage in eastus2": "eastus2",
        "backups in eastus2": "eastus2",
        "request units in westeurope": "westeurope",
        "storage in westeurope": "westeurope",
        "backups in westeurope": "westeurope",
    }


def test_more_storage_than_throughput_carries_raises_it_and_is_told(priced: Price, line: Find) -> None:
    bill = priced(files(throughput=1000, usage={"stored": "350 GiB"}))

    # 350 GiB need 3,500 units a second, in steps of 1,000: 4,000; 4 hundreds × 730 h × 1.5
    assert line(bill, "request units").used == exactly(4_380)
    assert [warned.sentence for warned in bill.warnings] == [
        "1,000 request units a second hold 100 GB: with more, Azure raises them to 4,000"
    ]


def test_where_several_regions_write_their_own_meter_turns_and_nothing_is_added() -> None:
    made = graph(files(also_in=("westeurope",), throughput=4000).plan())
    accounts = "Microsoft.DocumentDB/databaseAccounts"
    [account] = made.of(accounts)
    assert Body(account.body).at("properties.enableMultipleWriteLocations") is False
    body = {
        **account.body,
        "properties": {**account.body["properties"], "enableMultipleWriteLocations": True},
    }
    kept = (each if each.type != accounts else replace(each, body=body) for each in made.resources)

    found = charges(Graph(plan=made.plan, resources=tuple(kept)))

    assert found["request units in westeurope"].meter.name == "100 Multi-master RU/s"
    assert found["request units in westeurope"].quantity == exactly(2_920)  # 4 × 730 h


# -- what nobody says -----------------------------------------------------------------------------------


def test_reads_are_one_for_each_request_and_writes_two_for_each_new_record(priced: Price) -> None:
    system = System("files", region="eastus2")
    sheets = system.documents("sheets", partition="/owner")
    system.service("desk", "serve", port=8000, health="/health", uses=[sheets], public=True)
    system.usage(requests="1M/month", new_records="10k/month")

    assumed = {each.key: each.amount for each in priced(system).assumptions}

    assert assumed["sheets.reads"] == Range(Decimal(100_000), Decimal(1_000_000), Decimal(2_000_000))
    assert assumed["sheets.writes"] == Range(Decimal(10_000), Decimal(20_000), Decimal(40_000))


@pytest.mark.parametrize("throughput", [None, 4000])
def test_more_of_anything_never_costs_less(priced: Price, throughput: int | None) -> None:
    least = priced(files(throughput=throughput)).total.likely
    more = ({"stored": "900 GiB"}, {"reads": "10B/month"}, {"writes": "1B/month"}, {"write_units": 50})

    assert all(priced(files(throughput=throughput, usage=each)).total.likely >= least for each in more)


def test_a_short_and_busy_day_keeps_the_least_below_the_most(priced: Price, line: Find) -> None:
    reads = {"reads": ("1B/month", "50B/month", "100B/month")}
    system = files(throughput=1000, busy=("2 h", "12 h", "24 h"), usage=reads)

    units = line(priced(system), "request units")

    assert units.used.low <= units.used.likely <= units.used.high
