"""Who may reach whom: what follows from the uses and routes of a plan, before any resource is made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from seatrial.azure.defaults import ground
from seatrial.azure.remembering import remembered
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    Backlog,
    Blobs,
    Cache,
    Documents,
    FrontDoor,
    Host,
    ModelApi,
    Network,
    NodePool,
    Part,
    Plan,
    Postgres,
    Process,
    Queue,
    QueueLength,
    Registry,
    Sandbox,
    Secret,
    Service,
    Site,
    Temporal,
    Tier,
    TrafficManager,
    Worker,
    uses_of,
)
from seatrial.model.value import Value

__all__ = [
    "Edge",
    "EntryPoint",
    "Exposure",
    "Path",
    "Way",
    "edges_before",
    "entry_points",
    "exposure",
    "has_images",
    "linked_apps",
    "needs_container_apps",
    "network_of",
    "paths",
    "private_apps",
    "private_registry",
    "tier_of",
    "users_of",
]

Exposure = Literal["world", "edge", "inside"]
"""From where a service is reached: from everywhere; from an edge in the network or a private link, and from
inside; from the system's own processes only."""

Way = Literal["public", "private link", "private endpoint", "subnet", "network"]
"""How one reaches another: over the internet; by a private link of Front Door; by an endpoint in the tier
`endpoints`; in a subnet that the other has for itself; from subnet to subnet."""

Edge = FrontDoor | ApplicationGateway | ApiManagement | TrafficManager

Outside = Literal["the world", "administrators"]

WORLD: Final = "the world"
ADMINISTRATORS: Final = "administrators"


class Path(Value):
    """One may reach another."""

    source: str
    """A part, or `the world`, or `administrators`."""
    target: str
    """A part."""
    port: int
    way: Way
    leaves: Tier | None = None
    """The tier of the network in which it begins; None: outside."""
    enters: Tier | None = None
    """The tier of the network in which it ends; None: it does not come in."""


class EntryPoint(Value):
    """Where somebody comes in from outside."""

    part: str
    who: Outside
    what: str
    """What stands there: `Front Door`."""


def edges_before(part: Part, plan: Plan) -> tuple[Edge, ...]:
    """The edges that lead to a part, in the order in which they were written."""
    return tuple(edge for edge in plan.parts if isinstance(edge, Edge) and part in _led_to(edge))


def _led_to(edge: Edge) -> tuple[Part, ...]:
    match edge:
        case FrontDoor() | ApplicationGateway():
            return tuple(dict.fromkeys(edge.routes.values()))
        case ApiManagement():
            return tuple(dict.fromkeys(edge.apis.values()))
        case TrafficManager():
            return (edge.to,)


def exposure(part: Service | ApiManagement, plan: Plan) -> Exposure:
    """From where a service or a gateway of APIs has to be reached.

    Front Door reaches privately in its premium tier only; API Management from its standard v2 tier on;
    Traffic Manager only answers names, so what it leads to answers the world itself.
    Source: https://learn.microsoft.com/azure/frontdoor/private-link and
    https://learn.microsoft.com/azure/api-management/virtual-network-concepts
    """
    before = edges_before(part, plan)
    for edge in before:
        match edge:
            case TrafficManager():
                return "world"
            case FrontDoor(tier="standard") | ApiManagement(tier="consumption" | "developer" | "basic v2"):
                return "world"
            case _:
                pass
    if before:
        return "edge"
    return "world" if isinstance(part, ApiManagement) or part.public else "inside"


def users_of(part: Part, plan: Plan) -> tuple[Process, ...]:
    """The processes that use a part, in the order in which they were written."""
    return tuple(each for each in plan.of(Process) if part in uses_of(each))


# -- where what stands ----------------------------------------------------------------------------------

HOST_TIERS: dict[Host, Tier] = {
    "container apps": "apps",
    "app service": "web",
    "container instances": "instances",
    "aks": "cluster",
}


def tier_of(part: Process | Temporal) -> Tier:
    """The tier of the network in which a process runs."""
    return HOST_TIERS[part.hosted_by]


