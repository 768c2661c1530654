"""How large a resource is, in words: read from what it will be made with, never from the plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource

__all__ = ["size_of"]


def size_of(resource: Resource) -> str:
    """Its size, or what tells it from others of its type; empty when there is nothing to say."""
    sizes = _SIZES.get(resource.type)
    pieces = sizes(Body(resource.body)) if sizes else ()
    return ", ".join(piece for piece in pieces if piece)


Pieces = Iterator[str | None]


def _in_words(name: Any) -> str | None:
    """`ZoneRedundant` is `zone redundant`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name)).lower() if name else None


def _span(fewest: Any, most: Any, what: str) -> str | None:
    if most is None:
        return None
    number = str(most) if fewest in (None, most) else f"{fewest} to {most}"
    return f"{number} {what}" + ("" if number == "1" else "s")


def _cores(resources: Any) -> str | None:
    if not isinstance(resources, Mapping):
        return None
    memory = str(resources.get("memory", "")).removesuffix("Gi")
    return f"{resources.get('cpu', 0):g} vCPU, {memory} GiB"


def _sku(body: Body) -> Pieces:
    yield body.at("sku.name")


def _tier(path: str) -> Callable[[Body], Pieces]:
    def read(body: Body) -> Pieces:
        yield _in_words(body.at(path))

    return read


def _postgres(body: Body) -> Pieces:
    if body.at("properties.createMode") == "Replica":
        yield "read replica"
    yield body.at("sku.name")
    gib = body.at("properties.storage.storageSizeGB")
    yield f"{gib} GiB" if gib else None
    mode = body.at("properties.highAvailability.mode")
    yield {"ZoneRedundant": "standby in another zone", "SameZone": "standby in the same zone"}.get(str(mode))
    days = body.at("properties.backup.backupRetentionDays")
    geo = body.at("properties.backup.geoRedundantBackup") == "Enabled"
    yield f"backups for {days} days" + (", also in the paired region" if geo else "") if days else None


def _container(body: Body) -> Pieces:
    yield _cores(body.at("properties.template.containers.0.resources"))
    scale = body.at("properties.template.scale")
    if isinstance(scale, Mapping):
        yield _span(scale.get("minReplicas"), scale.get("maxReplicas"), "replica")
    profile = body.at("properties.workloadProfileName")
    yield None if profile == "Consumption" else profile


def _job(body: Body) -> Pieces:
    yield _cores(body.at("properties.template.containers.0.resources"))
    cron = body.at("properties.configuration.scheduleTriggerConfig.cronExpression")
    yield f'at "{cron}"' if cron else "started by hand"


def _environment(body: Body) -> Pieces:
    profiles = body.at("properties.workloadProfiles") or ()
    yield " and ".join(each["workloadProfileType"] for each in profiles) or None
    yield "over zones" if body.at("properties.zoneRedundant") else None
    yield "inside only" if body.at("properties.vnetConfiguration.internal") else None


def _sessions(body: Body) -> Pieces:
    yield _cores(body.at("properties.customContainerTemplate.containers.0.resources"))
    yield _span(None, body.at("properties.scaleConfiguration.maxConcurrentSessions"), "session")
    ready = body.at("properties.scaleConfiguration.readySessionInstances")
    yield f"{ready} ready" if ready else None


def _group(body: Body) -> Pieces:
    """All containers of the group together: that is what is paid for."""
    number = body.many("properties.containers")
    each = [
        body.at(f"properties.containers.{index}.properties.resources.requests") for index in range(number)
    ]
    if each and all(isinstance(requests, Mapping) for requests in each):
        cores = sum(requests["cpu"] for requests in each)
        yield f"{cores:g} vCPU, {sum(requests['memoryInGB'] for requests in each):g} GiB"
    yield _span(None, number, "container") if number > 1 else None


def _plan(body: Body) -> Pieces:
    yield body.at("sku.name")
    yield _span(None, body.at("sku.capacity"), "machine")
    yield "over zones" if body.at("properties.zoneRedundant") else None


def _cluster(body: Body) -> Pieces:
    version = body.at("properties.kubernetesVersion")
    yield f"Kubernetes {version}" if version else None
    tier = body.at("sku.tier")
    yield f"{str(tier).lower()} control plane" if tier else None
    yield from _nodes(Body(body.at("properties.agentPoolProfiles.0") or {}))


def _pool(body: Body) -> Pieces:
    properties = Body(body.at("properties") or {})
    yield from _nodes(properties)
    yield "spot" if properties.at("scaleSetPriority") == "Spot" else None
    runtime = properties.at("workloadRuntime")
    yield _in_words(runtime) if runtime and "Kata" in str(runtime) else None


def _nodes(pool: Body) -> Pieces:
    yield pool.at("vmSize")
    fewest, most = pool.at("minCount"), pool.at("maxCount")
    yield _span(fewest, most, "machine") or _span(None, pool.at("count"), "machine")


