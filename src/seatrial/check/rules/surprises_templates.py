"""Will it surprise: what anybody's template makes that is paid by the hour, or for ever."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from seatrial.azure.values import expressions
from seatrial.bill.book import Book
from seatrial.bill.meters import Meter
from seatrial.bill.units import one_or_more
from seatrial.check.amounts import dollars
from seatrial.check.case import Case
from seatrial.check.reading import each_in, number, size, text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure"
HOURS = 730
FIREWALLS = "Microsoft.Network/azureFirewalls"
BASTIONS = "Microsoft.Network/bastionHosts"
VPNS = "Microsoft.Network/virtualNetworkGateways"
GATEWAYS = "Microsoft.Network/applicationGateways"
BUSES = "Microsoft.ServiceBus/namespaces"
ENVIRONMENTS = "Microsoft.App/managedEnvironments"


@cache
def _prices() -> Book:
    return Book()


def _month(meter: Meter, number: int = 1) -> Decimal | None:
    """What so many cost that turn all month; None, where the price is not known."""
    known = _prices()
    if meter.region not in known.regions:
        return None
    price = known.price(meter)
    return None if price is None else price.cost(number * HOURS / price.each)


def _told(cost: Decimal | None) -> str:
    return "" if cost is None else f", {dollars(cost)} a month"


@thing_rule(
    "paid-by-the-hour",
    types=(FIREWALLS, BASTIONS, VPNS, GATEWAYS),
    severity="note",
    family="surprises",
    title="A firewall or gateway is paid by the hour, whether anything passes or not",
    why="What is charged for traffic comes on top; to stop the machines behind it saves nothing here.",
    source=f"{LEARN}/well-architected/cost-optimization/optimize-component-costs",
    bad="""{"type": "Microsoft.Network/azureFirewalls", "name": "wall", "location": "eastus2",
 "properties": {"sku": {"name": "AZFW_VNet", "tier": "Standard"}, "threatIntelMode": "Deny"}}""",
    good="""{"type": "Microsoft.Network/azureFirewalls", "name": "wall", "location": "eastus2",
 "properties": {"sku": {"name": "AZFW_VNet", "tier": "Basic"}, "threatIntelMode": "Alert"}}""",
)
def paid_by_the_hour(thing: Thing, things: Things) -> Iterator[Found]:
    """Of a system file the whole is told against its budget. Told from $300 a month on."""
    meter = _hourly(thing)
    cost = None if thing.ours or meter is None else _month(meter)
    if cost is not None and cost >= 300:
        yield Found(
            what=f"stands all month{_told(cost)} before any traffic",
            fix=_cheaper(thing.type),
        )


def _hourly(thing: Thing) -> Meter | None:
    from seatrial.bill.application_gateway import PRODUCTS

    kind, region = thing.type.lower(), thing.location or ""
    if kind == FIREWALLS.lower():
        tier = str(thing.or_default("properties.sku.tier", "Standard"))
        return Meter(
            service="Azure Firewall",
            product="Azure Firewall",
            name=f"{tier} Deployment",
            sku=tier,
            region=region,
        )
    if kind == BASTIONS.lower():
        tier = str(thing.or_default("sku.name", "Basic"))
        return Meter(
            service="Azure Bastion", product="Azure Bastion", name=f"{tier} Gateway", sku=tier, region=region
        )
    if kind == VPNS.lower():
        size = text(thing, "properties.sku.name")
        return Meter(service="VPN Gateway", product="VPN Gateway", name=size, sku=size, region=region)
    known = PRODUCTS.get(text(thing, "properties.sku.tier"))
    if known is None:
        return None
    product, sku = known
    return Meter(
        service="Application Gateway", product=product, name=f"{sku} Fixed Cost", sku=sku, region=region
    )


def _cheaper(type: str) -> str:
    if type.lower() == FIREWALLS.lower():
        return '"tier": "Basic", up to 250 Mbit/s; or a natGateway, where names need not be known'
    if type.lower() == BASTIONS.lower():
        return '"sku": {"name": "Developer"}, which is free'
    return "none in copies that are for trying out only"


@thing_rule(
    "dedicated-profile-stands",
    types=(ENVIRONMENTS,),
    severity="warning",
    family="surprises",
    title="An environment of Container Apps keeps machines of its own",
    why="A dedicated profile is paid by the machine from its fewest on, apps or none, and has a fee.",
    source=f"{LEARN}/container-apps/billing#dedicated-plan",
    bad="""{"type": "Microsoft.App/managedEnvironments", "name": "apps", "location": "eastus2",
 "properties": {"workloadProfiles": [{"name": "large", "workloadProfileType": "D4",
  "minimumCount": 3, "maximumCount": 9}]}}""",
    good="""{"type": "Microsoft.App/managedEnvironments", "name": "apps", "location": "eastus2",
 "properties": {"workloadProfiles": [{"name": "large", "workloadProfileType": "D4",
  "minimumCount": 0, "maximumCount": 9}]}}""",
)
def dedicated_profile_stands(thing: Thing, things: Things) -> Iterator[Found]:
    from seatrial.bill.container_apps import meter
    from seatrial.bill.container_environment import MACHINES

    for profile in each_in(thing, "properties.workloadProfiles"):
        kind, fewest = text(profile, "workloadProfileType"), number(profile, "minimumCount")
        if kind in MACHINES and fewest:
            region = thing.location or ""
            names = ("Dedicated vCPU Usage", "Dedicated Memory Usage", "Dedicated GPU Usage")
            costs = [
                _month(meter(name, region), int(fewest) * size)
                for name, size in zip(names, MACHINES[kind], strict=True)
                if size
            ]
            known = sum((each for each in costs if each is not None), Decimal(0))
            cost = None if None in costs else known
            yield Found(
                what=f"{one_or_more(int(fewest), 'machine')} of {kind} stand all month{_told(cost)}",
                fix='"minimumCount": 0, or the profile Consumption',
            )


@rule(
    "environment-endpoint-fee",
    severity="note",
    family="surprises",
    title="A private way into Container Apps brings the fee of the dedicated plan",
    why="A private endpoint on the environment costs $0.10 an hour, although nothing else is dedicated.",
    source=f"{LEARN}/container-apps/billing",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, tier="premium")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, tier="standard", limit="1000/min")
""",
)
def environment_endpoint_fee(case: Case) -> Iterator[Found]:
    lines = [line for line in case.lines if line.what == "management for private endpoints"]
    if lines:
        cost = sum((line.amount.likely for line in lines), Decimal(0))
        yield Found(
            what=f"a private way into the environment costs {dollars(cost)} a month beside its endpoint",
            fix='tier="standard" of the front_door, whose id the services ask for',
        )