def needs_container_apps(plan: Plan) -> bool:
    """Whether there is an environment of Container Apps: for processes on it, for sandboxes, and for the
    jobs that bring schemas up to date."""
    return (
        any(tier_of(each) == "apps" for each in plan.of(Process))
        or any(tier_of(each) == "apps" for each in plan.of(Temporal))
        or bool(plan.of(Sandbox))
        or any(each.migrate for each in plan.of(Postgres))
    )


def linked_apps(plan: Plan) -> bool:
    """Whether Front Door comes to the environment of Container Apps by a private link.

    Then the environment has a door that is shut, and none in the network; whoever is in the network comes to
    it by an endpoint.
    Source: https://learn.microsoft.com/azure/container-apps/how-to-integrate-with-azure-front-door
    """
    return any(
        isinstance(part, Service) and tier_of(part) == "apps"
        for edge in plan.of(FrontDoor)
        if edge.tier == "premium"
        for part in edge.routes.values()
    )


def private_apps(plan: Plan) -> bool:
    """Whether the environment of Container Apps answers somebody in the network who is outside of it."""
    ways = paths(plan)
    services = {each.name for each in plan.of(Service) if tier_of(each) == "apps"}
    if any(path.source == WORLD and path.target in services for path in ways):
        return False
    return any(path.target in services and path.leaves not in (None, "apps") for path in ways)


def has_images(plan: Plan) -> bool:
    """Whether there is a registry: it is named, or something runs an image out of it."""
    return any(isinstance(each, Registry | Process | Sandbox | Temporal | NodePool) for each in plan.parts)


def private_registry(plan: Plan) -> bool:
    """Whether images come from inside the network: only the premium tier can that."""
    return ground(Registry, plan).tier == "premium"


@remembered
def network_of(plan: Plan) -> Network:
    """The network of a plan; the one with all the defaults when it names none."""
    return ground(Network, plan)


# -- who may reach whom ---------------------------------------------------------------------------------


@remembered
def paths(plan: Plan) -> tuple[Path, ...]:
    """Every way that the plan opens, from the world over its edges to its stores, each once."""
    return tuple(dict.fromkeys(_paths(plan)))


def _paths(plan: Plan) -> Iterator[Path]:
    for edge in (each for each in plan.parts if isinstance(each, Edge)):
        yield from _over(edge, plan)
    for service in plan.of(Service):
        if exposure(service, plan) == "world":
            yield Path(source=WORLD, target=service.name, port=443, way="public", enters=tier_of(service))
    for site in plan.of(Site):
        yield Path(source=WORLD, target=site.name, port=443, way="public")
    for process in plan.of(Process):
        for part in (*uses_of(process), *_watched(process)):
            yield from _to(part, process.name, tier_of(process), plan)
    for engine in plan.of(Temporal):
        yield from _to(engine.history, engine.name, tier_of(engine), plan)
    for store in plan.of(Postgres):
        if store.migrate:
            yield from _to(store, f"{store.name}-migrate", "apps", plan)
    network = network_of(plan)
    if network.vpn:
        for part in plan.of(Part):
            if isinstance(part, Postgres | Blobs | Cache | Documents):
                yield from _to(part, ADMINISTRATORS, "vpn", plan)


def _over(edge: Edge, plan: Plan) -> Iterator[Path]:
    """From the world to an edge, and on to what it leads to."""
    match edge:
        case FrontDoor():
            yield Path(source=WORLD, target=edge.name, port=443, way="public")
            for part in _led_to(edge):
                private = edge.tier == "premium" and (
                    isinstance(part, Service)
                    or (isinstance(part, ApiManagement) and part.tier == "standard v2")
                )
                way: Way = "private link" if private else "public"
                yield Path(source=edge.name, target=part.name, port=443, way=way)
        case ApplicationGateway():
            yield Path(source=WORLD, target=edge.name, port=443, way="public", enters="edge")
            for part in _led_to(edge):
                yield from _to(part, edge.name, "edge", plan)
        case ApiManagement():
            if exposure(edge, plan) == "world":
                yield Path(source=WORLD, target=edge.name, port=443, way="public")
            for part in _led_to(edge):
                if edge.tier in ("standard v2", "premium"):
                    yield from _to(part, edge.name, "apis", plan)
                else:
                    yield Path(source=edge.name, target=part.name, port=443, way="public")
        case TrafficManager():
            yield Path(source=WORLD, target=edge.name, port=53, way="public")


