"""Dynamic sessions of Container Apps: containers, each with a kernel of its own, for code nobody trusts.

Source: https://learn.microsoft.com/azure/container-apps/sessions-custom-container and
https://learn.microsoft.com/azure/container-apps/session-pool
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from seatrial.azure import access, containers, hosts, registry
from seatrial.azure import identity as identities
from seatrial.azure.access import Use
from seatrial.azure.container_environment import environment
from seatrial.azure.container_sizes import room
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel, squeezed
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref, Text
from seatrial.model import Process, Sandbox

__all__ = ["ref", "resources", "rights", "variables"]


def ref(part: Sandbox, at: Stamp) -> Ref:
    """The pool of sessions. Its name has lower case letters and digits only."""
    return Ref(type="Microsoft.App/sessionPools", name=squeezed(at.name(part.name), 63))


def resources(part: Sandbox, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: a session is larger than a container can be.
    """
    size = room(at.plan, part.name, part.cpu, part.memory)
    identity = Id(of=identities.ref(part.name, at))
    yield Resource(
        ref=ref(part, at),
        module="compute",
        region=at.region,
        symbol=camel(part.name, "pool"),
        why=(
            f"Runs code that nobody trusts, {part.most} sessions at most, each with {size.why}; "
            f"none has rights, and {'each reaches out' if part.internet else 'none reaches out'}"
        ),
        part=part.name,
        location=at.region,
        after=(registry.pull(part.name, at, part.name).ref,),
        body={
            "identity": containers.who(part.name, at),
            "properties": {
                "environmentId": Id(of=environment(at)),
                "poolManagementType": "Dynamic",
                "containerType": "CustomContainer",
                "dynamicPoolConfiguration": {
                    "lifecycleConfiguration": {
                        "lifecycleType": "Timed",
                        "cooldownPeriodInSeconds": round(part.idle.seconds),
                    }
                },
                "scaleConfiguration": {
                    "maxConcurrentSessions": part.most,
                    "readySessionInstances": part.ready,
                },
                "sessionNetworkConfiguration": {
                    "status": "EgressEnabled" if part.internet else "EgressDisabled"
                },
                # The identity pulls the image, and is shown to no session
                "managedIdentitySettings": [{"identity": identity, "lifecycle": "None"}],
                "customContainerTemplate": {
                    "registryCredentials": {
                        "server": registry.credentials_server(at.plan),
                        "identity": identity,
                    },
                    "containers": [
                        {
                            "name": part.name,
                            "image": registry.image(part.name, at.plan),
                            "command": shlex.split(part.command.replace("{port}", str(part.port))),
                            "env": [
                                {"name": "HOST", "value": hosts.EVERYWHERE},
                                {"name": "PORT", "value": str(part.port)},
                            ],
                            "resources": size.body,
                        }
                    ],
                    "ingress": {"targetPort": part.port},
                },
            },
        },
    )


def variables(part: Sandbox, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: where sessions are asked for."""
    url = Out(of=ref(part, at), path="properties.poolManagementEndpoint")
    return {f"{part.name.upper().replace('-', '_')}_URL": url}


def rights(part: Sandbox, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it: run code in sessions, and change nothing of the pool.

    Source: https://learn.microsoft.com/azure/container-apps/sessions-usage
    """
    yield access.assign(
        "Azure ContainerApps Session Executor",
        ref(part, at),
        process.name,
        at,
        f"{process.name[:1].upper()}{process.name[1:]} runs code in sessions of {part.name}",
        part.name,
        module="compute",  # the pool is made there
    )
