"""Container Instances: a group of containers for each replica, inside the network, kept running.

A group is the simplest machine there is: no scaling, no releases side by side, no TLS, no name. So that
others find a service here all the same, a zone of private names has a record for it, which each deployment
renews: Azure may give a group another address when it starts it anew. What leads out of the network takes the
network's NAT, the only way out that groups have.

Privileged containers exist in confidential groups only, so nothing here can run containers in containers.

Source: https://learn.microsoft.com/azure/container-instances/container-instances-vnet,
https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts and
https://learn.microsoft.com/azure/container-instances/container-instances-nat-gateway
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.azure import hosts, identity, network, private, registry, secret
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.hosts import Setting
from seatrial.azure.names import camel
from seatrial.azure.reach import edges_before, exposure
from seatrial.azure.regions import has_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Parameter, Ref
from seatrial.model import FrontDoor, Postgres, Process, Service, Worker

__all__ = ["group", "grouped", "host", "resources", "size", "variable", "zone"]

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
            "resources": size(process.cpu, process.memory.gib),
            "environmentVariables": [variable(setting, at) for setting in hosts.settings(process, at)],
            **(_answering(process) if isinstance(process, Service) else {}),
        },
    }
    ports = (process.port,) if isinstance(process, Service) else ()
    after = [each.ref for each in hosts.rights(process, at)]
    yield from grouped(process.name, [container], ports, process.replicas[0], at, after=after)


def _wrong_with(process: Process, at: Stamp) -> Iterator[tuple[str, str]]:
    if not isinstance(process, Service | Worker):
        yield (
            "Container Instances starts a container as soon as it is deployed, and has no clock",
            'host="container apps" runs jobs and schedules',
        )
        return
    if process.gpus:
        # https://learn.microsoft.com/azure/container-instances/container-instances-gpu
        yield (
            "Container Instances has no machines with GPUs any more",
            'host="container apps", or a node pool',
        )
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
            'lead to it by an application gateway, or host="container apps"',
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
    after: Sequence[Ref] = (),
) -> Iterator[Resource]:
    """The groups of a process, and the record by which they are found when they answer on a port.

    Logs go to the workspace by no setting of the group: that would take the workspace's key, and a key in a
    template is a secret in a template. The groups' own diagnostic settings carry their events and measures;
    what the containers say of themselves, they send by OpenTelemetry.

    Args:
        first: containers that run to their end before the others start.
        after: rights that must be there before; that to pull images always must.
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
            after=(registry.pull(name, at, name).ref, *after),
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
                            "server": registry.credentials_server(at.plan),
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


def variable(setting: Setting, at: Stamp) -> dict[str, Any]:
    """One variable of a container. A secret is asked of the operator, and Azure shows it to nobody.

    By its interface a group has references to secrets of a vault, but nothing is written of how it would
    reach a vault that is closed to the world; so the value comes by the same parameter by which the vault is
    given it.
    """
    if setting.secret is None:
        return {"name": setting.name, "value": setting.value or ""}
    return {"name": setting.name, "secureValue": _asked(setting.secret, at)}


def _asked(held: Ref, at: Stamp) -> Parameter:
    """The parameter by which the vault is given a secret."""
    for server in at.plan.of(Postgres):
        if secret.password(server, at) == held:
            return secret.password_value(server)
    return secret.value(str(held.name))


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


def size(cores: float, gib: float) -> dict[str, Any]:
    return {"requests": {"cpu": cores, "memoryInGB": gib}}
