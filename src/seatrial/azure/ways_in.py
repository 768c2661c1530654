"""How administrators come in: Azure Bastion, and a gateway for a VPN."""

from __future__ import annotations

from seatrial.azure import security_groups
from seatrial.azure.graph import Resource
from seatrial.azure.regions import in_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Known, Ref, join
from seatrial.model import Network

__all__ = ["bastion", "vpn"]

VPN_CLIENT = "c632b3df-fb67-4d84-bdcf-b95ad541b5c8"
"""The Azure VPN client as Microsoft registered it, for all tenants.
Source: https://learn.microsoft.com/azure/vpn-gateway/point-to-site-entra-gateway"""


def bastion(part: Network, at: Stamp, subnet: Ref, address: Ref) -> Resource:
    """The standard tier: only that lets administrators use their own ssh and psql through a tunnel.

    Source: https://learn.microsoft.com/azure/bastion/bastion-sku-comparison
    """
    return Resource(
        ref=Ref(type="Microsoft.Network/bastionHosts", name=at.name("bastion")),
        module="network",
        region=at.region,
        symbol="bastion",
        why="Administrators come in here, signed in to Azure; no machine has a public address",
        part=part.name,
        location=at.region,
        body={
            "sku": {"name": "Standard"},
            **in_zones(at.region),
            "properties": {
                "enableTunneling": True,
                "enableShareableLink": False,
                "ipConfigurations": [
                    {
                        "name": "in",
                        "properties": {
                            "privateIPAllocationMethod": "Dynamic",
                            "subnet": {"id": Id(of=subnet)},
                            "publicIPAddress": {"id": Id(of=address)},
                        },
                    }
                ],
            },
        },
    )


def vpn(part: Network, at: Stamp, subnet: Ref, address: Ref) -> Resource:
    """The smallest gateway that stands in several zones. Clients sign in to Entra: there is no shared secret.

    Source: https://learn.microsoft.com/azure/vpn-gateway/about-gateway-skus
    """
    return Resource(
        ref=Ref(type="Microsoft.Network/virtualNetworkGateways", name=at.name("vpn")),
        module="network",
        region=at.region,
        symbol="vpn",
        why="Administrators come in here by VPN, signed in to Entra",
        part=part.name,
        location=at.region,
        body={
            "properties": {
                "gatewayType": "Vpn",
                "vpnType": "RouteBased",
                "vpnGatewayGeneration": "Generation1",
                "sku": {"name": "VpnGw1AZ", "tier": "VpnGw1AZ"},
                "activeActive": False,
                "enableBgp": False,
                "ipConfigurations": [
                    {
                        "name": "in",
                        "properties": {
                            "privateIPAllocationMethod": "Dynamic",
                            "subnet": {"id": Id(of=subnet)},
                            "publicIPAddress": {"id": Id(of=address)},
                        },
                    }
                ],
                "vpnClientConfiguration": {
                    "vpnClientAddressPool": {"addressPrefixes": [str(security_groups.vpn_clients(at.plan))]},
                    "vpnClientProtocols": ["OpenVPN"],
                    "vpnAuthenticationTypes": ["AAD"],
                    "aadTenant": join("https://login.microsoftonline.com/", Known(what="tenant"), "/"),
                    "aadIssuer": join("https://sts.windows.net/", Known(what="tenant"), "/"),
                    "aadAudience": VPN_CLIENT,
                },
            }
        },
    )
