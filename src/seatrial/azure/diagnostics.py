"""Diagnostic settings: what every resource has to say goes to the logs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.azure import logs
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref
from seatrial.model import Plan
from seatrial.model.value import Value

__all__ = ["of_all"]


class Says(Value, kw_only=False):
    """What a type of resource has to say."""

    groups: tuple[str, ...] = ()
    """Groups of logs: `allLogs`, or `audit`."""
    categories: tuple[str, ...] = ()
    """Single logs, where a group would be more than anybody reads."""
    metrics: bool = False
    """Whether its metrics can be sent to the logs."""


_ALL = Says(("allLogs",), metrics=True)
_LOGS = Says(("allLogs",))
_METRICS = Says(metrics=True)

SAYS: Mapping[str, Says] = {
    "Microsoft.ApiManagement/service": _ALL,
    "Microsoft.App/containerApps": _METRICS,
    "Microsoft.App/jobs": _METRICS,
    "Microsoft.App/managedEnvironments": _ALL,
    "Microsoft.App/sessionPools": _METRICS,
    "Microsoft.Cache/redisEnterprise": _METRICS,
    "Microsoft.Cache/redisEnterprise/databases": _LOGS,
    "Microsoft.Cdn/profiles": _ALL,
    "Microsoft.CognitiveServices/accounts": _ALL,
    "Microsoft.ContainerInstance/containerGroups": _ALL,
    "Microsoft.ContainerRegistry/registries": _ALL,
    # kube-audit has every question to the cluster: far more than all else; kube-audit-admin has the changes
    "Microsoft.ContainerService/managedClusters": Says(
        categories=("cluster-autoscaler", "guard", "kube-audit-admin", "kube-controller-manager"),
        metrics=True,
    ),
    "Microsoft.DBforPostgreSQL/flexibleServers": _ALL,
    # Who changed the account; and who read and wrote what, with identity and address, summed up every five
    # minutes. Left out: DataPlaneRequests, the same as a row for each request (100 GB a month at 100 million
    # of them), and QueryRuntimeStatistics and PartitionKeyRUConsumption, which tune queries and keys and tell
    # nothing of persons: switched on for the days in which somebody tunes.
    # https://learn.microsoft.com/azure/cosmos-db/monitor-aggregated-logs
    "Microsoft.DocumentDB/databaseAccounts": Says(
        categories=("ControlPlaneRequests", "DataPlaneRequests5M", "PartitionKeyStatistics")
    ),
    "Microsoft.Insights/autoscalesettings": _ALL,
    "Microsoft.KeyVault/vaults": _ALL,
    "Microsoft.Network/applicationGateways": _ALL,
    "Microsoft.Network/azureFirewalls": _ALL,
    "Microsoft.Network/bastionHosts": _ALL,
    "Microsoft.Network/networkSecurityGroups": _LOGS,
    "Microsoft.Network/publicIPAddresses": _ALL,
    "Microsoft.Network/trafficManagerProfiles": _ALL,
    "Microsoft.Network/virtualNetworkGateways": _ALL,
    "Microsoft.Network/virtualNetworks": _ALL,
    "Microsoft.OperationalInsights/workspaces": Says(("audit",)),
    "Microsoft.ServiceBus/namespaces": _ALL,
    "Microsoft.Storage/storageAccounts": _METRICS,
    "Microsoft.Storage/storageAccounts/blobServices": _ALL,
    "Microsoft.Storage/storageAccounts/fileServices": _ALL,
    "Microsoft.Web/serverfarms": _METRICS,
    "Microsoft.Web/sites": _ALL,
    "Microsoft.Web/sites/slots": _ALL,
    "Microsoft.Web/staticSites": _LOGS,
}
"""By type. Those that are left out say nothing, or nothing that can be sent: the metrics of NAT gateways and
of Cosmos DB stay where they are, and Application Insights is itself a way into the logs.

Source: https://learn.microsoft.com/azure/azure-monitor/reference/logs-index,
https://learn.microsoft.com/azure/azure-monitor/reference/metrics-index (DS Export) and, for Kubernetes,
https://learn.microsoft.com/azure/aks/monitor-aks
"""


def of_all(made: Iterable[Resource], plan: Plan) -> Iterator[Resource]:
    """A setting for each resource whose type says anything, to the logs of its region."""
    stamps = {region: Stamp(plan=plan, region=region) for region in plan.regions}
    workspaces = {region: Id(of=logs.workspace(at)) for region, at in stamps.items()}
    seen: set[Ref] = set()
    for resource in made:
        if (says := SAYS.get(resource.type)) and resource.ref not in seen:
            seen.add(resource.ref)
            yield _setting(resource, says, stamps[resource.region], workspaces[resource.region])


def _setting(resource: Resource, says: Says, at: Stamp, workspace: Id) -> Resource:
    logged = [
        *({"categoryGroup": group, "enabled": True} for group in says.groups),
        *({"category": category, "enabled": True} for category in says.categories),
    ]
    return Resource(
        ref=Ref(
            type="Microsoft.Insights/diagnosticSettings", name=at.name(f"{resource.module}-{resource.symbol}")
        ),
        module="alerts",
        region=resource.region,
        symbol=camel(resource.module, resource.symbol, "to", "logs"),
        why=f"What {resource.symbol} has to say goes to the logs",
        part=resource.part,
        tagged=False,
        scope=resource.ref,
        body={
            "properties": {
                "workspaceId": workspace,
                # a table for each kind of row, where the type knows such; else this is ignored
                **({"logAnalyticsDestinationType": "Dedicated"} if logged else {}),
                "logs": logged,
                "metrics": [{"category": "AllMetrics", "enabled": True}] if says.metrics else [],
            }
        },
    )
