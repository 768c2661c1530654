"""Will Azure take it: the ways by which the world comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.check.reading import number, size, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure/"

_PREMIUM_DOOR, _STANDARD_DOOR = "Premium_AzureFrontDoor", "Standard_AzureFrontDoor"


@thing_rule(
    "front-door-managed-rules",
    types=("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",),
    severity="error",
    family="takes",
    title="A firewall of Front Door's standard tier has Microsoft's managed rules",
    why="The standard tier knows rules of one's own only: Azure refuses the policy.",
    source=f"{LEARN}web-application-firewall/afds/afds-overview",
    bad="""{"type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", "name": "shopwaf",
 "sku": {"name": "Standard_AzureFrontDoor"},
 "properties": {"managedRules": {"managedRuleSets": [
  {"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"}]}}}""",
    good="""{"type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", "name": "shopwaf",
 "sku": {"name": "Premium_AzureFrontDoor"},
 "properties": {"managedRules": {"managedRuleSets": [
  {"ruleSetType": "Microsoft_DefaultRuleSet", "ruleSetVersion": "2.1"}]}}}""",
)
def front_door_managed_rules(thing: Thing, things: Things) -> Iterator[Found]:
    """Source beside it: facts, Front Door tiers."""
    sets = thing.at("properties.managedRules.managedRuleSets")
    if text(thing, "sku.name") == _STANDARD_DOOR and sets:
        yield Found(
            what="managed rule sets in a policy of the standard tier",
            fix=f'"sku": {{"name": "{_PREMIUM_DOOR}"}} here and in the profile, or "managedRuleSets": []',
        )


@thing_rule(
    "front-door-firewall-tier",
    types=("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",),
    severity="error",
    family="takes",
    title="A firewall is of another tier than the Front Door that it is for",
    why="A policy can only be put before a profile of its own tier.",
    source=f"{LEARN}web-application-firewall/afds/afds-overview",
    bad="""[{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", "name": "shopwaf",
  "sku": {"name": "Standard_AzureFrontDoor"}, "properties": {}}]""",
    good="""[{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies", "name": "shopwaf",
  "sku": {"name": "Premium_AzureFrontDoor"}, "properties": {}}]""",
)
def front_door_firewall_tier(thing: Thing, things: Things) -> Iterator[Found]:
    """Told where no profile beside it has its tier; with several, one that has it is taken to be meant."""
    mine = text(thing, "sku.name")
    profiles = [text(each, "sku.name") for each in things.of("Microsoft.Cdn/profiles")]
    if mine and profiles and all(profiles) and mine not in profiles:
        yield Found(
            what=f"{mine}, and the profile is {profiles[0]}", fix=f'"sku": {{"name": "{profiles[0]}"}}'
        )


@thing_rule(
    "front-door-private-origin",
    types=("Microsoft.Cdn/profiles/originGroups/origins",),
    severity="error",
    family="takes",
    title="A Front Door of the standard tier reaches an origin by a private link",
    why="Private links to origins come with the premium tier only: Azure refuses the origin.",
    source=f"{LEARN}frontdoor/private-link",
    bad="""[{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Standard_AzureFrontDoor"}},
 {"type": "Microsoft.Cdn/profiles/originGroups/origins", "name": "shop/web/eastus2", "properties": {
  "hostName": "web.example.org", "sharedPrivateLinkResource": {"privateLinkLocation": "eastus2"}}}]""",
    good="""[{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Premium_AzureFrontDoor"}},
 {"type": "Microsoft.Cdn/profiles/originGroups/origins", "name": "shop/web/eastus2", "properties": {
  "hostName": "web.example.org", "sharedPrivateLinkResource": {"privateLinkLocation": "eastus2"}}}]""",
)
def front_door_private_origin(thing: Thing, things: Things) -> Iterator[Found]:
    """Told where every profile beside it is of the standard tier."""
    tiers = {text(each, "sku.name") for each in things.of("Microsoft.Cdn/profiles")}
    if tiers == {_STANDARD_DOOR} and thing.at("properties.sharedPrivateLinkResource"):
        yield Found(
            what="a private link to an origin, and the profile is of the standard tier",
            fix=f'"sku": {{"name": "{_PREMIUM_DOOR}"}} in the profile',
        )


_OLD_CDN = {
    "Standard_Microsoft": "closed to new profiles on 2025-08-15, retires on 2027-09-30",
    "Standard_Verizon": "retired on 2025-01-15",
    "Premium_Verizon": "retired on 2025-01-15",
    "Standard_Akamai": "retired on 2023-10-31",
}


@thing_rule(
    "front-door-classic",
    types=("Microsoft.Network/frontDoors", "Microsoft.Cdn/profiles"),
    severity="error",
    family="takes",
    title="A classic Front Door or CDN is to be made",
    why="No new one can be made any more, and those that stand are retired in 2027.",
    source=f"{LEARN}frontdoor/front-door-cdn-comparison",
    bad="""{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Standard_Microsoft"}}""",
    good="""{"type": "Microsoft.Cdn/profiles", "name": "shop", "sku": {"name": "Standard_AzureFrontDoor"}}""",
)
def front_door_classic(thing: Thing, things: Things) -> Iterator[Found]:
    """Akamai's day: https://learn.microsoft.com/azure/cdn/migrate-cdn."""
    fix = f'a Microsoft.Cdn/profiles with "sku": {{"name": "{_STANDARD_DOOR}"}}'
    if thing.type.lower() == "microsoft.network/frontdoors":
        what = "Front Door (classic): closed to new profiles on 2025-08-15, retires on 2027-03-31"
        yield Found(what=what, fix=fix)
    elif (sku := text(thing, "sku.name")) in _OLD_CDN:
        yield Found(what=f"{sku}: {_OLD_CDN[sku]}", fix=fix)


_GATEWAYS = ("Microsoft.Network/applicationGateways",)


@thing_rule(
    "application-gateway-v1",
    types=_GATEWAYS,
    severity="error",
    family="takes",
    title="An application gateway of the first version is to be made",
    why="It cannot be made since September 2024, and was retired on 2026-04-28.",
    source=f"{LEARN}application-gateway/retirement-faq",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "shop",
 "properties": {"sku": {"name": "WAF_Medium", "tier": "WAF", "capacity": 2}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "shop",
 "properties": {"sku": {"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2}}}""",
)
def application_gateway_v1(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "properties.sku.name")
    if name.startswith(("Standard_", "WAF_")) and name.endswith(("_Small", "_Medium", "_Large")):
        new = "WAF_v2" if name.startswith("WAF") else "Standard_v2"
        yield Found(what=f"{name} is retired", fix=f'"sku": {{"name": "{new}", "tier": "{new}"}}')


MOST_INSTANCES = 125
"""Of one application gateway.
Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-autoscaling-zone-redundant"""


@thing_rule(
    "application-gateway-capacity",
    types=_GATEWAYS,
    severity="error",
    family="takes",
    title="An application gateway is to grow to a number of instances that there is not",
    why="The most is 2 to 125 and not below the fewest: Azure refuses other pairs.",
    source=f"{LEARN}application-gateway/application-gateway-autoscaling-zone-redundant",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "autoscaleConfiguration": {"minCapacity": 0,
 "maxCapacity": 1}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "autoscaleConfiguration": {"minCapacity": 0,
 "maxCapacity": 2}}}""",
)
def application_gateway_capacity(thing: Thing, things: Things) -> Iterator[Found]:
    scale = "properties.autoscaleConfiguration"
    fewest, most = number(thing, f"{scale}.minCapacity"), number(thing, f"{scale}.maxCapacity")
    if most is not None and not 2 <= most <= MOST_INSTANCES:
        fixed = min(max(2, most), MOST_INSTANCES)
        yield Found(what=f"maxCapacity {most}, where Azure takes 2 to 125", fix=f'"maxCapacity": {fixed}')
    elif fewest is not None and most is not None and fewest > most:
        yield Found(
            what=f"minCapacity {fewest} is more than maxCapacity {most}", fix=f'"maxCapacity": {fewest}'
        )


@thing_rule(
    "application-gateway-firewall",
    types=_GATEWAYS,
    severity="error",
    family="takes",
    title="An application gateway without a firewall names the policy of one",
    why="Only the tier WAF_v2 takes a firewall policy: Azure refuses it on Standard_v2.",
    source=f"{LEARN}web-application-firewall/ag/policy-overview",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "Standard_v2", "tier": "Standard_v2"},
 "firewallPolicy": {"id": "/subscriptions/s/shopwaf"}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "firewallPolicy": {"id": "/subscriptions/s/shopwaf"}}}""",
)
def application_gateway_firewall(thing: Thing, things: Things) -> Iterator[Found]:
    tier = text(thing, "properties.sku.tier")
    if tier.startswith("Standard") and thing.says("properties.firewallPolicy.id"):
        yield Found(
            what=f"a firewall policy on a gateway of the tier {tier}",
            fix='"sku": {"name": "WAF_v2", "tier": "WAF_v2"}',
        )


@thing_rule(
    "application-gateway-own-rules",
    types=_GATEWAYS,
    severity="warning",
    family="takes",
    title="An application gateway carries its firewall's rules inside itself",
    why="That way is closed to new firewalls since March 2025 and ends in March 2027; a policy is its heir.",
    source=f"{LEARN}web-application-firewall/ag/upgrade-ag-waf-policy",
    bad="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "WAF_v2", "tier": "WAF_v2"},
 "webApplicationFirewallConfiguration": {"enabled": true, "firewallMode": "Prevention"}}}""",
    good="""{"type": "Microsoft.Network/applicationGateways", "name": "shop", "properties": {
 "sku": {"name": "WAF_v2", "tier": "WAF_v2"}, "firewallPolicy": {"id": "/subscriptions/s/shopwaf"}}}""",
)
def application_gateway_own_rules(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.at("properties.webApplicationFirewallConfiguration.enabled") is True and not thing.says(
        "properties.firewallPolicy"
    ):
        yield Found(
            what="webApplicationFirewallConfiguration, and no firewallPolicy",
            fix='"firewallPolicy": {"id": "…/ApplicationGatewayWebApplicationFirewallPolicies/…"}',
        )


_GATEWAY_OF_APIS = ("Microsoft.ApiManagement/service",)

_JOINS: Mapping[str, tuple[str, ...]] = {
    "Developer": ("None", "External", "Internal"),
    "Premium": ("None", "External", "Internal"),
    "PremiumV2": ("None", "External", "Internal"),
    "StandardV2": ("None", "External"),
    **dict.fromkeys(("Consumption", "Basic", "Standard", "BasicV2"), ("None",)),
}
"""By tier of API Management, how it may come into a network."""


@thing_rule(
    "api-management-network",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is put into a network that its tier cannot join",
    why="Consumption, Basic and Standard stay outside; Standard v2 only reaches in; Premium stands inside.",
    source=f"{LEARN}api-management/virtual-network-concepts",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "BasicV2",
 "capacity": 1},
 "properties": {"virtualNetworkType": "External"}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "StandardV2", "capacity": 1}, "properties": {"virtualNetworkType": "External"}}""",
)
def api_management_network(thing: Thing, things: Things) -> Iterator[Found]:
    tier, joins = text(thing, "sku.name"), text(thing, "properties.virtualNetworkType") or "None"
    if joins not in _JOINS.get(tier, (joins,)):
        heir = "Premium" if joins == "Internal" else "StandardV2"
        what = f'virtualNetworkType "{joins}" of the tier {tier}'
        yield Found(what=what, fix=f'"sku": {{"name": "{heir}"}}, or "virtualNetworkType": "None"')


@thing_rule(
    "api-management-regions",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is to stand in several regions or zones, which its tier cannot",
    why="Further regions are for the tier Premium only, zones for Premium and its v2: others are refused.",
    source=f"{LEARN}api-management/api-management-features",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Standard",
 "capacity": 1},
 "properties": {"additionalLocations": [{"location": "westeurope", "sku": {"name": "Standard",
 "capacity": 1}}]}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Premium",
 "capacity": 1},
 "properties": {"additionalLocations": [{"location": "westeurope", "sku": {"name": "Premium",
 "capacity": 1}}]}}""",
)
def api_management_regions(thing: Thing, things: Things) -> Iterator[Found]:
    tier = text(thing, "sku.name")
    if tier and tier != "Premium" and (others := size(thing, "properties.additionalLocations")):
        what = f"{others} further regions of the tier {tier}"
        yield Found(what=what, fix='"sku": {"name": "Premium"}, or a gateway for each region')
    if tier and not tier.startswith("Premium") and thing.at("zones"):
        yield Found(what=f"zones of the tier {tier}", fix='"sku": {"name": "Premium"}, or no "zones"')


_UNITS: Mapping[str, tuple[int, int]] = {
    "Consumption": (0, 0),
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
    "Premium": (1, 31),
}


@thing_rule(
    "api-management-capacity",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is to have more units than its tier has",
    why="Each tier has its own most, and Consumption none at all: other numbers are refused.",
    source=f"{LEARN}api-management/api-management-features",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Developer",
 "capacity": 2},
 "properties": {}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "StandardV2", "capacity": 2}, "properties": {}}""",
)
def api_management_capacity(thing: Thing, things: Things) -> Iterator[Found]:
    tier, units = text(thing, "sku.name"), number(thing, "sku.capacity")
    if tier in _UNITS and units is not None:
        least, most = _UNITS[tier]
        if not least <= units <= most:
            span = str(most) if least == most else f"{least} to {most}"
            yield Found(what=f"{units} units, where {tier} has {span}", fix=f'"capacity": {most}')


