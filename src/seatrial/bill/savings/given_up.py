"""What one shape of a system goes without that another has, beside what carries load."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    ModelApi,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Service,
    Site,
    TrafficManager,
)

__all__ = ["given_up"]

SERVING = (
    *(Process, Site, Sandbox, Postgres, Blobs, Queue, Cache, Documents, ModelApi),
    *(FrontDoor, ApplicationGateway, ApiManagement, TrafficManager),
)
"""What somebody would miss; machines, alerts and the like only serve these."""


def given_up(plan: Plan, other: Plan) -> tuple[str, ...]:
    """What `other` has and `plan` has not, each in a few words: `entrance`, `the standby of papers`."""
    return tuple(_given_up(plan, other))


def _given_up(plan: Plan, other: Plan) -> Iterator[str]:
    here = {part.name: part for part in plan.parts}
    for part in other.parts:
        if isinstance(part, SERVING):
            same = here.get(part.name)
            if same is None:
                yield part.name
            else:
                yield from _of_part(same, part)
    for region in other.regions:
        if region not in plan.regions and len(plan.regions) < len(other.regions):
            yield f"the region {region}"


def _of_part(here: Part, there: Part) -> Iterator[str]:
    match here, there:
        case Postgres(), Postgres():
            if here.standby == "none" and there.standby != "none":
                yield f"the standby of {here.name}"
            if there.geo_backup and not here.geo_backup:
                yield f"the backups of {here.name} in another region"
            if here.replicas < there.replicas:
                yield f"read replicas of {here.name}"
        case Service(), Service() if here.replicas[0] == 0 < there.replicas[0]:
            yield f"replicas of {here.name} that are always awake"
        case Blobs(), Blobs() if "regions" in there.copies and "regions" not in here.copies:
            yield f"the copies of {here.name} in another region"
        case _:
            pass
