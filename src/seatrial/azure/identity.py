"""Managed identities: one for each process, in every region.

Also for what runs by itself: Temporal, the pool of a sandbox (to pull its image, its code never sees it), and
the job that brings a schema up to date.
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import Plan, Postgres, Process, Sandbox, Temporal

__all__ = ["migration", "puller_names", "ref", "resource", "resources"]


def ref(name: str, at: Stamp) -> Ref:
    """The identity of a process."""
    return Ref(type="Microsoft.ManagedIdentity/userAssignedIdentities", name=at.name(f"{name}-identity"))


def migration(part: Postgres) -> str:
    """The name of the job that brings a schema up to date, and of its identity."""
    return f"{part.name}-migrate"


def resource(name: str, at: Stamp, why: str, part: str | None) -> Resource:
    """An identity."""
    return Resource(
        ref=ref(name, at),
        module="identity",
        region=at.region,
        symbol=camel(name, "identity"),
        why=why,
        part=part,
        location=at.region,
    )


def resources(at: Stamp) -> Iterator[Resource]:
    """Every identity of the plan."""
    for part in at.plan.parts:
        match part:
            case Process() | Temporal():
                why = f"Who {part.name} is to all it uses"
                yield resource(part.name, at, why, part.name)
            case Sandbox():
                why = f"Pulls the image of {part.name}; the code inside never has it"
                yield resource(part.name, at, why, part.name)
            case Postgres(migrate=str()):
                why = f"Who brings the schema of {part.name} up to date; its administrator"
                yield resource(migration(part), at, why, part.name)
            case _:
                pass


def puller_names(plan: Plan) -> Iterator[tuple[str, str]]:
    """Whose identities pull images, each with its part. On AKS the machines pull, not the processes."""
    for part in plan.parts:
        match part:
            case Process() | Temporal() if part.hosted_by != "aks":
                yield part.name, part.name
            case Sandbox():
                yield part.name, part.name
            case Postgres(migrate=str()):
                yield migration(part), part.name
            case _:
                pass
