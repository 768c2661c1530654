"""Will it surprise: what stands all month although it looks as if it were paid by use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from functools import cache

from seatrial.bill.units import one_or_more
from seatrial.check.amounts import budget, dollars, likely, of_budget, stated
from seatrial.check.case import Case
from seatrial.check.reading import each_in, number, text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import (
    ApplicationGateway,
    Backlog,
    FrontDoor,
    NodePool,
    Part,
    Plan,
    Process,
    QueueLength,
    Requests,
    Schedule,
    Service,
    TrafficManager,
    Worker,
)
from seatrial.model.parts import references
from seatrial.model.targets import Availability, Latency

LEARN = "https://learn.microsoft.com/azure"
HOURS = 730


@thing_rule(
    "session-pool-machines",
    types=("Microsoft.App/sessionPools",),
    severity="warning",
    family="surprises",
    title="Ready sessions of a pool keep whole machines",
    why="A pool with a container of one's own is paid by the machine of kind E16, however few wait.",
    source=f"{LEARN}/container-apps/billing#custom-container",
    bad="""{"type": "Microsoft.App/sessionPools", "name": "trial", "location": "eastus2", "properties":
 {"containerType": "CustomContainer", "scaleConfiguration": {"readySessionInstances": 2},
  "customContainerTemplate": {"containers": [{"resources": {"cpu": 1, "memory": "2Gi"}}]}}}""",
    good="""{"type": "Microsoft.App/sessionPools", "name": "trial", "location": "eastus2", "properties":
 {"containerType": "CustomContainer", "scaleConfiguration": {"readySessionInstances": 0},
  "customContainerTemplate": {"containers": [{"resources": {"cpu": 1, "memory": "2Gi"}}]}}}""",
)
def session_pool_machines(thing: Thing, things: Things) -> Iterator[Found]:
    from seatrial.bill.container_environment import MACHINES

    ready = number(thing, "properties.scaleConfiguration.readySessionInstances")
    if text(thing, "properties.containerType") != "CustomContainer" or not ready:
        return
    cores, gib, _ = MACHINES["E16"]
    size = "properties.customContainerTemplate.containers.0.resources"
    each = Decimal(str(number(thing, f"{size}.cpu") or cores))
    memory = re.fullmatch(r"(\d+(?:\.\d+)?)Gi", text(thing, f"{size}.memory"))
    each_gib = Decimal(memory[1]) if memory else Decimal(gib)
    fitting = max(1, int(min(cores / each, gib / (each_gib or gib))))
    machines = int((Decimal(ready) / fitting).to_integral_value(ROUND_CEILING))
    month = _machine_month(thing.location or "")
    cost = "" if month is None else f", {dollars(month * machines)} with nothing to do"
    yield Found(
        what=f"{one_or_more(int(ready), 'ready session')} keep{'s' if ready == 1 else ''} "
        f"{one_or_more(machines, 'machine')} of {cores} vCPU and {gib} GiB all month{cost}",
        fix="ready=0" if thing.ours else '"readySessionInstances": 0',
    )


@cache
def _machine_month(region: str) -> Decimal | None:
    """What one such machine costs; None, where the price is not known."""
    from seatrial.bill.book import Book
    from seatrial.bill.container_apps import meter
    from seatrial.bill.container_environment import MACHINES

    book, cost = Book(), Decimal(0)
    names = ("Dedicated vCPU Usage", "Dedicated Memory Usage")
    for name, size in zip(names, MACHINES["E16"], strict=False):
        price = book.price(meter(name, region)) if region in book.regions else None
        if price is None:
            return None
        cost += price.cost(size * HOURS / price.each)
    return cost


@rule(
    "idle-replicas",
    severity="note",
    family="surprises",
    title="A replica waits all month for a service that could go down to none",
    why="At the fewest replicas memory is paid in full and processors at the idle price, day and night.",
    source=f"{LEARN}/container-apps/billing",
    bad="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, memory="4 GiB", cpu=2, replicas=(1, 4), scale=[requests(50)])
shop.budget("$100/month", requests="10k/month")
""",
    good="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, memory="4 GiB", cpu=2, replicas=(0, 4), scale=[requests(50)])
