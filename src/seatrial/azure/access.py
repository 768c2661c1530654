"""Rights: which identity may do what with which resource, and no more."""

from __future__ import annotations

from functools import cache
from typing import Literal

from seatrial.azure import identity as identities
from seatrial.azure.graph import Module, Resource
from seatrial.azure.names import camel
from seatrial.azure.roles import ROLES, Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Guid, Id, Known, Out, Ref, Text, join, plain
from seatrial.model import Part, Process

Use = Literal["all", "reads", "sends", "receives"]
"""How a process uses a part: the word by which the part was named."""


def use_of(process: Process, part: Part) -> Use:
    """The word by which a process names a part."""
    if part in process.reads:
        return "reads"
    if part in process.sends and part not in process.receives:
        return "sends"
    return "receives" if part in process.receives and part not in process.sends else "all"


@cache
def definition(role: Role) -> Text:
    """The id of a built-in role."""
    kind = "/providers/Microsoft.Authorization/roleDefinitions/"
    return join("/subscriptions/", Known(what="subscription"), kind, ROLES[role])


def assign(
    role: Role,
    scope: Ref,
    identity: str,
    at: Stamp,
    why: str,
    part: str | None = None,
    module: Module = "access",
) -> Resource:
    """The assignment of a built-in role to the identity of a process, on one resource only.

    Args:
        scope: the resource; that of another region too, as all stand in one resource group.
        identity: the name of the process in the region of `at`.
        module: another only where the scope is made after `access`.
    """
    assignee = identities.ref(identity, at)
    return Resource(
        ref=Ref(
            type="Microsoft.Authorization/roleAssignments",
            name=Guid(pieces=(Id(of=scope), Id(of=assignee), ROLES[role])),
        ),
        module=module,
        region=at.region,
        symbol=camel(identity, role, plain(scope.name, "")),
        why=why,
        part=part,
        tagged=False,
        scope=scope,
        body={
            "properties": {
                "roleDefinitionId": definition(role),
                "principalId": Out(of=assignee, path="properties.principalId"),
                "principalType": "ServicePrincipal",
            }
        },
    )
