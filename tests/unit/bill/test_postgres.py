"""What PostgreSQL servers are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge
from seatrial.bill.postgres import server
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def library(region: str = "eastus2", also_in: tuple[str, ...] = (), **said: Any) -> System:
    """10 GiB of books in a server of four cores, of which 1 % changes on a day; 3 GiB come in a month."""
    system = System("library", region=region, also_in=also_in)
    books = system.postgres("books", **{"cores": 4, "storage": "128 GiB", "backup_days": 7, **said})
    system.usage(books, stored="10 GiB", changed="1 %", added="3 GiB")
    return system


def amounts(bill: Bill) -> dict[str, Decimal]:
    return {line.what: line.amount.likely for line in bill.lines if line.type == SERVERS}


def test_a_machine_is_paid_by_the_core_and_hour_and_the_disk_by_its_size(priced: Price) -> None:
    assert amounts(priced(library())) == {
        "compute": Decimal("259.88"),  # 4 vCores × 730 h × 0.089
        "storage": Decimal("14.72"),  # 128 GiB × 0.115
    }


@pytest.mark.parametrize(
    ("asked", "compute"),
    [
        ({"cores": 1, "memory": "2 GiB"}, "12.41"),  # B1ms: 730 h × 0.017
        ({"cores": 2, "memory": "4 GiB"}, "49.64"),  # B2s: 730 h × 0.068
        ({"cores": 2, "memory": "16 GiB"}, "182.50"),  # E2ds_v5: 2 × 730 h × 0.125
        ({"cores": 48}, "3118.56"),  # D48ds_v5, which is not sold whole: 48 × 730 h × 0.089
        ({"cores": 128}, "10465.28"),  # D128ds_v6: 128 × 730 h × 0.112
    ],
)
def test_every_machine_that_can_be_asked_for_has_its_price(
    priced: Price, asked: dict[str, Any], compute: str
) -> None:
    assert amounts(priced(library(**asked)))["compute"] == Decimal(compute)


@pytest.mark.parametrize("standby", ["same zone", "another zone"])
def test_a_standby_doubles_machine_and_disk(priced: Price, line: Find, standby: str) -> None:
    bill = priced(library(standby=standby))

    assert line(bill, "standby").amount == line(bill, "compute").amount
    assert line(bill, "storage of the standby").amount == line(bill, "storage").amount
    assert line(bill, "standby").formula == "4 vCores × 730 h"


def test_machines_and_disks_turn_whatever_the_load(priced: Price, line: Find) -> None:
    bill = priced(library(standby="same zone"))

    assert all(line(bill, what).steady for what in ("compute", "standby", "storage"))


def test_a_replica_is_a_server_of_its_own_with_the_same_disk_and_no_backups(priced: Price) -> None:
    bill = priced(library(replicas=2, backup_days=35))

    of_replicas = [line for line in bill.lines if line.type == SERVERS and line.resource != "booksServer"]
    assert [(line.what, line.amount.likely) for line in of_replicas] == 2 * [
        ("replica", Decimal("259.88")),  # 4 vCores × 730 h × 0.089
        ("storage of the replica", Decimal("14.72")),  # 128 GiB × 0.115
    ]
    assert {line.part for line in of_replicas} == {"books"}


# -- backups --------------------------------------------------------------------------------------------


def test_backups_are_free_up_to_the_size_of_the_disk(priced: Price) -> None:
    bill = priced(library())

    # a day: 10 GiB × 1 % + 3 GiB ÷ 30.42 days = 0.2 GiB
    assert [(free.what, free.why) for free in bill.free if free.type == SERVERS] == [
        (
            "backups",
            "10 GiB and 0.2 GiB more for each of 7 days: less than the 128 GiB that are free with the disk",
        )
    ]


def test_backups_beyond_the_size_of_the_disk_are_paid(priced: Price, line: Find) -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage="128 GiB", backup_days=35)
    system.usage(books, stored="100 GiB", changed="5 %", added="0 B")

    # 100 GiB + 35 days × 5 GiB = 275 GiB, of which 128 GiB are free: 147 GiB × 0.095
    backups = line(priced(system), "backups")
    assert backups.paid == exactly(147)
    assert backups.amount == exactly(Decimal("13.97"))
    assert not backups.steady


def test_a_copy_in_the_paired_region_counts_twice(priced: Price, line: Find) -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage="128 GiB", backup_days=10, geo_backup=True)
    system.usage(books, stored="100 GiB", changed="1 %", added="0 B")

    # (100 GiB + 10 days × 1 GiB) × 2 − 128 GiB = 92 GiB
    assert line(priced(system), "backups").paid == exactly(92)


# -- disks that grow ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "stored", "disk"),
    [
        ("128 GiB", "102 GiB", 128),  # more than a fifth, 25.6 GiB, is free
        ("128 GiB", "103 GiB", 256),  # less is: it doubles
        ("1 TiB", "960 GiB", 1024),  # 64 GiB are free, which is less than a fifth
        ("1 TiB", "961 GiB", 2048),
        ("2 TiB", "1984 GiB", 2048),  # 64 GiB, less than a tenth
        ("64 GiB", "500 GiB", 1024),  # to 128, 256, 512, and 500 GiB leave less than 64 free of that
    ],
)
def test_a_disk_that_does_not_hold_what_is_kept_grows_by_whole_sizes(
    priced: Price, line: Find, made: str, stored: str, disk: int
) -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage=made)
    system.usage(books, stored=stored)

    assert line(priced(system), "storage").used == exactly(disk)


def test_a_disk_that_grows_is_told(priced: Price) -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage="128 GiB")
    system.usage(books, stored=("50 GiB", "90 GiB", "300 GiB"))

    bill = priced(system)

    [warned] = bill.warnings
    assert warned.part == "books"
    assert warned.sentence == (
        "its disk of 128 GiB grows by itself to 512 GiB when as much is kept as may come, and never shrinks"
    )


def test_more_than_the_largest_disk_holds_is_told(priced: Price, line: Find) -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage="16 TiB")
    system.usage(books, stored="40 TiB")

    bill = priced(system)

    assert line(bill, "storage").used == exactly(32_767)
    assert bill.warnings[0].sentence == "up to 40,960 GiB are kept, and the largest disk has 32,767 GiB"


def test_a_larger_disk_has_more_backups_free_and_the_total_still_grows(priced: Price, line: Find) -> None:
    # Given what is kept, at most, makes the disk double
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=4, storage="128 GiB", backup_days=35)
    system.usage(books, stored=("60 GiB", "90 GiB", "110 GiB"), changed="3 %", added="0 B")

    bill = priced(system)

    # When 60, 90 and 110 GiB with 35 × 3 % are 123, 184.5 and 225.5 GiB, beside disks of 128, 128 and 256 GiB
    assert line(bill, "backups").paid == Range(Decimal(0), Decimal("56.5"), Decimal("56.5"))
    # Then the month with the most costs the most all the same
    assert bill.total.low <= bill.total.likely <= bill.total.high


# -- several regions, and what our own compiler does not ask for -----------------------------------------


def test_each_region_has_its_own_server_with_its_share_of_the_rows(priced: Price) -> None:
    system = System("library", region="eastus2", also_in=["westeurope"])
    books = system.postgres("books", cores=4, storage="64 GiB")
    system.usage(books, stored="90 GiB")

    lines = [each for each in priced(system).lines if each.what == "storage" and each.type == SERVERS]

    # 45 GiB in each, so that no disk has to grow
    assert [(each.region, each.used) for each in lines] == [
        ("eastus2", exactly(64)),
        ("westeurope", exactly(64)),
    ]


def made_otherwise(system: System, **said: Any) -> tuple[tuple[Charge, ...], tuple[str, ...]]:
    """The charges and warnings of its server, with the storage made in another way than ours."""
    made = graph(system.plan())
    [found] = made.of(SERVERS)
    properties = found.body["properties"]
    body = {**found.body, "properties": {**properties, "storage": {**properties["storage"], **said}}}
    other = replace(found, body=body)
    kept = tuple(other if each is found else each for each in made.resources)
    reckoning = Reckoning(Graph(plan=made.plan, resources=kept), Usage(made.plan))
    charges = tuple(each for each in server(other, reckoning) if isinstance(each, Charge))
    return charges, tuple(warned.sentence for warned in reckoning.warnings)


def test_a_disk_that_must_not_grow_is_paid_as_it_is_and_told() -> None:
    system = System("library", region="eastus2")
    books = system.postgres("books", cores=2, memory="8 GiB", storage="32 GiB")
    system.usage(books, stored="40 GiB")

    charges, warnings = made_otherwise(system, autoGrow="Disabled")

    assert {charge.what: charge.quantity for charge in charges}["storage"] == exactly(32)
    assert warnings == ("up to 40 GiB are kept on a disk of 32 GiB that does not grow",)


def test_operations_and_throughput_beyond_what_comes_with_the_disk_are_paid(book: Book) -> None:
    charges, _ = made_otherwise(library(), type="PremiumV2_LRS", iops=5_000, throughput=200)

    paid = {each.what: each for each in charges if each.what.startswith("storage")}
    assert {what: each.quantity for what, each in paid.items()} == {
        "storage": exactly(128),
        "storage: operations": exactly(2_000),  # 5,000 less the 3,000 of a disk of up to 399 GiB
        "storage: throughput": exactly(75),  # 200 MB/s less 125
    }
    assert all(book.price(each.meter) is not None for each in paid.values())


def test_more_of_anything_never_costs_less(priced: Price) -> None:
    sizes = ["1 GiB", "50 GiB", "103 GiB", "400 GiB", "2 TiB"]
    totals = []
    for stored in sizes:
        system = System("library", region="eastus2")
        books = system.postgres("books", cores=4, storage="128 GiB", backup_days=35, geo_backup=True)
        system.usage(books, stored=stored)
        totals.append(priced(system).total.triple)

    for each in zip(*totals, strict=True):  # at least, most likely, at most
        assert list(each) == sorted(each)
