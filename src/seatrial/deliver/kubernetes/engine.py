"""Temporal: replicas that find each other by name, each with its tools beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seatrial.azure import temporal
from seatrial.azure.reach import TEMPORAL_PORT
from seatrial.azure.stamp import Stamp
from seatrial.azure.temporal import Container
from seatrial.deliver.kubernetes import pods
from seatrial.deliver.kubernetes.ground import disruption_budget, document, secrets_of
from seatrial.deliver.kubernetes.speech import Speech
from seatrial.model import Temporal

__all__ = ["documents"]

USERS = {"ui": 5000}
"""As whom each image was made to run, where it is not 1000.

Source: https://github.com/temporalio/ui/blob/main/server/Dockerfile and
https://github.com/temporalio/docker-builds/blob/main/server.Dockerfile
"""


def documents(part: Temporal, at: Stamp, speech: Speech) -> Iterator[dict[str, Any]]:
    yield _set(part, at, speech)
    yield _service(part, at, part.name, "ClusterIP")
    yield _service(part, at, f"{part.name}-replicas", None)
    if part.replicas > 1:
        yield disruption_budget(part.name, at)


def _set(part: Temporal, at: Stamp, speech: Speech) -> dict[str, Any]:
    """One after the other, so that the first brings the schema up to date for all."""
    held = secrets_of(part, at)
    before = _container(part, temporal.first(part, at), speech)
    return document(
        "apps/v1",
        "StatefulSet",
        part.name,
        at,
        spec={
            "replicas": part.replicas,
            "serviceName": f"{part.name}-replicas",
            "podManagementPolicy": "OrderedReady",
            "selector": {"matchLabels": {"app.kubernetes.io/name": part.name}},
            "template": pods.template(
                part,
                [_container(part, each, speech) for each in temporal.beside(part, at)],
                held,
                at,
                user=1000,
                volumes=[{"name": "dynamic", "emptyDir": {}}],
                terminationGracePeriodSeconds=60,
                initContainers=[pods.mounted(before) if held else before],
            ),
        },
    )


def _container(part: Temporal, each: Container, speech: Speech) -> dict[str, Any]:
    memory = f"{round(each.gib * 1024)}Mi"
    server = each.name == "server"
    here = [{"name": "TEMPORAL_BROADCAST_ADDRESS", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}}]
    return {
        "name": each.name,
        "image": speech.text(each.image),
        **({"command": ["/bin/sh", "-c", each.script]} if each.script else {}),
        "env": pods.env(part, each.env, speech) + (here if server else []),
        **({"ports": [{"containerPort": port} for port in each.ports]} if each.ports else {}),
        **(_alive() if server else {}),
        "resources": {
            "requests": {"cpu": f"{round(each.cpu * 1000)}m", "memory": memory},
            "limits": {"memory": memory},
        },
        # the images write their settings beside their programs when they start
        "securityContext": pods.locked(user=USERS.get(each.name), writes=True),
        **({"volumeMounts": [{"name": "dynamic", "mountPath": "/dynamic"}]} if each.shares else {}),
    }


def _alive() -> dict[str, Any]:
    asked = {"tcpSocket": {"port": TEMPORAL_PORT}, "periodSeconds": 10}
    return {
        "startupProbe": {**asked, "failureThreshold": 30},
        "readinessProbe": {**asked, "failureThreshold": 3},
        "livenessProbe": {**asked, "failureThreshold": 6},
    }


def _service(part: Temporal, at: Stamp, name: str, kind: str | None) -> dict[str, Any]:
    """The one that is asked; and, without an address of its own, the one that names each replica."""
    ports = [{"name": "grpc", "port": TEMPORAL_PORT}]
    if part.ui and kind:
        ports.append({"name": "ui", "port": temporal.UI_PORT})
    return document(
        "v1",
        "Service",
        name,
        at,
        of=part.name,
        spec={
            **({"type": kind} if kind else {"clusterIP": "None", "publishNotReadyAddresses": True}),
            "selector": {"app.kubernetes.io/name": part.name},
            "ports": ports,
        },
    )
