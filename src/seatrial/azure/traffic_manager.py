"""Traffic Manager."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import TrafficManager


def resources(part: TrafficManager, at: Stamp) -> Iterator[Resource]:
    yield from ()