@thing_rule(
    "test-keeps-awake",
    types=("Microsoft.App/containerApps",),
    severity="note",
    family="surprises",
    title="A test from outside keeps an app awake that may go down to no replica",
    why="It asks from several places in turn, and the last replica goes only after 300 s without a request.",
    source=f"{LEARN}/container-apps/scale-app",
    bad="""[{"type": "Microsoft.App/containerApps", "name": "api", "properties":
  {"configuration": {"ingress": {"external": true, "targetPort": 80}},
   "template": {"scale": {"minReplicas": 0, "maxReplicas": 4}}}},
 {"type": "Microsoft.Insights/webtests", "name": "api", "properties": {"Frequency": 300,
  "Locations": [{"Id": "us-va-ash-azr"}, {"Id": "emea-nl-ams-azr"}, {"Id": "apac-sg-sin-azr"}]}}]""",
    good="""[{"type": "Microsoft.App/containerApps", "name": "api", "properties":
  {"configuration": {"ingress": {"external": true, "targetPort": 80}},
   "template": {"scale": {"minReplicas": 1, "maxReplicas": 4}}}},
 {"type": "Microsoft.Insights/webtests", "name": "api", "properties": {"Frequency": 300,
  "Locations": [{"Id": "us-va-ash-azr"}, {"Id": "emea-nl-ams-azr"}, {"Id": "apac-sg-sin-azr"}]}}]""",
)
def asked_from_outside(thing: Thing, things: Things) -> Iterator[Found]:
    """Where one app alone answers the world: then it is the one that is tested."""
    answering = [
        each
        for each in things.of("Microsoft.App/containerApps")
        if each.at("properties.configuration.ingress.external") is not False
        and each.says("properties.configuration.ingress")
    ]
    fewest = "properties.template.scale.minReplicas"
    if answering != [thing] or not (thing.lacks(fewest) or number(thing, fewest) == 0):
        return
    for test in things.of("Microsoft.Insights/webtests"):
        every, places = number(test, "properties.Frequency"), size(test, "properties.Locations")
        if (
            every is not None
            and places
            and every / places <= 300
            and test.at("properties.Enabled") is not False
        ):
            yield Found(
                what=f"{test.called} asks from {one_or_more(places, 'place')} every {every:g} s: one replica "
                "never sleeps",
                fix='"minReplicas": 1, and so reckoned with',
            )


