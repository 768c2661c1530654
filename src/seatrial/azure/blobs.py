"""Storage accounts, containers and their life cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.access import Use
from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Text
from seatrial.model import Blobs, Process


def resources(part: Blobs, at: Stamp) -> Iterator[Resource]:
    yield from ()


def variables(part: Blobs, at: Stamp) -> Mapping[str, Text]:
    """What its users are given."""
    return {}


def rights(part: Blobs, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it."""
    yield from ()
