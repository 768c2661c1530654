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
    documents,
    front_door,
    logs,
    measures,
    model_api,
    network,
    postgres,
    queue,
    sandbox,
    site,
    temporal,
    traffic_manager,
)
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
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
    Service,
    Site,
    Temporal,
    TrafficManager,
)
from seatrial.model.value import Value

__all__ = ["Reading", "exists_once", "reading", "readings"]

APPS = "Microsoft.App/containerApps"
CLUSTERS = "Microsoft.ContainerService/managedClusters"


class Reading(Value):
    """A metric of one resource."""

    of: Ref
    gauge: Gauge
    where: tuple[tuple[str, tuple[Text, ...]], ...]
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
    there = readings(metric.part, at)
    if metric.measure in there:
        return there[metric.measure]
    kind = type(metric.part).__name__
    what = f'"{metric.measure}" of {metric.part.name} ({kind}): Azure does not measure that'
    raise Refused([Trouble.about(at.plan, asked_by, what, _hint(metric.part, there))])


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
    home = Stamp(plan=at.plan, region=at.plan.region) if exists_once(part) else at
    found: dict[Measure, Reading] = {}
    for of, gauges, where in _measured(part, home):
        for measure, gauge in gauges.items():
            scale = gauge.scale * _each(gauge, part)
            found.setdefault(measure, Reading(of=of, gauge=gauge, where=(*gauge.where, *where), scale=scale))
    return found


Where = tuple[tuple[str, tuple[Text, ...]], ...]


def _measured(part: Part, at: Stamp) -> Iterator[tuple[Ref, Gauges, Where]]:
    """The resources that say something of a part, the better source first."""
    if isinstance(part, Process):
        yield from _of_process(part, at)
    elif isinstance(part, Queue):
        made = tuple(queue.resources(part, at))
        entity = _first(made, "Microsoft.ServiceBus/namespaces/topics" if part.topic else _QUEUES)
        for namespace in _all(made, "Microsoft.ServiceBus/namespaces"):
            yield namespace, measures.QUEUE, (("EntityName", (entity.name,)),) if entity else ()
    elif isinstance(part, ModelApi):
        made = tuple(model_api.resources(part, at))
        deployment = _first(made, "Microsoft.CognitiveServices/accounts/deployments")
        for account in _all(made, "Microsoft.CognitiveServices/accounts"):
            where = (("ModelDeploymentName", (deployment.name,)),) if deployment else ()
            yield account, measures.MODEL, where
    elif isinstance(part, NodePool):
        for pool in _all(aks.pool_resources(part, at), f"{CLUSTERS}/agentPools"):
            yield aks.cluster(at), measures.NODES, (("nodepool", (pool.name,)),)
    elif isinstance(part, Network):
        for gateway in _all(network.resources(at), "Microsoft.Network/natGateways"):
            yield gateway, measures.NAT, ()
    elif isinstance(part, ApiManagement):
        if part.tier != "consumption":
            gauges = measures.API_GATEWAY_V2 if part.tier.endswith("v2") else measures.API_GATEWAY
        else:
            gauges = {name: each for name, each in measures.API_GATEWAY.items() if name != "cpu"}
        for service in _all(api_management.resources(part, at), "Microsoft.ApiManagement/service"):
            yield service, gauges, ()
    elif found := _PLAIN.get(type(part)):
        maker, kind, gauges = found
        if (of := _first(tuple(maker(part, at)), kind)) is not None:
            yield of, gauges, ()


_QUEUES = "Microsoft.ServiceBus/namespaces/queues"

_PLAIN: Mapping[type[Part], tuple[Callable[[Any, Stamp], Iterator[Resource]], str, Gauges]] = {
    AppServicePlan: (app_service.plan_resources, "Microsoft.Web/serverfarms", measures.MACHINES),
    ApplicationGateway: (
        application_gateway.resources,
        "Microsoft.Network/applicationGateways",
        measures.APPLICATION_GATEWAY,
    ),
    Blobs: (blobs.resources, "Microsoft.Storage/storageAccounts", measures.BLOBS),
    Cache: (cache.resources, "Microsoft.Cache/redisEnterprise", measures.CACHE),
    Documents: (documents.resources, "Microsoft.DocumentDB/databaseAccounts", measures.DOCUMENTS),
    FrontDoor: (front_door.resources, "Microsoft.Cdn/profiles", measures.FRONT_DOOR),
    Postgres: (postgres.resources, "Microsoft.DBforPostgreSQL/flexibleServers", measures.POSTGRES),
    Sandbox: (sandbox.resources, "Microsoft.App/sessionPools", measures.SANDBOX),
    Site: (site.resources, "Microsoft.Web/staticSites", measures.SITE),
    Temporal: (temporal.resources, APPS, measures.WORKER),
    TrafficManager: (
        traffic_manager.resources,
        "Microsoft.Network/trafficManagerProfiles",
        measures.TRAFFIC_MANAGER,
    ),
}
"""What makes a part, which of its resources is measured, and how."""


def _of_process(process: Process, at: Stamp) -> Iterator[tuple[Ref, Gauges, Where]]:
    match process.hosted_by:
        case "container apps":
            made = tuple(container_apps.resources(process, at))
            for job in _all(made, "Microsoft.App/jobs"):
                yield job, measures.JOB, ()
            for app in _all(made, APPS):
                answers = isinstance(process, Service)
                yield app, measures.CONTAINER_APP if answers else measures.WORKER, ()
        case "app service":
            made = tuple(app_service.resources(process, at))
            if isinstance(process, Service):
                for web in _all(made, "Microsoft.Web/sites"):
                    yield web, measures.APP_SERVICE, ()
            for machines in _all(made, "Microsoft.Web/serverfarms"):  # its own, not one it shares
                yield machines, measures.MACHINES, ()
        case "container instances":
            groups = container_instances.resources(process, at)
            for group in _all(groups, "Microsoft.ContainerInstance/containerGroups"):
                yield group, measures.CONTAINER_INSTANCES, ()
        case "aks":
            pass  # Azure measures machines there, not what runs on them
    if isinstance(process, Service):
        yield logs.insights(at), measures.TELEMETRY, (("cloud/roleName", (process.name,)),)


def _all(made: Any, kind: str) -> list[Ref]:
    return [each.ref for each in made if each.type == kind]


def _first(made: Any, kind: str) -> Ref | None:
    return next(iter(_all(made, kind)), None)


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
