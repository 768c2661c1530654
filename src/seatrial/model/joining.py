"""Leads every reference between parts and targets to the part as it now is.

A system file holds parts as they were first written; a variant may have changed them since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from seatrial.model.drafts import Draft
from seatrial.model.parts import Part, Process, Service, Worker
from seatrial.model.scaling import Backlog, QueueLength, ScaleRule
from seatrial.model.targets import Availability, Latency, Recovery, Target

__all__ = ["joined", "retarget", "subject"]


def joined(drafts: Sequence[Draft]) -> dict[str, Part]:
    """The parts by name, each using the others as they now are."""
    now = {draft.part.name: draft.part for draft in drafts}
    done: dict[str, Part] = {}

    def join(name: str) -> Part:
        if name not in done:
            part = now[name]
            if isinstance(part, Process):
                part = replace(part, uses=tuple(join(used.name) for used in part.uses))
            if isinstance(part, Service | Worker):
                part = replace(part, scale=tuple(_measuring(rule, join) for rule in part.scale))
            done[name] = part
        return done[name]

    return {name: join(name) for name in now}


def _measuring(rule: ScaleRule, join: Any) -> ScaleRule:
    match rule:
        case Backlog():
            return replace(rule, postgres=join(rule.postgres.name))
        case QueueLength():
            return replace(rule, queue=join(rule.queue.name))
        case _:
            return rule


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


def subject(target: Target) -> object:
    """What a target is about: a variant's target takes the place of the system's about the same."""
    match target:
        case Latency(endpoint=endpoint):
            return ("latency", endpoint.service.name, endpoint.method, endpoint.path)
        case Recovery(part=part):
            return ("recovery", part.name)
        case Availability(of=of):
            return ("availability", of.name if of is not None else None)
