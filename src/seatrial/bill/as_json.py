"""A bill for programs: all that is known, amounts as text so that no cent is lost."""

from __future__ import annotations

from typing import Any

from seatrial.bill.bill import Bill, Line
from seatrial.bill.meters import Price
from seatrial.bill.range import Range

__all__ = ["as_json", "range_as_json"]


def as_json(bill: Bill) -> dict[str, Any]:
    """What `seatrial bill --json` prints.

    The likely amounts of the lines add up to that of the total; so do the low and the high ones, where those
    of a line that `falls` with the load have changed places.
    """
    return {
        "system": bill.plan.name,
        "variant": bill.plan.variant,
        "regions": list(bill.plan.regions),
        "currency": bill.currency,
        "commitment": bill.commitment,
        "total": range_as_json(bill.total),
        "oldest_price": None if bill.oldest is None else bill.oldest.isoformat(),
        "lines": [_line(line) for line in bill.lines],
        "free": [
            {
                "part": free.part,
                "region": free.region,
                "type": free.type,
                "what": free.what,
                "count": free.count,
                "why": free.why,
            }
            for free in bill.free
        ],
        "assumptions": [
            {
                "key": each.key,
                "amount": range_as_json(each.amount),
                "unit": each.figure.unit,
                "meaning": each.figure.meaning,
                "stated": each.stated,
                "why": each.why,
            }
            for each in bill.assumptions
        ],
        "warnings": [{"part": each.part, "sentence": each.sentence} for each in bill.warnings],
    }


def range_as_json(amount: Range) -> dict[str, str]:
    """`{"low": "1.00", "likely": "2.00", "high": "3.00"}`: decimals as text."""
    return {"low": f"{amount.low:f}", "likely": f"{amount.likely:f}", "high": f"{amount.high:f}"}


def _line(line: Line) -> dict[str, Any]:
    return {
        "part": line.part,
        "region": line.region,
        "resource": line.resource,
        "type": line.type,
        "what": line.what,
        "amount": range_as_json(line.amount),
        "used": range_as_json(line.used),
        "paid": range_as_json(line.paid),
        "formula": line.formula,
        "steady": line.steady,
        "falls": line.falls,
        "term": line.term,
        "price": _price(line.price),
    }


def _price(price: Price) -> dict[str, Any]:
    meter = price.meter
    return {
        "meter": {
            "service": meter.service,
            "product": meter.product,
            "name": meter.name,
            "sku": meter.sku,
            "region": meter.region,
        },
        "unit": price.unit,
        "each": f"{price.each:f}",
        "tiers": [{"above": f"{tier.above:f}", "price": f"{tier.price:f}"} for tier in price.tiers],
        "terms": {term: f"{amount:f}" for term, amount in price.terms.items()},
        "read_on": price.read_on.isoformat(),
        "source": price.source,
        "sure": price.sure,
    }
