"""Leads every reference between parts and targets to the part as it now is.

A system file holds parts as they were first written; a variant may have changed them since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from operator import is_
from types import MappingProxyType
from typing import Any, TypeVar

from seatrial.model.parts import Part, references
from seatrial.model.targets import Availability, Budget, Latency, Recovery, Target, UnitCost
from seatrial.model.value import PLAIN, Value

__all__ = ["joined", "rebudget", "retarget", "subject"]

V = TypeVar("V", bound=Value)


def joined(parts: Iterable[Part]) -> dict[str, Part]:
    """The parts by name, each naming the others as they are among these.

    Raises KeyError when one names a part that is not there.
    """
    now = {part.name: part for part in parts}
    done: dict[str, Part] = {}

    def join(value: Any) -> Any:
        if type(value) in PLAIN:
            return value
        match value:
            case Part():
                if value.name not in done:
                    part = now[value.name]
                    done[value.name] = _with(part, join)
                return done[value.name]
            case Value():
                return _with(value, join) if any(True for _ in references(value)) else value
            case tuple():
                items = tuple([join(each) for each in value])
                return value if all(map(is_, items, value)) else items
            case Mapping():
                named = {key: join(each) for key, each in value.items()}
                return value if all(map(is_, named.values(), value.values())) else MappingProxyType(named)
            case _:
                return value

    return {name: join(part) for name, part in now.items()}


def _with(value: V, join: Callable[[Any], Any]) -> V:
    """The same value, with everything in it that names a part led to the part as it now is."""
    fields = vars(value)
    new = {name: join(each) for name, each in fields.items() if name != "place"}
    changed = {name: each for name, each in new.items() if each is not fields[name]}
    return replace(value, **changed) if changed else value


def retarget(target: Target, parts: dict[str, Part]) -> Target:
    match target:
        case Latency():
            service: Any = parts[target.endpoint.service.name]
            return replace(target, endpoint=replace(target.endpoint, service=service))
        case Recovery():
            store: Any = parts[target.part.name]
            return replace(target, part=store)
        case Availability():
            whole: Any = None if target.of is None else parts[target.of.name]
            return replace(target, of=whole)
        case UnitCost():
            counted = None if target.of is None else parts[target.of.name]
            return replace(target, of=counted)


def rebudget(budget: Budget | None, parts: dict[str, Part]) -> Budget | None:
    if budget is None:
        return None
    told: Any = tuple(parts[contact.name] for contact in budget.tell)
    return replace(budget, tell=told)


def subject(target: Target) -> object:
    """What a target is about: a variant's target takes the place of the system's about the same."""
    match target:
        case Latency(endpoint=endpoint):
            return ("latency", endpoint.service.name, endpoint.method, endpoint.path)
        case Recovery(part=part):
            return ("recovery", part.name)
        case Availability(of=of):
            return ("availability", of.name if of is not None else None)
        case UnitCost(what=what):
            return ("unit cost", what)
