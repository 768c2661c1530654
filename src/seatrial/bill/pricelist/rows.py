"""Rows of Azure's price list, from whatever place they were read, under the names of the book.

A row is one tier of one meter, or its price under one commitment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from seatrial.bill.meters import Sure, Term
from seatrial.bill.pricelist.names import MACHINES, POSTGRES, canonical, placed, spaced, wanted
from seatrial.model.value import Value

__all__ = ["Row", "from_item", "plainly"]


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
        reserved = item["type"] == "Reservation"
        if (
            not wanted(service, product)
            or sku_name.endswith("Low Priority")
            or (reserved and item["reservationTerm"] not in _TERMS)
        ):
            return ()
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
            term=_TERMS[item["reservationTerm"]] if reserved else None,
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


_TERMS: Mapping[str, Term] = {"1 Year": "ri-1y", "3 Years": "ri-3y"}
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
