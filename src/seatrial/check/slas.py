"""What Azure publishes of the availability of its services, in percent of a month.

An agreement binds Microsoft to a credit, not to an answer: it is what one may rest a promise on, not what is
measured. What is not known well enough has no figure; it is named and not counted.
"""

from __future__ import annotations

from decimal import Decimal

from seatrial.azure.pools import OWN
from seatrial.azure.regions import has_zones
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    AppServicePlan,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    ModelApi,
    NodePool,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    Sandbox,
    Site,
    Temporal,
    TrafficManager,
)
from seatrial.model.value import Value

__all__ = ["AGREEMENT", "PRIVATE_ENDPOINT", "Sla", "sla_of"]

AGREEMENT = "https://www.microsoft.com/licensing/docs/view/Service-Level-Agreements-SLA-for-Online-Services"
"""The one document for all services: where a figure has no other source, this is it."""

SUMMED_UP = "https://github.com/Azure/reliable-web-app-pattern-java/blob/main/sla-calculation.md"
"""Azure's own sum for a web application, with the figure of each service in it."""


class Sla(Value):
    """What is published about one part, as it is described."""

    what: str
    """The service, and what of its description decides: `PostgreSQL without a standby`."""
    percent: Decimal | None
    """None: nothing is published, or not known well enough."""
    source: str = AGREEMENT


def _sla(what: str, percent: str | None, source: str = AGREEMENT) -> Sla:
    return Sla(what=what, percent=None if percent is None else Decimal(percent), source=source)


PRIVATE_ENDPOINT = _sla("private endpoint", "99.99", SUMMED_UP)

_POSTGRES = "https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability"
_STANDBY = {
    "none": _sla("PostgreSQL without a standby", "99.9", SUMMED_UP),
    "same zone": _sla("PostgreSQL with a standby in its zone", "99.95", _POSTGRES),
    "another zone": _sla("PostgreSQL with a standby in another zone", "99.99", _POSTGRES),
}

_FRONT_DOOR = _sla("Front Door", "99.99", SUMMED_UP)
_TRAFFIC_MANAGER = _sla("Traffic Manager", "99.99")
_GATEWAY = _sla("Application Gateway", "99.95")
_SITE = _sla("Static Web Apps", "99.95")
_BLOBS = _sla("Blob Storage", "99.9", SUMMED_UP)
_QUEUE = _sla("Service Bus, standard", "99.9")
_MODEL = _sla("Azure OpenAI", "99.9")
_CONTAINER_APPS = _sla("Container Apps", "99.95")
_INSTANCES = _sla("Container Instances", "99.9")


def sla_of(part: Part, plan: Plan) -> Sla:
    """What is published about a part; about a process, that of what it runs on."""
    match part:
        case FrontDoor():
            return _FRONT_DOOR
        case TrafficManager():
            return _TRAFFIC_MANAGER
        case ApplicationGateway():
            return _GATEWAY
        case ApiManagement():
            return _api_management(part)
        case Site():
            return _SITE
        case Process() | Temporal():
            return _host(part, plan)
        case Postgres(standby=standby):
            return _STANDBY[standby]
        case Blobs():
            return _BLOBS
        case Documents():
            return _documents(plan)
        case Queue():
            return _QUEUE
        case ModelApi():
            return _MODEL
        case Cache():  # its figures differ by zones and regions, and none is known without a replica
            return _sla("Managed Redis", None)
        case Sandbox():
            return _sla("sessions of Container Apps", None)
        case _:
            return _sla(type(part).__name__.lower(), None)


def _api_management(part: ApiManagement) -> Sla:
    """Source, for the tier of developers: https://learn.microsoft.com/azure/api-management/api-management-features"""
    what = f"API Management, {part.tier}"
    return _sla(what, None if part.tier == "developer" else "99.95")


def _documents(plan: Plan) -> Sla:
    """Of writes, which stop until another region has taken over; reads have 99.999 % in several regions.

    All accounts stand in the zones of regions that have them.
    """
    source = "https://learn.microsoft.com/azure/reliability/reliability-cosmos-db"
    if all(has_zones(region) for region in plan.regions):
        return _sla("Cosmos DB in zones", "99.995", source)
    return _sla("Cosmos DB", "99.99", source)


def _host(part: Process | Temporal, plan: Plan) -> Sla:
    match part.host:
        case AppServicePlan(zones=True):
            return _sla("App Service in zones", "99.99")
        case AppServicePlan() | "app service":
            return _sla("App Service", "99.95", SUMMED_UP)
        case "container instances":
            return _INSTANCES
        case NodePool() as pool:
            return _machines(pool, plan)
        case "aks":
            return _machines(OWN, plan)
        case _:
            return _CONTAINER_APPS


def _machines(pool: NodePool, plan: Plan) -> Sla:
    """Of virtual machines: several of them in zones, or each by itself. Pools with GPUs stand in no zone."""
    if pool.spot:
        return _sla("spot machines", None, "https://learn.microsoft.com/azure/aks/spot-node-pool")
    if pool.nodes[0] > 1 and not pool.gpus and has_zones(plan.region):
        return _sla("machines of Kubernetes in zones", "99.99")
    return _sla("machines of Kubernetes in no zone", "99.9")