shop.budget("$100/month", requests="10k/month")
""",
)
def idle_replicas(case: Case) -> Iterator[Found]:
    """Not what is promised to answer in time: a replica that must first be started takes seconds."""
    promised = _promised(case.plan)
    for part in case.plan.parts:
        if (
            isinstance(part, Service | Worker)
            and part.hosted_by == "container apps"
            and part.replicas[0] > 0
            and part not in promised
            and any(isinstance(each, Requests | Backlog | QueueLength) for each in part.scale)
        ):
            idle = (line for line in case.lines if line.part == part.name and line.what.startswith("idle"))
            cost = likely(idle)
            if cost >= 5:
                yield Found(
                    part=part,
                    what=f"{one_or_more(part.replicas[0], 'replica')}, {dollars(cost)} a month for waiting; "
                    "no target asks for answers without a start",
                    fix=f"replicas=(0, {part.replicas[1]})",
                )


def _promised(plan: Plan) -> set[Part]:
    """What a target is about, and the services that these need."""
    found: set[Part] = set()
    for target in plan.targets:
        if isinstance(target, Latency):
            found.add(target.endpoint.service)
        elif isinstance(target, Availability):
            found |= {target.of} if target.of else {each for each in plan.of(Service) if each.public}
    waiting = list(found)
    while waiting:
        more = {each for _, each in references(waiting.pop()) if isinstance(each, Service)} - found
        found |= more
        waiting += more
    return found


_LEAVE_OUT = {
    "Microsoft.Network/azureFirewalls": ("firewall", "firewall=False"),
    "Microsoft.Network/bastionHosts": ("Bastion", "bastion=False"),
    "Microsoft.Network/virtualNetworkGateways": ("VPN gateway", "vpn=False"),
    "Microsoft.Network/natGateways": ("NAT gateway", "nat=False"),
    "Microsoft.Network/applicationGateways": (
        "application gateway",
        "a front_door of tier standard for the application_gateway",
    ),
    "Microsoft.ApiManagement/service": ("API Management", 'tier="consumption" of the api_management'),
    "Microsoft.Cdn/profiles": ("Front Door", 'tier="standard" of the front_door'),
    "Microsoft.ContainerService/managedClusters": ("cluster", 'host="container apps" instead of the cluster'),
}
"""What stands before and around a system, and how it is left out or made cheaper."""


@rule(
    "always-on-over-half",
    severity="warning",
    family="surprises",
    title="More than half of the budget goes to what stands around the system",
    why="Firewalls, gateways, Bastion and clusters are paid by the hour, whether anything passes or not.",
    source=f"{LEARN}/well-architected/cost-optimization/optimize-component-costs",
    bad="""
from seatrial import System

shop = System("shop")
shop.network("net", bastion=True, vpn=True)
shop.service("api", "serve", port=8000, public=True)
shop.budget("$200/month", requests="10k/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.network("net")
shop.service("api", "serve", port=8000, public=True)
shop.budget("$200/month", requests="10k/month")
""",
)
def always_on_over_half(case: Case) -> Iterator[Found]:
    limit = budget(case)
    if limit is None:
        return
    found = [line for line in case.lines if line.steady and line.type in _LEAVE_OUT]
    cost = likely(found)
    if cost * 2 > limit:
        by_type = {line.type: likely(each for each in found if each.type == line.type) for line in found}
        dearest = sorted(by_type, key=lambda type: -by_type[type])
        named = ", ".join(f"{_LEAVE_OUT[type][0]} {dollars(by_type[type])}" for type in dearest)
        yield Found(
            what=f"{of_budget(cost, limit)} is paid whatever is done: {named}",
            fix="; ".join(_LEAVE_OUT[type][1] for type in dearest[:3]),
        )


@rule(
    "idle-gpus",
    severity="warning",
    family="surprises",
    title="Machines with GPUs stand all month for a few hours of work",
    why="A machine of a pool is paid from the moment it stands; only those above the fewest come and go.",
    source=f"{LEARN}/aks/cluster-autoscaler-overview",
    bad="""
from seatrial import System, queue_length

shop = System("shop")
films = shop.queue("films")
gpus = shop.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(2, 10), gpus=1)
cut = shop.worker("cut", "cut", cpu=2, memory="8 GiB", gpus=1, replicas=(2, 10), receives=[films],
                  scale=[queue_length(films)], host=gpus)
shop.usage(cut, items="10k/month", item_time="10 s")
""",
    good="""
from seatrial import System, queue_length

shop = System("shop")
films = shop.queue("films")
gpus = shop.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(0, 10), gpus=1)
cut = shop.worker("cut", "cut", cpu=2, memory="8 GiB", gpus=1, replicas=(0, 10), receives=[films],
                  scale=[queue_length(films)], host=gpus)