refusal(
    "api-management-units",
    title="A gateway of APIs is to have more units than its tier has",
    why="The consumption and developer tiers have one unit, the v2 tiers 10, premium 31.",
    source=f"{LEARN}api-management/api-management-features",
    matches=r"^units=\d+: the .* tier has \d+ at most",
    bad="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.api_management("apis", apis={"web": web}, publisher="Shop", tier="developer", units=2)
""",
    good="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.api_management("apis", apis={"web": web}, publisher="Shop", tier="standard v2", units=2)
""",
)


@thing_rule(
    "traffic-manager-probe",
    types=("Microsoft.Network/trafficManagerProfiles",),
    severity="error",
    family="takes",
    title="Traffic Manager is to ask for health in a way that it cannot",
    why="Over HTTP and HTTPS it wants a path, over TCP none; it asks every 30 or every 10 seconds, and waits "
    "5 to 10 seconds for an answer, or to 9 when it asks every 10.",
    source=f"{LEARN}traffic-manager/traffic-manager-monitoring",
    bad="""{"type": "Microsoft.Network/trafficManagerProfiles", "name": "shop", "properties": {
 "trafficRoutingMethod": "Performance", "monitorConfig": {
  "protocol": "HTTPS", "port": 443, "path": "/health", "intervalInSeconds": 10, "timeoutInSeconds": 10}}}""",
    good="""{"type": "Microsoft.Network/trafficManagerProfiles", "name": "shop", "properties": {
 "trafficRoutingMethod": "Performance", "monitorConfig": {
  "protocol": "HTTPS", "port": 443, "path": "/health", "intervalInSeconds": 10, "timeoutInSeconds": 9}}}""",
)
def traffic_manager_probe(thing: Thing, things: Things) -> Iterator[Found]:
    here = "properties.monitorConfig"
    protocol, path = text(thing, f"{here}.protocol").upper(), thing.at(f"{here}.path")
    if protocol == "TCP" and path:
        yield Found(what=f'the path "{path}" over TCP', fix=f'"protocol": "HTTPS", "path": "{path}"')
    if protocol in ("HTTP", "HTTPS") and (
        not thing.says(f"{here}.path") or (isinstance(path, str) and path[:1] not in ("/", "["))
    ):
        yield Found(what=f"{protocol} without a path that begins with a slash", fix='"path": "/health"')
    every, wait = number(thing, f"{here}.intervalInSeconds"), number(thing, f"{here}.timeoutInSeconds")
    if every not in (None, 10, 30):
        yield Found(what=f"asks every {every} s, where it can every 30 or 10", fix='"intervalInSeconds": 30')
    most = 9 if every == 10 else 10
    if wait is not None and not 5 <= wait <= most:
        what = f"waits {wait} s for an answer, where it can 5 to {most}"
        yield Found(what=what, fix=f'"timeoutInSeconds": {min(max(5, wait), most)}')


