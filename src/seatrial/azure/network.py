"""The network of a region: subnets by tier, security groups, the ways in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import Tier


def network(at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/virtualNetworks", name=at.name(at.plan.name))


def subnet(tier: Tier, at: Stamp) -> Ref:
    """The subnet of a tier."""
    return network(at).child("subnets", SUBNET_NAMES.get(tier, tier))


SUBNET_NAMES: Mapping[Tier, str] = {
    "bastion": "AzureBastionSubnet",
    "vpn": "GatewaySubnet",
    "firewall": "AzureFirewallSubnet",
}
"""Names that Azure prescribes; every other subnet has the name of its tier."""


def resources(at: Stamp) -> Iterator[Resource]:
    yield from ()
