"""Application Gateway and its firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Text
from seatrial.model import ApplicationGateway


def resources(part: ApplicationGateway, at: Stamp) -> Iterator[Resource]:
    yield from ()


def variables(part: ApplicationGateway, at: Stamp) -> Mapping[str, Text]:
    """What its users are given."""
    return {}
