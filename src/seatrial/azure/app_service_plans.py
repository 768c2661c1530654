"""Plans of App Service: machines that services share, and what makes them more or fewer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import AppServicePlan, Service
from seatrial.model.scaling import Cpu, Memory

__all__ = ["SIZES", "farm", "grows", "machines", "plan_resources"]

SIZES: Mapping[str, tuple[int, int]] = {
    "P0v3": (1, 4),
    "P1v3": (2, 8),
    "P1mv3": (2, 16),
    "P2v3": (4, 16),
    "P2mv3": (4, 32),
    "P3v3": (8, 32),
}
"""Cores and GiB, the cheapest first.

Source: https://learn.microsoft.com/azure/app-service/app-service-configure-premium-v3-tier
"""

OUT_ABOVE = 70
"""The share of the cores above which a plan grows whose services say nothing of cores or memory."""


def farm(name: str, at: Stamp) -> Ref:
    """The machines of a plan: of the part of that name."""
    return Ref(type="Microsoft.Web/serverfarms", name=at.name(name))


def plan_resources(part: AppServicePlan, at: Stamp) -> Iterator[Resource]:
    """The machines of a plan, and what makes them more or fewer."""
    for wrong, hint in _wrong_with(part, at):
        raise Refused([Trouble.about(at.plan, part.name, wrong, hint)])
    processes = [each for each in at.plan.of(Service) if each.host == part]
    yield from machines(part.name, part.name, part.size, part.instances, part.zones, processes, at)


def _wrong_with(part: AppServicePlan, at: Stamp) -> Iterator[tuple[str, str]]:
    if re.fullmatch(r"[FD]\d", part.size, re.IGNORECASE):
        yield f"{part.size} machines cannot join a network", 'size="P0v3" is the smallest that we deploy on'
    if part.instances[0] < part.instances[1] and not grows(part.size):
        yield f"{part.size} machines do not scale by themselves", 'choose a premium size, as "P0v3"'
    if part.zones and not has_zones(at.region):
        yield f"{at.region} has no availability zones", "zones=False, or another region"
    if part.zones and part.instances[0] < 2:
        # https://learn.microsoft.com/azure/reliability/reliability-app-service
        yield "fewer than two machines cannot be spread over zones", "instances=(2, …)"


def grows(size: str) -> bool:
    """Whether a size has slots and scales by itself: Standard, Premium and Isolated do, Basic does not.

    Source:
    https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
    """
    return size[:1].upper() in "SPI"


def machines(
    name: str,
    part: str,
    size: str,
    instances: tuple[int, int],
    zones: bool,
    processes: list[Service],
    at: Stamp,
) -> Iterator[Resource]:
    fewest, most = instances
    ref = farm(name, at)
    shared = ", ".join(each.name for each in processes) or "no service yet"
    yield Resource(
        ref=ref,
        module="compute",
        region=at.region,
        symbol=camel(name, "farm"),
        why=f"Machines of App Service for {shared}",
        part=part,
        location=at.region,
        body={
            "kind": "linux",
            "sku": {"name": size, "capacity": fewest},
            "properties": {"reserved": True, "zoneRedundant": zones},
        },
    )
    if most > fewest:
        yield _autoscale(name, part, instances, processes, at)


def _autoscale(
    name: str, part: str, instances: tuple[int, int], processes: list[Service], at: Stamp
) -> Resource:
    """Out by the strictest rule of the plan's services, in at half of it, so that the two never quarrel.

    Requests under way are not measured by App Service: a service that scales by them scales by its cores.
    Source: https://learn.microsoft.com/azure/azure-monitor/autoscale/autoscale-best-practices
    """
    rules = [rule for each in processes for rule in each.scale]
    cores = [rule.percent for rule in rules if isinstance(rule, Cpu)]
    memories = [rule.percent for rule in rules if isinstance(rule, Memory)]
    limits = {"CpuPercentage": min(cores, default=OUT_ABOVE)} if cores or not memories else {}
    if memories:
        limits["MemoryPercentage"] = min(memories)
    fewest, most = (str(each) for each in instances)
    ref = Ref(type="Microsoft.Insights/autoscalesettings", name=at.name(f"{name}-scale"))
    return Resource(
        ref=ref,
        module="compute",
        region=at.region,
        symbol=camel(name, "scale"),
        why=f"Gives {name} more machines when they are busy, and takes them back",
        part=part,
        location=at.region,
        body={
            "properties": {
                "enabled": True,
                "name": str(ref.name),
                "targetResourceUri": Id(of=farm(name, at)),
                "profiles": [
                    {
                        "name": "always",
                        "capacity": {"minimum": fewest, "maximum": most, "default": fewest},
                        "rules": [
                            rule
                            for metric, limit in limits.items()
                            for rule in (
                                _rule(metric, "GreaterThan", limit, "PT5M", farm(name, at)),
                                _rule(metric, "LessThan", limit // 2, "PT10M", farm(name, at)),
                            )
                        ],
                    }
                ],
            }
        },
    )


def _rule(metric: str, operator: str, limit: int, window: str, of: Ref) -> dict[str, Any]:
    return {
        "metricTrigger": {
            "metricName": metric,
            "metricNamespace": "Microsoft.Web/serverfarms",
            "metricResourceUri": Id(of=of),
            "timeGrain": "PT1M",
            "statistic": "Average",
            "timeWindow": window,
            "timeAggregation": "Average",
            "operator": operator,
            "threshold": limit,
        },
        "scaleAction": {
            "direction": "Increase" if operator == "GreaterThan" else "Decrease",
            "type": "ChangeCount",
            "value": "1",
            "cooldown": "PT5M",
        },
    }
