"""Container Apps: environment, apps and jobs."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import Process


def environment(at: Stamp) -> Ref:
    """The environment of a region."""
    return Ref(type="Microsoft.App/managedEnvironments", name=at.name(at.plan.name))


def app(name: str, at: Stamp) -> Ref:
    return Ref(type="Microsoft.App/containerApps", name=at.name(name))


def environment_resources(at: Stamp) -> Iterator[Resource]:
    yield from ()


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    yield from ()
