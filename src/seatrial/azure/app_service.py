"""App Service: plans and apps."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import AppServicePlan, Process


def plan_resources(part: AppServicePlan, at: Stamp) -> Iterator[Resource]:
    yield from ()


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    yield from ()
