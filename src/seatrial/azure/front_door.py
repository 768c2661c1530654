"""Front Door and its firewall."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import FrontDoor


def resources(part: FrontDoor, at: Stamp) -> Iterator[Resource]:
    yield from ()
