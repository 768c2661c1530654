"""By type of resource: what says what it is charged for.

Types that cost nothing stand in `seatrial.azure.kinds` with their reason. A test shows that every type which
is billed has its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from seatrial.azure.graph import Resource
from seatrial.azure.kinds import kind_of
from seatrial.bill import (
    aks,
    alerts,
    api_management,
    app_service,
    application_gateway,
    blobs,
    cache,
    container_apps,
    container_environment,
    container_instances,
    container_jobs,
    documents,
    egress,
    firewall,
    front_door,
    logs,
    model_api,
    network,
    postgres,
    private,
    queue,
    registry,
    sandbox,
    secret,
    site,
    traffic_manager,
)
from seatrial.bill.charges import Charge, Free
from seatrial.bill.reckoning import Reckoning

__all__ = ["CHARGES"]

Charges = Callable[[Resource, Reckoning], Iterable[Charge | Free]]


def _both(one: Charges, other: Charges) -> Charges:
    """What two say of the same resource: what runs there, and what leaves Azure from there."""

    def charges(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
        yield from one(resource, reckoning)
        yield from other(resource, reckoning)

    return charges


def _nothing(resource: Resource, reckoning: Reckoning) -> Iterator[Free]:
    """Costs nothing by itself."""
    kind = kind_of(resource.type)
    yield Free(what=kind.words, why=kind.why)


CHARGES: Mapping[str, Charges] = {
    "Microsoft.ApiManagement/service": api_management.service,
    "Microsoft.App/containerApps": _both(container_apps.app, egress.of_process),
    "Microsoft.App/jobs": container_jobs.job,
    "Microsoft.App/managedEnvironments": container_environment.environment,
    "Microsoft.App/sessionPools": sandbox.pool,
    "Microsoft.Cache/redisEnterprise": cache.cluster,
    "Microsoft.Cdn/profiles": front_door.profile,
    "Microsoft.CognitiveServices/accounts/deployments": model_api.deployment,
    "Microsoft.ContainerInstance/containerGroups": _both(container_instances.group, egress.of_process),
    "Microsoft.ContainerRegistry/registries": registry.registry,
    "Microsoft.ContainerRegistry/registries/replications": registry.replication,
    "Microsoft.ContainerService/managedClusters": _both(aks.cluster, egress.of_cluster),
    "Microsoft.ContainerService/managedClusters/agentPools": aks.pool,
    "Microsoft.DBforPostgreSQL/flexibleServers": postgres.server,
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers": documents.container,
    "Microsoft.Insights/actionGroups": alerts.action_group,
    "Microsoft.Insights/metricAlerts": alerts.metric_rule,
    "Microsoft.Insights/scheduledQueryRules": alerts.log_rule,
    "Microsoft.Insights/webtests": alerts.web_test,
    "Microsoft.KeyVault/vaults": secret.vault,
    "Microsoft.Network/applicationGateways": application_gateway.gateway,
    "Microsoft.Network/azureFirewalls": firewall.firewall,
    "Microsoft.Network/bastionHosts": network.bastion,
    "Microsoft.Network/natGateways": network.nat_gateway,
    "Microsoft.Network/privateDnsZones": private.zone,
    "Microsoft.Network/privateEndpoints": private.endpoint,
    "Microsoft.Network/publicIPAddresses": network.public_address,
    "Microsoft.Network/trafficManagerProfiles": traffic_manager.profile,
    "Microsoft.Network/virtualNetworkGateways": network.vpn_gateway,
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings": network.peering,
    "Microsoft.OperationalInsights/workspaces": logs.workspace,
    "Microsoft.OperationalInsights/workspaces/dataExports": logs.data_export,
    "Microsoft.ServiceBus/namespaces": queue.namespace,
    "Microsoft.Storage/storageAccounts": blobs.account,
    "Microsoft.Web/serverfarms": app_service.farm,
    "Microsoft.Web/sites": _both(_nothing, egress.of_process),
    "Microsoft.Web/staticSites": site.static_site,
}
