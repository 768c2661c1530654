"""Alert rules: on metrics, on the logs, and on what Azure says of itself."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.azure import contacts, logs, secret
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.periods import iso8601
from seatrial.azure.readings import Reading, exists_once, reading
from seatrial.azure.regions import called
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Known, Ref, Text, join
from seatrial.model import Alert, Contact, Duration, Log, Metric, Severity

__all__ = ["contact_resources", "resources"]

SEVERITIES: Mapping[Severity, int] = {"critical": 0, "high": 1, "medium": 2, "low": 3}
"""As Azure numbers them: critical, error, warning, informational.
Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-overview"""

METRIC_WINDOWS = (1, 5, 15, 30, 60, 360, 720, 1440)
METRIC_STEPS = (1, 5, 15, 30, 60)
"""The minutes that a metric alert may look back, and those between two looks.
Source: `window_size` and `frequency` in
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_metric_alert"""

LOG_WINDOWS = (5, 10, 15, 30, 45, 60, 120, 180, 240, 300, 360, 1440, 2880)
LOG_STEPS = (5, 10, 15, 30, 45, 60)
"""The same for questions to the logs. Every minute would be possible too, but costs more and forbids much of
Kusto; less often than every hour is too late.
Source: `window_duration` and `evaluation_frequency` in
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_scheduled_query_rules_alert_v2"""

MOST_CONTACTS = 5
"""Of one rule.
Source: https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups"""

NEAR_EXPIRY = 'AZKVAuditLogs | where OperationName == "SecretNearExpiryEventGridNotification"'


def contact_resources(part: Contact, at: Stamp) -> Iterator[Resource]:
    """The action group; and what the first contact is told without asking.

    That is: trouble that Azure itself has in these regions, and secrets that are to be replaced.
    """
    if at.first:
        yield contacts.group(part, at)
    if part == at.plan.of(Contact)[0]:
        if at.first:
            yield _azure_troubles(part, at)
        if secret.rotating(at.plan):
            yield _secrets_expire(part, at)


def _azure_troubles(part: Contact, at: Stamp) -> Resource:
    """Source: https://learn.microsoft.com/azure/service-health/alerts-activity-log-service-notifications-arm"""
    title = "Azure itself has trouble in a region of this system"
    regions = [*(called(region) for region in at.plan.regions), "Global"]
    kinds = ("Incident", "Security", "ActionRequired")
    conditions: list[Mapping[str, Any]] = [
        {"field": "category", "equals": "ServiceHealth"},
        {"anyOf": [{"field": "properties.incidentType", "equals": kind} for kind in kinds]},
        {
            "field": "properties.impactedServices[*].ImpactedRegions[*].RegionName",
            "containsAny": regions,
        },
    ]
    rule = _activity(title, conditions, join("/subscriptions/", Known(what="subscription")), [part])
    return _rule("activityLogAlerts", "azure-has-trouble", title, part.name, rule, at, "global")


def _activity(
    what: str, conditions: Sequence[Mapping[str, Any]], scope: Text, tell: Sequence[Contact]
) -> dict[str, Any]:
    return {
        "description": what,
        "enabled": True,
        "scopes": [scope],
        "condition": {"allOf": list(conditions)},
        "actions": {"actionGroups": [{"actionGroupId": Id(of=contacts.ref(each))} for each in tell]},
    }


def _secrets_expire(part: Contact, at: Stamp) -> Resource:
    """See secret.py for what the vault writes, and when."""
    title = "A secret is to be replaced within 30 days"
    rule = _query(NEAR_EXPIRY, 0, Duration.parse("1 day"), title, "medium", [part], at)
    name = at.name("secrets-expire")
    return _rule("scheduledQueryRules", name, title, part.name, rule, at, at.region)


def resources(part: Alert, at: Stamp) -> Iterator[Resource]:
    """One rule in each region; in the first only, for what stands there only.

    Raises:
        Refused: the measure is not there, or cannot be watched over so long a time; or too many are told.
    """
    if len(part.tell) > MOST_CONTACTS:
        what = f"tells {len(part.tell)} contacts; a rule of Azure tells {MOST_CONTACTS}"
        hint = "gather the addresses of some of them in one contact"
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    if isinstance(part.when, Metric):
        once = exists_once(part.when.part)
        if at.first or not once:
            rule = _metric(part, reading(part.when, at, part.name), at)
            name = part.name if once else at.name(part.name)
            yield _rule("metricAlerts", name, _said(part), part.name, rule, at, "global")
    elif operation := _operation(part, part.when, at):
        if at.first:
            rule = _operation_done(part, operation)
            yield _rule("activityLogAlerts", part.name, _said(part), part.name, rule, at, "global")
    else:
        if part.within > _minutes(LOG_WINDOWS[-1]):
            raise _too_long(part, LOG_WINDOWS[-1], at)
        rule = _query(
            part.when.query, part.above or 0, part.within, _said(part), part.severity, part.tell, at
        )
        name = at.name(part.name)
        yield _rule("scheduledQueryRules", name, _said(part), part.name, rule, at, at.region)


_UNITS = {
    **dict.fromkeys(("cpu", "memory", "connections", "storage used"), "%"),
    **dict.fromkeys(("storage free", "traffic out"), "bytes"),
    "response time": "s",
}


def _said(part: Alert) -> str:
    """What an alert means: as its author said, or what it measures."""
    if part.title != part.name or not isinstance(part.when, Metric):
        return part.title
    side, limit = ("above", part.above) if part.above is not None else ("below", part.below)
    amount = f"{limit:,g}" if limit is not None else ""
    measure, unit = part.when.measure, _UNITS.get(part.when.measure, "")
    return f"{measure[:1].upper()}{measure[1:]} of {part.when.part.name} {side} {amount} {unit}".rstrip()


