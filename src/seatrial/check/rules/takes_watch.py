"""Will Azure take it: logs, alerts, budgets, vaults, registries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from seatrial.azure.alerts import METRIC_STEPS, METRIC_WINDOWS, MOST_CONTACTS
from seatrial.azure.body import Body
from seatrial.azure.contacts import SHORT_NAME
from seatrial.azure.periods import iso8601
from seatrial.check.reading import minutes, number, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import Duration

LEARN = "https://learn.microsoft.com/azure/"

_SHOP = """
from seatrial import System, log, metric

shop = System("shop")
orders = shop.postgres("orders")
team = shop.contact("team")
"""

# -- logs -----------------------------------------------------------------------------------------------


@thing_rule(
    "logs-retention",
    types=("Microsoft.OperationalInsights/workspaces",),
    severity="error",
    family="takes",
    title="Logs are to be kept longer, or for a shorter time, than a workspace keeps them",
    why="A workspace can be asked about 30 to 730 days; what is older belongs to its archive, or to blobs.",
    source=f"{LEARN}azure-monitor/logs/data-retention-configure",
    bad="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "shop-logs",
 "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 1095}}""",
    good="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "shop-logs",
 "properties": {"sku": {"name": "PerGB2018"}, "retentionInDays": 730}}""",
)
def logs_retention(thing: Thing, things: Things) -> Iterator[Found]:
    """Only of the tier sold by the GB: the free tier keeps 7 days, and says nothing here."""
    days = number(thing, "properties.retentionInDays")
    sku = text(thing, "properties.sku.name") or "PerGB2018"
    if sku == "PerGB2018" and days is not None and not 30 <= days <= 730:
        yield Found(what=f"{days} days", fix=f'"retentionInDays": {30 if days < 30 else 730}')


refusal(
    "logs-kept",
    title="Logs are to be kept longer, or for a shorter time, than a workspace keeps them",
    why="A workspace can be asked about 30 to 730 days; what is older belongs to blobs.",
    source=f"{LEARN}azure-monitor/logs/data-retention-configure",
    matches=r'^keeps="[^"]+": (less than 30 days|more than 730 days)$',
    bad="""
from seatrial import System

