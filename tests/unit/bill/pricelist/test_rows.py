"""Items of the Retail Prices API, as the book has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from seatrial.bill.book import Book
from seatrial.bill.pricelist.entries import Entry, entries
from seatrial.bill.pricelist.rows import Row, from_item

TODAY = date(2026, 11, 21)
REQUESTS = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0,
    "retailPrice": 0.4,
    "unitPrice": 0.4,
    "armRegionName": "eastus2",
    "location": "US East 2",
    "effectiveStartDate": "2022-06-01T00:00:00Z",
    "meterName": "Standard Requests",
    "productName": "Azure Container Apps",
    "skuName": "Standard",
    "serviceName": "Azure Container Apps",
    "serviceFamily": "Compute",
    "unitOfMeasure": "1M",
    "type": "Consumption",
    "isPrimaryMeterRegion": True,
    "armSkuName": "",
    "savingsPlan": [
        {"unitPrice": 0.332, "retailPrice": 0.332, "term": "3 Years"},
        {"unitPrice": 0.34, "retailPrice": 0.34, "term": "1 Year"},
    ],
}
"""As the API answers it."""
MACHINE = {
    **REQUESTS,
    "serviceName": "Virtual Machines",
    "productName": "Virtual Machines Dsv5 Series",
    "meterName": "D2s v5",
    "skuName": "D2s v5",
    "armSkuName": "Standard_D2s_v5",
    "unitOfMeasure": "1 Hour",
    "retailPrice": 0.096,
    "savingsPlan": [{"retailPrice": 0.06624, "unitPrice": 0.06624, "term": "1 Year"}],
}


def item(of: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**of, **changed}.items() if value is not None}


def rows(*items: dict[str, Any]) -> list[Row]:
    return [row for each in items for row in from_item(each, TODAY, "the list")]


def entry(*items: dict[str, Any]) -> Entry:
    """The only one that these items make."""
    made, left_out = entries(rows(*items), TODAY)
    assert left_out == ()
    assert len(made) == 1
    return made[0]


def test_an_item_becomes_a_price_with_its_savings_plans() -> None:
    made = entry(REQUESTS)
    assert made.key == (
        "eastus2",
        "Azure Container Apps",
        "Azure Container Apps",
        "Standard Requests",
        "Standard",
    )
    assert (made.unit, made.tiers[0].price, made.sure, made.read_on) == ("1M", Decimal("0.4"), "high", TODAY)
    assert made.terms == {"sp-1y": Decimal("0.34"), "sp-3y": Decimal("0.332")}


def test_tiers_are_put_in_order() -> None:
    tiers = [(2500, 0.2), (13, 0.8), (0, 0.0), (100, 0.5)]
    made = entry(
        *(
            item(REQUESTS, tierMinimumUnits=above, retailPrice=price, savingsPlan=None)
            for above, price in tiers
        )
    )
    assert [(tier.above, tier.price) for tier in made.tiers] == [
        (0, 0),
        (13, Decimal("0.8")),
        (100, Decimal("0.5")),
        (2500, Decimal("0.2")),
    ]


def test_of_two_prices_the_last_that_is_in_force_counts() -> None:
    made = entry(
        item(REQUESTS, retailPrice=0.4),
        item(REQUESTS, retailPrice=0.5, effectiveStartDate="2026-11-21T00:00:00Z"),
        item(REQUESTS, retailPrice=0.6, effectiveStartDate="2026-12-01T00:00:00Z"),
        item(
            REQUESTS,
            retailPrice=0.1,
            effectiveStartDate="2026-11-20T00:00:00Z",
            effectiveEndDate="2026-11-20T23:59:59Z",
        ),
    )
    assert made.tiers[0].price == Decimal("0.5")


def test_a_price_counts_to_the_end_of_its_last_day() -> None:
    last = item(REQUESTS, effectiveEndDate="2026-11-21T23:59:59Z")
    assert entry(last).tiers[0].price == Decimal("0.4")


def test_a_base_price_by_hour_and_by_month_is_one_price_by_month() -> None:
    by_month = item(REQUESTS, unitOfMeasure="1/Month", retailPrice=10.0, savingsPlan=None)
    by_hour = item(by_month, unitOfMeasure="1/Hour", retailPrice=0.013441)
    for made in (entry(by_month, by_hour), entry(by_hour, by_month)):
        assert (made.unit, [tier.price for tier in made.tiers]) == ("1/Month", [10])
    assert entry(by_hour).unit == "1/Hour"


def test_two_prices_at_once_are_none_and_it_is_told() -> None:
    made, left_out = entries(rows(REQUESTS, item(REQUESTS, retailPrice=0.5)), TODAY)
    assert made == ()
    assert [(each.meter.name, each.why) for each in left_out] == [
        ("Standard Requests", "has two prices at once, 0.4 and 0.5")
    ]


def test_the_twin_that_is_charged_elsewhere_does_not_count() -> None:
    twin = item(REQUESTS, retailPrice=0.5, isPrimaryMeterRegion=False)
    assert entry(twin, REQUESTS).tiers[0].price == entry(REQUESTS, twin).tiers[0].price == Decimal("0.4")
    assert entry(twin).tiers[0].price == Decimal("0.5")


def test_a_machine_is_one_meter_with_spot_plans_and_reservations() -> None:
    made = entry(
        MACHINE,
        item(
            MACHINE,
            skuName="D2s v5 Spot",
            meterName="D2s v5 Spot",
            retailPrice=0.03,
            savingsPlan=[{"retailPrice": 0.02, "term": "1 Year"}],
        ),
        item(MACHINE, type="Reservation", reservationTerm="1 Year", retailPrice=519.0, savingsPlan=None),
        item(MACHINE, type="Reservation", reservationTerm="3 Years", retailPrice=997.0, savingsPlan=None),
        item(MACHINE, type="Reservation", reservationTerm="5 Years", retailPrice=1500.0, savingsPlan=None),
    )
    assert (made.product, made.name, made.sku) == ("Virtual Machines", "Linux", "Standard_D2s_v5")
    assert made.tiers[0].price == Decimal("0.096")
    # 519 for 8,760 hours and 997 for 26,280
    assert made.terms == {
        "spot": Decimal("0.03"),
        "sp-1y": Decimal("0.06624"),
        "ri-1y": (Decimal(519) / 8760).quantize(Decimal("1e-10")),
        "ri-3y": (Decimal(997) / 26280).quantize(Decimal("1e-10")),
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"productName": "Virtual Machines Dsv5 Series Windows"},
        {"productName": "Virtual Machines Dsv5 Series Cloud Services"},
        {"skuName": "D2s v5 Low Priority"},
        {"type": "DevTestConsumption"},
        {"serviceName": "Azure Dedicated Host"},
    ],
)
def test_what_no_part_can_need_is_left_out(changed: dict[str, Any]) -> None:
    assert rows(item(MACHINE, **changed)) == []


def test_hard_and_double_spaces_are_spaces() -> None:
    assert entry(
        item(REQUESTS, productName="Azure\u00a0Container  Apps ", meterName="Standard\u2009Requests")
    ) == entry(REQUESTS)


def test_former_names_are_the_names_of_today() -> None:
    storage = item(
        REQUESTS,
        serviceName="Azure Database for PostgreSQL",
        productName="Az DB for PostgreSQL Flexible Server Storage",
    )
    renamed = item(storage, productName="Azure Database for PostgreSQL Flex Server Storage")
    assert entry(storage) == entry(renamed) == entry(storage, renamed)
    models = item(REQUESTS, serviceName="Cognitive Services", productName="Azure OpenAI")
    assert entry(models) == entry(item(models, serviceName="Foundry Models"))


def test_postgres_of_one_core_is_not_listed_twice() -> None:
    core = item(
        REQUESTS,
        serviceName="Azure Database for PostgreSQL",
        productName="Azure Database for PostgreSQL Flexible Server General Purpose Ddsv4 Series Compute",
        meterName="vCore",
        skuName="1 vCore",
        armSkuName="AzureDB_PostgreSQL_Flexible_Server_General_Purpose_Ddsv4Series_Compute",
        savingsPlan=None,
    )
    twin = item(core, skuName="vCore", isPrimaryMeterRegion=False)
    many = item(core, skuName="4 vCore", retailPrice=1.6)
    reserved = item(twin, type="Reservation", reservationTerm="1 Year", retailPrice=519.0)
    made = entry(core, twin, many, reserved)
    assert (made.other_sku, made.tiers[0].price) == ("1 vCore", Decimal("0.4"))
    assert {*made.terms} == {"ri-1y"}


def test_a_plan_that_is_rounded_to_nothing_or_saves_nothing_is_no_plan() -> None:
    plans = [{"retailPrice": 0.0, "term": "1 Year"}, {"retailPrice": 0.41, "term": "3 Years"}]
    assert entry(item(REQUESTS, savingsPlan=plans)).terms == {}


def test_what_has_no_region_is_global() -> None:
    zone = item(REQUESTS, serviceName="Azure DNS", productName="Azure DNS", armRegionName="")
    assert entry(zone).region == entry(item(zone, armRegionName="Zone 1")).region == "Global"
    door = item(REQUESTS, serviceName="Azure Front Door Service", armRegionName="Zone 1")
    assert entry(door).region == "Zone 1"


@pytest.mark.parametrize(
    "changed",
    [
        {"meterName": None},
        {"retailPrice": "much"},
        {"retailPrice": None},
        {"effectiveStartDate": "soon"},
        {"type": "Reservation", "reservationTerm": None},
        {"savingsPlan": [{"term": "1 Year"}]},
    ],
)
def test_an_item_of_another_shape_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not an item of the price list|Invalid isoformat"):
        rows(item(REQUESTS, **changed))


def test_a_price_below_zero_is_none() -> None:
    made, left_out = entries(rows(item(REQUESTS, retailPrice=-1.0, savingsPlan=None)), TODAY)
    assert made == ()
    assert "below zero" in left_out[0].why


def items_of(known: Entry) -> list[dict[str, Any]]:
    """What the API would answer where it says what the book says."""
    machine = known.service == "Virtual Machines"
    named = item(
        REQUESTS,
        serviceName=known.service,
        productName="Virtual Machines Dsv5 Series" if machine else known.product,
        meterName=known.other_sku or "D2s v5" if machine else known.name,
        skuName=known.other_sku or known.sku,
        armSkuName=known.sku if machine or known.other_sku else "",
        armRegionName=known.region,
        unitOfMeasure=known.unit,
        savingsPlan=None,
    )
    plans = [
        {"term": years, "retailPrice": float(known.terms[term])}
        for term, years in (("sp-1y", "1 Year"), ("sp-3y", "3 Years"))
        if term in known.terms
    ]
    reserved = [
        item(named, type="Reservation", reservationTerm=years, retailPrice=float(known.terms[term] * hours))
        for term, years, hours in (("ri-1y", "1 Year", 8_760), ("ri-3y", "3 Years", 26_280))
        if term in known.terms
    ]
    spot = [
        item(named, skuName=f"{named['skuName']} Spot", retailPrice=float(known.terms[term]))
        for term in known.terms
        if term == "spot"
    ]
    tiers = [
        item(
            named,
            tierMinimumUnits=float(tier.above),
            retailPrice=float(tier.price),
            savingsPlan=plans or None,
        )
        for tier in known.tiers
    ]
    return [*reserved, *reversed(tiers), *spot]


@pytest.mark.parametrize("region", ["eastus2", "westeurope", "Global", "Zone 1"])
def test_a_fetched_book_reads_like_the_embedded_one(region: str) -> None:
    # Given the list, were it to say of a region what the embedded book says
    known = Book().entries(region)
    # When it is read
    made, left_out = entries(rows(*(each for entry in known for each in items_of(entry))), TODAY)
    # Then every meter has the same names, tiers and terms again
    assert left_out == ()
    says = [(each.key, each.other_sku, each.unit, each.tiers, dict(each.terms)) for each in made]
    assert says == [(each.key, each.other_sku, each.unit, each.tiers, dict(each.terms)) for each in known]
