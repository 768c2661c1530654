"""A Temporal server in containers, on the host asked for, with its history in a PostgreSQL server of its own.

Three images of Temporal's makers run side by side: the server with all its roles in one process; its tools,
which first bring the schema up to date and then make the namespace `default`; and its web page. The image
that did all of this by itself is no longer made. The images are copied into the system's own registry, so
that nothing is pulled from a public one, and what runs is what was scanned.

The server answers who is inside the network, by gRPC on port 7233 and without a password, as Temporal does
unless it is given certificates: the network says who may ask.

Source: https://github.com/temporalio/samples-server/tree/main/compose,
https://github.com/temporalio/features/pull/707 (the image that is gone) and
https://github.com/temporalio/docker-builds/blob/main/docker-readme/server.md (variables)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from seatrial.azure import (
    aks,
    container_apps,
    container_environment,
    container_instances,
    containers,
    registry,
    secret,
)
from seatrial.azure.access import Use
from seatrial.azure.container_sizes import CONSUMPTION, room
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.hosts import Setting
from seatrial.azure.names import camel
from seatrial.azure.reach import TEMPORAL_PORT, users_of
from seatrial.azure.stamp import Stamp
from seatrial.azure.temporal_containers import (
    DYNAMIC,
    UI_PORT,
    UI_VERSION,
    Container,
    beside,
    first,
    images,
)
from seatrial.azure.values import Id, Text, join
from seatrial.model import Plan, Process, Size, Temporal

__all__ = [
    "UI_PORT",
    "UI_VERSION",
    "Container",
    "beside",
    "first",
    "images",
    "resources",
    "rights",
    "variables",
]


def resources(part: Temporal, at: Stamp) -> Iterator[Resource]:
    """The server, and its right to read the password of its history.

    Raises:
        Refused: the host cannot run it, or its users on other hosts would not find it.
    """
    if troubles := tuple(Trouble.about(at.plan, part.name, *each) for each in _wrong_with(part, at.plan)):
        raise Refused(troubles)
    if part.hosted_by == "container instances":  # is given the password, and need not read it
        yield from container_instances.grouped(
            part.name,
            [_instance(each, part, at) for each in beside(part, at)],
            _ports(part),
            1,
            at,
            first=[_instance(first(part, at), part, at)],
            volumes=[{"name": "dynamic", "emptyDir": {}}],
        )
        return
    right = secret.password_right(part.history, part.name, at)
    yield right
    yield aks.trust(part.name, at) if part.hosted_by == "aks" else _app(part, at, after=right)


def _wrong_with(part: Temporal, plan: Plan) -> Iterator[tuple[str, str]]:
    if part.history.sign_in != "password":
        yield (
            f"Temporal signs in by password, and {part.history.name} takes identities only",
            f'sign_in="password" for {part.history.name}',
        )
    if part.hosted_by == "app service":
        yield (
            "App Service answers HTTP on its own ports only, and Temporal speaks gRPC on 7233",
            'host="container instances"',
        )
    if part.hosted_by in ("container apps", "container instances") and part.replicas > 1:
        yield (
            f"replicas of Temporal must reach each other, which those of {part.hosted_by} cannot",
            "replicas=1, or a node pool",
        )
    if part.hosted_by in ("container apps", "aks"):
        for user in users_of(part, plan):
            if user.hosted_by != part.hosted_by:
                yield (
                    f"{user.name} runs on {user.hosted_by} and does not find Temporal on {part.hosted_by}",
                    f'host="container instances" for {part.name}, or the same host for both',
                )


def _ports(part: Temporal) -> tuple[int, ...]:
    return (TEMPORAL_PORT, UI_PORT) if part.ui else (TEMPORAL_PORT,)


def _instance(each: Container, part: Temporal, at: Stamp) -> dict[str, Any]:
    """A container of a group; one that runs before the others has no size of its own."""
    alone = each.name == "schema"
    return {
        "name": each.name,
        "properties": {
            "image": each.image,
            **({"command": ["/bin/sh", "-c", each.script]} if each.script else {}),
            "environmentVariables": [container_instances.variable(one, at) for one in each.env],
            **({"ports": [{"port": port, "protocol": "TCP"} for port in each.ports]} if each.ports else {}),
            **({"volumeMounts": [{"name": "dynamic", "mountPath": DYNAMIC}]} if each.shares else {}),
            **({} if alone else {"resources": container_instances.size(each.cpu, each.gib)}),
        },
    }


def _app(part: Temporal, at: Stamp, after: Resource) -> Resource:
    """One replica, never none; it answers by TCP under its own name inside the environment.

    Source: https://learn.microsoft.com/azure/container-apps/ingress-overview#tcp
    """
    server, *others = beside(part, at)
    cores, gib = sum(each.cpu for each in others), sum(each.gib for each in others)
    whole = room(at.plan, part.name, part.cpu + cores, part.memory + Size.parse(f"{gib:g} GiB"))
    server = replace(server, cpu=whole.cores - cores, gib=whole.gib - gib)
    return Resource(
        ref=container_apps.app(part.name, at),
        module="compute",
        region=at.region,
        symbol=camel(part.name, "app"),
        why=f"The engine of durable workflows, with what runs beside it {whole.why}",
        part=part.name,
        location=at.region,
        after=(after.ref, registry.pull(part.name, at, part.name).ref),
        body={
            "identity": containers.who(part.name, at),
            "properties": {
                "environmentId": Id(of=container_environment.environment(at)),
                "workloadProfileName": CONSUMPTION.name,
                "configuration": {
                    "activeRevisionsMode": "Single",
                    "ingress": {
                        "external": False,
                        "transport": "tcp",
                        "targetPort": TEMPORAL_PORT,
                        "exposedPort": TEMPORAL_PORT,
                        **({"additionalPortMappings": [_page()]} if part.ui else {}),
                    },
                    "registries": containers.registries(part.name, at),
                    "secrets": containers.secrets(part.name, _hidden(part, at), at),
                },
                "template": {
                    "initContainers": [_contained(first(part, at))],
                    "containers": [_contained(each) for each in (server, *others)],
                    "volumes": [{"name": "dynamic", "storageType": "EmptyDir"}],
                    "scale": {"minReplicas": 1, "maxReplicas": 1},
                },
            },
        },
    )


def _page() -> dict[str, Any]:
    return {"external": False, "targetPort": UI_PORT, "exposedPort": UI_PORT}


def _hidden(part: Temporal, at: Stamp) -> tuple[Setting, ...]:
    return tuple(
        one for each in (first(part, at), *beside(part, at)) for one in each.env if one.secret is not None
    )


def _contained(each: Container) -> dict[str, Any]:
    return {
        "name": each.name,
        "image": each.image,
        **({"command": ["/bin/sh", "-c", each.script]} if each.script else {}),
        "env": [_variable(one) for one in each.env],
        "resources": {"cpu": each.cpu, "memory": f"{each.gib:g}Gi"},
        **({"volumeMounts": [{"volumeName": "dynamic", "mountPath": DYNAMIC}]} if each.shares else {}),
    }


def _variable(one: Setting) -> dict[str, Any]:
    if one.secret is not None:
        return {"name": one.name, "secretRef": containers.secret_name(one)}
    return {"name": one.name, "value": one.value}


# -- for its users ------------------------------------------------------------------------------------------


def variables(part: Temporal, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: host and port, as Temporal's clients take them."""
    match part.hosted_by:
        case "container instances":
            host: Text = container_instances.host(part.name, at)
        case "aks":
            host = f"{part.name}.{at.plan.name}.svc.cluster.local"
        case _:
            host = container_apps.app(part.name, at).name
    return {f"{part.name.upper().replace('-', '_')}_URL": join(host, f":{TEMPORAL_PORT}")}


def rights(part: Temporal, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """None: it answers whoever reaches it, and the network says who does."""
    yield from ()
