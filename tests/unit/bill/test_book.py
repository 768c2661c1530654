"""The price book that comes with seatrial, and how a meter is found in it."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from seatrial.bill.book import EMBEDDED, Book
from seatrial.bill.errors import NoBook
from seatrial.bill.meters import Meter, Price
from seatrial.bill.pricelist.book_files import texts

POSTGRES = "Azure Database for PostgreSQL"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book()


def meter(service: str, product: str, name: str, sku: str, region: str = "eastus2") -> Meter:
    return Meter(service=service, product=product, name=name, sku=sku, region=region)


def price(book: Book, service: str, product: str, name: str, sku: str, region: str = "eastus2") -> Price:
    found = book.price(meter(service, product, name, sku, region))
    assert found is not None
    return found


def test_it_is_in_dollars_and_knows_the_zones_of_front_door(book: Book) -> None:
    assert book.currency == "USD"
    assert {"Global", "Zone 1", "Zone 8", "eastus", "eastus2", "westeurope"} <= {*book.regions}


def test_a_price_says_where_and_when_it_was_read(book: Book) -> None:
    found = price(book, "Azure Container Apps", "Azure Container Apps", "Standard Requests", "Standard")
    # 0.40 for a million requests, read on 2026-08-14 from a copy of the API's own answers
    assert (found.unit, found.each, found.tiers[0].price) == ("1M", 1_000_000, Decimal("0.4"))
    assert (found.read_on, found.sure) == (date(2026, 8, 14), "high")
    assert "azure-architecture-diagram-builder" in found.source


def test_tiers_are_those_of_the_list_with_what_is_free_as_the_first(book: Book) -> None:
    found = price(book, "Service Bus", "Service Bus", "Standard Messaging Operations", "Standard")
    assert [(tier.above, tier.price) for tier in found.tiers] == [
        (0, 0),
        (13, Decimal("0.8")),
        (100, Decimal("0.5")),
        (2500, Decimal("0.2")),
    ]
    # 113 million operations: 13 free, 87 at 0.80, 13 at 0.50 = 69.60 + 6.50
    assert found.cost(Decimal(113)) == Decimal("76.10")


def test_a_base_price_that_is_listed_by_hour_and_by_month_is_one_price(book: Book) -> None:
    found = price(book, "Service Bus", "Service Bus", "Standard Base Unit", "Standard")
    assert (found.unit, found.tiers[0].price) == ("1/Month", 10)


def test_a_product_is_found_by_the_name_it_had_and_the_name_it_has(book: Book) -> None:
    then = "Az DB for PostgreSQL Flexible Server Storage"
    now = "Azure Database for PostgreSQL Flex Server Storage"
    by_name = [price(book, POSTGRES, name, "Storage Data Stored", "Storage") for name in (then, now)]
    assert by_name[0] == by_name[1]
    assert by_name[0].tiers[0].price == Decimal("0.115")


def test_a_size_is_found_by_its_arm_name_and_by_its_sku(book: Book) -> None:
    product = f"{POSTGRES} Flexible Server General Purpose Ddsv5 Series Compute"
    by_arm = price(book, POSTGRES, product, "vCore", "Standard_D4ds_v5")
    assert by_arm == price(book, POSTGRES, product, "vCore", "4 vCore")
    assert by_arm.tiers[0].price == 4 * Decimal("0.089")


def test_many_cores_of_an_old_version_are_not_a_meter_of_their_own(book: Book) -> None:
    # Given the list, which has one row for each number of cores of Esv3, all with one ARM name
    product = f"{POSTGRES} Flexible Server Memory Optimized Esv3 Series Compute"
    found = price(
        book,
        POSTGRES,
        product,
        "vCore",
        "AzureDB_PostgreSQL_Flexible_Server_Memory_Optimized_Esv3Series_Compute",
    )
    # Then the ARM name means one core, and the plan of one core is 20 % below its price
    assert found.tiers[0].price == Decimal("0.1181")
    assert found.terms["sp-1y"] == Decimal("0.1181") * Decimal("0.8")


def test_a_machine_has_its_spot_price_and_reservations_by_the_hour(book: Book) -> None:
    found = price(book, "Virtual Machines", "Virtual Machines", "Linux", "Standard_D2s_v5")
    # 519 for one year of 8,760 hours, 997 for three of 26,280 together
    assert found.terms["ri-1y"] == pytest.approx(Decimal(519) / 8760, abs=Decimal("1e-9"))
    assert found.terms["ri-3y"] == pytest.approx(Decimal(997) / 26280, abs=Decimal("1e-9"))
    assert found.terms["spot"] == Decimal("0.030586") < found.terms["ri-3y"] < found.tiers[0].price


def test_a_reservation_under_another_sku_is_a_term_of_the_same_meter(book: Book) -> None:
    # Given reservations of Ddsv4 in canadacentral, listed for `vCore` where the hourly price says `1 vCore`
    product = f"{POSTGRES} Flexible Server General Purpose Ddsv4 Series Compute"
    found = price(book, POSTGRES, product, "vCore", "1 vCore", "canadacentral")
    assert found.tiers[0].price == Decimal("0.0988")
    assert found.terms["ri-1y"] == pytest.approx(Decimal(519) / 8760, abs=Decimal("1e-9"))


def test_what_is_priced_by_no_region_is_global(book: Book) -> None:
    gateway = price(book, "NAT Gateway", "NAT Gateway", "Standard Gateway", "Standard", "Global")
    assert gateway.tiers[0].price == Decimal("0.045")
    link = ("Virtual Network Private Link", "Standard Private Endpoint", "Standard", "Global")
    assert price(book, "Virtual Network", *link) == price(book, "Virtual Network Private Link", *link)
    zone = ("Azure DNS", "Azure DNS", "Private Zone", "Private")
    assert price(book, *zone, "Global") == price(book, *zone, "Zone 1")


def test_prices_of_one_region_are_never_those_of_another(book: Book) -> None:
    hot = ("Storage", "General Block Blob v2", "Hot LRS Data Stored", "Hot LRS")
    assert price(book, *hot, "eastus").tiers[0].price == Decimal("0.0208")
    assert price(book, *hot, "eastus2").tiers[0].price == Decimal("0.0184")
    assert book.price(meter("Log Analytics", "Log Analytics", "Analytics Logs Data Ingestion", "x")) is None
    assert book.price(meter(*hot, "atlantis")) is None


def test_nothing_for_windows_is_in_it(book: Book) -> None:
    for region in book.regions:
        for entry in book.entries(region):
            assert "Windows" not in entry.product
            assert entry.service != "Azure App Service" or entry.product.endswith((" - Linux", "Web Apps"))


def test_every_line_of_it_is_a_price(book: Book) -> None:
    for region in book.regions:
        for entry in book.entries(region):
            found = book.price(entry.meter)
            assert found is not None
            assert found.meter == entry.meter
            assert found.tiers[0].above == 0
            assert all(low.above < high.above for low, high in pairwise(found.tiers))
            most = max(tier.price for tier in found.tiers)
            assert all(0 < saved <= most for saved in found.terms.values())
            assert date(2023, 1, 1) <= found.read_on <= book.made_on
            assert found.source


def test_written_again_it_is_the_same(book: Book) -> None:
    entries = [entry for region in book.regions for entry in book.entries(region)]
    files = texts(book.currency, book.made_on, reversed(entries))
    assert {path.name: path.read_text("utf-8") for path in EMBEDDED.iterdir()} == files


def test_near_a_misspelled_meter_are_those_that_may_be_meant(book: Book) -> None:
    asked = meter("Azure Container Apps", "Azure Container Apps", "vCPU Active Usage", "Standard")
    assert book.price(asked) is None
    near = book.near(asked)
    assert near[0].name == "Standard vCPU Active Usage"
    assert len(near) == 5
    assert all(book.price(other) is not None for other in near)


def test_near_a_meter_that_is_sought_in_a_region_is_the_global_one(book: Book) -> None:
    near = book.near(meter("NAT Gateway", "NAT Gateway", "Standard Gateway", "Standard", "eastus2"))
    assert near[0].region == "Global"
    assert book.near(meter("Space Elevator", "Lift", "Ride", "Standard")) == ()


def test_the_oldest_is_that_of_the_prices_that_were_asked_for() -> None:
    book = Book()
    assert book.oldest() == book.made_on
    queries = price(book, "Traffic Manager", "Traffic Manager", "DNS Queries", "Azure Endpoint", "Global")
    price(book, "Azure Container Apps", "Azure Container Apps", "Standard Requests", "Standard")
    assert book.oldest() == queries.read_on < date(2026, 8, 14)


def test_a_file_that_was_changed_is_refused_and_named(tmp_path: Path) -> None:
    copy = shutil.copytree(EMBEDDED, tmp_path / "copy")
    (copy / "eastus2.tsv").write_text((copy / "eastus2.tsv").read_text()[:-100])
    with pytest.raises(NoBook, match=r"eastus2\.tsv: is not as it was written"):
        Book(copy).price(meter("Storage", "Files v2", "Hot LRS Data Stored", "Hot LRS"))
    assert Book(copy).price(meter("Storage", "Files v2", "Hot LRS Data Stored", "Hot LRS", "eastus"))


@pytest.mark.parametrize(
    "head", ["", "currency\tUSD\nmade on\tyesterday\n", "currency\tUSD\nmade on\t2026-01-01\n"]
)
def test_a_folder_without_a_head_is_no_book(tmp_path: Path, head: str) -> None:
    with pytest.raises(NoBook, match="there is no price book here"):
        Book(tmp_path)
    (tmp_path / "book.tsv").write_text(head)
    with pytest.raises(NoBook, match="is not the head of a price book"):
        Book(tmp_path)
