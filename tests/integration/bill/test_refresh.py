"""A refresh against a real server: a whole new book that says what has changed, or the old one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from seatrial.bill.book import Book
from seatrial.bill.errors import BillError, MetersGone, PricesUnreadable
from seatrial.bill.meters import Meter
from seatrial.bill.pricelist.book_files import texts
from seatrial.bill.pricelist.entries import Entry, entries
from seatrial.bill.pricelist.refresh import Refreshed, before, from_azure, refresh
from seatrial.bill.pricelist.retail import PriceList
from seatrial.bill.pricelist.rows import from_item
from seatrial.bill.pricelist.shelf import put

pytestmark = pytest.mark.integration
Make = Callable[..., dict[str, Any]]
THEN, TODAY = date(2027, 1, 1), date(2027, 2, 3)
"""Both after the day of the embedded book."""
REQUESTS = Meter(
    service="Azure Container Apps",
    product="Azure Container Apps",
    name="Standard Requests",
    sku="Standard",
    region="eastus2",
)


def old_entries(*items: dict[str, Any]) -> list[Entry]:
    return [*entries(row for each in items for row in from_item(each, THEN, "an old reading"))[0]]


def on_shelf(shelf: Path, of: list[Entry], currency: str = "USD") -> Book:
    return Book(put(texts(currency, THEN, of), currency, shelf))


def refreshed(listed: Any, shelf: Path, *regions: str, currency: str = "USD", **how: Any) -> Refreshed:
    with PriceList(currency, address=listed.address, pause_seconds=0.01, timeout_seconds=5) as prices:
        return refresh(
            before(currency, shelf),
            regions or ("eastus2",),
            prices,
            source="the list",
            currency=currency,
            shelf=shelf,
            today=TODAY,
            **how,
        )


def first_price(book: Book, meter: Meter = REQUESTS) -> Decimal:
    price = book.price(meter)
    assert price is not None
    return price.tiers[0].price


@pytest.fixture
def machine(make_item: Make) -> Callable[..., dict[str, Any]]:
    def made(**changed: Any) -> dict[str, Any]:
        return make_item(
            **{
                "serviceName": "Virtual Machines",
                "productName": "Virtual Machines Dsv5 Series",
                "meterName": "D2s v5",
                "skuName": "D2s v5",
                "armSkuName": "Standard_D2s_v5",
                "unitOfMeasure": "1 Hour",
                "retailPrice": 0.096,
                **changed,
            }
        )

    return made


def test_a_new_price_is_in_the_new_book_with_its_day_and_source(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    # Given a book that says 0.40 and a list that says 0.50, with an announced change and in pages of one
    on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [
        make_item(retailPrice=0.5),
        make_item(retailPrice=0.9, effectiveStartDate="2027-03-01T00:00:00Z"),
        make_item(meterName="Standard vCPU Active Usage", unitOfMeasure="1 Second", retailPrice=0.000024),
    ]
    listed.page_sizes = [1]
    # When it is refreshed
    done = refreshed(listed, tmp_path)
    # Then the book that counts has the new price, and the change and the new meter are told
    book = Book.current("USD", tmp_path)
    price = book.price(REQUESTS)
    assert price is not None
    assert (price.tiers[0].price, price.read_on, price.source, price.sure) == (
        Decimal("0.5"),
        TODAY,
        "the list",
        "high",
    )
    assert (book.folder, book.made_on) == (done.folder, TODAY)
    assert [(each.old.tiers[0].price, each.new.tiers[0].price) for each in done.changed] == [
        (Decimal("0.4"), Decimal("0.5"))
    ]
    assert [meter.name for meter in done.new] == ["Standard vCPU Active Usage"]
    assert (done.kept, done.dropped, done.left_out) == ((), (), ())


def test_terms_and_tiers_come_with_it(listed: Any, make_item: Make, machine: Make, tmp_path: Path) -> None:
    on_shelf(tmp_path, old_entries(machine()))
    transfer = {"serviceName": "Bandwidth", "productName": "Rtn Preference: MGN", "unitOfMeasure": "1 GB"}
    listed.items = [
        machine(savingsPlan=[{"unitPrice": 0.066, "retailPrice": 0.066, "term": "1 Year"}]),
        machine(productName="Virtual Machines Dsv5 Series Windows", retailPrice=0.188),
        machine(skuName="D2s v5 Spot", meterName="D2s v5 Spot", retailPrice=0.03),
        machine(skuName="D2s v5 Low Priority", meterName="D2s v5 Low Priority", retailPrice=0.02),
        machine(type="Reservation", reservationTerm="1 Year", retailPrice=519.0),
        machine(type="DevTestConsumption", retailPrice=0.05),
        make_item(
            **transfer, meterName="Standard Data Transfer Out", tierMinimumUnits=100.0, retailPrice=0.087
        ),
        make_item(**transfer, meterName="Standard Data Transfer Out", retailPrice=0.0),
    ]
    refreshed(listed, tmp_path)
    book = Book.current("USD", tmp_path)
    (of_machines,) = (entry for entry in book.entries("eastus2") if entry.service == "Virtual Machines")
    assert of_machines.tiers[0].price == Decimal("0.096")
    assert of_machines.terms == {
        "spot": Decimal("0.03"),
        "sp-1y": Decimal("0.066"),
        "ri-1y": (Decimal(519) / 8760).quantize(Decimal("1e-10")),
    }
    (of_transfer,) = (entry for entry in book.entries("eastus2") if entry.service == "Bandwidth")
    assert [(tier.above, tier.price) for tier in of_transfer.tiers] == [(0, 0), (100, Decimal("0.087"))]


def test_a_meter_that_is_gone_keeps_the_old_book_and_is_named(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    # Given a book of two meters, and a list that has one of them
    old = on_shelf(tmp_path, old_entries(make_item(), make_item(meterName="Standard Wishes")))
    listed.items = [make_item(retailPrice=0.5)]
    # Then a refresh is refused by name, and the old price still counts
    with pytest.raises(
        MetersGone, match=r"Standard Wishes \(Standard\) in eastus2: is not in the list"
    ) as error:
        refreshed(listed, tmp_path)
    assert [each.meter.name for each in error.value.gone] == ["Standard Wishes"]
    assert Book.current("USD", tmp_path).folder == old.folder
    # unless that is allowed: then it has no price, rather than an old one
    done = refreshed(listed, tmp_path, allow_missing=True)
    assert [each.meter.name for each in done.dropped] == ["Standard Wishes"]
    book = Book.current("USD", tmp_path)
    assert first_price(book) == Decimal("0.5")
    assert book.price(done.dropped[0].meter) is None


def test_a_meter_with_two_prices_at_once_is_named_with_both(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [
        make_item(),
        make_item(retailPrice=0.5),
        make_item(meterName="Standard vCPU Active Usage"),
    ]
    with pytest.raises(MetersGone, match=r"Standard Requests .*: has two prices at once, 0\.4 and 0\.5"):
        refreshed(listed, tmp_path)
    # of a meter that is new it is only told
    wish = make_item(meterName="Standard Wishes")
    listed.items = [make_item(), wish, {**wish, "retailPrice": 1.0}]
    done = refreshed(listed, tmp_path)
    assert [each.meter.name for each in done.left_out] == ["Standard Wishes"]


def test_an_answer_without_items_for_a_service_is_not_taken_for_an_answer(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    on_shelf(
        tmp_path, old_entries(make_item(), make_item(serviceName="Service Bus", productName="Service Bus"))
    )
    listed.items = [make_item()]
    with pytest.raises(MetersGone, match="Service Bus"):
        refreshed(listed, tmp_path)


def test_a_service_under_a_former_name_is_found(listed: Any, make_item: Make, tmp_path: Path) -> None:
    models = make_item(serviceName="Foundry Models", productName="Azure OpenAI")
    on_shelf(tmp_path, old_entries(models))
    listed.items = [{**models, "serviceName": "Cognitive Services"}]
    refreshed(listed, tmp_path)
    assert [entry.service for entry in Book.current("USD", tmp_path).entries("eastus2")] == ["Foundry Models"]


def test_a_renamed_product_is_the_same_meter(listed: Any, make_item: Make, tmp_path: Path) -> None:
    service = "Azure Database for PostgreSQL"
    storage = make_item(serviceName=service, productName="Az DB for PostgreSQL Flexible Server Storage")
    on_shelf(tmp_path, old_entries(storage))
    listed.items = [{**storage, "productName": "Azure Database for PostgreSQL\u00a0Flex Server Storage"}]
    done = refreshed(listed, tmp_path)
    assert (done.fetched, done.new, done.changed) == (1, (), ())


def test_prices_that_were_read_elsewhere_stay_with_their_own_date(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    # Given a gateway of Bastion that somebody told of, which the list does not have
    (bastion,) = old_entries(make_item(serviceName="Azure Bastion", productName="Azure Bastion"))
    told = Entry(**{**bastion.__dict__, "sure": "medium", "source": "somebody"})
    on_shelf(tmp_path, [*old_entries(make_item()), told])
    listed.items = [make_item()]
    # When the rest is refreshed, then it is still there, as old as it is
    done = refreshed(listed, tmp_path)
    assert [entry.service for entry in done.kept] == ["Azure Bastion"]
    price = Book.current("USD", tmp_path).price(told.meter)
    assert price is not None
    assert (price.read_on, price.source) == (THEN, "somebody")
    # and once the list has it, that is what counts
    listed.items += [make_item(serviceName="Azure Bastion", productName="Azure Bastion", retailPrice=0.2)]
    assert refreshed(listed, tmp_path).kept == ()
    assert first_price(Book.current("USD", tmp_path), told.meter) == Decimal("0.2")


def test_regions_that_were_not_asked_for_stay_as_they_are(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    west = make_item(armRegionName="westeurope", retailPrice=0.44)
    on_shelf(tmp_path, old_entries(make_item(), west))
    listed.items = [make_item(retailPrice=0.5), make_item(armRegionName="westeurope", retailPrice=0.9)]
    refreshed(listed, tmp_path)
    book = Book.current("USD", tmp_path)
    of_west = book.entries("westeurope")[0]
    assert (of_west.tiers[0].price, of_west.read_on) == (Decimal("0.44"), THEN)


def test_what_has_no_region_comes_with_every_refresh(listed: Any, make_item: Make, tmp_path: Path) -> None:
    on_shelf(tmp_path, old_entries(make_item()))
    door = {"serviceName": "Azure Front Door Service", "productName": "Azure Front Door"}
    listed.items = [
        make_item(),
        make_item(serviceName="NAT Gateway", productName="NAT Gateway", armRegionName="Global"),
        make_item(serviceName="Azure DNS", productName="Azure DNS", armRegionName=""),
        make_item(**door, armRegionName="Zone 1"),
        make_item(**door, armRegionName="Zone 7"),
    ]
    refreshed(listed, tmp_path)
    book = Book.current("USD", tmp_path)
    assert book.regions == ("Global", "Zone 1", "Zone 7", "eastus2")
    assert [entry.service for entry in book.entries("Global")] == ["Azure DNS", "NAT Gateway"]


def test_a_region_that_does_not_exist_is_refused(listed: Any, make_item: Make, tmp_path: Path) -> None:
    on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [make_item()]
    with pytest.raises(BillError, match=r"nothing for region atlantis(.|\n)*hint"):
        refreshed(listed, tmp_path, "eastus2", "atlantis")
    assert Book.current("USD", tmp_path).made_on < TODAY


def test_another_currency_is_a_book_of_its_own(listed: Any, make_item: Make, tmp_path: Path) -> None:
    # Given the embedded book, in dollars, of which only the requests of container apps can be had in euro
    listed.items = [make_item(retailPrice=0.37)]
    with pytest.raises(MetersGone):
        refreshed(listed, tmp_path, currency="EUR")
    done = refreshed(listed, tmp_path, currency="EUR", allow_missing=True)
    # Then nothing of the dollars is in it
    book = Book.current("EUR", tmp_path)
    assert book.currency == done.currency == "EUR"
    assert first_price(book) == Decimal("0.37")
    assert (book.regions, done.kept, done.changed) == (("eastus2",), (), ())
    assert Book.current("USD", tmp_path).embedded


def test_a_price_that_was_rounded_to_nothing_is_none(listed: Any, make_item: Make, tmp_path: Path) -> None:
    # Given a price by the second, which the list rounds to 0 in another currency
    second = {"meterName": "Standard vCPU Active Usage", "unitOfMeasure": "1 Second"}
    on_shelf(tmp_path, old_entries(make_item(), make_item(**second, retailPrice=0.000024)))
    listed.items = [make_item(), make_item(**second, retailPrice=0.0)]
    with pytest.raises(MetersGone, match="would cost nothing, which it did not before"):
        refreshed(listed, tmp_path)
    refreshed(listed, tmp_path, allow_missing=True)
    assert [entry.name for entry in Book.current("USD", tmp_path).entries("eastus2")] == ["Standard Requests"]


def test_half_an_answer_leaves_the_old_book(listed: Any, make_item: Make, tmp_path: Path) -> None:
    old = on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [make_item(retailPrice=0.5)]
    listed.faults.extend([None] * 5 + [lambda handler: handler.send(500, b"")] * 6)
    with pytest.raises(PricesUnreadable, match="HTTP 500, 6 times"):
        refreshed(listed, tmp_path)
    assert Book.current("USD", tmp_path).folder == old.folder


def test_an_item_of_another_shape_leaves_the_old_book(listed: Any, make_item: Make, tmp_path: Path) -> None:
    old = on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [make_item(), make_item(unitOfMeasure=None)]
    with pytest.raises(PricesUnreadable, match="unitOfMeasure"):
        refreshed(listed, tmp_path)
    assert Book.current("USD", tmp_path).folder == old.folder


def test_a_damaged_book_is_refreshed_from_the_embedded_one(
    listed: Any, make_item: Make, tmp_path: Path
) -> None:
    old = on_shelf(tmp_path, old_entries(make_item()))
    (old.folder / "eastus2.tsv").unlink()
    assert before("USD", tmp_path).embedded


def test_it_is_one_call_for_the_command_line(
    listed: Any, make_item: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEATRIAL_PRICES", str(tmp_path))
    monkeypatch.setenv("SEATRIAL_PRICE_LIST", listed.address)
    on_shelf(tmp_path, old_entries(make_item()))
    listed.items = [make_item(retailPrice=0.5)]
    told: list[str] = []
    done = from_azure("USD", ["eastus2"], told=told.append)
    assert done.fetched == 1
    assert first_price(Book.current()) == Decimal("0.5")
    assert any("Azure Container Apps" in sentence for sentence in told)


KILLED = """
import os, sys, time
from datetime import date
from pathlib import Path
from seatrial.bill.book import Book
from seatrial.bill.pricelist.book_files import texts
from seatrial.bill.pricelist.shelf import put

