"""What a month may cost: a budget that tells somebody, and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp


def resources(at: Stamp) -> Iterator[Resource]:
    yield from ()
