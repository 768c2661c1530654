"""One thing that could be bought or built otherwise, what it gives up, and how a system file says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from seatrial.bill.elsewhere import moved
from seatrial.bill.meters import Term
from seatrial.model import Part, Plan, System
from seatrial.model.changing import rebuilt
from seatrial.model.drafts import word_of
from seatrial.model.fields import FIELDS
from seatrial.model.mistakes import show
from seatrial.model.value import Value

__all__ = [
    "COMFORT",
    "LONG_MONEY",
    "MONEY",
    "PROMISE",
    "RESILIENCE",
    "SECURITY",
    "Change",
    "Edit",
    "applied",
    "code",
    "edit",
    "offered",
    "variable",
]

MONEY, LONG_MONEY, COMFORT, RESILIENCE, SECURITY, PROMISE = 1, 2, 2, 3, 4, 8
"""How much is given up: money bound for a year, or for three; comfort or speed; resilience or recovery;
security; and most of all, something that the plan promises."""


class Edit(Value):
    """What is other about one part."""

    part: str
    fields: Mapping[str, Any] = field(hash=False, default_factory=lambda: MappingProxyType({}))
    """Read already, as the part has them."""
    kind: type[Part] | None = None
    """Of a part that the plan does not name, and that stands there with its defaults."""
    left_out: bool = False


class Change(Value):
    """One step that may make a bill smaller."""

    what: str
    """Without a full stop: `No standby for papers`."""
    gives_up: str
    """Without a full stop; of a promise that it breaks, which."""
    weight: int
    """How much that is: the sum of these is kept low."""
    base: Plan = field(hash=False, repr=False)
    """What it changes."""
    edits: tuple[Edit, ...] = ()
    region: str | None = None
    """Where the system would stand; None: where it stands."""
    commitment: Term | None = None
    """What would be bought for all that turns steadily."""
    breaks: tuple[str, ...] = ()
    """The promises of the plan that would not hold any more."""
    one_of: str | None = None
    """A key of changes that cannot be made together although they change different fields."""

    def beyond(self, sentences: Iterable[str]) -> Change:
        """The same change, which gives up this as well: no less than a promise."""
        told = "; ".join((self.gives_up, *sentences))
        return replace(self, gives_up=told, weight=max(self.weight, PROMISE))

    @cached_property
    def plan(self) -> Plan:
        """The plan with this change alone; that which is, for a purchase."""
        return applied(self.base, self.edits, self.region)

    @cached_property
    def excludes(self) -> frozenset[str]:
        """Of several changes that have a key in common only one can be made: `papers.standby`, `region`."""
        keys = {f"{each.part}.{name}" for each in self.edits for name in each.fields}
        keys |= {f"{each.part} itself" for each in self.edits if each.kind}
        for each in self.edits:
            if each.left_out:
                keys |= {f"{each.part}.{name}" for name in FIELDS[type(self.base.part(each.part))]}
        if self.one_of is not None:
            keys.add(self.one_of)
        if self.region is not None:
            keys.add("region")
        if self.commitment is not None:
            keys.add("commitment")
        return frozenset(keys)

    @property
    def parts(self) -> frozenset[str]:
        """The names of the parts that it changes."""
        return frozenset(each.part for each in self.edits)

    @property
    def key(self) -> str:
        """By which it is told from all others: `papers.standby="none"`."""
        if self.commitment is not None:
            return self.commitment
        if self.region is not None:
            return f"region={show(self.region)}"
        said = (
            f"without {each.part}" if each.left_out else f"{each.part}.{name}={_written(value)}"
            for each in self.edits
            for name, value in (each.fields or {"": None}).items()
        )
        return ", ".join(said)

    @property
    def code(self) -> str | None:
        """What a variant called `cheaper` says to make it so; None, where it is a purchase."""
        lines = code(self.base, self.edits, self.region)
        return "\n".join(lines) or None


def edit(part: Part, **fields: Any) -> Edit:
    """A part with these fields."""
    return Edit(part=part.name, fields=MappingProxyType(fields))


def offered(
    part: Part,
    plan: Plan,
    *,
    what: str,
    gives_up: str,
    weight: int,
    breaks: tuple[str, ...] = (),
    one_of: str | None = None,
    **fields: Any,
) -> Change:
    """A change of some fields of one part; one that breaks a promise says so, and gives up most of all."""
    broken = f"; a promise does not hold any more: {' and '.join(breaks)}" if breaks else ""
    return Change(
        what=what,
        gives_up=gives_up + broken,
        weight=PROMISE if breaks else weight,
        base=plan,
        edits=(edit(part, **fields),),
        breaks=breaks,
        one_of=one_of,
    )


def applied(plan: Plan, edits: Iterable[Edit], region: str | None = None) -> Plan:
    """The plan with all these differences at once.

    Raises:
        StillNamed: a part is left out that another one names.
    """
    changes: dict[str, dict[str, Any]] = {}
    left_out: list[str] = []
    new: dict[str, type[Part]] = {}
    for each in edits:
        if each.left_out:
            left_out.append(each.part)
        else:
            changes.setdefault(each.part, {}).update(each.fields)
        if each.kind is not None:
            new[each.part] = each.kind
    added = [_with_defaults(kind, name, plan, changes.pop(name)) for name, kind in new.items()]
    changes = {name: fields for name, fields in changes.items() if name not in left_out}
    if changes or left_out or added:
        plan = rebuilt(plan, changes, left_out, added)
    return plan if region is None else moved(plan, region)


def _with_defaults(kind: type[Part], name: str, plan: Plan, fields: Mapping[str, Any]) -> Part:
    made: Part = getattr(System(plan.name), word_of(kind))(name)
    return replace(made, place=plan.place, **fields)


def variable(part: str) -> str:
    """The name by which a system file most likely holds a part."""
    return part.replace("-", "_")


def code(
    plan: Plan,
    edits: Iterable[Edit],
    region: str | None = None,
    called: Callable[[str], str] = variable,
) -> tuple[str, ...]:
    """What to write below the system to have a variant that differs so: its head, where it says something.

    Args:
        called: the variable that holds a part, by the name of the part.
    """
    merged: dict[str, dict[str, Any]] = {}
    lines: list[str] = []
    if region is not None:
        lines.append(f'cheaper = {variable(plan.name)}.variant("cheaper", region={show(region)})')
    edits = tuple(edits)
    for each in edits:
        merged.setdefault(each.part, {}).update(each.fields)
    new = {each.part: each.kind for each in edits if each.kind is not None}
    gone = {each.part for each in edits if each.left_out}
    for part, fields in merged.items():
        said = ", ".join(f"{name}={_written(value)}" for name, value in fields.items())
        if part in gone:
            lines.append(f"cheaper.without({called(part)})")
        elif part in new:
            lines.append(f"cheaper.{word_of(new[part])}({show(part)}, {said})")
        else:
            lines.append(f"cheaper.change({called(part)}, {said})")
    return tuple(lines)


def _written(value: Any) -> str:
    """As a system file says it: what is not a pair of numbers is a list."""
    if isinstance(value, tuple) and not all(isinstance(each, int) for each in value):
        return show(list(value))
    return "[]" if value == () else show(value)