shop = System("shop")
shop.logs("logs", keeps="1095 days")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.logs("logs", keeps="30 days", archive=shop.blobs("archive"))
""",
)

# -- alerts ---------------------------------------------------------------------------------------------

_RULES = ("Microsoft.Insights/metricAlerts", "Microsoft.Insights/scheduledQueryRules")

_LONGEST_STEP, _LONGEST_WINDOW = 1440, 2880
"""Of a question to the logs, in minutes; between one minute and these, more is taken than documents list.
Source: `evaluation_frequency` and `window_duration` in
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_scheduled_query_rules_alert_v2"""


@thing_rule(
    "alert-times",
    types=_RULES,
    severity="error",
    family="takes",
    title="An alert looks at times that Azure does not know",
    why="How often a rule on a metric looks, and how far back, are picked from a list, and it never looks "
    "back less far than to its last look; a question to the logs looks back two days at most.",
    source=f"{LEARN}azure-monitor/alerts/alerts-create-metric-alert-rule",
    bad="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy", "properties": {
 "severity": 2, "evaluationFrequency": "PT10M", "windowSize": "PT15M",
 "actions": [{"actionGroupId": "/subscriptions/s/team"}]}}""",
    good="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy", "properties": {
 "severity": 2, "evaluationFrequency": "PT5M", "windowSize": "PT15M",
 "actions": [{"actionGroupId": "/subscriptions/s/team"}]}}""",
)
def alert_times(thing: Thing, things: Things) -> Iterator[Found]:
    """The lists: `azure/alerts.py`."""
    step, window = (
        minutes(text(thing, f"properties.{each}")) for each in ("evaluationFrequency", "windowSize")
    )
    if not thing.type.lower().endswith("metricalerts"):
        if step is not None and not 1 <= step <= _LONGEST_STEP:
            what = f"looks every {step:g} min, where a day is the longest"
            yield Found(what=what, fix=_nearest("evaluationFrequency", step, (1, _LONGEST_STEP)))
        if window is not None and not 1 <= window <= _LONGEST_WINDOW:
            what = f"looks back {window:g} min, where two days are the longest"
            yield Found(what=what, fix=_nearest("windowSize", window, (1, _LONGEST_WINDOW)))
        return
    if step is not None and step not in METRIC_STEPS:
        yield Found(what=f"looks every {step:g} min", fix=_nearest("evaluationFrequency", step, METRIC_STEPS))
    if window is not None and window not in METRIC_WINDOWS:
        yield Found(what=f"looks back {window:g} min", fix=_nearest("windowSize", window, METRIC_WINDOWS))
    if step in METRIC_STEPS and window is not None and step is not None and window < step:
        longer = [each for each in METRIC_WINDOWS if each >= step]
        what = f"looks every {step:g} min, and back {window:g} min only"
        yield Found(what=what, fix=_nearest("windowSize", step, longer))


def _nearest(name: str, wanted: float, known: Sequence[int]) -> str:
    near = min(known, key=lambda each: abs(each - wanted))
    return f'"{name}": "{iso8601(Duration(near * 60_000_000))}"'


refusal(
    "alert-window",
    title="An alert is to look back further than Azure does",
    why="A rule on a metric looks back a day at most, a question to the logs two days.",
    source=f"{LEARN}azure-monitor/alerts/alerts-create-metric-alert-rule",
    matches=r"can be watched over .* at most$|^within=.*more than 2 days$",
    bad=_SHOP + 'shop.alert("busy", metric(orders, "cpu"), above=80, within="2 days", tell=[team])\n',
    good=_SHOP + 'shop.alert("busy", metric(orders, "cpu"), above=80, within="1 day", tell=[team])\n',
)

refusal(
    "alert-measure",
    title="An alert or chart is about a measure that Azure does not take of that part",
    why="A rule without a metric is refused; what runs on shared machines is measured by the machines.",
    source=f"{LEARN}azure-monitor/reference/metrics-index",
    matches=r": Azure does not measure that$",
    bad=_SHOP + 'shop.alert("waiting", metric(orders, "waiting"), above=80, tell=[team])\n',
    good=_SHOP + 'shop.alert("waiting", metric(orders, "connections"), above=80, tell=[team])\n',
)

refusal(
    "alert-on-activity",
    title="A question to the logs is about Azure's own activity, which is not in them",
    why="Azure's activity log belongs to the subscription; a rule on it waits for one operation.",
    source=f"{LEARN}azure-monitor/alerts/alerts-activity-log",
    matches=r"^the activity log of Azure is not among the logs of a system$",
    bad=_SHOP + 'shop.alert("given", log("AzureActivity | where Caller == \'me\'"), above=0, tell=[team])\n',
    good=_SHOP
    + 'shop.alert("given", log("AzureActivity | where OperationNameValue =~'
    + " 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE'\"), above=0, tell=[team])\n",
)


@thing_rule(
    "alert-tells-many",
    types=_RULES,
    severity="error",
    family="takes",
    title="An alert tells more action groups than a rule takes",
    why="A rule has five at most: Azure refuses it.",
    source=f"{LEARN}azure-monitor/service-limits#action-groups",
    bad="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy", "properties": {"actions": [
 {"actionGroupId": "a"}, {"actionGroupId": "b"}, {"actionGroupId": "c"},
 {"actionGroupId": "d"}, {"actionGroupId": "e"}, {"actionGroupId": "f"}]}}""",
    good="""{"type": "Microsoft.Insights/metricAlerts", "name": "busy",
 "properties": {"actions": [{"actionGroupId": "a"}]}}""",
)
def alert_tells_many(thing: Thing, things: Things) -> Iterator[Found]:
    metric = thing.type.lower().endswith("metricalerts")
    told = thing.at("properties.actions" if metric else "properties.actions.actionGroups")
    if isinstance(told, list | tuple) and len(told) > MOST_CONTACTS:
        fix = "one action group with all their addresses"
        yield Found(what=f"{len(told)} action groups, where a rule takes {MOST_CONTACTS}", fix=fix)


refusal(
    "alert-contacts",
    title="An alert tells more contacts than a rule takes",
    why="A rule has five action groups at most.",
    source=f"{LEARN}azure-monitor/service-limits#action-groups",
    matches=r"^tells \d+ contacts; a rule of Azure tells \d+$",
    bad=_SHOP
    + 'all = [shop.contact(f"team-{number}") for number in range(6)]\n'
    + 'shop.alert("busy", metric(orders, "cpu"), above=80, tell=all)\n',
    good=_SHOP + 'shop.alert("busy", metric(orders, "cpu"), above=80, tell=[team])\n',
)


