"""A resource as a rule reads it: the same for our graph and for anybody's template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Graph
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["Thing", "Things", "things_of"]


class Thing(Value):
    """One resource."""

    type: str
    """As ARM writes it: `Microsoft.Storage/storageAccounts`."""
    name: str
    location: str | None = None
    body: Mapping[str, Any] = field(hash=False)
    """What stands beside name and location: `sku`, `properties`, …; expressions that are not known stay."""
    part: str | None = None
    """Of our graph: the part that asked for it."""
    place: Place | None = None
    own: str | None = None
    """Of our graph: its name on Azure, without those of its parents; None: only the deployment knows it."""

    @property
    def called(self) -> str:
        """Its name on Azure, without those of its parents: `azure.extensions` of `server/azure.extensions`."""
        return self.own or self.name.rpartition("/")[2]

    def at(self, path: str) -> Any:
        """The value at a path, `properties.network.delegatedSubnetResourceId`; None: absent or not known."""
        return Body(self.body).at(path)

    def says(self, path: str) -> bool:
        """Whether anything stands there, known or not."""
        value: Any = self.body
        for step in path.split("."):
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            elif isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return False
        return True


class Things(Value):
    """All resources of a graph or template."""

    all: tuple[Thing, ...]

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Thing, ...]]:
        """By type in lower case: ARM does not mind the case."""
        found: dict[str, list[Thing]] = {}
        for thing in self.all:
            found.setdefault(thing.type.lower(), []).append(thing)
        return {type: tuple(things) for type, things in found.items()}

    def of(self, *types: str) -> Iterator[Thing]:
        for type in types:
            yield from self.by_type.get(type.lower(), ())


def things_of(graph: Graph) -> Things:
    """The resources of a graph."""
    return Things(
        all=tuple(
            Thing(
                type=resource.type,
                name=resource.symbol,
                location=resource.location,
                body=resource.body,
                part=resource.part,
                own=resource.ref.name if isinstance(resource.ref.name, str) else None,
            )
            for resource in graph.resources
        )
    )
