"""The policies of API Management, as the XML that it reads.

Source: https://learn.microsoft.com/azure/api-management/api-management-policies
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from seatrial.azure.values import Text, join
from seatrial.model import Product, Rate

__all__ = ["of_all", "of_api", "of_product", "renewed"]

LONGEST_WINDOW_SECONDS = 300
"""Of a limit. Source: https://learn.microsoft.com/azure/api-management/rate-limit-policy"""

TELLTALES = ("Server", "X-Powered-By", "X-AspNet-Version", "Request-Context")
"""Headers by which an answer says what made it."""

UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "month": 730 * 3600}

_HOLE = "__hole__"


def of_all(front_door: Text | None) -> Text:
    """For every call: answers tell nothing of what made them.

    Args:
        front_door: the id of the Front Door through which every call must have come; None: none need.
    """
    root = _empty()
    if front_door is not None:
        check = SubElement(
            _part(root, "inbound"),
            "check-header",
            {
                "name": "X-Azure-FDID",
                "failed-check-httpcode": "403",
                "failed-check-error-message": "Not the way in",
                "ignore-case": "true",
            },
        )
        SubElement(check, "value").text = _HOLE
    SubElement(_part(root, "backend"), "forward-request", {"timeout": "60"})
    for name in ("outbound", "on-error"):
        for header in TELLTALES:
            SubElement(_part(root, name), "set-header", {"name": header, "exists-action": "delete"})
    before, hole, after = _printed(root).partition(_HOLE)
    return join(before, front_door, after) if hole and front_door is not None else before


def of_api(backend: str) -> Text:
    """For the calls of an API: what answers them."""
    root = _empty(base=True)
    SubElement(_part(root, "inbound"), "set-backend-service", {"backend-id": backend})
    return _printed(root)


def of_product(product: Product) -> Text:
    """For the calls of a subscriber: no more of them than the product allows."""
    root = _empty(base=True)
    inbound = _part(root, "inbound")
    calls, seconds = window(product.calls)
    SubElement(inbound, "rate-limit", {"calls": str(calls), "renewal-period": str(seconds)})
    if product.quota is not None:
        calls, seconds = renewed(product.quota)
        SubElement(inbound, "quota", {"calls": str(calls), "renewal-period": str(seconds)})
    return _printed(root)


def window(limit: Rate) -> tuple[int, int]:
    """A limit as calls in so many seconds: the first of 1, 60 and 300 in which it is a whole number.

    A limit for a longer time is spread evenly over it: `1200/h` is 100 in five minutes.
    """
    least = UNIT_SECONDS[limit.per]
    for seconds in (each for each in (1, 60) if each >= least):
        calls = limit.per_second * seconds
        if calls.denominator == 1:
            return int(calls), seconds
    return max(1, int(limit.per_second * LONGEST_WINDOW_SECONDS)), LONGEST_WINDOW_SECONDS


def renewed(quota: Rate) -> tuple[int, int]:
    """A quota as calls, and the seconds after which they are granted anew."""
    return max(1, int(Fraction(quota.count))), UNIT_SECONDS[quota.per]


PARTS: Sequence[str] = ("inbound", "backend", "outbound", "on-error")


def _empty(base: bool = False) -> Element:
    """Policies that do nothing; with `base`, what is said for all."""
    root = Element("policies")
    for name in PARTS:
        part = SubElement(root, name)
        if base:
            SubElement(part, "base")
    return root


def _part(root: Element, name: str) -> Element:
    found = root.find(name)
    assert found is not None
    return found


def _printed(root: Element) -> str:
    indent(root)
    return tostring(root, encoding="unicode")
