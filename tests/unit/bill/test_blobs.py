"""What storage accounts are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.blobs import account
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

ACCOUNTS = "Microsoft.Storage/storageAccounts"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def attic(**said: Any) -> System:
    """Boxes: 7,300 GiB kept, 730 GiB added a month, so 24 GiB a day; 20,000 writes, 50,000 reads."""
    system = System("attic", region="eastus2")
    boxes = system.blobs("boxes", **{"copies": "one zone", **said})
    system.usage(new_records="10k/month")
    system.usage(
        boxes,
        stored="7300 GiB",
        added="730 GiB",
        writes="20k/month",
        reads="50k/month",
        **({"retrieved": "100 GiB"} if "cool_after" in said or "archive_after" in said else {}),
    )
    return system


def charges(system: System) -> dict[str, Charge]:
    """Of its only account, by what is paid."""
    made = graph(system.plan())
    [found] = made.of(ACCOUNTS)
    return {each.what: each for each in account(found, Reckoning(made, Usage(made.plan)))}


def test_without_a_life_cycle_everything_is_hot(priced: Price, line: Find) -> None:
    bill = priced(attic())

    stored = line(bill, "hot storage")
    assert (stored.part, stored.formula) == ("boxes", "7,300 GiB kept")
    assert stored.amount == exactly(Decimal("134.32"))  # 7,300 GiB × 0.0184
    assert line(bill, "writes").amount == exactly(Decimal("0.10"))  # 20,000 ÷ 10,000 × 0.05
    assert line(bill, "reads").amount == exactly(Decimal("0.02"))  # 50,000 ÷ 10,000 × 0.004
    assert {each.what for each in bill.lines if each.type == ACCOUNTS} == {"hot storage", "writes", "reads"}


def test_a_container_lies_in_its_tiers_by_age(priced: Price, line: Find) -> None:
    bill = priced(attic(cool_after="30 days", archive_after="90 days"))

    # 24 GiB a day: 30 days hot, 60 days cool, and of 7,300 GiB the rest
    assert line(bill, "hot storage").used == exactly(720)
    assert line(bill, "cool storage").used == exactly(1_440)
    assert line(bill, "archive storage").used == exactly(5_140)
    assert line(bill, "hot storage").amount == exactly(Decimal("13.25"))  # 720 × 0.0184
    assert line(bill, "cool storage").amount == exactly(Decimal("14.40"))  # 1,440 × 0.01
    assert line(bill, "archive storage").amount == exactly(Decimal("10.28"))  # 5,140 × 0.002


def test_a_young_container_has_nothing_in_the_colder_tiers(priced: Price) -> None:
    system = System("attic", region="eastus2")
    boxes = system.blobs("boxes", cool_after="30 days", archive_after="90 days", copies="one zone")
    system.usage(boxes, stored="500 GiB", added="730 GiB")

    bill = priced(system)

    tiers = {each.what: each.used for each in bill.lines if each.what.endswith("storage")}
    assert tiers == {"hot storage": exactly(500)}  # less than the 720 GiB of 30 days


def test_a_move_into_a_colder_tier_is_a_write_there(priced: Price, line: Find) -> None:
    bill = priced(attic(cool_after="30 days", archive_after="90 days"))

    # 10,000 new blobs: one for each new record, as there are not fewer writes
    assert line(bill, "moves to cool").used == exactly(10_000)
    assert line(bill, "moves to cool").amount == exactly(Decimal("0.10"))  # ÷ 10,000 × 0.1
    assert line(bill, "moves to archive").amount == exactly(Decimal("0.10"))  # ÷ 10,000 × 0.1


def test_what_is_read_back_from_a_cooler_tier_is_paid_by_the_gib_and_by_the_blob(
    priced: Price, line: Find
) -> None:
    bill = priced(attic(cool_after="30 days"))

    assert line(bill, "read back from cool").amount == exactly(Decimal("1.00"))  # 100 GiB × 0.01
    # 100 GiB, where 10,000 blobs came in 730 GiB
    assert line(bill, "reads from cool").used.likely.quantize(Decimal("0.01")) == Decimal("1369.86")


def test_what_leaves_a_tier_too_early_pays_for_the_rest_of_its_time(priced: Price, line: Find) -> None:
    bill = priced(attic(cool_after="10 days", archive_after="30 days", delete_after="90 days"))

    # in the cool tier for 20 of 30 days, in the archive for 60 of 180: each day brings 24 GiB
    assert line(bill, "leaving cool early").used == exactly(240)  # 24 GiB × 10 days
    assert line(bill, "leaving cool early").amount == exactly(Decimal("2.40"))  # × 0.01
    assert line(bill, "leaving archive early").used == exactly(2_880)  # 24 GiB × 120 days
    assert line(bill, "leaving archive early").amount == exactly(Decimal("5.76"))  # × 0.002


def test_what_stays_long_enough_pays_for_nothing_more(priced: Price) -> None:
    bill = priced(attic(cool_after="30 days", archive_after="60 days", delete_after="240 days"))

    assert not [each.what for each in bill.lines if "early" in each.what]


def test_what_is_deleted_is_paid_until_it_cannot_be_asked_back(priced: Price, line: Find) -> None:
    bill = priced(attic(delete_after="7 days", undelete_within="14 days"))

    # 24 GiB a day × 14 days × 0.0184
    deleted = line(bill, "storage of what was deleted")
    assert (deleted.used, deleted.amount) == (exactly(336), exactly(Decimal("6.18")))


def test_a_container_that_nobody_says_anything_of_has_a_share_of_all_records(
    priced: Price, line: Find
) -> None:
    system = System("attic", region="eastus2")
    system.blobs("boxes")
    system.blobs("trunks")
    system.usage(records=1_000_000, new_records="10k/month", record_size="1 MiB")

    bill = priced(system)

    stored = [each.used for each in bill.lines if each.what == "hot storage"]
    # 1,000,000 MiB = 976.5625 GiB: half of it in each, or none, or all
    assert stored == 2 * [Range(Decimal(0), Decimal("488.28125"), Decimal("976.5625"))]
    assert [each.part for each in bill.lines if each.what == "hot storage"] == ["boxes", "trunks"]


def test_a_container_that_deletes_holds_what_comes_until_then(priced: Price, line: Find) -> None:
    system = System("attic", region="eastus2")
    boxes = system.blobs("boxes", delete_after="10 days", copies="one zone")
    system.usage(boxes, added="730 GiB")

    assert line(priced(system), "hot storage").used == exactly(240)  # 24 GiB a day × 10 days


def test_reads_are_one_for_ten_requests_to_the_services_that_use_it(priced: Price, line: Find) -> None:
    system = System("attic", region="eastus2")
    boxes = system.blobs("boxes")
    system.service("door", "serve", port=8000, health="/health", reads=[boxes], public=True)
    system.usage(requests="1M/month")

    reads = line(priced(system), "reads", ACCOUNTS).used
    assert reads == Range(Decimal(0), Decimal(100_000), Decimal(1_000_000))


@pytest.mark.parametrize(
    ("copies", "sku"),
    [("one zone", "LRS"), ("zones", "ZRS"), ("regions", "GRS"), ("zones and regions", "GZRS")],
)
def test_every_redundancy_has_meters_of_its_own(copies: str, sku: str) -> None:
    found = charges(attic(copies=copies, cool_after="30 days"))

    assert found["hot storage"].meter.name == f"Hot {sku} Data Stored"
    assert found["cool storage"].meter.sku == f"Cool {sku}"


@pytest.mark.parametrize("copies", ["one zone", "zones", "regions"])
def test_the_meters_of_a_life_are_in_the_price_list(book: Book, copies: str) -> None:
    archive = {} if copies == "zones" else {"archive_after": "40 days"}
    found = charges(attic(copies=copies, cool_after="20 days", delete_after="50 days", **archive))

    copied = found.pop("copying to the paired region", None)
    assert [what for what, each in found.items() if book.price(each.meter) is None] == []
    assert (copied is not None) == (copies == "regions")


def test_what_is_added_passes_to_the_paired_region() -> None:
    copied = charges(attic(copies="regions"))["copying to the paired region"]

    assert copied.meter.name == "Geo-Replication v2 Data Transfer"
    assert copied.quantity == exactly(730)


def test_containers_that_are_copied_alike_share_an_account_and_its_volume_prices(priced: Price) -> None:
    system = System("attic", region="eastus2")
    for name in ("boxes", "trunks"):
        blobs = system.blobs(name, copies="one zone")
        system.usage(blobs, stored="40 TiB", added="0 B", writes="0/month", reads="0/month")

    stored = [each.amount.likely for each in priced(system).lines if each.what == "hot storage"]

    # 40,960 GiB × 0.0184; then the 10,240 GiB up to 50 TiB × 0.0184, and 30,720 GiB × 0.017664
    assert stored == [Decimal("753.66"), Decimal("731.06")]


def test_the_change_feed_is_told_as_its_price_is_not_known(priced: Price) -> None:
    assert "go into a change feed" in priced(attic()).warnings[0].sentence


@pytest.mark.parametrize("life", [{}, {"cool_after": "30 days", "archive_after": "90 days"}])
def test_more_of_anything_never_costs_less(priced: Price, life: dict[str, Any]) -> None:
    def cost(**said: str) -> Bill:
        system = System("attic", region="eastus2")
        boxes = system.blobs("boxes", copies="one zone", **life)
        usual = {"stored": "10 TiB", "added": "100 GiB", "writes": "1M/month", "reads": "1M/month"}
        system.usage(boxes, **{**usual, **said})
        return priced(system)

    least = cost().total.likely
    more = {"stored": "11 TiB", "added": "200 GiB", "writes": "2M/month", "reads": "2M/month"}
    assert all(cost(**{name: amount}).total.likely >= least for name, amount in more.items())


def test_uncertain_additions_keep_the_least_below_the_most(priced: Price, line: Find) -> None:
    system = System("attic", region="eastus2")
    boxes = system.blobs("boxes", cool_after="30 days")
    system.usage(boxes, stored="7300 GiB", added=("73 GiB", "730 GiB", "1460 GiB"))

    bill = priced(system)

    # hot 72, 720 and 1,440 GiB of 7,300: the more is added, the less is in the cool tier
    assert line(bill, "hot storage").used == Range(Decimal(72), Decimal(720), Decimal(1_440))
    assert line(bill, "cool storage").used == Range(Decimal(5_860), Decimal(6_580), Decimal(7_228))
    assert line(bill, "cool storage").falls
