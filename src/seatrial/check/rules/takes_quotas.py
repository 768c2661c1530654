"""Will Azure take it: quotas that a first deployment meets, and what is chosen for good."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Graph
from seatrial.azure.lasting import kept
from seatrial.check.case import Case
from seatrial.check.reading import each_in, number, text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import Alert, ApiManagement, Dashboard, FrontDoor, Metric, NodePool, Part, Process
from seatrial.model.mistakes import show

LEARN = "https://learn.microsoft.com/azure/"

# -- quotas ---------------------------------------------------------------------------------------------

_POOLS = "Microsoft.ContainerService/managedClusters/agentPools"


@thing_rule(
    "quota-gpu",
    types=(_POOLS,),
    severity="warning",
    family="takes",
    title="A first deployment asks for machines with GPUs, whose quota has to be asked for",
    why="Cores are granted by family and region, and few subscriptions begin with any of a GPU family: the "
    "pool is not made, or stops growing.",
    source=f"{LEARN}quotas/per-vm-quota-requests",
    bad="""{"type": "Microsoft.ContainerService/managedClusters/agentPools", "name": "cluster/gpus",
 "location": "eastus2", "properties": {"vmSize": "Standard_NC4as_T4_v3", "minCount": 2, "maxCount": 50}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters/agentPools", "name": "cluster/apps",
 "location": "eastus2", "properties": {"vmSize": "Standard_D4s_v5", "minCount": 1, "maxCount": 3}}""",
)
def quota_gpu(thing: Thing, things: Things) -> Iterator[Found]:
    size = text(thing, "properties.vmSize")
    cores = _cores(size)
    if not size.startswith("Standard_N") or cores is None:
        return
    most = number(thing, "properties.maxCount") or number(thing, "properties.count") or 1
    spot = text(thing, "properties.scaleSetPriority") == "Spot"
    kind = "cores for spot machines" if spot else "cores of that family"
    what = f"{size}, up to {most:g} of them: {cores * most:,g} {kind}"
    cluster = next(things.of("Microsoft.ContainerService/managedClusters"), None)
    where = thing.location or (cluster and cluster.location) or "<region>"
    fix = f"`az vm list-usage --location {where}` tells what is granted: ask for the rest"
    yield Found(what=what, fix=fix)


def _cores(size: str) -> int | None:
    """Of a machine, by its name: `Standard_NC4as_T4_v3` has 4."""
    found = re.match(r"Standard_[A-Z]+(\d+)", size)
    return int(found[1]) if found else None


FIRST_CORES = 20
"""Cores of virtual machines that a pay-as-you-go subscription begins with in a region; by an enterprise
agreement there are 350. Source:
https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"""


@rule(
    "quota-machines",
    severity="note",
    family="takes",
    title="A cluster may grow beyond the cores that a new subscription has",
    why="A pay-as-you-go subscription begins with 20 cores in a region: pools stop growing there.",
    source=f"{LEARN}azure-resource-manager/management/azure-subscription-service-limits",
    bad="""
from seatrial import System

shop = System("shop")
machines = shop.node_pool("machines", machine="Standard_D4s_v5", nodes=(2, 10))
shop.service("web", "serve", port=8000, health="/", host=machines)
""",
    good="""
from seatrial import System

shop = System("shop")
machines = shop.node_pool("machines", machine="Standard_D2s_v5", nodes=(1, 3))
shop.service("web", "serve", port=8000, health="/", host=machines)
""",
)
def quota_machines(case: Case) -> Iterator[Found]:
    """In one region; the others are alike. GPUs and spot machines have quotas of their own."""
    if case.graph is None:
        return
    cores = dict(_machine_cores(case.graph, case.plan.region))
    total = sum(cores.values())
    if total > FIRST_CORES:
        said = ", ".join(f"{name} {count:g}" for name, count in cores.items())
        what = (
            f"{total:g} cores at most in {case.plan.region} ({said}), where {FIRST_CORES} are a first quota"
        )
        fix = f"`az vm list-usage --location {case.plan.region}` tells what is granted: ask for the rest"
        yield Found(what=what, fix=fix)


def _machine_cores(graph: Graph, region: str) -> Iterator[tuple[str, float]]:
    clusters, pools = (graph.of(each) for each in ("Microsoft.ContainerService/managedClusters", _POOLS))
    for resource in (each for each in (*clusters, *pools) if each.region == region):
        thing = Thing(type=resource.type, name=resource.symbol, body=resource.body)
        holders = tuple(each_in(thing, "properties.agentPoolProfiles"))
        for holder, at in [
            *((each, "") for each in holders),
            *([(thing, "properties.")] if not holders else []),
        ]:
            size, most = (
                text(holder, f"{at}vmSize"),
                number(holder, f"{at}maxCount") or number(holder, f"{at}count"),
            )
            if size[:10] != "Standard_N" and text(holder, f"{at}scaleSetPriority") != "Spot" and most:
                yield resource.part or "the cluster's own", (_cores(size) or 0) * most


ENVIRONMENT_CORES = 100
"""Of all replicas in one environment of Container Apps, until more are asked for.
Source: https://learn.microsoft.com/azure/container-apps/quotas"""


