"""The network of a region: subnets by tier, the way out, the networks of other regions.

Who may come into a tier: `security_groups`. Which addresses it has: `addresses`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from seatrial.azure import addresses, firewall, private, reach, security_groups, ways_in
from seatrial.azure.graph import Module, Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import in_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Ref, Text
from seatrial.model import TIERS, ApiManagement, Network, Tier

__all__ = ["address", "address_resource", "nat", "network", "resources", "subnet"]

SUBNET_NAMES: Mapping[Tier, str] = {
    "bastion": "AzureBastionSubnet",
    "vpn": "GatewaySubnet",
    "firewall": "AzureFirewallSubnet",
}
"""Names that Azure prescribes; every other subnet has the name of its tier."""

DELEGATIONS: Mapping[Tier, str] = {
    "apps": "Microsoft.App/environments",
    "web": "Microsoft.Web/serverFarms",
    "instances": "Microsoft.ContainerInstance/containerGroups",
    "data": "Microsoft.DBforPostgreSQL/flexibleServers",
}
"""The service to which a subnet is handed over.
Source: https://learn.microsoft.com/azure/virtual-network/subnet-delegation-overview"""

GOING_OUT: tuple[Tier, ...] = ("apps", "web", "instances", "cluster", "apis")
"""The tiers that have something to ask outside."""

MEANINGS: Mapping[Tier, str] = {
    "edge": "For the application gateway",
    "bastion": "For Azure Bastion",
    "vpn": "For the gateway of the VPN",
    "firewall": "For the firewall",
    "apps": "For Container Apps",
    "web": "Where App Service comes into the network",
    "instances": "For Container Instances",
    "cluster": "For the nodes of Kubernetes",
    "apis": "Where API Management comes into the network",
    "data": "For PostgreSQL servers",
    "endpoints": "For private endpoints",
}


