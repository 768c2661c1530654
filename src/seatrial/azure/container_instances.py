"""Container Instances: a group of containers for each replica, inside the network, started once and kept running.

A group is the simplest machine there is: no scaling, no releases side by side, no TLS, no name. So that others
find a service here all the same, a zone of private names has a record for it, which each deployment renews: Azure
may give a group another address when it starts it anew.

Privileged containers exist in confidential groups only, so nothing here can run containers in containers.

Source: https://learn.microsoft.com/azure/container-instances/container-instances-vnet and
https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.azure import hosts, identity, network, private, registry
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before, exposure
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Parameter, Ref, Text
from seatrial.model import FrontDoor, Process, Service, Worker

__all__ = ["group", "grouped", "host", "resources", "variable", "zone"]

MOST_CORES, MOST_GIB = 31, 240
"""Of one group.

Source: https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits
"""


def group(name: str, at: Stamp, number: int = 0) -> Ref:
    """The containers of a replica of a process. They answer at `properties.ipAddress.ip`."""
    numbered = f"{name}-{number + 1}" if number else name
    return Ref(type="Microsoft.ContainerInstance/containerGroups", name=at.name(numbered))


def zone(at: Stamp) -> str:
    """The zone of private names of a system's groups."""
    return f"{at.plan.name}.internal"


def host(name: str, at: Stamp) -> str:
    """Where the groups of a process answer, inside the network."""
    return f"{at.name(name)}.{zone(at)}"


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    """A group for each replica of a service or worker."""
    for wrong, hint in _wrong_with(process, at):
        raise Refused([Trouble.about(at.plan, process.name, wrong, hint)])
    assert isinstance(process, Service | Worker)
    container = {
        "name": process.name,
        "properties": {
            "image": registry.image(process.name, at.plan),
            "resources": _resources(process.cpu, process.memory.gib),
            "environmentVariables": [
                variable(setting.name, value=setting.value)
                if setting.secret is None
                else variable(setting.name, secret=setting.secret)
                for setting in hosts.settings(process, at)
            ],
            **(_answering(process) if isinstance(process, Service) else {}),
        },
    }
    ports = (process.port,) if isinstance(process, Service) else ()
    yield from grouped(process.name, [container], ports, process.replicas[0], at)


def _wrong_with(process: Process, at: Stamp) -> Iterator[tuple[str, str]]:
    if not isinstance(process, Service | Worker):
        yield (
            "Container Instances starts a container as soon as it is deployed, and has no clock",
            'host="container apps" runs jobs and schedules',
        )
        return
    if process.gpus:
        # https://learn.microsoft.com/azure/container-instances/container-instances-gpu
        yield "Container Instances has no machines with GPUs any more", 'host="container apps", or a node pool'
    if process.cpu > MOST_CORES or process.memory.gib > MOST_GIB:
        yield (
            f"{process.cpu:g} cores with {process.memory} are more than a group may have: "
            f"{MOST_CORES} cores and {MOST_GIB} GiB",
            "a node pool of large machines",
        )
    if not isinstance(process, Service):
        return
    if exposure(process, at.plan) == "world":
        yield (
            "Container Instances has no TLS, so it answers inside the network only",
            "lead to it by an application gateway, or host=\"container apps\"",
        )
    elif any(isinstance(edge, FrontDoor) for edge in edges_before(process, at.plan)):
        yield (
            "Front Door has no private way to Container Instances",
            'an application gateway before it, or host="container apps"',
        )
    if process.sign_in:
        yield "Container Instances signs nobody in", 'host="container apps"'


# -- groups -------------------------------------------------------------------------------------------------


def grouped(
    name: str,
    containers: Sequence[Mapping[str, Any]],
    ports: Sequence[int],
    replicas: int,
    at: Stamp,
    first: Sequence[Mapping[str, Any]] = (),
    volumes: Sequence[Mapping[str, Any]] = (),
) -> Iterator[Resource]:
    """The groups of a process, and the record by which they are found when they answer on a port.

    Logs go to the workspace by no setting of the group: that would take the workspace's key, and a key in a
    template is a secret in a template. The groups' own diagnostic settings carry their events and measures;
    what the containers say of themselves, they send by OpenTelemetry.

    Args:
        first: containers that run to their end before the others start.
    """
    who = Id(of=identity.ref(name, at))
    spread = replicas > 1 and has_zones(at.region)
    for number in range(replicas):
        yield Resource(
            ref=group(name, at, number),
            module="compute",
            region=at.region,
            symbol=camel(name, "group", str(number + 1) if number else ""),
            why=f"Runs {name}" + (f", replica {number + 1} of {replicas}" if replicas > 1 else ""),
            part=name,
            location=at.region,
            body={
                **({"zones": [str(1 + number % 3)]} if spread else {}),
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {who: {}}},
                "properties": {
                    "sku": "Standard",
                    "osType": "Linux",
                    "restartPolicy": "Always",
                    "subnetIds": [{"id": Id(of=network.subnet("instances", at))}],
                    "imageRegistryCredentials": [
                        {
                            "server": Out(of=registry.ref(at.plan), path="properties.loginServer"),
                            "identity": who,
                        }
                    ],
                    **({"initContainers": list(first)} if first else {}),
                    "containers": list(containers),
                    **({"volumes": list(volumes)} if volumes else {}),
                    **({"ipAddress": _address(ports)} if ports else {}),
                },
            },
        )
    if ports:
        yield from private.names(zone(at), at)
        yield _record(name, replicas, at)


def _address(ports: Sequence[int]) -> dict[str, Any]:
    return {"type": "Private", "ports": [{"port": port, "protocol": "TCP"} for port in ports]}


def _record(name: str, replicas: int, at: Stamp) -> Resource:
    return Resource(
        ref=private.zone_ref(zone(at)).child("A", at.name(name)),
        module="compute",
        region=at.region,
        symbol=camel(name, "record"),
        why=f"By this name {name} is found inside the network",
        part=name,
        tagged=False,
        body={
            "properties": {
                "ttl": 30,
                "aRecords": [
                    {"ipv4Address": Out(of=group(name, at, number), path="properties.ipAddress.ip")}
                    for number in range(replicas)
                ],
            }
        },
    )


def variable(name: str, value: Text | None = None, secret: Ref | None = None) -> dict[str, Any]:
    """One variable of a container. A secret is asked of the operator, and Azure shows it to nobody.

    A group cannot read the vault by itself (it has secret references by its interface, but nothing is written
    of how they reach a vault that is closed to the world), so the value comes by the same parameter by which
    the vault is given it.
    """
    if secret is None:
        return {"name": name, "value": value or ""}
    asked = Parameter(name=camel(str(secret.name)), why=f"The value of the secret {secret.name}", secret=True)
    return {"name": name, "secureValue": asked}


def _answering(process: Service) -> dict[str, Any]:
    """The port and the probes of a service.

    Source: https://learn.microsoft.com/azure/container-instances/container-instances-liveness-probe
    """
    asked = {"path": process.health, "port": process.port, "scheme": "http"}
    patience = max(1, round(process.start_within.seconds))
    return {
        "ports": [{"port": process.port, "protocol": "TCP"}],
        "livenessProbe": {
            "httpGet": asked,
            "initialDelaySeconds": patience,
            "periodSeconds": 10,
            "failureThreshold": 3,
            "timeoutSeconds": 5,
        },
        "readinessProbe": {"httpGet": asked, "periodSeconds": 5, "failureThreshold": 3, "timeoutSeconds": 5},
    }


def _resources(cores: float, gib: float) -> dict[str, Any]:
    return {"requests": {"cpu": cores, "memoryInGB": gib}}
