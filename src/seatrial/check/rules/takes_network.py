"""Will Azure take it: addresses, subnets, networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations
from typing import Any

from seatrial.azure.addresses import NOT_FOR_APPS
from seatrial.check.reading import each_in, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure/"

_NETWORK, _SUBNET = "Microsoft.Network/virtualNetworks", "Microsoft.Network/virtualNetworks/subnets"


def _network(written: Any) -> IPv4Network | None:
    """Addresses as they are written; None: not known, of IPv6, or none."""
    try:
        return IPv4Network(written, strict=False) if isinstance(written, str) else None
    except ValueError:
        return None


def _space(network: Thing) -> list[IPv4Network] | None:
    """The addresses of a network; None: not all of them are known."""
    written = network.at("properties.addressSpace.addressPrefixes")
    if not isinstance(written, list | tuple):
        return None
    found = [_network(each) for each in written]
    return [each for each in found if each] if all(found) else None


def _subnets(thing: Thing) -> Iterator[tuple[str, IPv4Network, str]]:
    """Name, addresses and the service it is handed over to: of a subnet, or of those inside a network."""
    if thing.type.lower() == _SUBNET.lower():
        inside: Iterator[tuple[str, Any]] = iter([(thing.called, thing)])
    else:
        inside = ((text(each, "name"), each) for each in each_in(thing, "properties.subnets"))
    for name, holder in inside:
        prefix = holder.at("properties.addressPrefix") or holder.at("properties.addressPrefixes.0")
        if addresses := _network(prefix):
            yield name, addresses, text(holder, "properties.delegations.0.properties.serviceName")


_LONGEST: Mapping[str, tuple[int, str]] = {
    "azurebastionsubnet": (26, "bastion/configuration-settings#subnet"),
    "gatewaysubnet": (29, "vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub"),
    "azurefirewallsubnet": (26, "firewall/firewall-faq"),
    "azurefirewallmanagementsubnet": (26, "firewall/management-nic"),
    "routeserversubnet": (27, "route-server/route-server-faq"),
    "microsoft.app/environments": (27, "container-apps/custom-virtual-networks"),
    "microsoft.web/serverfarms": (28, "app-service/overview-vnet-integration#subnet-requirements"),
    "microsoft.dbforpostgresql/flexibleservers": (28, "postgresql/network/concepts-networking-private"),
}
"""By the name of a subnet, or by the service it is handed over to: the longest prefix, so the fewest
addresses, that Azure takes; and the page that says so."""

SMALLEST = 29
"""The longest prefix of any subnet. Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"""


@thing_rule(
    "subnet-too-small",
    types=(_NETWORK, _SUBNET),
    severity="error",
    family="takes",
    title="A subnet has fewer addresses than what is to stand in it wants",
    why="Azure refuses what is put there: Bastion and firewall want a /26, Container Apps a /27, App Service "
    "and PostgreSQL a /28.",
    source=f"{LEARN}virtual-network/virtual-networks-faq",
    bad="""{"type": "Microsoft.Network/virtualNetworks", "name": "net", "properties": {
 "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
 "subnets": [{"name": "AzureBastionSubnet", "properties": {"addressPrefix": "10.0.1.0/27"}}]}}""",
    good="""{"type": "Microsoft.Network/virtualNetworks", "name": "net", "properties": {
 "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
 "subnets": [{"name": "AzureBastionSubnet", "properties": {"addressPrefix": "10.0.1.0/26"}}]}}""",
)
def subnet_too_small(thing: Thing, things: Things) -> Iterator[Found]:
    """The page of each figure stands beside it, in the table above."""
    for name, addresses, service in _subnets(thing):
        for what in (name, service):
            longest, page = _LONGEST.get(what.lower(), (SMALLEST, ""))
            if addresses.prefixlen > longest:
                larger = IPv4Network((int(addresses.network_address), longest), strict=False)
                said = f"{addresses} for {what or 'a subnet'}, which wants /{longest} at least"
                yield Found(
                    what=said, fix=f'"addressPrefix": "{larger}"' + (f" ({LEARN}{page})" if page else "")
                )
                break


refusal(
    "tier-too-small",
    title="A tier of the network has fewer addresses than what stands in it wants",
    why="Azure refuses what is put there, or it stops growing where addresses end.",
    source=f"{LEARN}virtual-network/virtual-networks-faq",
    matches=r"is too small for the tier |of the tier \w+ has -?\d+ addresses for|too small for a subnet$",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", bastion=True, subnets={"bastion": "10.0.2.0/28"})
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", bastion=True, subnets={"bastion": "10.0.2.0/26"})
""",
)