def _deployment(body: Body) -> Pieces:
    yield body.at("properties.model.name")
    yield _in_words(body.at("sku.name"))
    thousands = body.at("sku.capacity")
    yield f"{thousands:,}k tokens a minute" if isinstance(thousands, int) else None


def _cosmos(body: Body) -> Pieces:
    names = [each.get("name") for each in body.at("properties.capabilities") or ()]
    yield "serverless" if "EnableServerless" in names else None
    yield _span(None, body.many("properties.locations"), "region")
    tier = body.at("properties.backupPolicy.continuousModeProperties.tier")
    yield _in_words(re.sub(r"(\d+)", r" \1 ", str(tier))) + " backup" if tier else None  # type: ignore[operator]


def _documents(body: Body) -> Pieces:
    most = body.at("properties.options.autoscaleSettings.maxThroughput")
    yield f"{most:,} request units a second at most" if most else None
    path = body.at("properties.resource.partitionKey.paths.0")
    yield f"kept together by {path}" if path else None


def _queue(body: Body) -> Pieces:
    attempts = body.at("properties.maxDeliveryCount")
    yield f"{attempts} attempts" if attempts else None


def _redis(body: Body) -> Pieces:
    yield body.at("sku.name")
    yield "twice" if body.at("properties.highAvailability") == "Enabled" else "once"


def _gateway(body: Body) -> Pieces:
    yield body.at("properties.sku.name") or body.at("sku.name")
    scale = body.at("properties.autoscaleConfiguration")
    if isinstance(scale, Mapping):
        yield _span(scale.get("minCapacity"), scale.get("maxCapacity"), "instance")


def _apis(body: Body) -> Pieces:
    yield body.at("sku.name")
    yield _span(None, body.at("sku.capacity"), "unit")


def _vpn(body: Body) -> Pieces:
    yield body.at("properties.sku.name")


def _network(body: Body) -> Pieces:
    yield from body.at("properties.addressSpace.addressPrefixes") or ()


def _subnet(body: Body) -> Pieces:
    yield body.at("properties.addressPrefix")


def _workspace(body: Body) -> Pieces:
    days = body.at("properties.retentionInDays")
    yield f"{days} days" if days else None
    gib = body.at("properties.workspaceCapping.dailyQuotaGb")
    yield f"{gib:g} GB a day at most" if isinstance(gib, int | float) and gib > 0 else None


def _budget(body: Body) -> Pieces:
    amount = body.at("properties.amount")
    yield f"${amount:,} a month" if isinstance(amount, int | float) else None


def _waf(body: Body) -> Pieces:
    yield _in_words(body.at("properties.policySettings.mode"))


_SIZES: Mapping[str, Callable[[Body], Pieces]] = {
    "Microsoft.ApiManagement/service": _apis,
    "Microsoft.App/containerApps": _container,
    "Microsoft.App/jobs": _job,
    "Microsoft.App/managedEnvironments": _environment,
    "Microsoft.App/sessionPools": _sessions,
    "Microsoft.Cache/redisEnterprise": _redis,
    "Microsoft.Cdn/profiles": _sku,
    "Microsoft.CognitiveServices/accounts": _sku,
    "Microsoft.CognitiveServices/accounts/deployments": _deployment,
    "Microsoft.Consumption/budgets": _budget,
    "Microsoft.ContainerInstance/containerGroups": _group,
    "Microsoft.ContainerRegistry/registries": _sku,
    "Microsoft.ContainerService/managedClusters": _cluster,
    "Microsoft.ContainerService/managedClusters/agentPools": _pool,
    "Microsoft.DBforPostgreSQL/flexibleServers": _postgres,
    "Microsoft.DocumentDB/databaseAccounts": _cosmos,
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers": _documents,
    "Microsoft.KeyVault/vaults": _tier("properties.sku.name"),
    "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": _waf,
    "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": _waf,
    "Microsoft.Network/applicationGateways": _gateway,
    "Microsoft.Network/azureFirewalls": _tier("properties.sku.tier"),
    "Microsoft.Network/bastionHosts": _sku,
    "Microsoft.Network/natGateways": _sku,
    "Microsoft.Network/publicIPAddresses": _sku,
    "Microsoft.Network/trafficManagerProfiles": _tier("properties.trafficRoutingMethod"),
    "Microsoft.Network/virtualNetworkGateways": _vpn,
    "Microsoft.Network/virtualNetworks": _network,
    "Microsoft.Network/virtualNetworks/subnets": _subnet,
    "Microsoft.OperationalInsights/workspaces": _workspace,
    "Microsoft.ServiceBus/namespaces": _apis,
    "Microsoft.ServiceBus/namespaces/queues": _queue,
    "Microsoft.Storage/storageAccounts": _sku,
    "Microsoft.Web/serverfarms": _plan,
    "Microsoft.Web/staticSites": _sku,
}