shop.usage(cut, items="10k/month", item_time="10 s")
""",
)
def idle_gpus(case: Case) -> Iterator[Found]:
    """Told where all that runs on a pool says how much it has to do, and that is less than a quarter."""
    for pool in case.plan.of(NodePool):
        if not (pool.gpus and pool.nodes[0]):
            continue
        tenants = [each for each in case.plan.of(Process) if each.host == pool]
        figures = [(stated(case, each, "items"), stated(case, each, "item_time")) for each in tenants]
        if not figures or any(items is None or time is None for items, time in figures):
            continue
        work = sum((items * time for items, time in figures if items and time), Decimal(0)) / 3600
        machines = pool.nodes[0] * len(case.plan.regions)
        if work * 4 < machines * HOURS:
            stand = (line for line in case.lines if line.part == pool.name and line.what == "machines")
            cost = likely(stand)
            users = " and ".join(each.name for each in tenants)
            yield Found(
                part=pool,
                what=f"{one_or_more(machines, 'machine')}, {dollars(cost)} a month, for "
                f"{work.quantize(Decimal(1))} hours of work of {machines * HOURS:,}",
                fix=f"nodes=(0, {pool.nodes[1]}), and replicas=(0, …) of {users}",
            )


@rule(
    "kept-awake",
    severity="warning",
    family="surprises",
    title="A service that may go down to no replica is kept awake",
    why="Every probe and every call counts as a request, and the last replica goes only after 300 s without.",
    source=f"{LEARN}/container-apps/scale-app",
    bad="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(0, 4), scale=[requests(50)])
shop.schedule("sweep", "sweep", cron="*/5 * * * *", uses=[api])
""",
    good="""
from seatrial import System, requests

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(0, 4), scale=[requests(50)])
shop.schedule("sweep", "sweep", cron="0 3 * * *", uses=[api])
""",
)
def kept_awake(case: Case) -> Iterator[Found]:
    for part in case.plan.of(Service):
        if part.replicas[0] == 0 and part.hosted_by == "container apps":
            by = next(_waking(case.plan, part), None)
            if by is not None:
                yield Found(
                    part=part,
                    what=f"replicas=(0, {part.replicas[1]}), and {by}: one replica never sleeps",
                    fix=f"replicas=(1, {part.replicas[1]})",
                )


def _waking(plan: Plan, service: Service) -> Iterator[str]:
    """Whoever asks a service more often than every 300 s.

    An application gateway asks every 30 s unless told otherwise, Front Door asks where it has several
    origins, Traffic Manager always.
    Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview,
    https://learn.microsoft.com/azure/frontdoor/health-probes and
    https://learn.microsoft.com/azure/traffic-manager/traffic-manager-monitoring
    """
    for gateway in plan.of(ApplicationGateway):
        if service in gateway.routes.values():
            yield f"{gateway.name} asks for its health every 30 s"
    for door in plan.of(FrontDoor):
        if len(plan.regions) > 1 and service in door.routes.values():
            yield f"each place of {door.name} asks for its health every 30 s"
    for manager in plan.of(TrafficManager):
        if manager.to == service:
            yield f"{manager.name} asks for its health all the time"
    for schedule in plan.of(Schedule):
        if service in schedule.uses and _often(schedule.cron):
            yield f"{schedule.name} calls it by {schedule.cron}"


def _often(cron: str) -> bool:
    """Whether it comes at least every five minutes, hour after hour."""
    minute, *others = cron.split()
    step = minute.removeprefix("*/")
    frequent = minute == "*" or (step != minute and step.isdigit() and int(step) <= 5)
    return frequent and all(each == "*" for each in others)


@thing_rule(
    "front-door-premium-unused",
    types=("Microsoft.Cdn/profiles",),
    severity="warning",
    family="surprises",
    title="A Front Door of the premium tier uses nothing that the standard tier lacks",
    why="Premium costs $330 a month instead of $35, for managed firewall rules and private ways to origins.",
    source=f"{LEARN}/frontdoor/understanding-pricing",
    bad="""[{"type": "Microsoft.Cdn/profiles", "name": "door", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.Cdn/profiles/originGroups/origins", "name": "door/api/api",
  "properties": {"hostName": "api.example.com"}}]""",
    good="""[{"type": "Microsoft.Cdn/profiles", "name": "door", "sku": {"name": "Standard_AzureFrontDoor"}},
 {"type": "Microsoft.Cdn/profiles/originGroups/origins", "name": "door/api/api",
  "properties": {"hostName": "api.example.com"}}]""",
)
def front_door_premium_unused(thing: Thing, things: Things) -> Iterator[Found]:
    """Only where all is in sight: origins, and the policies that a security policy names."""
    origins = tuple(things.of("Microsoft.Cdn/profiles/originGroups/origins"))
    policies = tuple(things.of("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies"))
    hidden = not policies and any(things.of("Microsoft.Cdn/profiles/securityPolicies"))
    if text(thing, "sku.name") != "Premium_AzureFrontDoor" or not origins or hidden:
        return
    private = any(each.says("properties.sharedPrivateLinkResource") for each in origins)
    managed = any(
        next(each_in(each, "properties.managedRules.managedRuleSets"), None) is not None for each in policies
    )
    if not private and not managed:
        yield Found(
            what="premium, without managed rules and without a private way to any origin",
            fix='tier="standard"' if thing.ours else '"sku": {"name": "Standard_AzureFrontDoor"}',
        )
