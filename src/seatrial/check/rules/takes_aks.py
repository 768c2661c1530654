"""Will Azure take it: clusters of Kubernetes and their node pools, in a graph or in anybody's template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.azure.body import Body
from seatrial.check.reading import each_in, number, region_without_zones, size, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

CLUSTER = "Microsoft.ContainerService/managedClusters"
POOL = f"{CLUSTER}/agentPools"

LIMITS = "https://learn.microsoft.com/azure/aks/quotas-skus-regions"
SYSTEM = "https://learn.microsoft.com/azure/aks/use-system-pools"
VERSIONS = "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions"


def _cluster(properties: str, more: str = "") -> str:
    """A template with one cluster."""
    return f'{{"type": "{CLUSTER}", "name": "shop", {more}"properties": {{{properties}}}}}'


def _pool(properties: str) -> str:
    """A template with one pool of a cluster."""
    return f'{{"type": "{POOL}", "name": "shop/work", "properties": {{{properties}}}}}'


def _pools(thing: Thing) -> Iterator[tuple[str, Body]]:
    """The pools of a cluster by their names, or the pool itself."""
    if thing.type.lower() == CLUSTER.lower():
        for each in each_in(thing, "properties.agentPoolProfiles"):
            yield text(each, "name") or "a pool", each
        return
    found = thing.at("properties")
    yield thing.called, Body(found if isinstance(found, Mapping) else {})


# -- node pools ---------------------------------------------------------------------------------------------


@thing_rule(
    "aks-system-spot",
    types=(CLUSTER, POOL),
    severity="error",
    family="takes",
    title="The machines of the cluster itself are such as Azure may take back at any time",
    why="Spot machines are for pools of users only: without its own, the cluster answers nobody.",
    source="https://learn.microsoft.com/azure/aks/spot-node-pool",
    bad=_pool('"mode": "System", "scaleSetPriority": "Spot"'),
    good=_pool('"mode": "User", "scaleSetPriority": "Spot"'),
)
def aks_system_spot(thing: Thing, things: Things) -> Iterator[Found]:
    for name, pool in _pools(thing):
        if text(pool, "mode") == "System" and text(pool, "scaleSetPriority") == "Spot":
            yield Found(what=f"{name} is a system pool of spot machines", fix='"scaleSetPriority": "Regular"')


@thing_rule(
    "aks-system-machine",
    types=(CLUSTER, POOL),
    severity="error",
    family="takes",
    title="The machines of the cluster itself are too small, or burstable",
    why="What belongs to the cluster wants machines of 4 cores and 4 GB; the B series is not supported.",
    source=SYSTEM,
    bad=_pool('"mode": "System", "vmSize": "Standard_B4ms"'),
    good=_pool('"mode": "System", "vmSize": "Standard_D4s_v5"'),
)
def aks_system_machine(thing: Thing, things: Things) -> Iterator[Found]:
    """Machines of 2 cores were enough by earlier copies of the page, and still start: a warning. Those of a
    system of ours are nothing that a system file could change."""
    for name, pool in _pools(thing):
        machine = text(pool, "vmSize")
        found = re.match(r"Standard_([A-Z]+)(\d+)", machine)
        if text(pool, "mode") != "System" or found is None or thing.ours:
            continue
        if found[1] == "B":
            yield Found(what=f"{name} has {machine}, which is burstable", fix='"vmSize": "Standard_D4s_v5"')
        elif int(found[2]) < 4 and re.search(r"_v[3-9]$", machine):  # earlier ones do not name their cores
            few = f"{found[2]} core{'s' if found[2] != '1' else ''}"
            yield Found(
                what=f"{name} has {machine}, with {few}",
                fix='"vmSize": "Standard_D4s_v5"',
                severity="error" if found[2] == "1" else "warning",
            )


@thing_rule(
    "aks-pods",
    types=(CLUSTER, POOL),
    severity="error",
    family="takes",
    title="A machine of the cluster is to run more pods than any may, or fewer than it must",
    why="A machine runs 250 pods at most, and 30 at least where the cluster's own have their place.",
    source="https://learn.microsoft.com/azure/aks/azure-cni-overlay",
    bad=_pool('"mode": "User", "maxPods": 500'),
    good=_pool('"mode": "User", "maxPods": 250'),
)
def aks_pods(thing: Thing, things: Things) -> Iterator[Found]:
    for name, pool in _pools(thing):
        pods = number(pool, "maxPods")
        least = 30 if text(pool, "mode") == "System" else 10
        if pods is not None and not least <= pods <= 250:
            yield Found(
                what=f"{pods:g} pods on a machine of {name}: not {least} to 250",
                fix=f'"maxPods": {250 if pods > 250 else least}',
            )


@thing_rule(
    "aks-machines",
    types=(CLUSTER, POOL),
    severity="error",
    family="takes",
    title="A pool is to have more machines than any may, or most below fewest",
    why="A pool has 1,000 machines at most, all pools of a cluster together 5,000.",
    source=LIMITS,
    bad=_pool('"mode": "User", "minCount": 5, "maxCount": 2000'),
    good=_pool('"mode": "User", "minCount": 5, "maxCount": 1000'),
)
def aks_machines(thing: Thing, things: Things) -> Iterator[Found]:
    for name, pool in _pools(thing):
        counts = {each: number(pool, each) for each in ("count", "minCount", "maxCount")}
        for said, many in counts.items():
            if many is not None and many > 1000:
                yield Found(what=f"{name} has {said} {many:,g}, 1,000 at most", fix=f'"{said}": 1000')
        fewest, most = counts["minCount"], counts["maxCount"]
        if fewest is not None and most is not None and fewest > most:
            yield Found(
                what=f"{name} has {fewest:g} at least, {most:g} at most", fix=f'"maxCount": {fewest:g}'
            )


@thing_rule(
    "aks-zones",
    types=(CLUSTER,),
    severity="error",
    family="takes",
    title="The machines of a cluster are to stand in zones of a region that has none",
    why="A region without availability zones refuses what names them.",
    source="https://learn.microsoft.com/azure/reliability/regions-list",
    bad=_cluster(
        '"agentPoolProfiles": [{"name": "work", "availabilityZones": ["1", "2", "3"]}]',
        '"location": "westus", ',
    ),
    good=_cluster(
        '"agentPoolProfiles": [{"name": "work", "availabilityZones": ["1", "2", "3"]}]',
        '"location": "westus2", ',
    ),
)
def aks_zones(thing: Thing, things: Things) -> Iterator[Found]:
    region = region_without_zones(thing.location)
    for name, pool in _pools(thing):
        if region and size(pool, "availabilityZones"):
            yield Found(
                what=f"{name} is in zones, and {region} has none", fix='leave "availabilityZones" out'
            )


# -- the cluster --------------------------------------------------------------------------------------------


@thing_rule(
    "aks-balancer",
    types=(CLUSTER,),
    severity="error",
    family="takes",
    title="A cluster is built of parts that were retired in September 2025",
    why="Basic load balancers and availability sets are no more; the standard balancer and scale sets are.",
    source="https://learn.microsoft.com/azure/aks/load-balancer-standard",
    bad=_cluster('"networkProfile": {"loadBalancerSku": "basic"}'),
    good=_cluster('"networkProfile": {"loadBalancerSku": "standard"}'),
)
def aks_balancer(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the days: https://github.com/Azure/AKS/issues/5020 and /5021."""
    if text(thing, "properties.networkProfile.loadBalancerSku").lower() == "basic":
        yield Found(what="a basic load balancer", fix='"loadBalancerSku": "standard"')
    for name, pool in _pools(thing):
        if text(pool, "type") == "AvailabilitySet":
            yield Found(what=f"{name} is an availability set", fix='"type": "VirtualMachineScaleSets"')