@thing_rule(
    "bus-premium-unused",
    types=(BUSES,),
    severity="warning",
    family="surprises",
    title="A namespace of the premium tier uses nothing that the standard tier lacks",
    why="Premium is paid by the unit and hour, standard by the operation, 13 million of them for $10.",
    source=f"{LEARN}/service-bus-messaging/service-bus-premium-messaging",
    bad="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-bus", "location": "eastus2",
 "sku": {"name": "Premium", "tier": "Premium", "capacity": 1},
 "properties": {"disableLocalAuth": true, "minimumTlsVersion": "1.2"}}""",
    good="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-bus", "location": "eastus2",
 "sku": {"name": "Standard", "tier": "Standard"},
 "properties": {"disableLocalAuth": true, "minimumTlsVersion": "1.2"}}""",
)
def bus_premium_unused(thing: Thing, things: Things) -> Iterator[Found]:
    """Premium alone has private endpoints, closed networks, zones by choice, copies and large messages."""
    used = (
        any(things.of("Microsoft.Network/privateEndpoints", f"{BUSES}/networkRuleSets"))
        or any(things.of(f"{BUSES}/disasterRecoveryConfigs"))
        or any(
            thing.says(f"properties.{name}") for name in ("encryption", "geoDataReplication", "zoneRedundant")
        )
        or thing.at("properties.publicNetworkAccess") == "Disabled"
        or any(
            each.says("properties.maxMessageSizeInKilobytes")
            for each in things.of(f"{BUSES}/queues", f"{BUSES}/topics")
        )
        or (number(thing, "sku.capacity") or 1) > 1
    )
    if text(thing, "sku.name") == "Premium" and not used and not thing.ours:
        meter = Meter(
            service="Service Bus",
            product="Service Bus",
            name="Premium Messaging Unit",
            sku="Premium",
            region=thing.location or "",
        )
        yield Found(
            what=f"premium{_told(_month(meter))}, without a private endpoint, a copy or large messages",
            fix='"sku": {"name": "Standard", "tier": "Standard"}',
        )


@thing_rule(
    "versions-kept-for-ever",
    types=("Microsoft.Storage/storageAccounts/blobServices",),
    severity="warning",
    family="surprises",
    title="Every earlier version of a blob is kept for ever",
    why="With versioning each change keeps the whole blob before it, paid in full until a rule deletes it.",
    source=f"{LEARN}/storage/blobs/versioning-overview",
    bad="""{"type": "Microsoft.Storage/storageAccounts/blobServices", "name": "shop/default",
 "properties": {"isVersioningEnabled": true, "deleteRetentionPolicy": {"enabled": true, "days": 14}}}""",
    good="""[{"type": "Microsoft.Storage/storageAccounts/blobServices", "name": "shop/default",
  "properties": {"isVersioningEnabled": true, "deleteRetentionPolicy": {"enabled": true, "days": 14}}},
 {"type": "Microsoft.Storage/storageAccounts/managementPolicies", "name": "shop/default",
  "properties": {"policy": {"rules": [{"name": "old", "enabled": true, "type": "Lifecycle",
   "definition": {"filters": {"blobTypes": ["blockBlob"]},
    "actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}}}}]}}}]""",
)
def versions_kept_for_ever(thing: Thing, things: Things) -> Iterator[Found]:
    """Not where some policy of the template deletes versions, whichever account it is about."""
    if thing.at("properties.isVersioningEnabled") is not True:
        return
    policies = tuple(things.of("Microsoft.Storage/storageAccounts/managementPolicies"))
    rules = [each for policy in policies for each in each_in(policy, "properties.policy.rules")]
    unread = any(expressions(policy.body) for policy in policies)
    if not unread and not any(each.at("definition.actions.version.delete") is not None for each in rules):
        yield Found(
            what="versioning, and no rule that deletes old versions",
            fix='"actions": {"version": {"delete": {"daysAfterCreationGreaterThan": 30}}} of a policy',
        )


