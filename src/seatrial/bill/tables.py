"""A bill as a table: one row a line, by our columns, or by those of FOCUS.

FOCUS is the FinOps Foundation's specification of cost and usage data; the columns are those of version 1.2
that fit what is not yet deployed: https://focus.finops.org/focus-specification/v1-2/
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from seatrial.azure.regions import called
from seatrial.bill.bill import Bill, Line

__all__ = ["as_csv", "as_focus"]

Row = Mapping[str, str]


def as_csv(bill: Bill) -> str:
    """Every line with its range, formula, price, source and date; what is free stands below with 0.00."""
    return _text([_row(bill, line) for line in bill.lines] + _free_rows(bill))


def _row(bill: Bill, line: Line) -> Row:
    price, meter = line.price, line.price.meter
    return {
        "part": line.part or "",
        "region": line.region,
        "resource": line.resource,
        "type": line.type,
        "what": line.what,
        "amount_low": f"{line.amount.low:f}",
        "amount": f"{line.amount.likely:f}",
        "amount_high": f"{line.amount.high:f}",
        "currency": bill.currency,
        "used": _plain(line.used.likely),
        "paid": _plain(line.paid.likely),
        "unit": price.unit,
        "things_in_a_unit": f"{price.each:f}",
        "tiers": " ".join(f"{tier.above:f}:{tier.price:f}" for tier in price.tiers),
        "term": line.term or "",
        "formula": line.formula,
        "service": meter.service,
        "product": meter.product,
        "meter": meter.name,
        "sku": meter.sku,
        "meter_region": meter.region,
        "read_on": price.read_on.isoformat(),
        "sure": price.sure,
        "source": price.source,
    }


def _free_rows(bill: Bill) -> list[Row]:
    return [
        {
            "part": free.part or "",
            "region": free.region,
            "type": free.type,
            "what": f"{free.count} × {free.what}",
            "amount_low": "0.00",
            "amount": "0.00",
            "amount_high": "0.00",
            "currency": bill.currency,
            "formula": free.why,
        }
        for free in bill.free
    ]


def as_focus(bill: Bill, month: date) -> str:
    """The lines by FOCUS, as if they were charged in the month in which a day lies.

    The amount that is most likely stands in all four costs: nothing is negotiated, and a commitment is in its
    unit price. What is not known before something is deployed (accounts, invoices) has no column here.
    """
    first = month.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    period = {"Start": f"{first.isoformat()}T00:00:00Z", "End": f"{after.isoformat()}T00:00:00Z"}
    return _text([_focus(bill, line, period) for line in bill.lines])


def _focus(bill: Bill, line: Line, period: Mapping[str, str]) -> Row:
    price, meter = line.price, line.price.meter
    amount = f"{line.amount.likely:f}"
    units = line.paid.likely / price.each
    unit_price = _plain(line.amount.likely / units) if units else "0"
    listed = _plain(price.tiers[-1].price)
    return {
        "BilledCost": amount,
        "BillingCurrency": bill.currency,
        "BillingPeriodStart": period["Start"],
        "BillingPeriodEnd": period["End"],
        "ChargeCategory": "Usage",
        "ChargeDescription": f"{line.part or 'ground'}: {line.what}, {line.formula}",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": period["Start"],
        "ChargePeriodEnd": period["End"],
        "ConsumedQuantity": _plain(line.used.likely / price.each),
        "ConsumedUnit": price.unit,
        "ContractedCost": amount,
        "ContractedUnitPrice": unit_price,
        "EffectiveCost": amount,
        "InvoiceIssuerName": "Microsoft",
        "ListCost": amount,
        "ListUnitPrice": listed,
        "PricingCategory": _pricing(line),
        "PricingQuantity": _plain(units),
        "PricingUnit": price.unit,
        "ProviderName": "Microsoft",
        "PublisherName": "Microsoft",
        "RegionId": line.region,
        "RegionName": called(line.region),
        "ResourceName": line.resource,
        "ResourceType": line.type,
        "ServiceCategory": SERVICE_CATEGORIES.get(line.type.split("/")[0], "Other"),
        "ServiceName": meter.service,
        "SkuId": meter.sku,
        "SkuMeter": f"{meter.product} {meter.name}",
        "Tags": _tags(bill, line),
    }


SERVICE_CATEGORIES: Mapping[str, str] = {
    "Microsoft.ApiManagement": "Integration",
    "Microsoft.App": "Compute",
    "Microsoft.Cache": "Databases",
    "Microsoft.Cdn": "Networking",
    "Microsoft.CognitiveServices": "AI and Machine Learning",
    "Microsoft.ContainerInstance": "Compute",
    "Microsoft.ContainerRegistry": "Compute",
    "Microsoft.ContainerService": "Compute",
    "Microsoft.DBforPostgreSQL": "Databases",
    "Microsoft.DocumentDB": "Databases",
    "Microsoft.Insights": "Management and Governance",
    "Microsoft.KeyVault": "Security",
    "Microsoft.Network": "Networking",
    "Microsoft.OperationalInsights": "Management and Governance",
    "Microsoft.ServiceBus": "Integration",
    "Microsoft.Storage": "Storage",
    "Microsoft.Web": "Web",
}
"""By the namespace of a resource; the allowed values are those of the specification's ServiceCategory."""


def _pricing(line: Line) -> str:
    if line.term == "spot":
        return "Dynamic"
    return "Committed" if line.term else "Standard"


def _tags(bill: Bill, line: Line) -> str:
    import json

    tags = {"system": bill.plan.name, "part": line.part or "ground"}
    return json.dumps(tags | ({"variant": bill.plan.variant} if bill.plan.variant else {}))


def _plain(number: Decimal) -> str:
    """Without a rest of zeros, and at most six decimals."""
    text = f"{number.quantize(Decimal('0.000001')) if number.as_tuple().exponent < -6 else number:f}"  # type: ignore[operator]
    return text.rstrip("0").rstrip(".") if "." in text else text


def _text(rows: Iterable[Row]) -> str:
    found = list(rows)
    if not found:
        return ""
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=list(found[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return written.getvalue()