refusal(
    "traffic-manager-same-continent",
    title="Traffic Manager leads by country to two regions in one part of the world",
    why="Each part of the world leads to one endpoint only: two would both be the answer.",
    source=f"{LEARN}traffic-manager/traffic-manager-geographic-regions",
    matches=r"^leads by country, and ",
    bad="""
from seatrial import System

shop = System("shop", region="eastus2", also_in=["westus2"])
web = shop.service("web", "serve", port=8000, health="/", public=True)
shop.traffic_manager("near", to=web, routing="geographic")
""",
    good="""
from seatrial import System

shop = System("shop", region="eastus2", also_in=["westus2"])
web = shop.service("web", "serve", port=8000, health="/", public=True)
shop.traffic_manager("near", to=web, routing="performance")
""",
)

refusal(
    "front-door-limit",
    title="A limit for one address is lower than Front Door counts",
    why="Its firewall counts ten requests in a window at least.",
    source=f"{LEARN}web-application-firewall/afds/waf-front-door-rate-limit-configure",
    matches=r"where Front Door counts \d+ at least",
    bad="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.front_door("entrance", routes={"/*": web}, limit="1/min")
""",
    good="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.front_door("entrance", routes={"/*": web}, limit="100/min")
""",
)

SITE_REGIONS = ("westus2", "centralus", "eastus2", "westeurope", "eastasia")


@thing_rule(
    "static-site-region",
    types=("Microsoft.Web/staticSites",),
    severity="error",
    family="takes",
    title="A static web app is to stand in a region that has none",
    why="The resource lives in five regions only; what it serves is served from everywhere.",
    source=f"{LEARN}static-web-apps/faq",
    bad="""{"type": "Microsoft.Web/staticSites", "name": "demos", "location": "eastus",
 "sku": {"name": "Standard"}, "properties": {}}""",
    good="""{"type": "Microsoft.Web/staticSites", "name": "demos", "location": "eastus2",
 "sku": {"name": "Standard"}, "properties": {}}""",
)
def static_site_region(thing: Thing, things: Things) -> Iterator[Found]:
    """Which regions: `azure/site.py`."""
    where = thing.location or ""
    if where and not where.startswith("[") and _plain(where) not in SITE_REGIONS:
        yield Found(what=f"{where} has no static web apps", fix='"location": "eastus2"')


def _plain(region: str) -> str:
    """`East US 2` is `eastus2`."""
    return region.replace(" ", "").lower()