@thing_rule(
    "plan-without-apps",
    types=("Microsoft.Web/serverfarms",),
    severity="warning",
    family="surprises",
    title="A plan of App Service has no app on it",
    why="Its machines are paid from the moment it is made, with apps or without.",
    source=f"{LEARN}/app-service/overview-manage-costs",
    bad="""{"type": "Microsoft.Web/serverfarms", "name": "machines", "sku": {"name": "P1v3", "capacity": 2},
 "properties": {"reserved": true}}""",
    good="""[{"type": "Microsoft.Web/serverfarms", "name": "machines", "sku": {"name": "P1v3", "capacity": 2},
  "properties": {"reserved": true}},
 {"type": "Microsoft.Web/sites", "name": "shop", "properties": {"serverFarmId": "[resourceId('plan')]",
  "httpsOnly": true}}]""",
)
def plan_without_apps(thing: Thing, things: Things) -> Iterator[Found]:
    """Not of tiers that are paid by use or free."""
    size = text(thing, "sku.name")
    by_use = not size or size[0] in "FYD" or size.startswith(("EP", "FC", "WS"))
    if not thing.ours and not by_use and not any(things.of("Microsoft.Web/sites")):
        machines = number(thing, "sku.capacity") or 1
        yield Found(
            what=f"{one_or_more(int(machines), 'machine')} {size}, and no app in the template",
            fix="its apps in the same template, or no plan",
        )


@thing_rule(
    "peering-paid-twice",
    types=("Microsoft.Network/virtualNetworks/virtualNetworkPeerings",),
    severity="note",
    family="surprises",
    title="What passes between peered networks is paid on both sides",
    why="Each end charges for what comes in and for what goes out, between regions several times as much.",
    source="https://azure.microsoft.com/pricing/details/virtual-network/",
    bad="""{"type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "name": "hub/spoke",
 "properties": {"allowForwardedTraffic": true, "useRemoteGateways": true}}""",
    good="""{"type": "Microsoft.Network/virtualNetworks", "name": "spoke",
 "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}}""",
)
def peering_paid_twice(thing: Thing, things: Things) -> Iterator[Found]:
    """One finding, however many peerings, and none of a system file, whose bill has the line."""
    kind = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
    if not thing.ours and next(things.of(kind)) is thing:
        yield Found(
            what=f"{one_or_more(sum(1 for _ in things.of(kind)), 'peering')}: a gigabyte is paid where it "
            "goes out and where it comes in",
            fix="what speaks much to each other in one network",
        )


@rule(
    "old-prices",
    severity="note",
    family="surprises",
    title="A good part of the bill rests on prices that were read long before the others",
    why="Azure changes prices and names of meters; a figure of years ago is a guess by now.",
    source="https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices",
    bad="""
from seatrial import System

shop = System("shop", region="eastus")
shop.network("net", vpn=True)
shop.service("api", "serve", port=8000)
""",
    good="""
from seatrial import System

shop = System("shop", region="eastus2")
shop.network("net", vpn=True)
shop.service("api", "serve", port=8000)
""",
)
def old_prices(case: Case) -> Iterator[Found]:
    """Told from a tenth of the bill on, of prices a year older than the newest of the book."""
    lines = case.lines
    total = sum((line.amount.likely for line in lines), Decimal(0))
    if not lines or not total:
        return
    old = [line for line in lines if (case.prices.made_on - line.price.read_on).days > 365]
    cost = sum((line.amount.likely for line in old), Decimal(0))
    if cost * 10 >= total:
        oldest = min(line.price.read_on for line in old)
        yield Found(
            what=f"{dollars(cost)} of {dollars(total)} are by prices of {oldest} and later, the newest of "
            f"{case.prices.made_on}",
            fix="seatrial bill --refresh",
        )
