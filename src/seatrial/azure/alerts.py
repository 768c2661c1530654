"""Action groups and alert rules."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.model import Alert, Contact


def contact_resources(part: Contact, at: Stamp) -> Iterator[Resource]:
    yield from ()


def resources(part: Alert, at: Stamp) -> Iterator[Resource]:
    yield from ()
