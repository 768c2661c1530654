"""Will Azure take it: Front Door and application gateways."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.reading import number, text
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
