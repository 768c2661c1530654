"""Will it hold: single resources that answer or are passed, of a system or of anybody's template.

What is not set counts by Azure's default, named beside each rule. A rule that skips what comes of a system
file leaves it to those that know what the system promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.body import Body
from seatrial.azure.regions import has_zones
from seatrial.azure.values import expressions
from seatrial.check.reading import each_in, number, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

APP = "Microsoft.App/containerApps"
CLUSTER = "Microsoft.ContainerService/managedClusters"
GATEWAY = "Microsoft.Network/applicationGateways"


def _in_zones(thing: Thing) -> bool | None:
    """Whether its region has zones; None: the region is not known."""
    if thing.location is None:
        return None
    try:
        return has_zones(thing.location.replace(" ", "").lower())
    except KeyError:
        return None


# -- what answers -----------------------------------------------------------------------------------------


@thing_rule(
    "app-with-one-replica",
    types=(APP,),
    severity="note",
    family="holds",
    title="A container app that answers may be down to one replica, or none",
    why="While a replica restarts or moves nobody answers, and zones help only from two replicas on.",
    source="https://learn.microsoft.com/azure/reliability/reliability-container-apps",
    bad="""{"type": "Microsoft.App/containerApps", "name": "api", "properties": {
 "configuration": {"ingress": {"targetPort": 80}}, "template": {"scale": {"minReplicas": 1}}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "api", "properties": {
 "configuration": {"ingress": {"targetPort": 80}}, "template": {"scale": {"minReplicas": 2}}}}""",
)
def app_with_one_replica(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it is none: https://learn.microsoft.com/azure/container-apps/scale-app"""
    if thing.ours or not isinstance(thing.at("properties.configuration.ingress"), Mapping):
        return
    path = "properties.template.scale.minReplicas"
    fewest = 0 if thing.lacks(path) else number(thing, path)
    if fewest is not None and fewest < 2:
        yield Found(what=f"minReplicas is {fewest:g}", fix='"minReplicas": 2')


@thing_rule(
    "app-without-probes",
    types=(APP,),
    severity="warning",
    family="holds",
    title="Whether a container app is well is seen by its open port only",
    why="A program that hangs keeps its port open: it gets requests, and is never restarted.",
    source="https://learn.microsoft.com/azure/container-apps/health-probes",
    bad="""{"type": "Microsoft.App/containerApps", "name": "api", "properties": {
 "configuration": {"ingress": {"targetPort": 80}},
 "template": {"containers": [{"name": "api", "image": "api"}]}}}""",
    good="""{"type": "Microsoft.App/containerApps", "name": "api", "properties": {
 "configuration": {"ingress": {"targetPort": 80}},
 "template": {"containers": [{"name": "api", "image": "api", "probes": [
  {"type": "Liveness", "httpGet": {"path": "/health", "port": 80}},
  {"type": "Readiness", "httpGet": {"path": "/health", "port": 80}}]}]}}}""",
)
def app_without_probes(thing: Thing, things: Things) -> Iterator[Found]:
    """Without probes of its own an app with an ingress is asked by TCP."""
    ingress = thing.at("properties.configuration.ingress")
    if not isinstance(ingress, Mapping) or text(thing, "properties.configuration.ingress.transport") == "tcp":
        return
    containers = list(each_in(thing, "properties.template.containers"))
    asked = {
        text(probe, "type").lower()
        for container in containers
        for probe in each_in(container, "probes")
        if probe.at("httpGet") is not None
    }
    missing = [kind for kind in ("liveness", "readiness") if kind not in asked]
    if containers and missing and not any(_hidden(each) for each in containers):
        yield Found(
            what=f"no probe by HTTP of {' and '.join(missing)}",
            fix='"probes": [{"type": "Liveness", "httpGet": {"path": "/health", "port": 80}}, '
            '{"type": "Readiness", "httpGet": {"path": "/health", "port": 80}}]',
        )


def _hidden(container: Body) -> bool:
    """Whether its probes, or one of them, are given by an expression."""
    if "probes" not in container.body:
        return False
    probes = container.at("probes")
    return not isinstance(probes, list | tuple) or bool(expressions(probes))


@thing_rule(
    "sign-in-before-probes",
    types=(f"{APP}/authConfigs",),
    severity="warning",
    family="holds",
    title="What asks whether an app is well is told to sign in",
    why="A gateway that is led to a page for sign-in takes the app for broken and sends it no requests.",
    source="https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    bad="""[{"type": "Microsoft.App/containerApps/authConfigs", "name": "api/current", "properties": {
  "platform": {"enabled": true},
  "globalValidation": {"unauthenticatedClientAction": "RedirectToLoginPage"}}},
 {"type": "Microsoft.Network/applicationGateways", "name": "in", "properties": {
  "probes": [{"name": "api", "properties": {"path": "/health"}}]}}]""",
    good="""[{"type": "Microsoft.App/containerApps/authConfigs", "name": "api/current", "properties": {
  "platform": {"enabled": true},
  "globalValidation": {"unauthenticatedClientAction": "RedirectToLoginPage", "excludedPaths": ["/health"]}}},
 {"type": "Microsoft.Network/applicationGateways", "name": "in", "properties": {
  "probes": [{"name": "api", "properties": {"path": "/health"}}]}}]""",
)
def sign_in_before_probes(thing: Thing, things: Things) -> Iterator[Found]:
    """Where a gateway probes by HTTP, and no path at all is left open."""
    probed = any(each.at("properties.probes") for each in things.of(GATEWAY))
    probed |= any(
        each.at("properties.healthProbeSettings") for each in things.of("Microsoft.Cdn/profiles/originGroups")
    )
    validation = "properties.globalValidation"
    action = text(thing, f"{validation}.unauthenticatedClientAction").lower()
    asks = action in ("redirecttologinpage", "return401", "return403", "return404")
    if probed and asks and not thing.says(f"{validation}.excludedPaths"):
        yield Found(what=f"{action} for all paths", fix='"excludedPaths": ["/health"]')


@thing_rule(
    "site-without-health-check",
    types=("Microsoft.Web/sites",),
    severity="warning",
    family="holds",
    title="App Service does not ask whether its machines answer",
    why="Without a health check a machine whose program hangs goes on getting its share of the requests.",
    source="https://learn.microsoft.com/azure/app-service/monitor-instances-health-check",
    bad="""{"type": "Microsoft.Web/sites", "name": "web", "kind": "app,linux",
 "properties": {"siteConfig": {"alwaysOn": true}}}""",
    good="""{"type": "Microsoft.Web/sites", "name": "web", "kind": "app,linux",
 "properties": {"siteConfig": {"alwaysOn": true, "healthCheckPath": "/health"}}}""",
)
def site_without_health_check(thing: Thing, things: Things) -> Iterator[Found]:
    """Settings may also stand beside the site: where any do, nothing is said."""
    elsewhere = any(True for _ in things.of("Microsoft.Web/sites/config"))
    asked = thing.says("properties.siteConfig.healthCheckPath") or thing.unknown("properties.siteConfig")
    if not asked and not elsewhere and "functionapp" not in text(thing, "kind"):
        yield Found(what="no healthCheckPath", fix='"siteConfig": {"healthCheckPath": "/health"}')


@thing_rule(
    "app-service-alone",
    types=("Microsoft.Web/serverfarms",),
    severity="note",
    family="holds",
    title="A plan of App Service has one machine",
    why="Updates and failures of the machine are failures of every app on it; two is Azure's own advice.",
    source="https://learn.microsoft.com/azure/reliability/reliability-app-service",
    bad="""{"type": "Microsoft.Web/serverfarms", "name": "web", "sku": {"name": "P1v3", "capacity": 1}}""",
    good="""{"type": "Microsoft.Web/serverfarms", "name": "web", "sku": {"name": "P1v3", "capacity": 2}}""",
)
def app_service_alone(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it is one. Sizes that scale by themselves, and plans that something scales, are left alone."""
    size = text(thing, "sku.name").upper()
    scaled = any(True for _ in things.of("Microsoft.Insights/autoscaleSettings"))
    fixed = size[:1] in ("B", "S", "P", "I") and not scaled and not thing.ours
    if fixed and (thing.lacks("sku.capacity") or number(thing, "sku.capacity") == 1):
        yield Found(what=f"one {size}", fix='"sku": {"capacity": 2}, "properties": {"zoneRedundant": true}')


# -- zones ------------------------------------------------------------------------------------------------


@thing_rule(
    "apps-in-one-zone",
    types=("Microsoft.App/managedEnvironments",),
    severity="warning",
    family="holds",
    title="An environment of Container Apps is not spread over zones",
    why="All its apps fail with one building, and it cannot be changed later: the environment is made anew.",
    source="https://learn.microsoft.com/azure/reliability/reliability-container-apps",
    bad="""{"type": "Microsoft.App/managedEnvironments", "name": "apps", "location": "eastus2",
 "properties": {"zoneRedundant": false}}""",
    good="""{"type": "Microsoft.App/managedEnvironments", "name": "apps", "location": "eastus2",
 "properties": {"zoneRedundant": true}}""",
)
def apps_in_one_zone(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it is not. It needs a network, so that without one there are no zones to be had."""
    spread = thing.or_default("properties.zoneRedundant", False)
    if spread is False and _in_zones(thing) is not False:
        network = "" if thing.says("properties.vnetConfiguration") else ", which needs vnetConfiguration"
        yield Found(what="zoneRedundant is false", fix=f'"zoneRedundant": true{network}')


@thing_rule(
    "pinned-to-one-zone",
    types=(
        GATEWAY,
        "Microsoft.Network/azureFirewalls",
        "Microsoft.Network/publicIPAddresses",
        "Microsoft.Network/bastionHosts",
    ),
    severity="warning",
    family="holds",
    title="What all traffic passes stands in one zone, or in none that is said",
    why="When that zone fails the way in or out is gone, although what lies behind still runs.",
    source="https://learn.microsoft.com/azure/reliability/reliability-application-gateway-v2",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "in", "location": "eastus2",
 "zones": ["1"], "properties": {"sku": {"name": "WAF_v2", "tier": "WAF_v2"}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "in", "location": "eastus2",
 "zones": ["1", "2", "3"], "properties": {"sku": {"name": "WAF_v2", "tier": "WAF_v2"}}}""",
)
def pinned_to_one_zone(thing: Thing, things: Things) -> Iterator[Found]:
    """Only of a gateway it is told, as a note, that no zone is said: whether Azure spreads it then depends on
    when it was made."""
    zones = thing.at("zones")
    if isinstance(zones, list | tuple) and len(zones) == 1:
        zone = zones[0] if isinstance(zones[0], str | int) else "…"
        yield Found(what=f"in zone {zone} only", fix='"zones": ["1", "2", "3"]')
    elif thing.type.lower() == GATEWAY.lower() and not thing.says("zones") and _in_zones(thing):
        yield Found(what="no zones are said", fix='"zones": ["1", "2", "3"]', severity="note")


@thing_rule(
    "nat-in-one-zone",
    types=("Microsoft.Network/natGateways",),
    severity="note",
    family="holds",
    title="All that goes out leaves by one zone",
    why="A NAT gateway of the standard tier lives in one zone, said or not; while that zone fails, nothing"
    " that is asked of the internet is answered.",
    source="https://learn.microsoft.com/azure/reliability/reliability-nat-gateway",
    bad="""{"type": "Microsoft.Network/natGateways", "name": "nat", "location": "eastus2",
 "sku": {"name": "Standard"}}""",
    good="""{"type": "Microsoft.Network/natGateways", "name": "nat", "location": "eastus2",
 "sku": {"name": "StandardV2"}}""",
)
def nat_in_one_zone(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "sku.name").lower() == "standard" and _in_zones(thing) is not False:
        yield Found(
            what="of the standard tier, in one zone",
            fix="StandardV2, where no subnet behind it is delegated; else know it, and try again what failed",
        )


# -- what stands behind -----------------------------------------------------------------------------------


@thing_rule(
    "cluster-without-agreement",
    types=(CLUSTER,),
    severity="warning",
    family="holds",
    title="Nothing is promised of a Kubernetes cluster's control plane",
    why="In the free tier it may be away for long: no pod is replaced and nothing scales until it is back.",
    source="https://learn.microsoft.com/azure/aks/free-standard-pricing-tiers",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "all",
 "sku": {"name": "Base", "tier": "Free"}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "all",
 "sku": {"name": "Base", "tier": "Standard"}}""",
)
def cluster_without_agreement(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it is free, but of automatic clusters."""
    automatic = text(thing, "sku.name") == "Automatic"
    if not automatic and thing.or_default("sku.tier", "Free") == "Free":
        yield Found(what="of the free tier", fix='"sku": {"name": "Base", "tier": "Standard"}')


@thing_rule(
    "system-pool-of-one",
    types=(CLUSTER,),
    severity="warning",
    family="holds",
    title="What a Kubernetes cluster itself runs stands on one machine",
    why="Names, metrics and the way in stop with that machine, and with them every pod on all the others.",
    source="https://learn.microsoft.com/azure/aks/use-system-pools",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "all",
 "sku": {"name": "Base", "tier": "Standard"},
 "properties": {"agentPoolProfiles": [{"name": "system", "mode": "System", "count": 1}]}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "all",
 "sku": {"name": "Base", "tier": "Standard"},
 "properties": {"agentPoolProfiles": [{"name": "system", "mode": "System", "count": 3}]}}""",
)
def system_pool_of_one(thing: Thing, things: Things) -> Iterator[Found]:
    """Of pools that follow the load, their fewest machines count. Two are asked for, three advised."""
    for pool in each_in(thing, "properties.agentPoolProfiles"):
        follows = pool.at("enableAutoScaling") is True
        fewest = number(pool, "minCount" if follows else "count")
        if text(pool, "mode") == "System" and fewest == 1:
            field = "minCount" if follows else "count"
            yield Found(what=f"{text(pool, 'name')} has one machine", fix=f'"{field}": 3')


@thing_rule(
    "api-management-without-agreement",
    types=("Microsoft.ApiManagement/service",),
    severity="warning",
    family="holds",
    title="APIs are published by a gateway of the tier for developers",
    why="It is one machine without any promise, and is away while it is updated.",
    source="https://learn.microsoft.com/azure/api-management/api-management-features",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "Developer", "capacity": 1}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "StandardV2", "capacity": 1}}""",
)
def api_management_without_agreement(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "sku.name") == "Developer":
        fix = 'tier="standard v2"' if thing.ours else '"sku": {"name": "StandardV2"}'
        yield Found(what="of the tier for developers", fix=fix)
