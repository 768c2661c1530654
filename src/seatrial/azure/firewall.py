"""Azure Firewall: what goes out passes it, to hosts whose names it knows and to no others.

Its standard tier, not the basic one: that stops at 250 Mbit/s, never grows, and wants a second subnet for its
care. Source: https://learn.microsoft.com/azure/firewall/choose-firewall-sku
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from seatrial.azure import addresses, reach
from seatrial.azure.graph import Resource
from seatrial.azure.regions import in_zones
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Ref
from seatrial.model import Network, Queue, Tier

__all__ = ["resources", "routes"]

GUARDED: tuple[Tier, ...] = ("apps", "web", "instances", "cluster")
"""The tiers whose way out leads through the firewall."""

IDENTITY = (
    *("login.microsoftonline.com", "*.login.microsoftonline.com"),
    *("login.microsoft.com", "*.login.microsoft.com", "*.identity.azure.net"),
)
"""How processes sign in as themselves."""

HOSTS_NEED: dict[Tier, tuple[str, ...]] = {
    "apps": (
        *("mcr.microsoft.com", "*.data.mcr.microsoft.com"),
        *("packages.aks.azure.com", "acs-mirror.azureedge.net"),
    ),
    "web": ("mcr.microsoft.com", "*.data.mcr.microsoft.com"),
    "instances": ("mcr.microsoft.com", "*.data.mcr.microsoft.com"),
    "cluster": ("data.policy.core.windows.net", "store.policy.core.windows.net"),
}
"""What Azure itself fetches for a tier. What every cluster of AKS needs has a tag of its own; these are for
the policies of ours. Source: https://learn.microsoft.com/azure/container-apps/use-azure-firewall and
https://learn.microsoft.com/azure/aks/outbound-rules-control-egress#azure-policy"""

TAGS = ("AzureActiveDirectory", "AzureMonitor")
"""Services of Azure that everything talks to: to sign in, and to tell what it does."""


def firewall(at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/azureFirewalls", name=at.name("firewall"))


def policy(at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/firewallPolicies", name=at.name("firewall-policy"))


def routes(at: Stamp) -> Ref:
    """The routes that lead through the firewall."""
    return Ref(type="Microsoft.Network/routeTables", name=at.name("through-firewall"))


def resources(part: Network, at: Stamp, subnet: Ref, address: Ref) -> Iterator[Resource]:
    """The firewall in its subnet and at its address, what it lets through, and the routes that lead to it."""
    yield Resource(
        ref=policy(at),
        module="network",
        region=at.region,
        symbol="firewallPolicy",
        why="What the firewall does: it refuses whatever no rule names, and what is known to be malicious",
        part=part.name,
        location=at.region,
        body={"properties": {"sku": {"tier": "Standard"}, "threatIntelMode": "Deny"}},
    )
    yield Resource(
        ref=policy(at).child("ruleCollectionGroups", "ways-out"),
        module="network",
        region=at.region,
        symbol="firewallRules",
        why="The hosts and services outside that may be reached",
        part=part.name,
        tagged=False,
        body={"properties": {"priority": 200, "ruleCollections": list(_collections(part, at))}},
    )
    yield Resource(
        ref=firewall(at),
        module="network",
        region=at.region,
        symbol="firewall",
        why="Whatever goes out passes here",
        part=part.name,
        location=at.region,
        body={
            **in_zones(at.region),
            "properties": {
                "sku": {"name": "AZFW_VNet", "tier": "Standard"},
                "firewallPolicy": {"id": Id(of=policy(at))},
                "ipConfigurations": [
                    {
                        "name": "out",
                        "properties": {
                            "subnet": {"id": Id(of=subnet)},
                            "publicIPAddress": {"id": Id(of=address)},
                        },
                    }
                ],
            },
        },
        after=(policy(at).child("ruleCollectionGroups", "ways-out"),),
    )
    private = "properties.ipConfigurations[0].properties.privateIPAddress"
    yield Resource(
        ref=routes(at),
        module="network",
        region=at.region,
        symbol="throughFirewall",
        why="Sends what goes out through the firewall",
        part=part.name,
        location=at.region,
        body={
            "properties": {
                "disableBgpRoutePropagation": True,
                "routes": [
                    {
                        "name": "out",
                        "properties": {
                            "addressPrefix": "0.0.0.0/0",
                            "nextHopType": "VirtualAppliance",
                            "nextHopIpAddress": Out(of=firewall(at), path=private),
                        },
                    }
                ],
            }
        },
    )


def _collections(part: Network, at: Stamp) -> Iterator[dict[str, Any]]:
    """Services by their tags, then hosts by their names."""
    here = addresses.layout(at.plan, at.region)
    tiers = [tier for tier in GUARDED if tier in here]
    sources = [str(here[tier]) for tier in tiers]
    if not tiers:
        return
    services = [_network_rule("services-of-azure", sources, TAGS, ("443",), "TCP")]
    if at.plan.of(Queue):
        services.append(_network_rule("queues", sources, ("ServiceBus",), ("443", "5671"), "TCP"))
    if "cluster" in tiers:  # https://learn.microsoft.com/azure/aks/outbound-rules-control-egress
        services.append(_network_rule("clocks", [str(here["cluster"])], ("*",), ("123",), "UDP"))
    yield _collection("services", 200, services)

    named = [_application_rule("identity", sources, IDENTITY)]
    named += [
        _application_rule(f"azure-for-{tier}", [str(here[tier])], HOSTS_NEED[tier])
        for tier in tiers
        if tier in HOSTS_NEED
    ]
    if "cluster" in tiers:
        rule = _application_rule("kubernetes", [str(here["cluster"])], ())
        named.append(rule | {"fqdnTags": ["AzureKubernetesService"]})
    if not reach.private_registry(at.plan):
        named.append(_application_rule("images", sources, ("*.azurecr.io", "*.blob.core.windows.net")))
    if part.reaches:
        named.append(_application_rule("reaches", sources, part.reaches))
    yield _collection("hosts", 300, named)


def _collection(name: str, priority: int, rules: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": name,
        "priority": priority,
        "action": {"type": "Allow"},
        "rules": list(rules),
    }


def _network_rule(
    name: str, sources: Sequence[str], targets: Sequence[str], ports: Sequence[str], protocol: str
) -> dict[str, Any]:
    return {
        "ruleType": "NetworkRule",
        "name": name,
        "ipProtocols": [protocol],
        "sourceAddresses": list(sources),
        "destinationAddresses": list(targets),
        "destinationPorts": list(ports),
    }


def _application_rule(name: str, sources: Sequence[str], hosts: Sequence[str]) -> dict[str, Any]:
    return {
        "ruleType": "ApplicationRule",
        "name": name,
        "protocols": [{"protocolType": "Https", "port": 443}],
        "sourceAddresses": list(sources),
        **({"targetFqdns": list(hosts)} if hosts else {}),
    }