@thing_rule(
    "action-group-short-name",
    types=("Microsoft.Insights/actionGroups",),
    severity="error",
    family="takes",
    title="The short name of an action group is too long",
    why="It stands in every message, and has 12 characters at most: Azure refuses a longer one.",
    source=f"{LEARN}azure-monitor/alerts/action-groups",
    bad="""{"type": "Microsoft.Insights/actionGroups", "name": "team", "location": "global",
 "properties": {"groupShortName": "platform-engineering", "enabled": true}}""",
    good="""{"type": "Microsoft.Insights/actionGroups", "name": "team", "location": "global",
 "properties": {"groupShortName": "platform", "enabled": true}}""",
)
def action_group_short_name(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "properties.groupShortName")
    if len(name) > SHORT_NAME:
        what = f'"{name}" has {len(name)} characters, where Azure takes {SHORT_NAME}'
        yield Found(what=what, fix=f'"groupShortName": "{name[:SHORT_NAME].rstrip("-")}"')


# -- budgets --------------------------------------------------------------------------------------------

_BUDGETS = f"{LEARN}cost-management-billing/costs/tutorial-acm-create-budgets"


@thing_rule(
    "budget-start",
    types=("Microsoft.Consumption/budgets",),
    severity="error",
    family="takes",
    title="A budget begins in the middle of a month",
    why="Costs are counted by whole months: Azure refuses a start on another day than the first.",
    source=_BUDGETS,
    bad="""{"type": "Microsoft.Consumption/budgets", "name": "shop", "properties": {
 "amount": 300, "category": "Cost", "timeGrain": "Monthly", "timePeriod": {"startDate": "2027-01-15"}}}""",
    good="""{"type": "Microsoft.Consumption/budgets", "name": "shop", "properties": {
 "amount": 300, "category": "Cost", "timeGrain": "Monthly", "timePeriod": {"startDate": "2027-01-01"}}}""",
)
def budget_start(thing: Thing, things: Things) -> Iterator[Found]:
    written = text(thing, "properties.timePeriod.startDate")
    try:
        day = date.fromisoformat(written[:10])
    except ValueError:
        return
    if day.day != 1:
        yield Found(what=f"begins on {day}", fix=f'"startDate": "{day.replace(day=1)}"')


@thing_rule(
    "budget-notices",
    types=("Microsoft.Consumption/budgets",),
    severity="error",
    family="takes",
    title="A budget has notices that Azure does not take",
    why="It has five at most, each at a share above 0 and up to 1,000 percent.",
    source=f"{LEARN}templates/microsoft.consumption/budgets",
    bad="""{"type": "Microsoft.Consumption/budgets", "name": "shop", "properties": {
 "amount": 300, "notifications": {"all": {"enabled": true, "threshold": 0}}}}""",
    good="""{"type": "Microsoft.Consumption/budgets", "name": "shop", "properties": {
 "amount": 300, "notifications": {"all": {"enabled": true, "threshold": 80}}}}""",
)
def budget_notices(thing: Thing, things: Things) -> Iterator[Found]:
    """The most of them: the description of `notifications` in the schema of Microsoft.Consumption."""
    notices = thing.at("properties.notifications")
    if not isinstance(notices, Mapping):
        return
    if len(notices) > 5:
        yield Found(what=f"{len(notices)} notices, where Azure takes 5", fix="keep five of them")
    for name, notice in notices.items():
        share = number(Body(notice), "threshold") if isinstance(notice, Mapping) else None
        if share is not None and not 0 < share <= 1000:
            yield Found(what=f'"{name}" at {share:g} percent', fix='"threshold": 80')


refusal(
    "budget-shares",
    title="A budget is to tell of more shares than Azure takes",
    why="It has five notices, one of which is the forecast.",
    source=f"{LEARN}templates/microsoft.consumption/budgets",
    matches=r"^warn_at has \d+ shares; Azure takes \d+",
    bad=_SHOP + 'shop.budget("$300/month", warn_at=(50, 60, 70, 80, 90), tell=[team])\n',
    good=_SHOP + 'shop.budget("$300/month", warn_at=(50, 80), tell=[team])\n',
)

# -- vaults and registries ------------------------------------------------------------------------------

