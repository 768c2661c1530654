"""What can be read of a part: which metric, of which resource."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seatrial.azure import (
    aks,
    api_management,
    app_service,
    application_gateway,
    blobs,
    cache,
    container_apps,
    container_instances,
    container_jobs,
    documents,
    front_door,
    logs,
    measures,
    model_api,
    network,
    pools,
    postgres,
    queue,
    sandbox,
    site,
    traffic_manager,
)
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.measures import Gauge, Gauges
from seatrial.azure.postgres_sizes import machine
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref, Text
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    Job,
    Measure,
    Metric,
    ModelApi,
    Network,
    NodePool,
    Part,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Schedule,
    Service,
    Site,
    Temporal,
    TrafficManager,
    Worker,
)
from seatrial.model.value import Value

__all__ = ["Reading", "exists_once", "reading", "readings"]

Where = tuple[tuple[str, tuple[Text, ...]], ...]


class Reading(Value):
    """A metric of one resource."""

    of: Ref
    gauge: Gauge
    where: Where
    """Dimensions, each with the values that count."""
    scale: float
    """How many of Azure's units one of ours is."""


def exists_once(part: Part) -> bool:
    """Whether a part stands in the first region only, however many regions there are."""
    return isinstance(part, Documents | Site | FrontDoor | TrafficManager)


def reading(metric: Metric, at: Stamp, asked_by: str) -> Reading:
    """How a measure of a part is read in a region.

    Raises:
        Refused: Azure measures no such thing of it; what it does measure is said.
    """
    for of, gauges, where in _measured(metric.part, _home(metric.part, at)):
        if gauge := gauges.get(metric.measure):
            return _read(metric.part, of, gauge, where)
    kind = type(metric.part).__name__
    what = f'"{metric.measure}" of {metric.part.name} ({kind}): Azure does not measure that'
    raise Refused([Trouble.about(at.plan, asked_by, what, _hint(metric.part, readings(metric.part, at)))])


def _hint(part: Part, there: Mapping[Measure, Reading]) -> str:
    known = ", ".join(f'"{each}"' for each in there)
    host = getattr(part, "host", None)
    if isinstance(host, AppServicePlan | NodePool):
        machines = f'the machines have more: metric({host.name}, "cpu")'
        return f"it has {known}; {machines}" if known else machines
    if known:
        return f"it has {known}"
    if isinstance(part, Network):
        return "a network with nat=True counts what leaves by its gateway"
    return 'ask the logs instead: log("AppTraces | where …")'


def readings(part: Part, at: Stamp) -> dict[Measure, Reading]:
    """All that Azure measures of a part in a region."""
    found: dict[Measure, Reading] = {}
    for of, gauges, where in _measured(part, _home(part, at)):
        for measure, gauge in gauges.items():
            if measure not in found:
                found[measure] = _read(part, of, gauge, where)
    return found


def _home(part: Part, at: Stamp) -> Stamp:
    """Where a part stands, for whoever asks in a region."""
    return Stamp(plan=at.plan, region=at.plan.region) if exists_once(part) else at


def _read(part: Part, of: Ref, gauge: Gauge, where: Where) -> Reading:
    scale = gauge.scale * _each(gauge, part)
    return Reading(of=of, gauge=gauge, where=(*gauge.where, *where), scale=scale)


def _measured(part: Part, at: Stamp) -> Iterator[tuple[Ref, Gauges, Where]]:
    """The resources that say something of a part, the better source first."""
    match part:
        case Process():
            yield from _of_process(part, at)
        case Temporal(hosted_by="container apps"):
            yield container_apps.app(part.name, at), measures.WORKER, ()
        case Queue():
            yield queue.namespace(at), measures.QUEUE, (("EntityName", (queue.ref(part, at).name,)),)
        case ModelApi():
            deployment = model_api.deployment(part, at).name
            yield model_api.account(part, at), measures.MODEL, (("ModelDeploymentName", (deployment,)),)
        case NodePool():
            yield aks.cluster(at), measures.NODES, (("nodepool", (pools.pool_name(part),)),)
        case Network(nat=True):
            yield network.nat(at), measures.NAT, ()
        case ApiManagement():
            yield api_management.service(part, at), _of_gateway(part), ()
        case _:
            if found := _PLAIN.get(type(part)):
                door, gauges = found
                yield door(part, at), gauges, ()


_PLAIN: Mapping[type[Part], tuple[Callable[[Any, Stamp], Ref], Gauges]] = {
    AppServicePlan: (lambda part, at: app_service.farm(part.name, at), measures.MACHINES),
    ApplicationGateway: (application_gateway.gateway, measures.APPLICATION_GATEWAY),
    Blobs: (blobs.account, measures.BLOBS),
    Cache: (cache.ref, measures.CACHE),
    Documents: (documents.account, measures.DOCUMENTS),
    FrontDoor: (front_door.profile, measures.FRONT_DOOR),
    Postgres: (postgres.ref, measures.POSTGRES),
    Sandbox: (sandbox.ref, measures.SANDBOX),
    Site: (site.ref, measures.SITE),
    TrafficManager: (traffic_manager.profile, measures.TRAFFIC_MANAGER),
}
"""Which resource of a part is measured, and how."""


def _of_process(process: Process, at: Stamp) -> Iterator[tuple[Ref, Gauges, Where]]:
    name, host = process.name, process.hosted_by
    match process:
        case Job() | Schedule() if host == "container apps":
            yield container_jobs.job(name, at), measures.JOB, ()
        case Service() if host == "container apps":
            yield container_apps.app(name, at), measures.CONTAINER_APP, ()
        case Worker() if host == "container apps":
            yield container_apps.app(name, at), measures.WORKER, ()
        case Service() if host == "app service":
            yield app_service.site(name, at), measures.APP_SERVICE, ()
            if not isinstance(process.host, AppServicePlan):  # it has machines of its own
                yield app_service.farm(f"{name}-plan", at), measures.MACHINES, ()
        case Service(replicas=(_, 1)) | Worker(replicas=(_, 1)) if host == "container instances":
            yield container_instances.group(name, at), measures.CONTAINER_INSTANCES, ()
        case _:
            pass  # Kubernetes is measured by its machines, and several groups of containers not as one
    if isinstance(process, Service):
        yield logs.insights(at), measures.TELEMETRY, (("cloud/roleName", (name,)),)


def _of_gateway(part: ApiManagement) -> Gauges:
    if part.tier == "consumption":
        return {name: each for name, each in measures.API_GATEWAY.items() if name != "cpu"}
    return measures.API_GATEWAY_V2 if part.tier.endswith("v2") else measures.API_GATEWAY


def _each(gauge: Gauge, part: Part) -> float:
    match gauge.each:
        case "core":
            assert isinstance(part, Process)
            return part.cpu
        case "memory byte":
            assert isinstance(part, Process)
            return part.memory.bytes
        case "connection":
            assert isinstance(part, Postgres)
            return _most_connections(part)
        case _:
            return 1


def _most_connections(part: Postgres) -> int:
    """How many connections a server takes unless told otherwise, by the memory of its machine.

    The published rule counts memory in GiB, but its figures (859 for 8 GiB) come of MiB.
    Source: https://learn.microsoft.com/azure/postgresql/server-parameters/param-connections-authentication-connection-settings
    and https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits
    """
    size = machine(part)
    assert size is not None  # the server itself was refused if there is none
    gib = size.memory_gib
    return gib * 25 if gib <= 2 else min(int(gib * 1024 * 0.1049164697034809), 5000)