@thing_rule(
    "aks-nginx",
    types=(CLUSTER,),
    severity="warning",
    family="takes",
    title="Requests come to a cluster by NGINX, which is at its end",
    why="Ingress NGINX was retired in March 2026; Azure mends that of its add-on until November 2026 only.",
    source="https://learn.microsoft.com/azure/aks/app-routing-gateway-api",
    bad=_cluster('"ingressProfile": {"webAppRouting": {"enabled": true}}'),
    good=_cluster(
        '"ingressProfile": {"gatewayAPI": {"installation": "Standard"}, "webAppRouting": {"enabled": true, '
        '"nginx": {"defaultIngressControllerType": "None"}, '
        '"gatewayAPIImplementations": {"appRoutingIstio": {"mode": "Enabled"}}}}'
    ),
)
def aks_nginx(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, the add-on makes a controller of its own. The add-on before it: retired in March 2025,
    https://learn.microsoft.com/azure/aks/app-routing-migration."""
    way = "properties.ingressProfile.webAppRouting"
    if (
        thing.at(f"{way}.enabled") is True
        and not thing.unknown(f"{way}.nginx.defaultIngressControllerType")
        and text(thing, f"{way}.nginx.defaultIngressControllerType") != "None"
    ):
        yield Found(
            what="application routing by NGINX",
            fix='"gatewayAPIImplementations": {"appRoutingIstio": {"mode": "Enabled"}}, '
            '"nginx": {"defaultIngressControllerType": "None"}',
        )
    for add_on in ("httpApplicationRouting", "httpapplicationrouting"):
        if thing.at(f"properties.addonProfiles.{add_on}.enabled") is True:
            yield Found(
                what="HTTP application routing, which is retired",
                fix='"ingressProfile": {"gatewayAPI": {"installation": "Standard"}}',
                severity="error",
            )


_OLDEST = 33
"""The oldest minor version that was still cared for in 2026-06 by Kubernetes itself; 1.32 ended on Azure in
March 2026."""


@thing_rule(
    "aks-version",
    types=(CLUSTER,),
    severity="error",
    family="takes",
    title="A cluster is to run a version of Kubernetes that Azure supports no longer",
    why="No cluster is made of a version that has ended; with long-term support two years are added.",
    source=VERSIONS,
    bad=_cluster('"kubernetesVersion": "1.29"'),
    good=_cluster('"kubernetesVersion": "1.35"'),
)
def aks_version(thing: Thing, things: Things) -> Iterator[Found]:
    """Long-term support: https://learn.microsoft.com/azure/aks/long-term-support; 1.28 ended in 2026."""
    found = re.match(r"1\.(\d+)", text(thing, "properties.kubernetesVersion"))
    longer = text(thing, "properties.supportPlan") == "AKSLongTermSupport"
    if found and int(found[1]) < (29 if longer else _OLDEST):
        yield Found(
            what=f"Kubernetes {thing.at('properties.kubernetesVersion')} has ended",
            fix='"kubernetesVersion": "1.35"',
        )


@thing_rule(
    "aks-kubenet",
    types=(CLUSTER,),
    severity="warning",
    family="takes",
    title="The pods of a cluster are joined by kubenet, which ends in March 2028",
    why="It has no network policies of Azure and 400 machines at most; the overlay has the same addresses.",
    source="https://learn.microsoft.com/azure/aks/configure-kubenet",
    bad=_cluster('"networkProfile": {"networkPlugin": "kubenet"}'),
    good=_cluster('"networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay"}'),
)
def aks_kubenet(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "properties.networkProfile.networkPlugin") == "kubenet":
        yield Found(what="kubenet", fix='"networkPlugin": "azure", "networkPluginMode": "overlay"')