real, left = os.fsync, int(sys.argv[2])

def sync(descriptor):
    global left
    if left == 0:
        print("here", flush=True)
        time.sleep(60)
    left -= 1
    real(descriptor)

os.fsync = sync
entries = Book().entries("eastus") + Book().entries("Global")
put(texts("USD", date(2028, 1, 1), entries), "USD", Path(sys.argv[1]))
print("done", flush=True)
"""


def test_killed_at_any_moment_the_old_book_or_the_new_one_counts_whole(
    tmp_path: Path, make_item: Make
) -> None:
    # Given a book, and a refresh that is killed before each time it waits for the disk
    on_shelf(tmp_path, old_entries(make_item()))
    days, steps = [], 0
    while True:
        writer = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path), str(steps)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        said = writer.stdout.readline()
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        # Then one whole book counts
        book = Book.current("USD", tmp_path)
        book.verify()
        assert not book.embedded
        days.append(book.made_on)
        if said == "done\n":
            break
        steps += 1
    # four files, their folder, and the file that says which book counts: up to then it is the old one
    assert steps == 7
    assert days == [THEN] * 6 + [date(2028, 1, 1)] * 2
    # and nothing of the killed ones is left
    assert len([path for path in (tmp_path / "USD").iterdir() if path.is_dir()]) == 2