_VAULTS = ("Microsoft.KeyVault/vaults",)
_SOFT = f"{LEARN}key-vault/general/soft-delete-overview"


@thing_rule(
    "vault-soft-delete",
    types=_VAULTS,
    severity="error",
    family="takes",
    title="A vault is to be made without soft delete",
    why="It is on for every vault and stays on: a deleted vault keeps its name until it is purged.",
    source=_SOFT,
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "shop-vault",
 "properties": {"enableSoftDelete": false, "enableRbacAuthorization": true}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "shop-vault",
 "properties": {"enableSoftDelete": true, "enableRbacAuthorization": true}}""",
)
def vault_soft_delete(thing: Thing, things: Things) -> Iterator[Found]:
    days = number(thing, "properties.softDeleteRetentionInDays")
    if thing.at("properties.enableSoftDelete") is False:
        what = "enableSoftDelete is false, which no vault is any more"
        yield Found(what=what, fix='"enableSoftDelete": true', severity="warning")
    if days is not None and not 7 <= days <= 90:
        what = f"what is deleted is kept for {days} days, where Azure keeps it 7 to 90"
        yield Found(what=what, fix=f'"softDeleteRetentionInDays": {7 if days < 7 else 90}')


@thing_rule(
    "vault-purge-protection-false",
    types=_VAULTS,
    severity="error",
    family="takes",
    title="A vault is given the value false for purge protection",
    why="The property takes true or nothing: once on it stays on, and false is refused.",
    source=f"{LEARN}templates/microsoft.keyvault/vaults",
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "shop-vault",
 "properties": {"enablePurgeProtection": false, "enableRbacAuthorization": true}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "shop-vault",
 "properties": {"enablePurgeProtection": true, "enableRbacAuthorization": true}}""",
)
def vault_purge_protection_false(thing: Thing, things: Things) -> Iterator[Found]:
    """By its description in the schema of Microsoft.KeyVault, 2024-11-01."""
    if thing.at("properties.enablePurgeProtection") is False:
        fix = '"enablePurgeProtection": true, or nothing for a vault that may be purged'
        yield Found(what="enablePurgeProtection is false", fix=fix)


_REGISTRIES = f"{LEARN}container-registry/container-registry-skus"

_PREMIUM_ONLY = {
    "publicNetworkAccess": "Disabled",
    "zoneRedundancy": "Enabled",
    "dataEndpointEnabled": True,
    "policies.retentionPolicy.status": "enabled",
}


@thing_rule(
    "registry-premium-only",
    types=("Microsoft.ContainerRegistry/registries",),
    severity="error",
    family="takes",
    title="A registry below the premium tier asks for what only premium has",
    why="Private access, zones, copies in other regions and the removal of old images are refused elsewhere.",
    source=_REGISTRIES,
    bad="""[{"type": "Microsoft.ContainerRegistry/registries", "name": "shopimages",
 "sku": {"name": "Standard"},
  "properties": {"publicNetworkAccess": "Disabled"}}]""",
    good="""[{"type": "Microsoft.ContainerRegistry/registries", "name": "shopimages",
 "sku": {"name": "Premium"},
  "properties": {"publicNetworkAccess": "Disabled"}}]""",
)
def registry_premium_only(thing: Thing, things: Things) -> Iterator[Found]:
    tier = text(thing, "sku.name")
    if tier not in ("Basic", "Standard"):
        return
    asked = [
        f'{name} "{value}"'
        for name, value in _PREMIUM_ONLY.items()
        if thing.at(f"properties.{name}") == value
    ]
    alone = len(tuple(things.of("Microsoft.ContainerRegistry/registries"))) == 1
    if alone and any(things.of("Microsoft.ContainerRegistry/registries/replications")):
        asked.append("copies in other regions")
    if asked:
        what = f"{', '.join(asked)} of the tier {tier}"
        yield Found(what=what.replace('"True"', "true"), fix='"sku": {"name": "Premium"}')


refusal(
    "registry-copies",
    title="A registry below the premium tier is to have copies in other regions",
    why="Only the premium tier is copied; without a copy nothing starts where the registry is not reached.",
    source=f"{LEARN}container-registry/container-registry-geo-replication",
    matches=r"a \w+ registry stands in one region$|a registry of this tier has no copies in ",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.registry("images", tier="standard", copies_in=["centralus"])
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.registry("images", tier="premium", copies_in=["centralus"])
""",
)
