"""Which names each type of resource takes, and the names we give.

Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules; that of pools
of sessions by the official schema of Microsoft.App
"""

from __future__ import annotations

import re
from functools import lru_cache

from seatrial.azure.values import Text, plain

__all__ = ["RULED", "camel", "squeezed", "unfit"]

_RULES: dict[str, tuple[int, int, str]] = {
    "Microsoft.ApiManagement/service": (1, 50, r"[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?"),
    "Microsoft.App/containerApps": (2, 32, r"[a-z]([a-z0-9]|-(?!-))*[a-z0-9]"),
    "Microsoft.App/jobs": (2, 32, r"[a-z]([a-z0-9]|-(?!-))*[a-z0-9]"),
    "Microsoft.App/managedEnvironments": (2, 60, r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.App/sessionPools": (3, 63, r"[a-z][a-z0-9]*"),
    "Microsoft.Cache/redisEnterprise": (1, 60, r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*"),
    "Microsoft.Cdn/profiles": (1, 260, r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
    "Microsoft.Cdn/profiles/afdEndpoints": (2, 46, r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.Cdn/profiles/ruleSets": (1, 60, r"[A-Za-z][A-Za-z0-9]*"),
    "Microsoft.CognitiveServices/accounts": (2, 64, r"[A-Za-z0-9][A-Za-z0-9_.-]*"),
    "Microsoft.CognitiveServices/accounts/deployments": (2, 64, r"[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]"),
    "Microsoft.ContainerInstance/containerGroups": (1, 63, r"[a-z0-9]([a-z0-9]|-(?!-))*[a-z0-9]|[a-z0-9]"),
    "Microsoft.ContainerRegistry/registries": (5, 50, r"[A-Za-z0-9]+"),
    "Microsoft.ContainerRegistry/registries/replications": (5, 50, r"[A-Za-z0-9]+"),
    "Microsoft.ContainerService/managedClusters": (1, 63, r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
    "Microsoft.ContainerService/managedClusters/agentPools": (1, 12, r"[a-z][a-z0-9]*"),
    "Microsoft.Consumption/budgets": (1, 63, r"[A-Za-z0-9_-]+"),
    "Microsoft.DBforPostgreSQL/flexibleServers": (3, 63, r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
    "Microsoft.DBforPostgreSQL/flexibleServers/databases": (1, 63, r"[A-Za-z_][\w-]*"),
    "Microsoft.DocumentDB/databaseAccounts": (3, 44, r"[a-z0-9][a-z0-9-]*[a-z0-9]"),
    "Microsoft.Insights/actionGroups": (1, 260, r"[^:<>+/&%\\?@]*[^:<>+/&%\\?@ .]"),
    "Microsoft.Insights/activityLogAlerts": (1, 260, r"[\w.()-]+"),
    "Microsoft.Insights/components": (1, 260, r"[^%&\\?/]*[^%&\\?/ .]"),
    "Microsoft.Insights/metricAlerts": (1, 260, r"[^*#&+:<>?@%{}\\/]*[^*#&+:<>?@%{}\\/ .]"),
    "Microsoft.Insights/scheduledQueryRules": (1, 260, r"[^*<>%{}&:\\?/#]*[^*<>%{}&:\\?/# .]"),
    "Microsoft.KeyVault/vaults": (3, 24, r"[A-Za-z](?:[A-Za-z0-9]|-(?!-))*[A-Za-z0-9]"),
    "Microsoft.KeyVault/vaults/secrets": (1, 127, r"[A-Za-z0-9-]+"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": (3, 128, r"[A-Za-z0-9][A-Za-z0-9_-]*"),
    "Microsoft.Network/applicationGateways": (1, 80, r"[A-Za-z0-9]([\w.-]*\w)?"),
    "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies": (1, 80, r"[A-Za-z0-9]([\w.-]*\w)?"),
    "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": (1, 128, r"[A-Za-z][A-Za-z0-9]*"),
    "Microsoft.Network/networkSecurityGroups": (1, 80, r"[A-Za-z0-9]([\w.-]*\w)?"),
    "Microsoft.Network/privateEndpoints": (2, 64, r"[A-Za-z0-9][\w.-]*\w"),
    "Microsoft.Network/publicIPAddresses": (1, 80, r"[A-Za-z0-9]([\w.-]*\w)?"),
    "Microsoft.Network/trafficManagerProfiles": (1, 63, r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"),
    "Microsoft.Network/virtualNetworks": (2, 64, r"[A-Za-z0-9][\w.-]*\w"),
    "Microsoft.Network/virtualNetworks/subnets": (1, 80, r"[A-Za-z0-9]([\w.-]*\w)?"),
    "Microsoft.OperationalInsights/workspaces": (4, 63, r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.OperationalInsights/workspaces/dataExports": (4, 63, r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.Storage/storageAccounts": (3, 24, r"[a-z0-9]+"),
    "Microsoft.Storage/storageAccounts/blobServices/containers": (
        3,
        63,
        r"[a-z0-9]([a-z0-9]|-(?!-))*[a-z0-9]",
    ),
    "Microsoft.ServiceBus/namespaces": (6, 50, r"[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.Web/staticSites": (2, 60, r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
    "Microsoft.Web/serverfarms": (1, 60, r"[A-Za-z0-9-]+"),
    "Microsoft.Web/sites": (2, 60, r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
}
"""Shortest, longest, and the pattern of the whole name."""

RULED = tuple(_RULES)
"""The types whose names have a rule here."""


def unfit(kind: str, name: Text) -> str | None:
    """Why a type does not take a name; None when it does, or has no rule here."""
    if kind not in _RULES:
        return None
    shortest, longest, pattern = _RULES[kind]
    text = plain(name)
    if not shortest <= len(text) <= longest:
        return f"{len(text)} characters; Azure takes {shortest} to {longest}"
    return None if re.fullmatch(pattern, text) else f"Azure takes only names like {pattern}"


def squeezed(text: str, longest: int) -> str:
    """Lower case letters and digits only, cut: what names of storage accounts and registries are made of."""
    return re.sub(r"[^a-z0-9]", "", text.lower())[:longest]


@lru_cache(maxsize=512)
def camel(*words: str) -> str:
    """`camel("papers", "private endpoint")` is `papersPrivateEndpoint`: a symbol of a generated file."""
    pieces: list[str] = re.findall(r"[A-Za-z0-9]+", " ".join(words))
    first, *rest = pieces
    return first[:1].lower() + first[1:] + "".join(piece[:1].upper() + piece[1:] for piece in rest)
