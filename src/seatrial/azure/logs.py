"""Log Analytics and Application Insights."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref


def workspace(at: Stamp) -> Ref:
    """Where the logs of a region go."""
    return Ref(type="Microsoft.OperationalInsights/workspaces", name=at.name(f"{at.plan.name}-logs"))


def insights(at: Stamp) -> Ref:
    """Where traces and measures of the processes go."""
    return Ref(type="Microsoft.Insights/components", name=at.name(f"{at.plan.name}-insights"))


def resources(at: Stamp) -> Iterator[Resource]:
    yield from ()
