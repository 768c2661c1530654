"""Static Web Apps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Text
from seatrial.model import Site


def resources(part: Site, at: Stamp) -> Iterator[Resource]:
    yield from ()


def variables(part: Site, at: Stamp) -> Mapping[str, Text]:
    """What its users are given."""
    return {}