def _rule(
    kind: str, name: str, title: str, part: str, properties: Mapping[str, Any], at: Stamp, location: str
) -> Resource:
    return Resource(
        ref=Ref(type=f"Microsoft.Insights/{kind}", name=name),
        module="alerts",
        region=at.region,
        symbol=camel(name.removesuffix(f"-{at.region}"), "alert"),
        why=title.rstrip("."),
        part=part,
        location=location,
        body={"properties": properties},
    )


def _metric(part: Alert, read: Reading, at: Stamp) -> dict[str, Any]:
    limit = part.above if part.above is not None else part.below
    assert limit is not None  # the model sees to it
    if part.within > _minutes(METRIC_WINDOWS[-1]):
        raise _too_long(part, METRIC_WINDOWS[-1], at)
    window = _at_least(max(part.within, _minutes(read.gauge.grain)), METRIC_WINDOWS)
    return {
        "description": _said(part),
        "severity": SEVERITIES[part.severity],
        "enabled": True,
        "scopes": [Id(of=read.of)],
        "evaluationFrequency": iso8601(_minutes(_step(window, METRIC_STEPS))),
        "windowSize": iso8601(_minutes(window)),
        "autoMitigate": True,
        "criteria": {
            "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [
                {
                    "name": camel(part.name),
                    "criterionType": "StaticThresholdCriterion",
                    "metricNamespace": read.of.type,
                    "metricName": read.gauge.metric,
                    "timeAggregation": read.gauge.aggregation,
                    "operator": "GreaterThan" if part.above is not None else "LessThan",
                    "threshold": _whole(limit * read.scale),
                    "dimensions": [
                        {"name": name, "operator": "Include", "values": list(values)}
                        for name, values in read.where
                    ],
                }
            ],
        },
        "actions": [{"actionGroupId": Id(of=contacts.ref(each))} for each in part.tell],
    }


def _query(
    query: str,
    above: float,
    within: Duration,
    title: str,
    severity: Severity,
    tell: Sequence[Contact],
    at: Stamp,
) -> dict[str, Any]:
    window = _at_least(within, LOG_WINDOWS)
    return {
        "displayName": title,
        "description": title,
        "severity": SEVERITIES[severity],
        "enabled": True,
        "scopes": [Id(of=logs.workspace(at))],
        "evaluationFrequency": iso8601(_minutes(_step(window, LOG_STEPS))),
        "windowSize": iso8601(_minutes(window)),
        "autoMitigate": True,
        # A table is there only after the first row of it, which comes after this rule.
        "skipQueryValidation": True,
        "criteria": {
            "allOf": [
                {
                    "query": query,
                    "timeAggregation": "Count",
                    "operator": "GreaterThan",
                    "threshold": _whole(above),
                    "failingPeriods": {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1},
                }
            ]
        },
        "actions": {"actionGroups": [Id(of=contacts.ref(each)) for each in tell]},
    }


_OPERATION = re.compile(r"\s*AzureActivity\s*\|\s*where\s+OperationNameValue\s*=~\s*['\"]([^'\"]+)['\"]\s*")


def _operation(part: Alert, when: Log, at: Stamp) -> str | None:
    """The operation that a question to Azure's own activity log waits for; None: it asks something else.

    The activity log belongs to the subscription and is not among the logs of a system, so such a question
    becomes a rule on the activity log itself, which waits for one operation in the resource group.
    """
    if not when.query.lstrip().startswith("AzureActivity"):
        return None
    found = _OPERATION.fullmatch(when.query)
    if found is None or part.above:
        what = "the activity log of Azure is not among the logs of a system"
        hint = "wait for one operation: log(\"AzureActivity | where OperationNameValue =~ '…'\"), above=0"
        raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    return found[1]


def _operation_done(part: Alert, operation: str) -> dict[str, Any]:
    """Source: https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-activity-log"""
    group = join(
        "/subscriptions/", Known(what="subscription"), "/resourceGroups/", Known(what="resource group")
    )
    conditions = [
        {"field": "category", "equals": "Administrative"},
        {"field": "operationName", "equals": _spelled(operation)},
    ]
    return _activity(_said(part), conditions, group, part.tell)


def _spelled(operation: str) -> str:
    """Azure compares without regard to case; this is how its documentation writes operations."""
    return operation.lower().replace("microsoft.", "Microsoft.", 1)


def _too_long(part: Alert, most: int, at: Stamp) -> Refused:
    kind = "a metric" if isinstance(part.when, Metric) else "a question to the logs"
    what = f"within={part.within}: {kind} can be watched over {_minutes(most)} at most"
    return Refused([Trouble.about(at.plan, part.name, what, f'within="{_minutes(most)}"')])


def _minutes(count: int) -> Duration:
    return Duration(count * 60_000_000)


def _at_least(within: Duration, legal: Sequence[int]) -> int:
    """The shortest window that Azure knows and that is no shorter, in minutes."""
    wanted = math.ceil(within.seconds / 60)
    return next(each for each in legal if each >= wanted)


def _step(window: int, legal: Sequence[int]) -> int:
    """How often it is looked: four times in a window, where Azure knows that."""
    return max((each for each in legal if each <= window / 4), default=legal[0])


def _whole(number: float) -> int | float:
    """An integer where it is one, as not every template language knows others."""
    return round(number) if abs(number) >= 10 or number == round(number) else number
