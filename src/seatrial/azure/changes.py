"""What differs between two plans, and whether Azure can follow where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import lasting
from seatrial.azure.compile import graph
from seatrial.azure.graph import Resource
from seatrial.azure.lasting import IN_PLACE, Verdict
from seatrial.azure.values import plain
from seatrial.model import Part, Plan
from seatrial.model.mistakes import Shown
from seatrial.model.value import Value

__all__ = ["Change", "changes"]

INCREMENTAL = "https://learn.microsoft.com/azure/azure-resource-manager/templates/deployment-modes"


class Change(Value):
    """One thing that is not as it was."""

    part: str | None
    """None: the system itself, or the ground that all parts stand on."""
    field: str | None
    """Of the part, or the type of a resource that appears or disappears; None: the whole part does."""
    before: str
    """In words, as it is written in a system file; empty: it was not there."""
    after: str
    in_place: bool
    """Whether Azure changes it where it stands."""
    why: str
    """What happens; when not in place, what happens instead."""
    source: str


def changes(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Everything that differs: of the system, of each part, and then resource by resource.

    Raises:
        Refused: one of the plans asks for what Azure has not.
    """
    return (*_system(before, after), *_parts(before, after), *_resources(before, after))


_ELSEWHERE = Verdict(
    False,
    "everything is made anew in that region, data is moved, and names are pointed there",
    "https://learn.microsoft.com/azure/azure-resource-manager/management/move-resources-overview",
)
_MORE_REGIONS = Verdict(True, "what a region has is made in each new one; what is left stays", INCREMENTAL)
_OTHER_NAMES = Verdict(
    False,
    "names get their region behind them, or lose it, and Azure renames nothing: what they name is made anew, "
    "and the old stays until it is deleted",
    "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
)
_STAYS = Verdict(
    True, "a deployment leaves it where it is, with its data and its price, until it is deleted", INCREMENTAL
)
_APPEARS = Verdict(True, "the next deployment makes it", INCREMENTAL)


def _system(before: Plan, after: Plan) -> Iterator[Change]:
    if before.region != after.region:
        yield _change(None, "region", _said(before.region), _said(after.region), _ELSEWHERE)
    if before.also_in != after.also_in:
        alone = not (before.also_in and after.also_in)
        verdict = _OTHER_NAMES if alone else _MORE_REGIONS
        yield _change(None, "also_in", _said(before.also_in), _said(after.also_in), verdict)
    if before.budget != after.budget:
        old, new = (str(each.budget.limit) if each.budget else "" for each in (before, after))
        yield _change(None, "budget", old, new, IN_PLACE)


def _parts(before: Plan, after: Plan) -> Iterator[Change]:
    old = {part.name: part for part in before.parts}
    new = {part.name: part for part in after.parts}
    for name, part in old.items():
        if name not in new or type(new[name]) is not type(part):
            yield _change(name, None, _kind(part), "", _STAYS)
    for name, part in new.items():
        if name in old and type(old[name]) is type(part):
            yield from _fields(old[name], part)
        else:
            yield _change(name, None, "", _kind(part), _APPEARS)


def _fields(before: Part, after: Part) -> Iterator[Change]:
    for name, field in type(after).__dataclass_fields__.items():
        old, new = getattr(before, name), getattr(after, name)
        if field.compare and _said(old) != _said(new):
            yield _change(after.name, name, _said(old), _said(new), lasting.verdict(before, after, name))


def _said(value: object) -> str:
    """As it is written; a part by its name, since what changed in it is told with that part."""
    match value:
        case Shown():
            return value.shown()
        case Mapping():
            return "{" + ", ".join(f"{_said(key)}: {_said(each)}" for key, each in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(map(_said, value)) + "]"
        case Value():
            known = (f"{name}={_said(getattr(value, name))}" for name in type(value).__dataclass_fields__)
            return f"{type(value).__name__.lower()}({', '.join(known)})"
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _kind(part: Part) -> str:
    return type(part).__name__


def _resources(before: Plan, after: Plan) -> Iterator[Change]:
    old, new = graph(before).by_ref, graph(after).by_ref
    for ref, resource in old.items():
        if ref not in new:
            yield _change(resource.part, resource.type, _name(resource), "", _STAYS)
    for ref, resource in new.items():
        if ref not in old:
            yield _change(resource.part, resource.type, "", _name(resource), _APPEARS)


def _name(resource: Resource) -> str:
    return "/".join(plain(name, "*") for name in resource.ref.names)


def _change(part: str | None, field: str | None, before: str, after: str, of: Verdict) -> Change:
    return Change(
        part=part,
        field=field,
        before=before,
        after=after,
        in_place=of.in_place,
        why=of.why,
        source=of.source,
    )