@thing_rule(
    "subnet-apart",
    types=(_NETWORK,),
    severity="error",
    family="takes",
    title="Subnets of one network lie over each other, or outside of it",
    why="Every address of a network belongs to one subnet at most: Azure refuses the network.",
    source=f"{LEARN}virtual-network/virtual-network-manage-subnet",
    bad="""{"type": "Microsoft.Network/virtualNetworks", "name": "net", "properties": {
 "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
  {"name": "apps", "properties": {"addressPrefix": "10.0.0.0/23"}},
  {"name": "data", "properties": {"addressPrefix": "10.0.1.0/24"}}]}}""",
    good="""{"type": "Microsoft.Network/virtualNetworks", "name": "net", "properties": {
 "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
  {"name": "apps", "properties": {"addressPrefix": "10.0.0.0/23"}},
  {"name": "data", "properties": {"addressPrefix": "10.0.2.0/24"}}]}}""",
)
def subnet_apart(thing: Thing, things: Things) -> Iterator[Found]:
    space, inside = _space(thing), tuple(_subnets(thing))
    for name, addresses, _ in inside:
        if space and not any(addresses.subnet_of(each) for each in space):
            whole = ", ".join(map(str, space))
            yield Found(what=f"{name} has {addresses}, outside of {whole}", fix="a part of the network's own")
    for (name, one, _), (other, two, _) in combinations(inside, 2):
        if one.overlaps(two):
            said = f"{name} has {one} and {other} has {two}, which overlap"
            yield Found(what=said, fix=f"addresses of its own for {other}")


refusal(
    "tier-apart",
    title="Tiers of the network lie over each other, or outside of it",
    why="Every address of a network belongs to one subnet at most.",
    source=f"{LEARN}virtual-network/virtual-network-manage-subnet",
    matches=r'^\w+="[\d./]+": (overlaps \w+=|not inside space=)| has no room for ',
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", subnets={"apps": "10.0.0.0/23", "data": "10.0.1.0/24"})
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", subnets={"apps": "10.0.0.0/23", "data": "10.0.2.0/24"})
""",
)

_FORBIDDEN = tuple(
    map(
        IPv4Network,
        ("224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32", "255.255.255.255/32"),
    )
)
"""Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"""


@thing_rule(
    "network-reserved",
    types=(_NETWORK,),
    severity="error",
    family="takes",
    title="A network has addresses that Azure keeps for itself",
    why="Loopback, link-local, multicast and Azure's own name server cannot be inside a network.",
    source=f"{LEARN}virtual-network/virtual-networks-faq",
    bad="""{"type": "Microsoft.Network/virtualNetworks", "name": "net",
 "properties": {"addressSpace": {"addressPrefixes": ["169.254.0.0/16"]}}}""",
    good="""{"type": "Microsoft.Network/virtualNetworks", "name": "net",
 "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}""",
)
def network_reserved(thing: Thing, things: Things) -> Iterator[Found]:
    for each in _space(thing) or ():
        for kept in _FORBIDDEN:
            if each.overlaps(kept):
                fix = '"addressPrefixes": ["10.0.0.0/16"]'
                yield Found(what=f"{each} overlaps {kept}, which Azure keeps for itself", fix=fix)


refusal(
    "network-of-others",
    title="A network has public addresses, which belong to others",
    why="What those others serve cannot be reached from inside: traffic to it stays in the network.",
    source=f"{LEARN}virtual-network/virtual-networks-faq",
    matches=r"addresses that belong to others$",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", space="20.0.0.0/16")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", space="10.0.0.0/16")
""",
)


@thing_rule(
    "container-apps-addresses",
    types=(_NETWORK, _SUBNET),
    severity="error",
    family="takes",
    title="Container Apps are given addresses that they keep for themselves",
    why="An environment uses some private ranges inside: Azure refuses a subnet over them.",
    source=f"{LEARN}container-apps/custom-virtual-networks",
    bad="""{"type": "Microsoft.Network/virtualNetworks/subnets", "name": "net/apps", "properties": {
 "addressPrefix": "172.30.0.0/23",
 "delegations": [{"name": "apps", "properties": {"serviceName": "Microsoft.App/environments"}}]}}""",
    good="""{"type": "Microsoft.Network/virtualNetworks/subnets", "name": "net/apps", "properties": {
 "addressPrefix": "10.0.0.0/23",
 "delegations": [{"name": "apps", "properties": {"serviceName": "Microsoft.App/environments"}}]}}""",
)
def container_apps_addresses(thing: Thing, things: Things) -> Iterator[Found]:
    for _, addresses, service in _subnets(thing):
        if service.lower() == "microsoft.app/environments":
            for kept in NOT_FOR_APPS:
                if addresses.overlaps(kept):
                    what = f"{addresses} overlaps {kept}, which Container Apps use inside"
                    yield Found(what=what, fix='"addressPrefix": "10.0.0.0/23"')


refusal(
    "space-kept-for-hosts",
    title="The network lies over addresses that Container Apps or Kubernetes have inside",
    why="What is asked for under such an address never leaves the environment or cluster.",
    source=f"{LEARN}container-apps/custom-virtual-networks",
    matches=r"which (it keeps for itself|the cluster has inside)$",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", space="172.30.0.0/16")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("web", "serve", port=8000, health="/")
shop.network("net", space="10.0.0.0/16")
""",
)


