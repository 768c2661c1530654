"""Will Azure take it: public addresses, gateways, and ways in and out of a network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.azure.body import Body
from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure/"

_NETWORK, _SUBNET = "Microsoft.Network/virtualNetworks", "Microsoft.Network/virtualNetworks/subnets"

_PRESCRIBED: Mapping[str, tuple[str, str]] = {
    "microsoft.network/bastionhosts": ("AzureBastionSubnet", "bastion/configuration-settings#subnet"),
    "microsoft.network/virtualnetworkgateways": (
        "GatewaySubnet",
        "vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub",
    ),
    "microsoft.network/azurefirewalls": ("AzureFirewallSubnet", "firewall/firewall-faq"),
}
"""By type, the name that Azure prescribes for the subnet it stands in, and the page that says so."""


@thing_rule(
    "subnet-name-prescribed",
    types=(
        "Microsoft.Network/bastionHosts",
        "Microsoft.Network/virtualNetworkGateways",
        "Microsoft.Network/azureFirewalls",
    ),
    severity="error",
    family="takes",
    title="Bastion, a gateway or a firewall stands in a subnet of another name than Azure prescribes",
    why="Each of them is found by the name of its subnet: Azure refuses it elsewhere.",
    source=f"{LEARN}bastion/configuration-settings#subnet",
    bad="""{"type": "Microsoft.Network/bastionHosts", "name": "way-in", "properties": {"ipConfigurations": [
 {"name": "in", "properties": {"subnet": {
  "id": "/subscriptions/s/providers/Microsoft.Network/virtualNetworks/net/subnets/bastion"}}}]}}""",
    good="""{"type": "Microsoft.Network/bastionHosts", "name": "way-in", "properties": {"ipConfigurations": [
 {"name": "in", "properties": {"subnet": {
  "id": "/subscriptions/s/providers/Microsoft.Network/virtualNetworks/net/subnets/AzureBastionSubnet"
 }}}]}}""",
)
def subnet_name_prescribed(thing: Thing, things: Things) -> Iterator[Found]:
    wanted, page = _PRESCRIBED[thing.type.lower()]
    ways = thing.at("properties.ipConfigurations")
    for index in range(len(ways) if isinstance(ways, list | tuple) else 0):
        written = thing.text(f"properties.ipConfigurations.{index}.properties.subnet.id") or ""
        found = re.search(r"/subnets/([^/…]+)$", written)
        if found and found[1].lower() != wanted.lower():
            yield Found(what=f'its subnet is called "{found[1]}"', fix=f'"{wanted}" ({LEARN}{page})')


@thing_rule(
    "public-address-basic",
    types=("Microsoft.Network/publicIPAddresses", "Microsoft.Network/loadBalancers"),
    severity="error",
    family="takes",
    title="A public address or load balancer of the basic tier is to be made",
    why="Both were retired on 2025-09-30; no basic address can be made since 2025-03-31.",
    source=f"{LEARN}virtual-network/ip-services/public-ip-basic-upgrade-guidance",
    bad="""{"type": "Microsoft.Network/publicIPAddresses", "name": "door", "sku": {"name": "Basic"},
 "properties": {"publicIPAllocationMethod": "Dynamic"}}""",
    good="""{"type": "Microsoft.Network/publicIPAddresses", "name": "door", "sku": {"name": "Standard"},
 "properties": {"publicIPAllocationMethod": "Static"}}""",
)
def public_address_basic(thing: Thing, things: Things) -> Iterator[Found]:
    sku, how = text(thing, "sku.name"), text(thing, "properties.publicIPAllocationMethod")
    version = text(thing, "properties.publicIPAddressVersion") or "IPv4"
    if sku == "Basic":
        yield Found(what="of the basic tier", fix='"sku": {"name": "Standard"}')
    elif sku == "Standard" and how == "Dynamic" and version == "IPv4":
        what = "a standard address is dynamic, which only basic ones were"
        yield Found(what=what, fix='"publicIPAllocationMethod": "Static"')


@thing_rule(
    "vpn-gateway-legacy",
    types=("Microsoft.Network/virtualNetworkGateways",),
    severity="error",
    family="takes",
    title="A VPN gateway of an old size is to be made",
    why="Standard and HighPerformance cannot be made since December 2023, and retired in September 2025.",
    source=f"{LEARN}vpn-gateway/vpn-gateway-about-skus-legacy",
    bad="""{"type": "Microsoft.Network/virtualNetworkGateways", "name": "vpn",
 "properties": {"gatewayType": "Vpn", "sku": {"name": "HighPerformance", "tier": "HighPerformance"}}}""",
    good="""{"type": "Microsoft.Network/virtualNetworkGateways", "name": "vpn",
 "properties": {"gatewayType": "Vpn", "sku": {"name": "VpnGw2AZ", "tier": "VpnGw2AZ"}}}""",
)
def vpn_gateway_legacy(thing: Thing, things: Things) -> Iterator[Found]:
    heirs = {"Standard": "VpnGw1AZ", "HighPerformance": "VpnGw2AZ"}
    name = text(thing, "properties.sku.name")
    if text(thing, "properties.gatewayType") == "Vpn" and name in heirs:
        new = heirs[name]
        yield Found(what=f"the size {name} is retired", fix=f'"sku": {{"name": "{new}", "tier": "{new}"}}')


@thing_rule(
    "container-group-way-out",
    types=("Microsoft.ContainerInstance/containerGroups",),
    severity="warning",
    family="takes",
    title="A group of containers stands in a network and has no way out of it",
    why="A NAT gateway is the only way out that Container Instances have from a network: without it no "
    "public name is reached, neither a queue nor the place where telemetry goes.",
    source=f"{LEARN}container-instances/container-instances-nat-gateway",
    bad="""[{"type": "Microsoft.Network/virtualNetworks/subnets", "name": "net/groups", "properties": {
  "addressPrefix": "10.0.4.0/24", "delegations": [
   {"name": "to", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}]}},
 {"type": "Microsoft.ContainerInstance/containerGroups", "name": "packer",
  "properties": {"subnetIds": [{"id": "/subscriptions/s/subnets/groups"}]}}]""",
    good="""[{"type": "Microsoft.Network/virtualNetworks/subnets", "name": "net/groups", "properties": {
  "addressPrefix": "10.0.4.0/24", "natGateway": {"id": "/subscriptions/s/nat"}, "delegations": [
   {"name": "to", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}]}},
 {"type": "Microsoft.ContainerInstance/containerGroups", "name": "packer",
  "properties": {"subnetIds": [{"id": "/subscriptions/s/subnets/groups"}]}}]""",
)
def container_group_way_out(thing: Thing, things: Things) -> Iterator[Found]:
    """Told where every subnet that is handed over to groups is known, and none has a gateway or a route."""
    if not thing.says("properties.subnetIds"):
        return
    ways = [way for each in things.of(_NETWORK, _SUBNET) for way in _ways_out(each)]
    if ways and not any(ways):
        fix = 'network("net", nat=True)' if thing.ours else '"natGateway": {"id": "…"} in its subnet'
        yield Found(what="in a subnet without a NAT gateway", fix=fix)


def _ways_out(thing: Thing) -> Iterator[bool]:
    """Of each subnet for groups of containers, whether anything leads out of it."""
    if thing.type.lower() == _SUBNET.lower():
        inside = [Body(thing.body)]
    else:
        inside = list(each_in(thing, "properties.subnets"))
    for each in inside:
        service = text(each, "properties.delegations.0.properties.serviceName")
        if service.lower() == "microsoft.containerinstance/containergroups":
            properties = each.at("properties")
            yield isinstance(properties, Mapping) and bool({"natGateway", "routeTable"} & properties.keys())
