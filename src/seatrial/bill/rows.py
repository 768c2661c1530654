"""Rows of Azure's price list, from whatever place they were read, as the lines of a book.

A row is one tier of one meter, or its price under one commitment. Names differ by the place they were read
and change with time: a meter must have one name in the book, however it came there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from seatrial.bill.meters import Sure, Term, Tier
from seatrial.model.value import Value

__all__ = ["HOURS", "Line", "Row", "canonical", "from_item", "lines", "placed", "plainly", "spaced", "wanted"]

HOURS: Mapping[Term, int] = {"ri-1y": 8_760, "ri-3y": 26_280}
"""Of the terms for which the price list gives the price of all hours together."""
POSTGRES = "Azure Database for PostgreSQL"
MACHINES = "Virtual Machines"

SERVICES = {
    "Azure OpenAI": "Foundry Models",
    "Cognitive Services": "Foundry Models",
    "Virtual Network Private Link": "Virtual Network",
    "Azure App Service (Static Web Apps)": "Azure App Service",
    "Storage (managed disks)": "Storage",
}
"""Services that have had another name."""
PRODUCTS = {
    "Az DB for PostgreSQL Flexible Server Storage": "Azure Database for PostgreSQL Flex Server Storage",
    "Flex Server Storage": "Azure Database for PostgreSQL Flex Server Storage",
    "Flexible Server Burstable BS Series Compute": (
        "Azure Database for PostgreSQL Flexible Server Burstable BS Series Compute"
    ),
}
"""Products that have had another name."""

WHOLE = (
    "API Management",
    "Application Gateway",
    "Application Insights",
    "Azure Bastion",
    "Azure Container Apps",
    "Azure DNS",
    "Azure Firewall",
    "Azure Front Door Service",
    "Azure Kubernetes Service",
    "Azure Monitor",
    "Bandwidth",
    "Container Registry",
    "Key Vault",
    "Load Balancer",
    "Log Analytics",
    "NAT Gateway",
    "Service Bus",
    "Traffic Manager",
    "VPN Gateway",
    "Virtual Network",
)
PARTLY = {
    "Azure App Service": r".* - Linux$|Static Web Apps$",
    "Azure Cosmos DB": r"Azure Cosmos DB",
    "Azure Database for PostgreSQL": re.compile(
        r"^Azure Database for (PostgreSQL Flex|PostgSQL Extended Support)"
    ),
    "Container Instances": r"Container Instances",
    "Foundry Models": r"Azure OpenAI",
    "Redis Cache": r"Azure Managed Redis",
    "Storage": re.compile(
        r"^(General Block Blob v2|Blob Storage|Files v2|(Premium|Standard) SSD Managed Disks"
        r"|Standard HDD Managed Disks|Storage - Bandwidth|Azure Premium SSD v2)$"
    ),
    "Virtual Machines": (r"^Virtual Machines( |$)(?!.*(Windows|Cloud ?Services|Dedicated Host))"),
}
"""Of these services, the products that a part of ours can need."""


class Row(Value):
    """One reading: of one tier, or of one commitment."""

    service: str
    product: str
    name: str
    sku_name: str
    arm_sku: str = ""
    region: str
    unit: str
    above: Decimal = Decimal(0)
    price: Decimal
    """Of a unit; of the whole term where `term` is a reservation."""
    term: Term | None = None
    """None: pay as you go."""
    effective: date | None = None
    ends: date | None = None
    primary: bool = True
    """False for the twin of a meter that is charged somewhere else."""
    read_on: date
    source: str
    sure: Sure = "high"


class Line(Value):
    """All that the book knows of one meter in one region."""

    service: str
    product: str
    name: str
    sku: str
    other_sku: str
    """By which it is found as well; may be empty."""
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    terms: Mapping[Term, Decimal]
    read_on: date
    source: str
    """Where the price was read, and after `; ` each place where a term was read, unless it is the same."""
    sure: Sure

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.region, self.service, self.product, self.name, self.sku


def spaced(text: str) -> str:
    """Without hard, double or outer spaces, of which the price list has some."""
    return " ".join(text.split())


def canonical(service: str, product: str) -> tuple[str, str]:
    """The names under which the book knows a service and a product, of those they have had."""
    service, product = spaced(service), spaced(product)
    service = SERVICES.get(service, service)
    if service == MACHINES and product.startswith(MACHINES):
        return service, MACHINES
    return service, PRODUCTS.get(product, product)


def placed(service: str, region: str) -> str:
    """The region under which the book has a meter: `Global` for what has one price everywhere.

    Zones of DNS are billed under `Zone 1` or no region at all, depending on the reader.
    """
    region = spaced(region)
    if not region or (service == "Azure DNS" and region == "Zone 1"):
        return "Global"
    return region


def wanted(service: str, product: str) -> bool:
    """Whether a part of ours can need it; by the names of the price list as well as by ours."""
    service, product = SERVICES.get(spaced(service), spaced(service)), spaced(product)
    if service in WHOLE:
        return True
    of = PARTLY.get(service)
    return of is not None and re.match(of, PRODUCTS.get(product, product)) is not None


def from_item(item: Mapping[str, Any], read_on: date, source: str) -> tuple[Row, ...]:
    """The rows of one item of the Retail Prices API: its price and those of its savings plans.

    None for what no part of ours can need: Windows, low priority, development and test.

    Raises:
        ValueError: the item lacks a member, or has one of a kind that it never has.
    """
    try:
        if item["type"] not in ("Consumption", "Reservation"):
            return ()
        service, product = str(item["serviceName"]), str(item["productName"])
        sku_name = spaced(str(item["skuName"]))
        if not wanted(service, product) or sku_name.endswith("Low Priority"):
            return ()
        term = _TERMS[item["reservationTerm"]] if item["type"] == "Reservation" else None
        row = Row(
            service=service,
            product=product,
            name=str(item["meterName"]),
            sku_name=sku_name,
            arm_sku=str(item.get("armSkuName") or ""),
            region=str(item["armRegionName"] or ""),
            unit=str(item["unitOfMeasure"]),
            above=Decimal(str(item["tierMinimumUnits"])),
            price=Decimal(str(item["retailPrice"])),
            term=term,
            effective=_day(item["effectiveStartDate"]),
            ends=_day(item["effectiveEndDate"]) if item.get("effectiveEndDate") else None,
            primary=bool(item.get("isPrimaryMeterRegion", True)),
            read_on=read_on,
            source=source,
        )
        plans = [
            _with(row, price=Decimal(str(plan["retailPrice"])), term=_PLANS[plan["term"]])
            for plan in item.get("savingsPlan") or ()
            if plan["term"] in _PLANS
        ]
    except (KeyError, TypeError, InvalidOperation, AttributeError) as exc:
        raise ValueError(f"not an item of the price list ({type(exc).__name__}: {exc})") from exc
    return tuple(plain for each in (row, *plans) if (plain := plainly(each)) is not None)


_TERMS: Mapping[str, Term | None] = {"1 Year": "ri-1y", "3 Years": "ri-3y", "5 Years": None}
_PLANS: Mapping[str, Term] = {"1 Year": "sp-1y", "3 Years": "sp-3y"}


def _day(moment: str) -> date:
    return date.fromisoformat(moment[:10])


def _with(row: Row, **changed: Any) -> Row:
    return Row(**{**row.__dict__, **changed})


def plainly(row: Row) -> Row | None:
    """The row under the names of the book; None for what is not in it."""
    if not wanted(row.service, row.product):
        return None
    service, product = canonical(row.service, row.product)
    region = placed(service, row.region)
    name, sku_name, arm_sku, term = spaced(row.name), spaced(row.sku_name), spaced(row.arm_sku), row.term
    if service == MACHINES:
        # A machine is known by the size ARM gives it; series and meter say the same again.
        arm_sku = arm_sku or sku_name
        if not arm_sku.startswith("Standard_"):
            return None
        if sku_name.endswith(" Spot"):
            if term is not None:
                return None
            term, sku_name = "spot", sku_name.removesuffix(" Spot")
        name = "Linux"
    if service == POSTGRES:
        # Versions 3 and 4 are sold by the core; rows of many cores share their ARM name with the row of one.
        if arm_sku.endswith("Series_Compute") and sku_name not in ("vCore", "1 vCore"):
            return None
        sku_name = "1 vCore" if sku_name == "vCore" else sku_name
    return _with(
        row,
        service=service,
        product=product,
        name=name,
        sku_name=sku_name,
        arm_sku=arm_sku,
        region=region,
        unit=spaced(row.unit),
        term=term,
    )


def lines(rows: Iterable[Row], today: date | None = None) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines of the book that the rows make, sorted; and what had to be left out, in words.

    Of several readings of a meter the most trusted counts, and of those the newest. Of several prices in one
    reading the one that came into force last counts: by `today`, or by the day it was read.
    """
    by_meter: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.effective is not None and row.effective > (today or row.read_on):
            continue
        if row.ends is not None and row.ends < (today or row.read_on):
            continue
        by_meter[row.region, row.service, row.product, row.name, row.arm_sku or row.sku_name].append(row)
    made, left_out = [], []
    for key, found in _joined(by_meter):
        try:
            line = _line(key[4], found)
        except ValueError as exc:
            left_out.append(f"{key[1]}: {key[2]}, {key[3]} ({key[4]}) in {key[0]}: {exc}")
        else:
            made.append(line)
    return tuple(sorted(made, key=lambda line: line.key)), tuple(sorted(left_out))


