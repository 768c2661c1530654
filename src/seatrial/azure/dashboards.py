"""Workbooks."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import Dashboard


def resources(part: Dashboard, at: Stamp) -> Iterator[Resource]:
    yield from ()
