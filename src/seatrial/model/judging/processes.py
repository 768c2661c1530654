"""What is wrong with processes: what they use, their variables, commands, replicas, and what runs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from seatrial.model.drafts import Draft, find, now, word_of
from seatrial.model.judging.together import USES
from seatrial.model.mistakes import Mistake, show
from seatrial.model.parts import (
    Blobs,
    Cache,
    Documents,
    NodePool,
    Part,
    Postgres,
    Process,
    Queue,
    Service,
    Worker,
)
from seatrial.model.plan import uses_of, variables_of
from seatrial.model.scaling import Backlog, QueueLength, Requests

__all__ = ["processes"]


def processes(
    draft: Draft, process: Process, drafts: Sequence[Draft], twins: Mapping[int, Draft]
) -> Iterator[Mistake]:
    """Everything that is wrong with one process."""
    yield from _uses(draft, process, drafts)
    yield from _variables(draft, process, drafts, twins)
    yield from _command(draft, process)
    yield from _gpus(draft, process, drafts)
    if isinstance(process, Service | Worker):
        yield from _scaling(draft, process, drafts)
        yield from _waking(draft, process)
        yield from _fixed(draft, process)


_STORES = (Postgres, Blobs, Documents, Cache)


def _uses(draft: Draft, process: Process, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """Uses that make no sense."""
    earlier: dict[int, str] = {}
    for field in USES:
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
    draft: Draft, process: Process, drafts: Sequence[Draft], twins: Mapping[int, Draft]
) -> Iterator[Mistake]:
    """Two things that would set one variable of the environment."""
    owner: dict[str, Part] = {}
    for field in USES:
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


def _gpus(draft: Draft, process: Process, drafts: Sequence[Draft]) -> Iterator[Mistake]:
    """GPUs wanted of machines that have none, or fewer."""
    if process.gpus == 0 or not isinstance(process.host, NodePool) or not draft.sure("gpus", "host"):
        return
    pool = now(drafts, process.host, NodePool, "gpus")
    if pool is not None and pool.gpus < process.gpus:
        has = f"a machine of {pool.name} has {pool.gpus or 'none'}"
        hint = f"give the pool gpus={process.gpus} and a machine that has them, or choose another pool"
        yield draft.mistake("gpus", f"gpus={process.gpus}: {has}", hint)


def _fixed(draft: Draft, process: Service | Worker) -> Iterator[Mistake]:
    """Replicas that follow the work on a host that has always the same number of them, or always some."""
    if not draft.sure("host", "replicas", "scale"):
        return
    fewest, most = process.replicas
    if process.hosted_by == "container instances" and (process.scale or fewest != most):
        field, shown = (
            ("scale", show(list(process.scale))) if process.scale else ("replicas", show(process.replicas))
        )
        what = f"{field}={shown}: container instances do not follow the work"
        yield draft.mistake(
            field, what, f"write replicas=({most}, {most}) and no scale, or choose another host"
        )
    elif process.hosted_by in ("container instances", "app service") and fewest == 0:
        what = f"replicas={show(process.replicas)}: {process.hosted_by} never goes down to none"
        yield draft.mistake("replicas", what, f"write replicas=(1, {most}), or choose another host")


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
    elif draft.sure(*USES) and not any(part is used for used in uses_of(process)):
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