def network(at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/virtualNetworks", name=at.name(at.plan.name))


def subnet(tier: Tier, at: Stamp) -> Ref:
    """The subnet of a tier."""
    return network(at).child("subnets", SUBNET_NAMES.get(tier, tier))


def address(of: str, at: Stamp) -> Ref:
    """The public address of something."""
    return Ref(type="Microsoft.Network/publicIPAddresses", name=at.name(f"{of}-address"))


def address_resource(
    of: str, why: str, part: str | None, at: Stamp, module: Module = "network", label: Text | None = None
) -> Resource:
    """A fixed public address, in all zones of the region; with a label, it also has a name of Azure's."""
    return Resource(
        ref=address(of, at),
        module=module,
        region=at.region,
        symbol=camel(of, "address"),
        why=why,
        part=part,
        location=at.region,
        body={
            "sku": {"name": "Standard", "tier": "Regional"},
            **in_zones(at.region),
            "properties": {
                "publicIPAllocationMethod": "Static",
                "publicIPAddressVersion": "IPv4",
                **({"dnsSettings": {"domainNameLabel": label}} if label is not None else {}),
            },
        },
    )


def resources(at: Stamp) -> Iterator[Resource]:
    """Everything of a region's network. Nothing for a plan that has no use for one.

    Raises:
        Refused: the addresses that the plan names cannot be had.
    """
    here = addresses.layout(at.plan, at.region)
    if not here:
        return
    said = reach.network_of(at.plan)
    part = said.name if said in at.plan.parts else None
    yield _network(at, part)
    yield from security_groups.resources(at, part)
    before: tuple[Ref, ...] = ()
    for tier in sorted(here, key=lambda tier: (tier != "firewall", TIERS.index(tier))):
        yield _subnet(tier, here[tier], said, at, part, before)
        before = (subnet(tier, at),)  # Azure changes one subnet of a network at a time
    if said.nat:
        yield from _nat(said, at)
    if said.firewall:
        yield address_resource("firewall", "The fixed address of what goes out", part, at)
        yield from firewall.resources(said, at, subnet("firewall", at), address("firewall", at))
    if said.bastion:
        yield address_resource("bastion", "Where administrators find Bastion", part, at)
        yield ways_in.bastion(said, at, subnet("bastion", at), address("bastion", at))
    if said.vpn:
        yield address_resource("vpn", "Where administrators find the gateway of the VPN", part, at)
        yield ways_in.vpn(said, at, subnet("vpn", at), address("vpn", at))
    if reach.private_apps(at.plan):
        yield from private.apps(at)
    if security_groups.joined(at.plan) and not at.first:
        yield from _joined(at, part)


def _network(at: Stamp, part: str | None) -> Resource:
    return Resource(
        ref=network(at),
        module="network",
        region=at.region,
        symbol="network",
        why="The network that everything stands in",
        part=part,
        location=at.region,
        body={
            "properties": {"addressSpace": {"addressPrefixes": [str(addresses.space(at.plan, at.region))]}}
        },
    )


def _subnet(
    tier: Tier, here: IPv4Network, said: Network, at: Stamp, part: str | None, after: tuple[Ref, ...]
) -> Resource:
    """A subnet, closed by its group, with its way out: nothing goes out by an address that Azure lends."""
    properties: dict[str, Any] = {"addressPrefix": str(here), "defaultOutboundAccess": False}
    if security_groups.guarded(tier):
        properties["networkSecurityGroup"] = {"id": Id(of=security_groups.group(tier, at))}
    if said.nat and tier in (("firewall",) if said.firewall else GOING_OUT):
        properties["natGateway"] = {"id": Id(of=nat(at))}
    if said.firewall and tier in firewall.GUARDED:
        properties["routeTable"] = {"id": Id(of=firewall.routes(at))}
    if service := _delegated_to(tier, at):
        properties["delegations"] = [{"name": tier, "properties": {"serviceName": service}}]
    if tier == "endpoints":
        properties["privateEndpointNetworkPolicies"] = "Enabled"
    return Resource(
        ref=subnet(tier, at),
        module="network",
        region=at.region,
        symbol=camel(tier, "subnet"),
        why=MEANINGS[tier],
        part=part,
        tagged=False,
        body={"properties": properties},
        after=after,
    )


def _delegated_to(tier: Tier, at: Stamp) -> str | None:
    """API Management in its v2 tiers comes in as App Service does; in the premium tier it stands inside.

    Source: https://learn.microsoft.com/azure/api-management/integrate-vnet-outbound
    """
    if tier == "apis":
        inside = any(each.tier == "premium" for each in at.plan.of(ApiManagement))
        return None if inside else "Microsoft.Web/serverFarms"
    return DELEGATIONS.get(tier)


def nat(at: Stamp) -> Ref:
    """The gateway by which everything goes out, where there is one."""
    return Ref(type="Microsoft.Network/natGateways", name=at.name("nat"))


def _nat(said: Network, at: Stamp) -> Iterator[Resource]:
    """The standard tier, in no zone of its own: the newer one is not for subnets that are handed over.

    Source: https://learn.microsoft.com/azure/nat-gateway/nat-sku
    """
    yield address_resource("nat", "The fixed address of what goes out", said.name, at)
    yield Resource(
        ref=nat(at),
        module="network",
        region=at.region,
        symbol="nat",
        why="What goes out leaves by one fixed address",
        part=said.name,
        location=at.region,
        body={
            "sku": {"name": "Standard"},
            "properties": {
                "idleTimeoutInMinutes": 4,
                "publicIpAddresses": [{"id": Id(of=address("nat", at))}],
            },
        },
    )


def _joined(at: Stamp, part: str | None) -> Iterator[Resource]:
    """Joins a further region to the first, both ways: what stands there only is reached from here."""
    first = Stamp(plan=at.plan, region=at.plan.region)
    for one, other in ((at, first), (first, at)):
        yield Resource(
            ref=network(one).child("virtualNetworkPeerings", f"to-{other.region}"),
            module="network",
            region=one.region,
            symbol=camel("peering to", other.region),
            why=f"What stands in {first.region} only is reached from {at.region} over this",
            part=part,
            tagged=False,
            body={
                "properties": {
                    "remoteVirtualNetwork": {"id": Id(of=network(other))},
                    "allowVirtualNetworkAccess": True,
                    "allowForwardedTraffic": False,
                    "allowGatewayTransit": False,
                    "useRemoteGateways": False,
                }
            },
        )
