"""A resource as a rule reads it: the same for our graph and for anybody's template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Graph
from seatrial.azure.values import Expression, plain
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["Thing", "Things", "Turn", "raw_at", "things_of"]


class Turn(Value):
    """When a template deploys a resource: after what it waits for, and else at once."""

    deployment: int
    """Which deployment it belongs to: 0 for the template itself, others for those in it."""
    after: tuple[str, ...] = ()
    """What it waits for: ids, names or symbolic names, with `…` or `{parameter}` for what is not known."""
    symbol: str | None = None
    """Its symbolic name, where the template has such names."""
    one_by_one: bool = False
    """Whether it is one of a loop whose turns wait for each other."""


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
    about: str | None = None
    """Of a right, a lock or a diagnostic setting: the type of what it is about, or `resource group`,
    `subscription`, `management group`, `tenant` when it is about all in it; None: not known."""
    ours: bool = False
    """Whether it comes of a system file, not of a template."""
    turn: Turn | None = None
    """Of a template: when it is deployed."""
    written_out: bool = True
    """Whether a template writes its name out; False: an expression gives it, or it is ours."""

    @property
    def called(self) -> str:
        """Its name on Azure without those of its parents: `azure.extensions` of `server/azure.extensions`."""
        return self.own or self.name.rpartition("/")[2]

    def at(self, path: str) -> Any:
        """The value at a path, `properties.network.delegatedSubnetResourceId`; None: absent or not known."""
        return Body(self.body).at(path)

    def or_default(self, path: str, default: Any) -> Any:
        """The value at a path; what Azure takes where nothing stands there; None: not known."""
        return default if raw_at(self.body, path) is None else self.at(path)

    def text(self, path: str) -> str | None:
        """The text at a path with `…` for what only the deployment knows; None: no text stands there."""
        value = raw_at(self.body, path)
        return plain(value, "…") if isinstance(value, str | Expression) else None

    def unknown(self, path: str) -> bool:
        """Whether something stands there, or above it, that only the deployment knows."""
        return isinstance(raw_at(self.body, path), Expression)

    def lacks(self, path: str) -> bool:
        """Whether nothing stands there: neither it nor anything above it waits for the deployment."""
        return raw_at(self.body, path) is None

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


def raw_at(body: Any, path: str) -> Any:
    """What stands at a path; the expression on the way to it, where one is; None: nothing."""
    for step in path.split("."):
        if isinstance(body, Mapping):
            body = body.get(step)
        elif isinstance(body, list | tuple) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, Expression):
            return body
        else:
            return None
    return body


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
        """Those of these types; `*`: all."""
        for type in types:
            yield from self.all if type == "*" else self.by_type.get(type.lower(), ())


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
                ours=True,
                written_out=False,
                about="resource group" if resource.scope is None else resource.scope.type,
            )
            for resource in graph.resources
        )
    )
