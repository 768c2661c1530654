"""A plan with some of its parts changed, as a variant would have it, when it has been read already.

Every reference between parts, every target and the budget then speak of the parts as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from seatrial.model.drafts import Draft, word_of
from seatrial.model.fields import FIELDS
from seatrial.model.joining import joined, rebudget, retarget
from seatrial.model.judging import judge
from seatrial.model.mistakes import Call, Mistake, ModelError
from seatrial.model.parts import Part, references
from seatrial.model.plan import Plan
from seatrial.model.targets import Target

__all__ = ["StillNamed", "changed", "mistakes_in", "rebuilt", "without"]


class StillNamed(ModelError):
    """A part cannot be left out, as others name it; the message says which."""


def changed(plan: Plan, part_name: str, /, **fields: Any) -> Plan:
    """The plan with some fields of one part as given: values that are read already, as `Size`.

    Whether the parts then fit together is told by `mistakes_in`.

    Raises:
        NoSuchPart: the plan has no part of that name.
        TypeError: the part has no such field.
    """
    return rebuilt(plan, changes={part_name: fields})


def without(plan: Plan, *part_names: str) -> Plan:
    """The plan without these parts, and without the targets and figures that are about them.

    Raises:
        NoSuchPart: the plan has no part of that name.
        StillNamed: another part, or a contact of the budget, needs one of them.
    """
    return rebuilt(plan, left_out=part_names)


def rebuilt(
    plan: Plan,
    changes: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    left_out: Collection[str] = (),
    added: Iterable[Part] = (),
) -> Plan:
    """The plan with several differences at once: `changed`, `without`, and new parts at the end.

    Raises:
        NoSuchPart, StillNamed, TypeError: as `changed` and `without` do.
    """
    for name in left_out:
        plan.part(name)
    given = {name: _given(plan.part(name), fields) for name, fields in changes.items()}
    kept = [given.get(part.name, part) for part in plan.parts if part.name not in left_out]
    for part in (*kept, *added):
        _nothing_named(part.name, (named.name for _, named in references(part)), left_out)
    parts = joined((*kept, *added))
    if plan.budget is not None:
        _nothing_named("the budget", (contact.name for contact in plan.budget.tell), left_out)
    return replace(
        plan,
        parts=tuple(parts.values()),
        targets=tuple(retarget(each, parts) for each in plan.targets if _stays(each, left_out)),
        budget=rebudget(plan.budget, parts),
        usage=tuple(each for each in plan.usage if each.part is None or each.part in parts),
    )


def mistakes_in(plan: Plan) -> tuple[Mistake, ...]:
    """What is wrong between the parts of a plan, as if it had been written so."""
    return tuple(judge([_draft(part) for part in plan.parts]))


def _given(part: Part, fields: Mapping[str, Any]) -> Part:
    unknown = fields.keys() - FIELDS[type(part)].keys()
    if unknown:
        raise TypeError(f"a {word_of(type(part))} has no {', '.join(sorted(unknown))}")
    return replace(part, **fields)


def _nothing_named(who: str, named: Iterable[str], left_out: Collection[str]) -> None:
    for name in named:
        if name in left_out:
            raise StillNamed(f"{name} cannot be left out: {who} names it")


def _stays(target: Target, left_out: Collection[str]) -> bool:
    return not any(named.name in left_out for _, named in references(target))


def _draft(part: Part) -> Draft:
    call = Call(part.place.file, part.place.line, part.place.line, 0, 0)
    return Draft(
        handle=part,
        part=part,
        call=call,
        origins=dict.fromkeys(FIELDS[type(part)], call),
        doubts=frozenset(),
        mistakes=(),
    )
