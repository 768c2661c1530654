"""Every type of resource in words: its name, whether it stands for itself, and whether it costs money.

Source of what costs money: the pricing page of each service below https://azure.microsoft.com/pricing/details/
and https://learn.microsoft.com/azure/cost-management-billing/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from seatrial.model.value import Value

__all__ = ["KINDS", "Kind", "Rank", "kind_of"]

Rank = Literal["main", "piece", "quiet"]
"""How much of a page a resource gets: a line; a mention with what it belongs to; a number among others."""


class Kind(Value):
    """What is to be said about a type."""

    words: str
    """In the singular: `private endpoint`."""
    rank: Rank
    billed: bool
    why: str
    """What is paid for; or why nothing is."""

    def count(self, number: int) -> str:
        """So many of them: `private endpoint`, `2 private endpoints`."""
        if number == 1:
            return self.words
        product = self.words.rpartition(" ")[2].istitle()  # Azure's own names have no plural
        return f"{number} × {self.words}" if product else f"{number} {_plural(self.words)}"


def _plural(words: str) -> str:
    head, separator, rest = words.partition(" of ") if " of " in words else words.partition(" in ")
    if head.endswith(("s", "x", "ch")):
        head += "es"
    elif head.endswith("y") and not head.endswith(("ay", "ey")):
        head = f"{head[:-1]}ies"
    else:
        head += "s"
    return head + separator + rest


def kind_of(type: str) -> Kind:
    """What is to be said about a type; one that is unknown here counts as billed."""
    unknown = Kind(words=type.rpartition("/")[2], rank="main", billed=True, why="not known to be free")
    return KINDS.get(type, unknown)


def _billed(words: str, why: str, rank: Rank = "main") -> Kind:
    return Kind(words=words, rank=rank, billed=True, why=why)


def _free(words: str, why: str, rank: Rank = "piece") -> Kind:
    return Kind(words=words, rank=rank, billed=False, why=why)


_WITH_GATEWAY = "paid with API Management"
_WITH_DOOR = "paid with Front Door"
_WITH_VAULT = "paid by the operation, with the vault"
_WITH_ACCOUNT = "paid with the storage account"
_DESCRIPTION = "a rule that costs nothing"
_RIGHT = "rights and identities cost nothing"

KINDS: Mapping[str, Kind] = {
    "Microsoft.ApiManagement/service": _billed("API Management", "by the unit and hour, or by the call"),
    "Microsoft.ApiManagement/service/apis": _free("API", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/apis/operations": _free("operation of an API", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/apis/policies": _free("policy of an API", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/apiVersionSets": _free("set of API versions", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/backends": _free("backend", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/diagnostics": _free("diagnostic of APIs", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/loggers": _free("logger", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/namedValues": _free("named value", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/policies": _free("policy", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/portalconfigs": _free("developer portal", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/products": _free("product", _WITH_GATEWAY),
    "Microsoft.ApiManagement/service/products/apis": _free("API of a product", _WITH_GATEWAY, "quiet"),
    "Microsoft.ApiManagement/service/products/policies": _free("policy of a product", _WITH_GATEWAY),
    "Microsoft.App/containerApps": _billed(
        "container app", "by the second of cores and memory, and by requests"
    ),
    "Microsoft.App/containerApps/authConfigs": _free("sign-in", "comes with the container app"),
    "Microsoft.App/jobs": _billed("container job", "by the second of cores and memory while it runs"),
    "Microsoft.App/managedEnvironments": _billed(
        "Container Apps environment", "by the hour of addresses, a load balancer, machines and endpoints"
    ),
    "Microsoft.App/sessionPools": _billed(
        "session pool", "by the hour of the machines that its sessions take"
    ),
    "Microsoft.Authorization/locks": _free("lock", _RIGHT, "quiet"),
    "Microsoft.Authorization/roleAssignments": _free("role assignment", _RIGHT, "quiet"),
    "Microsoft.Cache/redisEnterprise": _billed("Azure Managed Redis", "by the node and hour"),
    "Microsoft.Cache/redisEnterprise/databases": _free("Redis database", "paid with the cluster"),
    "Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments": _free(
        "access policy of Redis", _RIGHT, "quiet"
    ),
    "Microsoft.Cdn/profiles": _billed("Front Door", "by the month, by requests and by traffic"),
    "Microsoft.Cdn/profiles/afdEndpoints": _free("address of Front Door", _WITH_DOOR, "quiet"),
    "Microsoft.Cdn/profiles/afdEndpoints/routes": _free("route", _WITH_DOOR),
    "Microsoft.Cdn/profiles/customDomains": _free("domain", _WITH_DOOR),
    "Microsoft.Cdn/profiles/originGroups": _free("origin group", _WITH_DOOR, "quiet"),
    "Microsoft.Cdn/profiles/originGroups/origins": _free("origin", _WITH_DOOR),
    "Microsoft.Cdn/profiles/ruleSets": _free("rule set", _WITH_DOOR, "quiet"),
    "Microsoft.Cdn/profiles/ruleSets/rules": _free("rule", _WITH_DOOR, "quiet"),
    "Microsoft.Cdn/profiles/securityPolicies": _free("security policy", _WITH_DOOR, "quiet"),
    "Microsoft.CognitiveServices/accounts": _free("Azure OpenAI account", "its deployments are paid", "main"),
    "Microsoft.CognitiveServices/accounts/deployments": _billed("model deployment", "by the token"),
    "Microsoft.Consumption/budgets": _free("budget", "budgets cost nothing", "main"),
    "Microsoft.ContainerInstance/containerGroups": _billed(
        "container group", "by the second of cores and memory"
    ),
    "Microsoft.ContainerRegistry/registries": _billed("container registry", "by the day and by storage"),
    "Microsoft.ContainerRegistry/registries/replications": _billed(
        "copy of the registry", "by the day, as much as the registry", "piece"
    ),
    "Microsoft.ContainerService/managedClusters": _billed(
        "Kubernetes cluster", "by the hour of its control plane"
    ),
    "Microsoft.ContainerService/managedClusters/agentPools": _billed("node pool", "by the machine and hour"),
    "Microsoft.DBforPostgreSQL/flexibleServers": _billed(
        "PostgreSQL server", "by the hour of its machine, by storage, and by backups beyond its size"
    ),
    "Microsoft.DBforPostgreSQL/flexibleServers/administrators": _free("administrator", _RIGHT, "quiet"),
    "Microsoft.DBforPostgreSQL/flexibleServers/configurations": _free("setting", "paid with the server"),
    "Microsoft.DBforPostgreSQL/flexibleServers/databases": _free("database", "paid with the server"),
    "Microsoft.DocumentDB/databaseAccounts": _free("Cosmos DB account", "its containers are paid", "main"),
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases": _free("database", "its containers are paid"),
    "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers": _billed(
        "container of documents", "by request units and storage, in every region"
    ),
    "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments": _free("right in Cosmos DB", _RIGHT, "quiet"),
    "Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions": _free("role of Cosmos DB", _RIGHT, "quiet"),
    "Microsoft.Insights/actionGroups": _billed(
        "action group", "by mail, message and call, beyond a free share"
    ),
    "Microsoft.Insights/activityLogAlerts": _free(
        "activity alert", "alerts on the activity log cost nothing"
    ),
    "Microsoft.Insights/autoscalesettings": _free("set of scale rules", _DESCRIPTION),
    "Microsoft.Insights/components": _free("Application Insights", "paid with the logs it writes", "main"),
    "Microsoft.Insights/dataCollectionRuleAssociations": _free("association", _DESCRIPTION, "quiet"),
    "Microsoft.Insights/dataCollectionRules": _free("rule of log collection", "paid with the logs it brings"),
    "Microsoft.Insights/diagnosticSettings": _free(
        "diagnostic setting", "paid with the logs it brings", "quiet"
    ),
    "Microsoft.Insights/metricAlerts": _billed("metric alert", "by the series that is watched and month"),
    "Microsoft.Insights/scheduledQueryRules": _billed("log alert", "by how often it asks, and month"),
    "Microsoft.Insights/webtests": _billed("availability test", "by the execution"),
    "Microsoft.Insights/workbooks": _free("workbook", "workbooks cost nothing", "main"),
    "Microsoft.KeyVault/vaults": _billed("key vault", "by the operation"),
    "Microsoft.KeyVault/vaults/keys": _free("key", _WITH_VAULT),
    "Microsoft.KeyVault/vaults/secrets": _free("secret", _WITH_VAULT),
    "Microsoft.ManagedIdentity/userAssignedIdentities": _free("identity", _RIGHT, "quiet"),
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": _free(
        "trust of the cluster's tokens", _RIGHT, "quiet"
    ),
    "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": _free(
        "firewall policy", "paid with the gateway"
    ),
    "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": _free("firewall policy", _WITH_DOOR),
    "Microsoft.Network/applicationGateways": _billed(
        "Application Gateway", "by the hour and by capacity units"
    ),
    "Microsoft.Network/azureFirewalls": _billed("Azure Firewall", "by the hour and by traffic"),
    "Microsoft.Network/bastionHosts": _billed("Azure Bastion", "by the hour and by traffic out"),
    "Microsoft.Network/firewallPolicies": _free("firewall policy", "free with one firewall"),
    "Microsoft.Network/firewallPolicies/ruleCollectionGroups": _free("group of firewall rules", _DESCRIPTION),
    "Microsoft.Network/natGateways": _billed("NAT gateway", "by the hour and by traffic"),
    "Microsoft.Network/networkSecurityGroups": _free("security group", _DESCRIPTION),
    "Microsoft.Network/privateDnsZones": _billed(
        "private DNS zone", "by the zone and month, and by queries", "piece"
    ),
    "Microsoft.Network/privateDnsZones/A": _free("DNS record", "paid with its zone", "quiet"),
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": _free("DNS link", "paid with its zone", "quiet"),
    "Microsoft.Network/privateEndpoints": _billed("private endpoint", "by the hour and by traffic", "piece"),
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": _free(
        "DNS group", "paid with its zone", "quiet"
    ),
    "Microsoft.Network/publicIPAddresses": _billed("public address", "by the hour", "piece"),
    "Microsoft.Network/routeTables": _free("route table", _DESCRIPTION),
    "Microsoft.Network/trafficManagerProfiles": _billed(
        "Traffic Manager", "by the query, and by the endpoint that is watched"
    ),
    "Microsoft.Network/trafficManagerProfiles/azureEndpoints": _free("endpoint", "paid with its profile"),
    "Microsoft.Network/trafficManagerProfiles/externalEndpoints": _free("endpoint", "paid with its profile"),
    "Microsoft.Network/virtualNetworkGateways": _billed("VPN gateway", "by the hour and by traffic out"),
    "Microsoft.Network/virtualNetworks": _free("virtual network", "networks cost nothing", "main"),
    "Microsoft.Network/virtualNetworks/subnets": _free("subnet", "networks cost nothing"),
    "Microsoft.Network/virtualNetworks/virtualNetworkPeerings": _billed("peering", "by traffic", "piece"),
    "Microsoft.OperationalInsights/workspaces": _billed(
        "log workspace", "by what is taken in, and kept for long"
    ),
    "Microsoft.OperationalInsights/workspaces/dataExports": _billed(
        "log export", "by what is written", "piece"
    ),
    "Microsoft.OperationalInsights/workspaces/savedSearches": _free(
        "saved search", "searches cost nothing", "quiet"
    ),
    "Microsoft.Resources/deployments": _free("deployment", "deployments cost nothing", "quiet"),
    "Microsoft.Resources/resourceGroups": _free("resource group", "groups cost nothing", "quiet"),
    "Microsoft.ServiceBus/namespaces": _billed("Service Bus", "by the month or unit, and by operations"),
    "Microsoft.ServiceBus/namespaces/queues": _free("queue", "paid with Service Bus"),
    "Microsoft.ServiceBus/namespaces/topics": _free("topic", "paid with Service Bus"),
    "Microsoft.ServiceBus/namespaces/topics/subscriptions": _free("subscription", "paid with Service Bus"),
    "Microsoft.Storage/storageAccounts": _billed(
        "storage account", "by what is kept, by operations, by traffic"
    ),
    "Microsoft.Storage/storageAccounts/blobServices": _free("blob service", _WITH_ACCOUNT, "quiet"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": _free("blob container", _WITH_ACCOUNT),
    "Microsoft.Storage/storageAccounts/fileServices": _free("file service", _WITH_ACCOUNT, "quiet"),
    "Microsoft.Storage/storageAccounts/fileServices/shares": _free("file share", _WITH_ACCOUNT),
    "Microsoft.Storage/storageAccounts/managementPolicies": _free("life cycle", _DESCRIPTION),
    "Microsoft.Web/serverfarms": _billed("App Service plan", "by the machine and hour"),
    "Microsoft.Web/sites": _free("web app", "paid with its plan", "main"),
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": _free("publishing policy", _RIGHT, "quiet"),
    "Microsoft.Web/sites/config": _free("setting", "paid with its plan", "quiet"),
    "Microsoft.Web/sites/slots": _free("slot", "paid with its plan"),
    "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies": _free(
        "publishing policy", _RIGHT, "quiet"
    ),
    "Microsoft.Web/sites/slots/config": _free("setting", "paid with its plan", "quiet"),
    "Microsoft.Web/staticSites": _billed("static web app", "by the month and by traffic"),
    "Microsoft.Web/staticSites/customDomains": _free("domain", "paid with the site"),
}
