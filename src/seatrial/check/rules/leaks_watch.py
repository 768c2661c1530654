"""Will it leak: who would notice."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.values import Expression
from seatrial.check.reading import each_in
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things, raw_at

SETTINGS = "Microsoft.Insights/diagnosticSettings"

_WATCHED = {
    "Microsoft.KeyVault/vaults": "who read which secret",
    "Microsoft.DBforPostgreSQL/flexibleServers": "who signed in and what failed",
    "Microsoft.DocumentDB/databaseAccounts": "who read and changed what",
    "Microsoft.Cdn/profiles": "who asked and what the firewall refused",
    "Microsoft.Network/applicationGateways": "who asked and what the firewall refused",
    "Microsoft.Network/azureFirewalls": "what went out and what was refused",
    "Microsoft.ApiManagement/service": "who called which API",
    "Microsoft.ContainerService/managedClusters": "who changed the cluster",
}


@thing_rule(
    "no-audit-log",
    types=tuple(_WATCHED),
    severity="warning",
    family="leaks",
    title="A vault, database or entrance keeps no log of who did what",
    why="After a leak nobody can tell what was taken and by whom; Azure keeps nothing unless told where.",
    source="https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings",
    bad="""{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
 "contentVersion": "1.0.0.0", "resources": [
 {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "vault"}]}""",
    good="""{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
 "contentVersion": "1.0.0.0", "resources": [
 {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "vault"},
 {"type": "Microsoft.Insights/diagnosticSettings", "apiVersion": "2021-05-01-preview", "name": "audit",
  "scope": "Microsoft.KeyVault/vaults/vault", "properties": {"workspaceId": "[resourceId('w/x', 'logs')]",
  "logs": [{"categoryGroup": "audit", "enabled": true}]}}]}""",
)
def no_audit_log(thing: Thing, things: Things) -> Iterator[Found]:
    """One that is about a resource of the type counts for all of the type, as names may not be known."""
    about = [
        each for each in things.of(SETTINGS) if each.about is None or each.about.lower() == thing.type.lower()
    ]
    if not any(_keeps_logs(each) for each in about):
        kept = next(words for type, words in _WATCHED.items() if type.lower() == thing.type.lower())
        yield Found(
            what=f"nothing keeps {kept}",
            fix=f'a resource of {SETTINGS} with {{"categoryGroup": "audit", "enabled": true}}',
        )


def _keeps_logs(settings: Thing) -> bool:
    logs = raw_at(settings.body, "properties.logs")
    return isinstance(logs, Expression) or any(
        each.at("enabled") is not False for each in each_in(settings, "properties.logs")
    )


@thing_rule(
    "containers-without-logs",
    types=("Microsoft.App/managedEnvironments",),
    severity="warning",
    family="leaks",
    title="What containers write is kept nowhere",
    why="After a crash or a break-in there is nothing to read.",
    source="https://learn.microsoft.com/azure/container-apps/log-options",
    bad="""{"type": "Microsoft.App/managedEnvironments", "name": "shop", "properties": {}}""",
    good="""{"type": "Microsoft.App/managedEnvironments", "name": "shop",
 "properties": {"appLogsConfiguration": {"destination": "azure-monitor"}}}""",
)
def containers_without_logs(thing: Thing, things: Things) -> Iterator[Found]:
    """None by default in templates, other than in the portal and the command line."""
    path = "properties.appLogsConfiguration.destination"
    if thing.or_default(path, "none") in ("none", "") and not thing.unknown(path):
        fix = '"appLogsConfiguration": {"destination": "azure-monitor"}, with diagnostic settings'
        yield Found(what="logs go nowhere", fix=fix)
