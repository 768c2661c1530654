"""Reads what stands in the body of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.azure.values import Expression

__all__ = ["Body"]


class Body:
    """What only the deployment knows is nothing here."""

    __slots__ = ("body",)

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body

    def at(self, path: str) -> Any:
        """The value at a path of names and indexes, `properties.template.containers.0`; None: not there."""
        value: Any = self.body
        for step in path.split("."):
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return None
        return None if isinstance(value, Expression) else value

    def many(self, path: str) -> int:
        """How many stand there."""
        value = self.at(path)
        return len(value) if isinstance(value, list | tuple | Mapping) else 0
