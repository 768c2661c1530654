"""A system as it is to be: frozen, checked, and the same every time it is read."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any, TypeVar

from seatrial.model.acceptance import Acceptance
from seatrial.model.mistakes import NoSuchPart, Place, did_you_mean
from seatrial.model.parts import (
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Cache,
    Documents,
    ModelApi,
    Part,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Secret,
    Service,
    Site,
    Temporal,
    references,
)
from seatrial.model.targets import Budget, Target
from seatrial.model.usage import Stated
from seatrial.model.value import Value

__all__ = ["Plan", "uses_of", "variables_of"]

P = TypeVar("P", bound=Part)

ANSWERING = (
    *(Postgres, Blobs, Queue, Cache, Documents),
    *(Service, Site, Sandbox, Temporal, ApiManagement, ApplicationGateway),
)
"""What answers at one address. A worker, job or schedule answers nobody; a front door answers the world."""


class Plan(Value):
    """One system, or one variant of it, with everything it is made of."""

    name: str
    title: str
    region: str
    """The first region, as `eastus2`: where what exists once stands."""
    also_in: tuple[str, ...]
    """Further regions that have everything again."""
    variant: str | None
    parts: tuple[Part, ...]
    """In the order in which they were written."""
    targets: tuple[Target, ...]
    budget: Budget | None
    usage: tuple[Stated, ...] = ()
    """What is expected of a month, each figure once; the load that the budget is for stands there."""
    accepted: tuple[Acceptance, ...] = ()
    """What is known and lived with."""
    place: Place = field(compare=False)

    def part(self, name: str) -> Part:
        """The part of that name. Raises NoSuchPart, which names those there are."""
        for part in self.parts:
            if part.name == name:
                return part
        hint = did_you_mean(name, (part.name for part in self.parts))
        raise NoSuchPart(f'{self.name} has no part "{name}": {hint}')

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region, the first one first."""
        return (self.region, *self.also_in)

    def of(self, kind: type[P]) -> tuple[P, ...]:
        """All parts of one kind, in the order in which they were written."""
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(part for part in self.parts if isinstance(part, kind))
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> dict[type[Part], tuple[Any, ...]]:
        """What `of` has answered: whoever makes a graph asks some hundred times."""
        return {}

    def in_order_of_need(self) -> tuple[Part, ...]:
        """Every part after all of the plan that it names; where need leaves it open, as they were written."""
        by_name = {part.name: part for part in self.parts}
        written = {name: index for index, name in enumerate(by_name)}
        needs: TopologicalSorter[str] = TopologicalSorter(
            {
                part.name: [named.name for _, named in references(part) if named.name in by_name]
                for part in self.parts
            }
        )
        needs.prepare()
        ready, ordered = list(needs.get_ready()), []
        while ready:
            first = min(ready, key=written.__getitem__)
            ready.remove(first)
            ordered.append(by_name[first])
            needs.done(first)
            ready.extend(needs.get_ready())
        return tuple(ordered)


def uses_of(part: Part) -> tuple[Part, ...]:
    """The parts whose addresses a part is given, in the order in which it names them."""
    if isinstance(part, Process):
        return tuple(dict.fromkeys(part.uses + part.reads + part.sends + part.receives))
    return (part.history,) if isinstance(part, Temporal) else ()


def variables_of(part: Part) -> tuple[str, ...]:
    """The environment variables that whoever uses the part is given.

    What answers at an address gives `<NAME>_URL`; a secret `<NAME>`; a model API `<NAME>_URL`,
    `<NAME>_MODEL` and `<NAME>_KEY`. No secret stands in a URL.
    """
    name = part.name.upper().replace("-", "_")
    if isinstance(part, Secret):
        return (part.variable,)
    if isinstance(part, ModelApi):
        return (f"{name}_URL", f"{name}_MODEL", f"{name}_KEY")
    return (f"{name}_URL",) if isinstance(part, ANSWERING) else ()
