"""Diagnostic settings: what every resource has to say goes to the logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from seatrial.azure.graph import Resource
from seatrial.model import Plan


def of_all(made: Iterable[Resource], plan: Plan) -> Iterator[Resource]:
    """A setting for each resource whose type says anything."""
    yield from ()
