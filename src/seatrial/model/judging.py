"""What is wrong with parts together: names, ports, uses, variables, scaling.

Each judge gets the drafts of one system or variant and yields mistakes; it says nothing about fields that
are in doubt already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from seatrial.model.drafts import Draft, find, word_of
from seatrial.model.mistakes import Mistake, show
from seatrial.model.names import RESERVED_VARIABLES, is_reserved_variable
from seatrial.model.parts import (
    Blobs,
    Cache,
    Documents,
    Part,
    Postgres,
    Process,
    Queue,
    Service,
    Site,
    Worker,
    references,
)
from seatrial.model.plan import uses_of, variables_of
from seatrial.model.scaling import Backlog, QueueLength, Requests

__all__ = ["judge"]


def judge(drafts: Sequence[Draft], removed: Sequence[Draft] = ()) -> Iterator[Mistake]:
    """Everything that is wrong between parts. `removed` are those that a variant leaves out."""
    yield from _names(drafts)
    yield from _ports(drafts)
    yield from _cycles(drafts)
    twins = _twins(drafts)
    for draft in drafts:
        part = draft.part
        yield from _names_others(draft, drafts, removed)
        if isinstance(part, Blobs):
            yield from _life_cycle(draft, part)
        if isinstance(part, Process):
            yield from _uses(draft, part, drafts)
            yield from _variables(draft, part, drafts, twins)
            yield from _command(draft, part)
        if isinstance(part, Service | Worker):
            yield from _scaling(draft, part, drafts)
            yield from _waking(draft, part)


def _key(name: str) -> str:
    return name.lower().replace("-", "_")


def _twins(drafts: Sequence[Draft]) -> dict[int, Draft]:
    """By the id of a draft, the earlier one whose name it takes."""
    first: dict[str, Draft] = {}
    twins = {}
    for draft in drafts:
        earlier = first.setdefault(_key(draft.part.name), draft)
        if earlier is not draft and draft.part.name != "unnamed":
            twins[id(draft)] = earlier
    return twins


def _names(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    by_id = {id(draft): draft for draft in drafts}
    for identity, earlier in _twins(drafts).items():
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


def _ports(drafts: Sequence[Draft]) -> Iterator[Mistake]:
    owner: dict[int, Draft] = {}
    for draft in drafts:
        if isinstance(draft.part, Service | Site) and draft.sure("port"):
            port = draft.part.port
            first = owner.setdefault(port, draft)
            if first is not draft:
                free = next(number for number in range(port + 1, port + 1000) if number not in owner)
                what = f"port={port}: taken by {first.part.name} on line {first.call.line}"
                yield draft.mistake("port", what, f"choose another, as {free}")


def _life_cycle(draft: Draft, blobs: Blobs) -> Iterator[Mistake]:
    order = ("cool_after", "archive_after", "delete_after")
    if not draft.sure(*order):
        return
    steps = [(name, getattr(blobs, name)) for name in order if getattr(blobs, name) is not None]
    for (earlier, before), (later, after) in pairwise(steps):
        if after <= before:
            what = f'{later}="{after}": not after {earlier}="{before}"'
            yield draft.mistake(later, what, "blobs get cool, then go to the archive, then are deleted")


def _names_others(draft: Draft, drafts: Sequence[Draft], removed: Sequence[Draft]) -> Iterator[Mistake]:
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
    return "use" if field in _USES else "name"


def _shape(path: Sequence[str | int]) -> str:
    return "[…]" if path and isinstance(path[0], int) else "{…}" if path else "…"


_USES = ("uses", "reads", "sends", "receives")
_STORES = (Postgres, Blobs, Documents, Cache)


def _uses(draft: Draft, process: Process, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Uses that make no sense."""
    earlier: dict[int, str] = {}
    for field in _USES:
        for index, used in enumerate(getattr(process, field) if draft.sure(field) else ()):
            what = f"{field}={used.name}: "
            if find(drafts, used) is None or used is draft.handle:
                continue
            first = earlier.setdefault(id(used), field)
            if first != field and {first, field} != {"sends", "receives"}:
                yield draft.mistake(
                    field, f"{what}stands in {first} already", "name it in one of the two", index
                )
            elif isinstance(used, Process) and not isinstance(used, Service):
                hint = "let them meet in a store or a queue that both use"
                yield draft.mistake(field, f"{what}a {word_of(type(used))} answers nobody", hint, index)
            elif not variables_of(used):
                hint = "only what has an address can be used"
                yield draft.mistake(field, f"{what}a {word_of(type(used))} has no address", hint, index)
            elif field == "reads" and not isinstance(used, _STORES):
                hint = "a postgres, blobs, documents or cache part can be read; for others write uses=[…]"
                yield draft.mistake(field, f"{what}a {word_of(type(used))} is not a store", hint, index)
            elif field in ("sends", "receives") and not isinstance(used, Queue):
                yield draft.mistake(
                    field, f"{what}a {word_of(type(used))} takes no messages", "name a queue", index
                )