def _joined(by_meter: dict[tuple[str, ...], list[Row]]) -> Iterable[tuple[tuple[str, ...], list[Row]]]:
    """Readers that do not tell the ARM name of a size, put to those that do: all regions have the same."""
    arm_names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, rows in by_meter.items():
        for row in rows:
            if row.arm_sku:
                arm_names[*key[1:4], row.sku_name].add(row.arm_sku)
    joined: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for key, rows in by_meter.items():
        known = arm_names.get(key[1:], ())
        joined[(*key[:4], *known) if len(known) == 1 else key] += rows
    return sorted(joined.items())


def _line(sku: str, rows: list[Row]) -> Line:
    tiers, sources, sure, best = _tiers(rows)
    terms = {}
    highest = max(tier.price for tier in tiers)
    for term, found in sorted(_terms(rows).items()):
        price = found.price
        if hours := HOURS.get(term):
            price = (price / hours).quantize(Decimal("1e-10"))
        if not 0 < price <= highest:
            continue  # nothing is saved, or a small price was rounded to nothing
        terms[term] = _short(price)
        if found.source != best.source:
            sources.append(f"{term}: {found.source}, read {found.read_on}")
    names = {row.sku_name for row in rows} - {sku}
    return Line(
        service=best.service,
        product=best.product,
        name=best.name,
        sku=sku,
        other_sku=names.pop() if len(names) == 1 else "",
        region=best.region,
        unit=best.unit,
        tiers=tiers,
        terms=terms,
        read_on=best.read_on,
        source="; ".join(sources),
        sure=sure,
    )