@rule(
    "quota-container-apps",
    severity="warning",
    family="takes",
    title="Container Apps may want more cores than a new environment has",
    why="All replicas of an environment share 100 cores until more are asked for: beyond them none starts.",
    source=f"{LEARN}container-apps/quotas",
    bad="""
from seatrial import System, requests

shop = System("shop")
shop.service("web", "serve", port=8000, health="/", cpu=2, memory="4 GiB",
             replicas=(1, 100), scale=[requests(50)])
""",
    good="""
from seatrial import System, requests

shop = System("shop")
shop.service("web", "serve", port=8000, health="/", cpu=2, memory="4 GiB",
             replicas=(1, 40), scale=[requests(50)])
""",
)
def quota_container_apps(case: Case) -> Iterator[Found]:
    """Of the consumption profile in the first region; the others are alike. While a new version takes over,
    the old replicas count too."""
    if case.graph is None:
        return
    wanted = dict(_most_cores(case.graph, case.plan.region))
    total = sum(wanted.values())
    if total > ENVIRONMENT_CORES:
        most = sorted(wanted.items(), key=lambda each: -each[1])
        said = ", ".join(f"{name} {count:g}" for name, count in most)
        what = f"{total:g} cores at most ({said}), where an environment begins with {ENVIRONMENT_CORES}"
        fix = "`az containerapp env list-usages` tells what is granted: ask for more, or write fewer replicas"
        yield Found(part=most[0][0], what=what, fix=fix)


def _most_cores(graph: Graph, region: str) -> Iterator[tuple[str, float]]:
    for thing in (each for each in graph.of("Microsoft.App/containerApps") if each.region == region):
        body = Thing(type=thing.type, name=thing.symbol, body=thing.body)
        if text(body, "properties.workloadProfileName") in ("", "Consumption"):
            containers = each_in(body, "properties.template.containers")
            cores = sum(number(each, "resources.cpu") or 0 for each in containers)
            yield (
                thing.part or thing.symbol,
                cores * (number(body, "properties.template.scale.maxReplicas") or 10),
            )


# -- what is chosen for good ----------------------------------------------------------------------------


@rule(
    "chosen-for-good",
    severity="note",
    family="takes",
    title="Some of what is written here cannot be changed once it is deployed",
    why="Azure keeps these as they were first made: another choice means a new resource, and moved data.",
    source=f"{LEARN}postgresql/network/concepts-networking-private-link",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=2, geo_backup=True)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.site("pages", directory="web", port=8000)
""",
)
def chosen_for_good(case: Case) -> Iterator[Found]:
    """All of a system at once; what holds no data, as a process, is made anew elsewhere and not told."""
    found: dict[str, list[str]] = {}
    for part in case.plan.parts:
        if not isinstance(part, Process | NodePool | FrontDoor | ApiManagement):
            for field in kept(part):
                if setting := _setting(part, field):
                    found.setdefault(setting, []).append(part.name)
    said = [f"{setting} ({', '.join(names)})" for setting, names in found.items()]
    if case.graph and case.graph.of("Microsoft.KeyVault/vaults"):
        said.append("purge protection of the vault, whose name stays taken for 90 days once it is deleted")
    if said:
        fix = (
            "look at them before the first deployment; `seatrial plan --against …` tells what a change means"
        )
        yield Found(what=f"as it is first made stays: {'; '.join(said)}", fix=fix)


_TOLD_APART = frozenset({"host", "topic"})
"""Of an engine, which keeps its data elsewhere; and what makes a queue another kind of thing."""


def _setting(part: Part, field: str) -> str:
    """As it is written; empty, where there is nothing to look at."""
    value = getattr(part, field)
    if field in _TOLD_APART or value == {}:
        return ""
    return f"{field}={show(value)}" if not isinstance(value, Mapping) else f"{field} for {', '.join(value)}"


# -- words of another cloud -----------------------------------------------------------------------------

_AMAZON = {
    "ECS task": "replica of Container Apps",
    "ECS": "Container Apps",
    "Fargate": "Container Apps",
    "EKS": "AKS",
    "EC2": "virtual machine",
    "security group": "network security group",
    "RDS": "PostgreSQL flexible server",
    "ElastiCache": "Managed Redis",
    "CloudWatch": "Azure Monitor",
    "CloudFront": "Front Door",
}


@rule(
    "words-of-amazon",
    severity="note",
    family="takes",
    title="An alert or dashboard calls something by the name that Amazon gives it",
    why="Whoever is woken by it looks for something that there is not in this system.",
    source="https://learn.microsoft.com/azure/architecture/aws-professional/",
    bad="""
from seatrial import System, metric

shop = System("shop")
packer = shop.worker("packer", "pack", replicas=(1, 1))
shop.alert("packer-down", metric(packer, "replicas"), below=1, tell=[shop.contact("team")],
           title="No ECS task is running")
""",
    good="""
from seatrial import System, metric

shop = System("shop")
packer = shop.worker("packer", "pack", replicas=(1, 1))
shop.alert("packer-down", metric(packer, "replicas"), below=1, tell=[shop.contact("team")],
           title="No replica of the packer is running")
""",
)
def words_of_amazon(case: Case) -> Iterator[Found]:
    """Only where what is measured stands on Azure for certain: metrics of parts."""
    for alert in case.plan.of(Alert):
        if isinstance(alert.when, Metric):
            yield from _amazon(alert, alert.title)
    for dashboard in case.plan.of(Dashboard):
        for chart in dashboard.charts:
            if isinstance(chart.of, tuple):
                yield from _amazon(dashboard, chart.title)


def _amazon(part: Part, title: str) -> Iterator[Found]:
    for word, ours in _AMAZON.items():
        if re.search(rf"(?<!network )\b{word}s?\b", title):
            yield Found(part=part, what=f'"{title}" names Amazon\'s {word}', fix=f"on Azure: {ours}")
            return