@thing_rule(
    "peered-networks-overlap",
    types=("Microsoft.Network/virtualNetworks/virtualNetworkPeerings",),
    severity="error",
    family="takes",
    title="Two networks that are joined have the same addresses",
    why="An address would lead to two places: Azure refuses to join networks that overlap.",
    source=f"{LEARN}virtual-network/virtual-network-manage-peering#requirements-and-constraints",
    bad="""[{"type": "Microsoft.Network/virtualNetworks", "name": "here",
  "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
 {"type": "Microsoft.Network/virtualNetworks", "name": "there",
  "properties": {"addressSpace": {"addressPrefixes": ["10.0.128.0/17"]}}},
 {"type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "name": "here/to-there", "properties": {
  "remoteVirtualNetwork": {"id": "/subscriptions/s/providers/Microsoft.Network/virtualNetworks/there"}}}]""",
    good="""[{"type": "Microsoft.Network/virtualNetworks", "name": "here",
  "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}},
 {"type": "Microsoft.Network/virtualNetworks", "name": "there",
  "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}},
 {"type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "name": "here/to-there", "properties": {
  "remoteVirtualNetwork": {"id": "/subscriptions/s/providers/Microsoft.Network/virtualNetworks/there"}}}]""",
)
def peered_networks_overlap(thing: Thing, things: Things) -> Iterator[Found]:
    remote = thing.text("properties.remoteVirtualNetwork.id") or ""
    spaces = {each.name: _space(each) or [] for each in things.of(_NETWORK)}
    mine = spaces.get(thing.name.partition("/")[0], [])
    for one in mine:
        for other in spaces.get(remote.rpartition("/")[2], []):
            if one.overlaps(other):
                yield Found(
                    what=f"{one} and {other} overlap", fix="other addresses for one of the two networks"
                )


@thing_rule(
    "cluster-name-service",
    types=("Microsoft.ContainerService/managedClusters",),
    severity="error",
    family="takes",
    title="The name service of a cluster has an address that it cannot have",
    why="It is one of the cluster's service addresses, and not the first, which Kubernetes has itself.",
    source=f"{LEARN}aks/concepts-network-ip-address-planning",
    bad="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster", "properties": {
 "networkProfile": {"serviceCidr": "172.16.0.0/16", "dnsServiceIP": "10.0.0.10"}}}""",
    good="""{"type": "Microsoft.ContainerService/managedClusters", "name": "cluster", "properties": {
 "networkProfile": {"serviceCidr": "172.16.0.0/16", "dnsServiceIP": "172.16.0.10"}}}""",
)
def cluster_name_service(thing: Thing, things: Things) -> Iterator[Found]:
    services = _network(thing.at("properties.networkProfile.serviceCidr"))
    try:
        names = IPv4Address(text(thing, "properties.networkProfile.dnsServiceIP"))
    except ValueError:
        return
    if services and (names not in services or names in (services[0], services[1])):
        where = "the first of" if names in services else "outside of"
        yield Found(what=f"{names} is {where} {services}", fix=f'"dnsServiceIP": "{services[10]}"')