def _variables(
    draft: Draft, process: Process, drafts: Sequence[Draft], twins: dict[int, Draft]
) -> Iterator[Mistake]:
    """Two things that would set one variable of the environment."""
    owner: dict[str, Part] = {}
    for field in _USES:
        for index, used in enumerate(getattr(process, field)):
            known = find(drafts, used)
            if known is None or not known.sure("name") or id(known) in twins:
                continue
            for name in variables_of(used):
                other = owner.setdefault(name, used)
                if other is not used:
                    what = f"{field}={used.name}: sets {name}, and so does {other.name}"
                    yield draft.mistake(field, what, "give one of the two another name", index)
    for name in process.env:
        if name in owner:
            what = f"{name}={show(process.env[name])}: set by using {owner[name].name}"
            hint = "leave it out, or give the setting another name"
            yield draft.mistake("env", what, hint, name)


def _command(draft: Draft, process: Process) -> Iterator[Mistake]:
    if not isinstance(process, Service) and "{port}" in process.command and draft.sure("command"):
        what = f"command={show(process.command)}: a {word_of(type(process))} has no port"
        yield draft.mistake("command", what, "leave {port} out, or make it a service")


def _scaling(draft: Draft, process: Service | Worker, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Rules that measure what is not there."""
    for index, rule in enumerate(process.scale):
        match rule:
            case Requests() if isinstance(process, Worker):
                what = f"scale={show(rule)}: a worker gets no requests"
                yield draft.mistake("scale", what, "use backlog(…) or queue_length(…)", index)
            case Backlog(postgres=part):
                yield from _measured(draft, process, index, rule, part, Postgres)
            case QueueLength(queue=part):
                yield from _measured(draft, process, index, rule, part, Queue)
            case _:
                pass


def _measured(
    draft: Draft, process: Process, index: int, rule: Backlog | QueueLength, part: object, kind: type[Part]
) -> Iterator[Mistake]:
    if not isinstance(part, kind):
        if isinstance(part, Part):
            what = f"scale={show(rule)}: {part.name} is a {word_of(type(part))}"
        else:
            what = f"scale={show(rule)}: not a part"
        yield draft.mistake("scale", what, f"name a {word_of(kind)} part", index)
    elif draft.sure(*_USES) and not any(part is used for used in uses_of(process)):
        what = f"scale={show(rule)}: {process.name} does not use {part.name}"
        yield draft.mistake("scale", what, f"add {part.name} to uses", index)


def _waking(draft: Draft, process: Service | Worker) -> Iterator[Mistake]:
    """No replica left, and nothing that would start one.

    A service without any rule gets the rule that Container Apps gives it, by requests.
    """
    if process.replicas[0] > 0 or not draft.sure("replicas", "scale"):
        return
    waking = (Backlog, QueueLength) if isinstance(process, Worker) else (Backlog, QueueLength, Requests)
    if any(isinstance(rule, waking) for rule in process.scale):
        return
    if isinstance(process, Service) and not process.scale:
        return
    hint = "write replicas=(1, …), or add backlog(…) or queue_length(…) to scale"
    if isinstance(process, Service):
        hint = "write replicas=(1, …), or add requests(…) to scale"
    asleep = "cpu and memory cannot wake what does not run" if process.scale else "no rule can wake it"
    yield draft.mistake("replicas", f"replicas={show(process.replicas)}: at no replica, {asleep}", hint)


def _cycles(drafts: Sequence[Draft]) -> Iterator[Mistake]:
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
            last = max(around, key=lambda draft: draft.origins["uses"].line)
            hint = "take one of them out of uses: what is used must stand without its user"
            yield last.mistake("uses", f"a cycle of uses: {path}", hint)
            for draft in around:
                needs.pop(id(draft.handle), None)
            needs = {key: [use for use in uses if use in needs] for key, uses in needs.items()}
        else:
            return
