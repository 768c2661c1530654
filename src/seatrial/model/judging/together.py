"""What is wrong between any parts: their names, their ports, what they name, and circles of need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from seatrial.model.drafts import Draft, find, word_of
from seatrial.model.mistakes import Mistake, show
from seatrial.model.names import RESERVED_VARIABLES, is_reserved_variable
from seatrial.model.parts import Service, Site, references
from seatrial.model.plan import variables_of

__all__ = ["cycles", "names", "names_others", "ports", "twins"]

USES = ("uses", "reads", "sends", "receives")
"""The words by which a process names what it works with."""


def _key(name: str) -> str:
    return name.lower().replace("-", "_")


def twins(drafts: Sequence[Draft]) -> dict[int, Draft]:
    """By the id of a draft, the earlier one whose name it takes."""
    first: dict[str, Draft] = {}
    twins = {}
    for draft in drafts:
        earlier = first.setdefault(_key(draft.part.name), draft)
        if earlier is not draft and draft.part.name != "unnamed":
            twins[id(draft)] = earlier
    return twins


def names(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    by_id = {id(draft): draft for draft in drafts}
    for identity, earlier in twins(drafts).items():
        draft = by_id[identity]
        if not draft.sure("name"):
            continue
        where = f"{word_of(type(draft.part))}({show(draft.part.name)})"
        taken = f"{show(earlier.part.name)} on line {earlier.call.line}"
        yield draft.mistake(
            "name", f"{where}: the name is taken by {taken}", "every part has a name of its own"
        )
    for draft in drafts:
        part = draft.part
        for name in variables_of(part) if draft.sure("name") else ():
            if is_reserved_variable(name):
                where = f"{word_of(type(part))}({show(part.name)})"
                what = f"{where}: its variable {name} is set by whoever starts a process"
                yield draft.mistake(
                    "name", what, f"choose another name; taken: {', '.join(RESERVED_VARIABLES)}, SEATRIAL_…"
                )


def ports(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    owner: dict[int, Draft] = {}
    for draft in drafts:
        if isinstance(draft.part, Service | Site) and draft.sure("port"):
            port = draft.part.port
            first = owner.setdefault(port, draft)
            if first is not draft:
                free = next(number for number in range(port + 1, port + 1000) if number not in owner)
                what = f"port={port}: taken by {first.part.name} on line {first.call.line}"
                yield draft.mistake("port", what, f"choose another, as {free}")


def names_others(draft: Draft, drafts: Sequence[Draft], removed: Sequence[Draft]) -> Iterator[Mistake]:
    """Parts that a part names, and that are not there."""
    part = draft.part
    for (field, *path), named in references(part):
        assert isinstance(field, str)
        if field == "scale" or not draft.sure(field):
            continue  # what a rule measures is judged with the rule
        known = find(drafts, named)
        if named is draft.handle:
            yield draft.mistake(field, f"{field}={named.name}: itself", "leave it out", *path)
        elif named.system != part.system:
            what = f'{field}={named.name}: a part of the system "{named.system}"'
            hint = "systems know each other by address only: give it by env={…} or as a secret"
            yield draft.mistake(field, what, hint, *path)
        elif known is None and find(removed, named) is not None:
            what = f"{field}={named.name}: {part.name} {_verb(field)} it, and this variant leaves it out"
            hint = f"say what it {_verb(field)} instead: .change({part.name}, {field}={_shape(path)})"
            yield draft.mistake(field, what, hint, *path)
        elif known is None:
            what = f"{field}={named.name}: not in this system"
            yield draft.mistake(field, what, f"only the variant that adds a part can {_can(field)} it", *path)


def _verb(field: str) -> str:
    return {"uses": "uses", "reads": "reads", "sends": "sends to", "receives": "receives from"}.get(
        field, "names"
    )


def _can(field: str) -> str:
    return "use" if field in USES else "name"


def _shape(path: Sequence[str | int]) -> str:
    return "[…]" if path and isinstance(path[0], int) else "{…}" if path else "…"


def cycles(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Parts that need each other; no order would start them. One mistake for each cycle."""
    by_handle = {id(draft.handle): draft for draft in drafts}
    needs = {
        id(draft.handle): [
            id(named)
            for _, named in references(draft.part)
            if named is not draft.handle and id(named) in by_handle
        ]
        for draft in drafts
    }
    while True:
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as exc:
            around = [by_handle[identity] for identity in reversed(exc.args[1])]
            path = " → ".join(draft.part.name for draft in around)
            naming = [(draft, _by_field(draft, needed)) for draft, needed in pairwise(around)]
            last, field = max(naming, key=lambda each: each[0].origins[each[1]].line)
            hint = f"take one of them out of {field}: what is used must stand without its user"
            yield last.mistake(field, f"a cycle of uses: {path}", hint)
            for draft in around:
                needs.pop(id(draft.handle), None)
            needs = {key: [use for use in uses if use in needs] for key, uses in needs.items()}
        else:
            return


def _by_field(draft: Draft, needed: Draft) -> str:
    """The field in which a part names another."""
    return next(str(path[0]) for path, named in references(draft.part) if named is needed.handle)
