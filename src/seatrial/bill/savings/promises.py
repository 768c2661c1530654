"""What a plan promises, and which of it a change would break or put in question."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.bill.traffic import entrances
from seatrial.model import (
    Alert,
    Availability,
    Latency,
    Metric,
    Part,
    Plan,
    Process,
    Recovery,
    Service,
    Temporal,
)
from seatrial.model.plan import uses_of

__all__ = ["availability_above", "recovery_of", "to_prove_again", "watching"]


def recovery_of(plan: Plan, part: Part) -> tuple[str, ...]:
    """The promise that a store is back in time, in words; nothing where none is made."""
    return tuple(
        f"{part.name} back within {target.back_within}, {target.loses_at_most} lost at most"
        for target in plan.targets
        if isinstance(target, Recovery) and target.part.name == part.name
    )


def availability_above(plan: Plan, part: Part, share: Decimal) -> tuple[str, ...]:
    """The promises of an availability above `share` percent that need this part."""
    return tuple(
        f"{target.percent} of requests{f' to {target.of.name}' if target.of else ''} answered"
        for target in plan.targets
        if isinstance(target, Availability)
        and target.percent.value > share
        and any(part.name in _needs(each, plan) for each in _promised(target, plan))
    )


def to_prove_again(plan: Plan, part: Part) -> str:
    """Of the promised answer times that need this part, the strictest, as the end of a sentence."""
    found = [
        (time, target)
        for target in plan.targets
        if isinstance(target, Latency) and part.name in _needs(target.endpoint.service, plan)
        for time in (target.p95 or target.p99,)
        if time is not None
    ]
    if not found:
        return ""
    time, strictest = min(found, key=lambda each: each[0])
    address = f"{strictest.endpoint.method} {strictest.endpoint.path.partition('?')[0]}"
    return f"; whether {address} still answers in {time} at {strictest.at} is to be proved again"


def watching(plan: Plan, part: Part) -> str:
    """The alerts that would tell of a part which sleeps as if it were down, as the end of a sentence."""
    names = [
        alert.name
        for alert in plan.of(Alert)
        if isinstance(alert.when, Metric)
        and alert.when.part.name == part.name
        and alert.when.measure == "replicas"
        and alert.below is not None
    ]
    if not names:
        return ""
    alerts = "the alert" if len(names) == 1 else "the alerts"
    return f"; {alerts} {' and '.join(names)} would take that for a failure"


def _promised(target: Availability, plan: Plan) -> Iterator[Service]:
    """The services that are promised to answer; of a whole system, all that the world reaches."""
    if target.of is not None:
        yield target.of
    else:
        reached = entrances(plan)
        yield from (each for each in plan.of(Service) if each.name in reached)


def _needs(part: Part, plan: Plan) -> set[str]:
    """The names of a part and of all that it cannot work without."""
    found: set[str] = set()
    left = [part]
    while left:
        each = left.pop()
        if each.name in found:
            continue
        found.add(each.name)
        left.extend(uses_of(each))
        if isinstance(each, Process | Temporal) and isinstance(each.host, Part):
            left.append(each.host)
    return found
