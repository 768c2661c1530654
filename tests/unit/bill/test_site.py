"""What static web apps are charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.errors import PricesMissing
from seatrial.bill.range import exactly

SITE = "Microsoft.Web/staticSites"
Find = Callable[..., Line]


def leaflet(region: str, answer_size: str = "1 MB") -> System:
    """A site, a tenth of a file for each of 20 million requests: two million files most likely."""
    system = System("leaflet", region=region)
    system.site("pages", directory="web", port=8080)
    system.usage(requests="20M/month", answer_size=answer_size)
    return system


def test_an_app_is_paid_by_the_month_and_traffic_beyond_100_gb(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(leaflet("eastus2"))

    assert line(bill, "site").amount == exactly(Decimal("9.00"))
    # 2,000,000 × 1 MB = 2,000 GB, of which 100 are in the price: 1,900 × 0.20 = 380.00
    assert line(bill, "traffic out", SITE).amount.likely == Decimal("380.00")
    assert line(bill, "traffic out", SITE).used.likely == 2_000


def test_it_is_charged_where_it_stands_not_where_the_system_does(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(leaflet("northeurope"))

    assert line(bill, "site").price.meter.region == "westeurope"
    assert line(bill, "site").region == "northeurope"


def test_a_region_without_a_price_is_refused_by_name(priced: Callable[[System], Bill]) -> None:
    with pytest.raises(PricesMissing) as refused:
        priced(leaflet("southeastasia"))

    named = {str(each.meter) for each in refused.value.missing}
    assert "Azure App Service: Static Web Apps, Standard App (Standard) in eastasia" in named


def test_what_front_door_keeps_of_a_site_does_not_leave_it_again(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("leaflet", region="eastus2")
    pages = system.site("pages", directory="web", port=8080)
    door = system.front_door("door", routes={"/*": pages}, cache="1 h")
    system.usage(requests="20M/month", answer_size="1 MB")
    system.usage(door, cached="90 %")

    bill = priced(system)

    assert line(bill, "traffic out", SITE).used.likely == 200  # a tenth of 2,000 GB
    assert line(bill, "traffic out", "profiles").used.likely == 2_000


def test_front_door_keeps_files_where_answers_pass_it(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("leaflet", region="eastus2")
    pages = system.site("pages", directory="web", port=8080)
    api = system.service("api", "serve", port=8000, health="/health", sign_in=True)
    system.front_door("door", routes={"/*": pages, "/api/*": api}, cache="1 h")
    system.usage(requests="20M/month", answer_size="1 MB")

    # of 2,000,000 files three in ten come from the cache, though it answers few of 22,000,000 requests
    assert line(priced(system), "traffic out", SITE).used.likely == 1_400


def test_a_file_is_larger_than_a_short_answer(priced: Callable[[System], Bill], line: Find) -> None:
    # 2,000,000 × 20 KiB
    assert line(priced(leaflet("eastus2", "600 B")), "traffic out", SITE).used.likely == Decimal("40.96")