def _trust(row: Row) -> tuple[int, date, bool]:
    return _SURE.index(row.sure), row.read_on, row.primary


_SURE: tuple[Sure, ...] = ("low", "medium", "high")


def _tiers(rows: list[Row]) -> tuple[tuple[Tier, ...], list[str], Sure, Row]:
    """The tiers of the best reading, the places they were read, how sure all are, and the first of its rows.

    Some readers tell the first tier only, or the others only: another that contradicts nothing adds its own.
    """
    readings: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.term is None:
            readings[row.read_on, row.source].append(row)
    if not readings:
        raise ValueError("has a price under a commitment only")
    ordered = sorted(readings.values(), key=lambda reading: max(map(_trust, reading)), reverse=True)
    in_force = [_in_force(reading) for reading in ordered]
    best = next((reading for reading in in_force if Decimal(0) in reading), None)
    if best is None:
        raise ValueError("has no price for the first unit")
    first = best[Decimal(0)]
    sources, sure, whole = [first.source], first.sure, dict(best)
    for reading in in_force:
        unknown = sorted(reading.keys() - whole.keys())
        if unknown and all(
            row.unit == first.unit and (above not in whole or whole[above].price == row.price)
            for above, row in reading.items()
        ):
            whole |= {above: reading[above] for above in unknown}
            also = reading[unknown[0]]
            sources.append(f"from {unknown[0]} units: {also.source}, read {also.read_on}")
            sure = min(sure, also.sure, key=_SURE.index)
    return (
        tuple(Tier(_short(above), _short(whole[above].price)) for above in sorted(whole)),
        sources,
        sure,
        first,
    )


def _in_force(reading: list[Row]) -> dict[Decimal, Row]:
    """By the units they begin above, the prices of one reading that came into force last."""
    # Service Bus is asked for by the hour and by the month: one base price, to be charged once. The month is.
    unit = next((row.unit for row in reading if row.unit.endswith("/Month")), reading[0].unit)
    in_force: dict[Decimal, Row] = {}
    for row in reading:
        if row.unit != unit:
            continue
        other = in_force.setdefault(row.above, row)
        if _rank(row) > _rank(other) or (row.price == other.price and _trust(row) > _trust(other)):
            in_force[row.above] = row
        elif _rank(row) == _rank(other) and row.price != other.price:
            raise ValueError(f"has two prices at once, {other.price} and {row.price}")
    return in_force


def _rank(row: Row) -> tuple[bool, date]:
    return row.primary, row.effective or date.min


def _terms(rows: list[Row]) -> dict[Term, Row]:
    best: dict[Term, Row] = {}
    for row in rows:
        if row.term is not None:
            known = best.setdefault(row.term, row)
            if (_trust(row), _rank(row)) > (_trust(known), _rank(known)):
                best[row.term] = row
    return best


def _short(number: Decimal) -> Decimal:
    """Without zeros at its end, and never as `1E+1`."""
    return Decimal(format(number.normalize(), "f"))
