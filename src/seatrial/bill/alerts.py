"""What alerts are charged for: rules, messages, tests from outside.

Rules on the activity log cost nothing. A rule on a metric is charged by the series it watches, of which ten
in a subscription are free; one on the logs by how often it asks, and the faster the dearer.

Sources: https://azure.microsoft.com/pricing/details/monitor/ and
https://learn.microsoft.com/azure/azure-monitor/fundamentals/cost-usage#alerts
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import prod
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import many, one_or_more
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted
from seatrial.model import Contact

__all__ = ["action_group", "log_rule", "metric_rule", "web_test"]

FREQUENCIES = (1, 5, 10, 15)
"""The minutes between two questions that have a price; what asks less often has that of the last."""

NOTICES = Range(Decimal(5), Decimal(30), Decimal(300))
"""Messages of all rules in a month: one for each trouble, and one when it is over."""


def metric_rule(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """By the series that is watched: one for each condition, resource and value of a dimension."""
    body = Body(resource.body)
    scopes = max(body.many("properties.scopes"), 1)
    conditions = body.at("properties.criteria.allOf") or ()
    series = scopes * sum(map(_series, conditions))
    formula = one_or_more(scopes, "resource") + f" × {one_or_more(len(conditions), 'condition')}"
    if series != scopes * len(conditions):
        formula += f", {series} series by their dimensions"
    yield Charge(
        what="watched series",
        meter=_monitor("Alerts Metric Monitored", "Alerts", resource, reckoning),
        quantity=exactly(series),
        formula=f"{formula}; 10 are free in a subscription",
        steady=True,
    )
    learnt = scopes * sum(_series(each) for each in conditions if _learns(each))
    if learnt:
        yield Charge(
            what="learnt thresholds",
            meter=_monitor("Alerts Dynamic Threshold", "Alerts", resource, reckoning),
            quantity=exactly(learnt),
            formula=f"{learnt} series whose threshold is learnt",
            steady=True,
        )


def _series(condition: Mapping[str, Any]) -> int:
    """Of one resource: each combination of the values that are told apart. `*` counts as one value."""
    return prod(max(len(each.get("values", ())), 1) for each in condition.get("dimensions", ()))


def _learns(condition: Mapping[str, Any]) -> bool:
    return condition.get("criterionType") == "DynamicThresholdCriterion"


def log_rule(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """By how often it asks; where it tells dimensions apart, by each of them instead."""
    body = Body(resource.body)
    every = _minutes(str(body.at("properties.evaluationFrequency")))
    charged = max((each for each in FREQUENCIES if each <= every), default=FREQUENCIES[0])
    apart = sum(_dimensions(each) for each in body.at("properties.criteria.allOf") or ())
    kind, number = ("Resource", apart) if apart else ("System Log", 1)
    formula = f"asks every {counted(Decimal(every))} min"
    if charged != every:
        formula += f", charged as every {charged}"
    if apart:
        formula += f", {one_or_more(apart, 'series')}"
    yield Charge(
        what="rule on the logs",
        meter=_monitor(
            f"Alerts {kind} Monitored at {charged} Minute Frequency", "Alerts", resource, reckoning
        ),
        quantity=exactly(number),
        formula=formula,
        steady=True,
    )


def _dimensions(condition: Mapping[str, Any]) -> int:
    return _series(condition) if condition.get("dimensions") else 0


def _minutes(duration: str) -> int:
    """Of an ISO 8601 duration in whole minutes: `PT5M`, `PT1H`, `P1D`."""
    found = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", duration)
    assert found is not None, duration
    days, hours, minutes = (int(each or 0) for each in found.groups())
    return (days * 24 + hours) * 60 + minutes


# -- who is told ----------------------------------------------------------------------------------------

RECEIVERS: Mapping[str, tuple[str, str, str]] = {
    "emailReceivers": ("mails", "Emails", "Emails"),
    "azureAppPushReceivers": ("push messages", "Notifications Push Notification", "Notifications"),
    "itsmReceivers": ("tickets", "Notifications ITSM Connector Create/Update Event", "Notifications"),
}
"""By member of the body: what is sent, the meter, its SKU."""


def action_group(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the message to each receiver, beyond many that are free."""
    part = reckoning.part_of(resource, Contact)
    rules = sum(1 for each in reckoning.graph.resources if resource.ref in each.needs)
    if not rules:
        yield Free(what="action group", why="no rule tells it anything")
        return
    why = "of all its alerts: one for each trouble, one when it is over"
    notices = reckoning.figure("notices", part, assumed=NOTICES, why=why)
    properties = resource.body["properties"]
    sent: dict[tuple[str, str, str], int] = {}
    for member, kind in RECEIVERS.items():
        sent[kind] = len(properties.get(member, ()))
    for each in properties.get("webhookReceivers", ()):
        secure = each.get("useAadAuth", False)
        name = "Notifications Secure web hook" if secure else "Notifications Web hook"
        kind = ("web hooks", name, "Notifications")
        sent[kind] = sent.get(kind, 0) + 1
    for each in properties.get("smsReceivers", ()):
        country = f"SMS Country Code {each.get('countryCode')}"
        kind = ("text messages", f"{country} Notification", country)
        sent[kind] = sent.get(kind, 0) + 1
    for member, each in properties.items():
        if member.endswith("Receivers") and member not in (*RECEIVERS, "webhookReceivers", "smsReceivers"):
            sent[member, member, member] = len(
                each
            )  # of which no meter is known, so that the bill is refused
    for (what, name, sku), receivers in sent.items():
        if receivers:
            yield Charge(
                what=what,
                meter=_monitor(name, sku, resource, reckoning),
                quantity=notices * receivers,
                formula=f"{many(notices)} messages × {one_or_more(receivers, 'receiver')}",
            )


# -- tests from outside ---------------------------------------------------------------------------------


def web_test(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the execution in each place. Source: https://learn.microsoft.com/azure/azure-monitor/app/availability"""
    body = Body(resource.body)
    if str(body.at("properties.Kind") or body.at("kind")) == "ping":
        yield Free(what="availability test", why="classic tests of one address cost nothing")
        return
    every, places = int(body.at("properties.Frequency") or 300), body.many("properties.Locations")
    yield Charge(
        what="executions",
        meter=_monitor("Standard Web Test Execution", "Standard Web Test", resource, reckoning),
        quantity=exactly(Decimal(HOURS * 3600 * places) / every),
        formula=f"{HOURS} h ÷ {every} s × {one_or_more(places, 'place')}",
        steady=True,
    )


def _monitor(name: str, sku: str, resource: Resource, reckoning: Reckoning) -> Meter:
    """What stands in no region is charged in the first, so that what is free of it is given once."""
    region = reckoning.plan.region if resource.location == "global" else resource.region
    return Meter(service="Azure Monitor", product="Azure Monitor", name=name, sku=sku, region=region)
