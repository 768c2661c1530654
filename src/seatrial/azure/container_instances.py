"""Container Instances."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import Process


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    yield from ()
