"""One graph of typed resources: what a system becomes on Azure.

All that is printed, priced, checked and shipped is read from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from graphlib import CycleError
from types import MappingProxyType
from typing import Any, Literal, get_args

from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.names import unfit
from seatrial.azure.stamp import ENVIRONMENT
from seatrial.azure.values import Expression, Guid, Id, Join, Out, Parameter, Ref, Text, expressions, plain
from seatrial.azure.versions import API_VERSIONS
from seatrial.model import Plan
from seatrial.model.value import Value

__all__ = ["MODULES", "Graph", "Module", "Resource"]

Module = Literal[
    "network", "watch", "identity", "registry", "vault", "data", "access", "compute", "edge", "alerts"
]
"""The concern of a resource, and the file it is printed to."""

MODULES: tuple[Module, ...] = get_args(Module)
"""In the order of need: a resource needs only those of its own module and of the modules before it."""

GROUND: tuple[Module, ...] = MODULES[: MODULES.index("compute")]
"""What must stand before images can be built and processes started."""


class Resource(Value):
    """One resource, whole."""

    ref: Ref
    module: Module
    region: str
    """The region whose share of the system it belongs to; what exists once belongs to the first."""
    symbol: str
    """Its name inside the generated files, in camel case, unique in its module and region: `papersServer`."""
    why: str
    """One sentence, without a full stop: what it is for. Becomes the comment above it."""
    part: str | None = None
    """The part that asked for it; None: the ground that all stand on."""
    location: str | None = None
    """A region, or `global`; None: the type has none."""
    tagged: bool = True
    """Whether the type takes tags."""
    body: Mapping[str, Any] = field(hash=False, default_factory=lambda: MappingProxyType({}))
    """All else that stands beside name and location: `sku`, `kind`, `identity`, `zones`, `properties`."""
    scope: Ref | None = None
    """The resource that it says something about, for role assignments, diagnostic settings and locks."""
    after: tuple[Ref, ...] = ()
    """Resources that must be there first although nothing here names them."""

    @property
    def type(self) -> str:
        return self.ref.type

    @property
    def api_version(self) -> str:
        return API_VERSIONS[self.type]

    @cached_property
    def said(self) -> tuple[Expression, ...]:
        """Every expression in it, those in the names of what it refers to included."""
        return expressions((self.body, self.ref, self.scope))

    @cached_property
    def needs(self) -> tuple[Ref, ...]:
        """Every resource that this one names, each once."""
        named: dict[Ref, None] = {}
        for expression in self.said:
            if isinstance(expression, _NAMING):
                named[expression.of] = None
        for ref in (self.ref.parent, self.scope, *self.after):
            if ref is not None:
                named[ref] = None
        return tuple(named)


_NAMING = (Id, Out)


class Graph(Value):
    """Everything a plan becomes, in an order in which it can be made: by concern, then by part."""

    plan: Plan
    resources: tuple[Resource, ...]

    @cached_property
    def by_ref(self) -> Mapping[Ref, Resource]:
        return {resource.ref: resource for resource in self.resources}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What an operator must choose, by name."""
        found = {
            each.name: each
            for resource in self.resources
            for each in resource.said
            if isinstance(each, Parameter)
        }
        return tuple(found[name] for name in sorted(found))

    def of(self, kind: str) -> tuple[Resource, ...]:
        """All resources of one type."""
        return self._by_type.get(kind, ())

    @cached_property
    def _by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return {kind: tuple(each) for kind, each in found.items()}


def assembled(plan: Plan, resources: Iterable[Resource]) -> Graph:
    """The graph of these resources. The same one may come more than once.

    Raises:
        Refused: two resources share a name, or a name does not satisfy its type.
    """
    found: dict[tuple[Ref, Ref | None], Resource] = {}
    troubles: list[Trouble] = []
    follow: list[Trouble] = []  # names made of the names of others: not told where those are told already
    for resource in resources:
        earlier = found.setdefault((resource.ref, resource.scope), resource)
        if earlier is not resource and earlier != resource:
            shared = follow if isinstance(resource.ref.name, Guid) else troubles
            shared.append(_shared_name(plan, earlier, resource))
    taken: dict[tuple[object, ...], Resource] = {}
    for resource in found.values():  # Azure compares names without regard to case
        key = (
            resource.type.lower(),
            *(_folded(name) for name in resource.ref.names),
            resource.scope,
        )
        earlier = taken.setdefault(key, resource)
        if earlier is not resource:
            troubles.append(_shared_name(plan, earlier, resource))
        if wrong := unfit(resource.type, resource.ref.name):
            troubles.append(
                Trouble.about(
                    plan, resource.part, f"{resource.type} {plain(resource.ref.name)}: {wrong}", _RENAME
                )
            )
    troubles += _shared_parameters(plan, found.values())
    if troubles or follow:
        raise Refused(troubles or follow)
    return Graph(plan=plan, resources=tuple(_ordered(tuple(found.values()))))


OWN_PARAMETERS = frozenset({"environment", "location", "stage", "tags"})
"""Those that every deployment has."""


def _shared_parameters(plan: Plan, found: Iterable[Resource]) -> Iterator[Trouble]:
    """Two parts that would ask an operator for different things by one name."""
    asked: dict[str, Expression] = {}
    for resource in found:
        for each in resource.said:
            if isinstance(each, Parameter) and each != ENVIRONMENT:
                taken = each.name in OWN_PARAMETERS
                if taken or asked.setdefault(each.name, each) != each:
                    what = f"its deployment would ask for {each.name}, and another already asks for that"
                    yield Trouble.about(plan, resource.part, what, _RENAME)


def _folded(name: Text) -> object:
    """A name without regard to case; names that only the deployment knows differ by what they are made of."""
    match name:
        case str():
            return name.lower()
        case Join(pieces=pieces):
            return tuple(_folded(piece) for piece in pieces)
        case _:
            return name


_RENAME = "give the part a name that is shorter, or other"


def _shared_name(plan: Plan, one: Resource, other: Resource) -> Trouble:
    both = f"{one.why}; {other.why}"
    what = f"two resources of {other.type} are called {plain(other.ref.name)}: {both}"
    return Trouble.about(plan, other.part or one.part, what, "give one of the two parts another name")


def _ordered(found: Sequence[Resource]) -> list[Resource]:
    """By module, in it as they came, so that what serves a part stands together; each after its needs."""
    by_ref = {each.ref: each for each in found}
    placed: dict[int, bool] = {}  # by the id of a resource; False: its needs are being placed
    ordered: list[Resource] = []

    def place(resource: Resource) -> None:
        if id(resource) in placed:
            if not placed[id(resource)]:
                raise CycleError(f"{resource.symbol} needs itself", [resource.ref])
            return
        placed[id(resource)] = False
        for ref in resource.needs:
            if need := by_ref.get(ref):
                place(need)
        placed[id(resource)] = True
        ordered.append(resource)

    for resource in found:
        place(resource)
    regions = {region: index for index, region in enumerate(dict.fromkeys(each.region for each in found))}
    return sorted(ordered, key=lambda each: (MODULES.index(each.module), regions[each.region]))
