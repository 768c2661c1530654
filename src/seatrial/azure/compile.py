"""From a plan to its graph of resources: a pure function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from seatrial.azure import (
    aks,
    alerts,
    api_management,
    app_service,
    application_gateway,
    blobs,
    budget,
    cache,
    container_apps,
    container_instances,
    dashboards,
    diagnostics,
    documents,
    front_door,
    hosts,
    identity,
    logs,
    model_api,
    network,
    postgres,
    queue,
    registry,
    sandbox,
    secret,
    site,
    temporal,
    traffic_manager,
)
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Graph, Resource, assembled
from seatrial.azure.remembering import remembered
from seatrial.azure.stamp import Stamp
from seatrial.model import (
    Alert,
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Contact,
    Dashboard,
    Documents,
    FrontDoor,
    Host,
    ModelApi,
    NodePool,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Secret,
    Site,
    Temporal,
    TrafficManager,
)

__all__ = ["graph"]

Maker = Callable[[Any, Stamp], Iterable[Resource]]

IN_EVERY_REGION: Mapping[type[Part], Maker] = {
    Postgres: postgres.resources,
    Blobs: blobs.resources,
    Queue: queue.resources,
    Cache: cache.resources,
    ModelApi: model_api.resources,
    Secret: secret.resources,
    Sandbox: sandbox.resources,
    Temporal: temporal.resources,
    AppServicePlan: app_service.plan_resources,
    NodePool: aks.pool_resources,
    ApplicationGateway: application_gateway.resources,
    ApiManagement: api_management.resources,
    Contact: alerts.contact_resources,
    Alert: alerts.resources,
    Dashboard: dashboards.resources,
}

ONCE: Mapping[type[Part], Maker] = {
    Documents: documents.resources,
    Site: site.resources,
    FrontDoor: front_door.resources,
    TrafficManager: traffic_manager.resources,
}
"""What exists once, in the first region, however many regions there are."""

HOSTS: Mapping[Host, Maker] = {
    "container apps": container_apps.resources,
    "app service": app_service.resources,
    "container instances": container_instances.resources,
    "aks": aks.resources,
}

GROUND: tuple[Callable[[Stamp], Iterable[Resource]], ...] = (
    network.resources,
    logs.resources,
    registry.resources,
    secret.vault_resources,
    identity.resources,
    container_apps.environment_resources,
    aks.cluster_resources,
)
"""What all stand on. Each yields nothing where nothing needs it."""


@remembered
def graph(plan: Plan) -> Graph:
    """Everything a plan becomes on Azure.

    Raises:
        Refused: the plan asks for what Azure has not; all of it is named.
    """
    made: list[Resource] = []
    troubles: list[Trouble] = []
    for make in _makers(plan):
        try:
            made.extend(make())
        except Refused as refused:
            troubles.extend(refused.troubles)
    if troubles:
        raise Refused(troubles)
    return assembled(plan, [*made, *diagnostics.of_all(made, plan)])


def _makers(plan: Plan) -> Iterator[Callable[[], Iterable[Resource]]]:
    """What makes the resources, one call for each part in each region."""
    for region in plan.regions:
        at = Stamp(plan=plan, region=region)
        for ground in GROUND:
            yield partial(ground, at)
        for part in plan.parts:
            if isinstance(part, Process):
                yield partial(HOSTS[part.hosted_by], part, at)
                yield partial(hosts.rights, part, at)
            elif (maker := IN_EVERY_REGION.get(type(part))) or (at.first and (maker := ONCE.get(type(part)))):
                yield partial(maker, part, at)
    yield partial(budget.resources, Stamp(plan=plan, region=plan.region))
