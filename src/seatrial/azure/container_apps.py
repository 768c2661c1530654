"""Container Apps: the apps of services and workers. Environment and jobs have files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Any

from seatrial.azure import container_environment, container_jobs, containers, hosts, registry, scale, sign_in
from seatrial.azure.container_environment import environment, seen_outside
from seatrial.azure.container_sizes import room
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.reach import exposure
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Parameter, Ref, WhenEmpty
from seatrial.model import Job, Postgres, Process, Schedule, Service, Worker

__all__ = ["app", "environment", "environment_resources", "live", "resources"]

GRACE_SECONDS = 60
"""How long a replica that is to go may finish what it does. Source: the interface allows 0 to 600."""

MOST_FAILURES = 10
LONGEST_PERIOD_SECONDS = 240
"""Of a probe. Source: the official schema of Microsoft.App/containerApps, ContainerAppProbe."""


def app(name: str, at: Stamp) -> Ref:
    return Ref(type="Microsoft.App/containerApps", name=at.name(name))


def live(service: Service, at: Stamp) -> Parameter:
    """Which revision of a service the world is served by: the release that has proved itself."""
    return Parameter(
        name=camel(at.name(service.name), "live"),
        why=f"The revision of {service.name} that serves; left empty: the newest",
        default="",
    )


def environment_resources(at: Stamp) -> Iterator[Resource]:
    """The environment, where anything runs in it, and what stands beside databases in it: the jobs that bring
    schemas up to date, and the passwords by which waiting rows are counted."""
    yield from container_environment.resources(at)
    for part in at.plan.of(Postgres):
        yield from scale.role_resources(part, at)
    yield from container_jobs.migrations(at)


def resources(process: Process, at: Stamp) -> Iterator[Resource]:
    """A process, as an app or as a job.

    Raises:
        Refused: there is no size for it, or it takes longer to start than Azure waits.
    """
    match process:
        case Job() | Schedule():
            yield from container_jobs.resources(process, at)
        case Service() | Worker():
            yield _app(process, at)
    if isinstance(process, Service) and process.sign_in:
        yield sign_in.resource(process, app(process.name, at), at)


def _app(process: Service | Worker, at: Stamp) -> Resource:
    size = room(at.plan, process.name, process.cpu, process.memory, process.gpus)
    settings = hosts.settings(process, at)
    hidden = containers.secrets(process.name, (*settings, *scale.passwords(process, at)), at)
    port = process.port if isinstance(process, Service) else None
    container = containers.container(process.name, process.command, settings, size, at, port)
    if isinstance(process, Service):
        container["probes"] = _probes(process, at)
    return Resource(
        ref=app(process.name, at),
        module="compute",
        region=at.region,
        symbol=camel(process.name, "app"),
        why=f"Runs {process.name}, {_replicas(process)} {size.why}",
        part=process.name,
        location=at.region,
        after=(
            registry.pull(process.name, at, process.name).ref,
            *(each.ref for each in hosts.rights(process, at)),
        ),
        body={
            "identity": containers.who(process.name, at),
            "properties": {
                "environmentId": Id(of=environment(at)),
                "workloadProfileName": size.profile.name,
                "configuration": {
                    "activeRevisionsMode": "Multiple" if _released(process, at) else "Single",
                    **({"ingress": _ingress(process, at)} if isinstance(process, Service) else {}),
                    "registries": containers.registries(process.name, at),
                    **({"secrets": hidden} if hidden else {}),
                },
                "template": {
                    "terminationGracePeriodSeconds": GRACE_SECONDS,
                    "containers": [container],
                    "scale": scale.body(process, at),
                },
            },
        },
    )


def _replicas(process: Service | Worker) -> str:
    fewest, most = process.replicas
    if fewest != most:
        return f"{fewest} to {most} replicas, each with"
    return "one replica with" if most == 1 else f"{most} replicas, each with"


def _released(process: Service | Worker, at: Stamp) -> bool:
    """Whether a new release waits beside the old one until traffic is led to it.

    What answers only inside, or takes work by itself, is replaced at once: two releases of a worker would
    both take work, and each idle revision costs its fewest replicas.
    """
    return isinstance(process, Service) and exposure(process, at.plan) != "inside"


def _ingress(service: Service, at: Stamp) -> dict[str, Any]:
    newest = {"latestRevision": True, "weight": 100}
    traffic: Any = [newest]
    if _released(service, at):
        pinned = live(service, at)
        traffic = WhenEmpty(
            parameter=pinned,
            then=[newest],
            otherwise=[
                {"revisionName": pinned, "weight": 100},
                {"latestRevision": True, "weight": 0, "label": "next"},
            ],
        )
    return {
        "external": seen_outside(service, at.plan),
        "targetPort": service.port,
        "transport": "auto",
        "allowInsecure": False,
        "clientCertificateMode": "ignore",
        "traffic": traffic,
    }


def _probes(service: Service, at: Stamp) -> list[dict[str, Any]]:
    """Started, ready, alive. The one for the start is patient for as long as the service may take.

    Source: https://learn.microsoft.com/azure/container-apps/health-probes
    """
    patience = service.start_within.seconds
    period = max(1, ceil(patience / MOST_FAILURES))
    if period > LONGEST_PERIOD_SECONDS:
        what = f'start_within="{service.start_within}": Container Apps wait 40 min at most'
        hint = "write less, and let what takes so long be done by a job"
        raise Refused([Trouble.about(at.plan, service.name, what, hint)])
    asked = {"path": service.health, "port": service.port, "scheme": "HTTP"}
    return [
        {
            "type": "Startup",
            "httpGet": asked,
            "periodSeconds": period,
            "timeoutSeconds": min(5, period),
            "failureThreshold": max(1, ceil(patience / period)),
        },
        {
            "type": "Readiness",
            "httpGet": asked,
            "periodSeconds": 10,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
        {
            "type": "Liveness",
            "httpGet": asked,
            "periodSeconds": 30,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
    ]