def _watched(process: Process) -> Iterator[Part]:
    """What its scale rules look at."""
    if isinstance(process, Service | Worker):
        for rule in process.scale:
            match rule:
                case Backlog(postgres=store):
                    yield store
                case QueueLength(queue=queue):
                    yield queue


STORE_PORTS: dict[type[Part], tuple[int, ...]] = {
    Postgres: (5432,),
    Blobs: (443,),
    Cache: (10000,),
    Documents: (443,),
    ModelApi: (443,),
    Secret: (443,),
}
"""On which each kind of store answers behind a private endpoint: Managed Redis always on 10000; Cosmos DB
through its gateway. Source: https://learn.microsoft.com/azure/redis/development-faq"""

QUEUE_PORTS = (443, 5671)
"""Service Bus answers at a public address: by AMQP with TLS, and by HTTPS to those who count messages.
Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide"""

TEMPORAL_PORT = 7233


def _to(part: Part, source: str, leaves: Tier, plan: Plan) -> Iterator[Path]:
    """From a tier of the network to what is used there."""

    def path(port: int, way: Way, enters: Tier | None) -> Path:
        return Path(source=source, target=part.name, port=port, way=way, leaves=leaves, enters=enters)

    match part:
        case Postgres(network="subnet"):
            yield path(5432, "subnet", "data")
        case Service(hosted_by="container apps") if leaves != "apps" and linked_apps(plan):
            yield path(443, "private endpoint", "endpoints")
        case Service(hosted_by="container apps"):
            yield path(443, "network", "apps")
        case Service(hosted_by="app service"):
            yield path(443, "private endpoint", "endpoints")
        case Service():
            yield path(part.port, "network", tier_of(part))
        case Temporal():
            yield path(TEMPORAL_PORT, "network", tier_of(part))
        case Sandbox():
            yield path(443, "network", "apps")
        case ApplicationGateway() | ApiManagement() | Site():
            yield path(443, "public", None)
        case Queue():
            for port in QUEUE_PORTS:
                yield path(port, "public", None)
        case Secret() if not part.needed or leaves == "instances":
            pass  # is not deployed; is given with the deployment, for groups do not ask the vault
        case _:
            for port in STORE_PORTS.get(type(part), ()):
                yield path(port, "private endpoint", "endpoints")


def entry_points(plan: Plan) -> tuple[EntryPoint, ...]:
    """Where somebody comes in from outside, in the order in which they were written."""
    return tuple(_entry_points(plan))


def _entry_points(plan: Plan) -> Iterator[EntryPoint]:
    for part in plan.parts:
        match part:
            case FrontDoor():
                yield EntryPoint(part=part.name, who=WORLD, what="Front Door")
            case ApplicationGateway():
                yield EntryPoint(part=part.name, who=WORLD, what="Application Gateway")
            case TrafficManager():
                yield EntryPoint(part=part.name, who=WORLD, what="Traffic Manager")
            case ApiManagement() if exposure(part, plan) == "world":
                yield EntryPoint(part=part.name, who=WORLD, what="API Management")
            case Service() if exposure(part, plan) == "world":
                yield EntryPoint(part=part.name, who=WORLD, what="a service")
            case Site():
                yield EntryPoint(part=part.name, who=WORLD, what="a static site")
            case Network(bastion=bastion, vpn=vpn):
                if bastion:
                    yield EntryPoint(part=part.name, who=ADMINISTRATORS, what="Azure Bastion")
                if vpn:
                    yield EntryPoint(part=part.name, who=ADMINISTRATORS, what="a gateway for a VPN")
            case _:
                pass
