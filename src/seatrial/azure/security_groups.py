"""Security groups: what may come into each tier of the network. All else is refused.

Only what comes in is ruled, tier by tier, so that who may reach whom stands in one place: at the target. What
goes out to the internet is the business of the firewall, when there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network
from typing import Any

from seatrial.azure import addresses, counting, reach
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import ApiManagement, Documents, FrontDoor, Plan, Postgres, Service, Temporal, Tier
from seatrial.model.value import Value

__all__ = ["Rule", "group", "joined", "resources", "rules", "vpn_clients"]

WITHOUT: frozenset[Tier] = frozenset({"vpn", "firewall"})
"""Tiers that Azure wants without a group. Source: https://learn.microsoft.com/azure/vpn-gateway/
vpn-gateway-about-vpn-gateway-settings#gwsub and https://learn.microsoft.com/azure/firewall/firewall-faq"""

RUNNING: tuple[Tier, ...] = ("apps", "web", "instances", "cluster")
"""The tiers in which processes run."""

PULLING: tuple[Tier, ...] = ("apps", "web", "cluster")
"""Those that pull images through the network. Container Instances get them, and secrets, from outside of it.
Source: https://learn.microsoft.com/azure/container-instances/using-azure-container-registry-mi"""


class Rule(Value):
    """Something that may come in, or go out."""

    name: str
    why: str
    """At most 140 characters, for the description that Azure keeps."""
    sources: tuple[str, ...]
    """Addresses, or one service tag."""
    ports: tuple[str, ...]
    to: str
    """Addresses, a service tag, or `*`."""
    protocol: str = "Tcp"
    outbound: bool = False
    refuses: bool = False


def group(tier: Tier, at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/networkSecurityGroups", name=at.name(f"{tier}-rules"))


def guarded(tier: Tier) -> bool:
    """Whether a tier has a group."""
    return tier not in WITHOUT


def joined(plan: Plan) -> bool:
    """Whether the networks of several regions are joined: something private stands in the first region only.

    Networks are not joined without that, so that trouble in one region has no way into another.
    """
    return len(plan.regions) > 1 and (bool(plan.of(Documents)) or reach.private_registry(plan))


def resources(at: Stamp, part: str | None) -> Iterator[Resource]:
    """The group of each tier that has one."""
    for tier in addresses.layout(at.plan, at.region):
        if guarded(tier):
            yield Resource(
                ref=group(tier, at),
                module="network",
                region=at.region,
                symbol=camel(tier, "rules"),
                why=f"Who may come into the tier {tier}; all others are refused",
                part=part,
                location=at.region,
                body={"properties": {"securityRules": list(_printed(rules(tier, at)))}},
            )


def rules(tier: Tier, at: Stamp) -> tuple[Rule, ...]:
    """The rules of a tier, those that refuse last."""
    here = str(addresses.layout(at.plan, at.region)[tier])
    found = [*_of_azure(tier, here, at.plan), *_of_uses(tier, here, at)]
    refusals = [
        Rule(
            name="refuse-the-rest",
            why="What no rule above lets in",
            sources=("*",),
            ports=("*",),
            to="*",
            protocol="*",
            refuses=True,
        )
    ]
    if tier in ("endpoints", "bastion"):
        refusals.append(
            Rule(
                name="begin-nothing",
                why="Nothing else begins here",
                sources=("*",),
                ports=("*",),
                to="*",
                protocol="*",
                outbound=True,
                refuses=True,
            )
        )
    return (*found, *refusals)


# -- what the uses of a plan ask for --------------------------------------------------------------------


def _of_uses(tier: Tier, here: str, at: Stamp) -> Iterator[Rule]:
    """One rule for each tier from which something in this one is used."""
    for source, (ports, parts) in sorted(_flows(tier, at.plan).items()):
        yield Rule(
            name=f"from-{source}",
            why=_listed("To reach ", parts),
            sources=(str(_addresses(source, at)),),
            ports=tuple(str(port) for port in sorted(ports)),
            to="*" if tier == "cluster" else here,
        )
    if tier == "endpoints" and at.first and joined(at.plan):
        far = [Stamp(plan=at.plan, region=region) for region in at.plan.regions[1:]]
        for source, parts in sorted(_readers_from_afar(at.plan).items()):
            yield Rule(
                name=f"from-{source}-elsewhere",
                why=_listed("From the other regions, to reach ", parts),
                sources=tuple(str(_addresses(source, each)) for each in far),
                ports=("443",),
                to=here,
            )


def _flows(tier: Tier, plan: Plan) -> dict[Tier, tuple[set[int], dict[str, None]]]:
    """From which other tiers something in this one is used: on which ports, and what."""
    found: dict[Tier, tuple[set[int], dict[str, None]]] = defaultdict(lambda: (set(), {}))
    for path in reach.paths(plan):
        if path.enters == tier and path.leaves is not None and path.leaves != tier:
            found[path.leaves][0].add(path.port)
            found[path.leaves][1][path.target] = None
    if tier == "endpoints":
        for source, what in _readers_of_ground(plan):
            found[source][0].add(443)
            found[source][1][what] = None
    if tier == "apps":  # the proxy of the environment, behind its load balancer
        for ports, _ in found.values():
            ports.add(31443)
    return found


def _readers_from_afar(plan: Plan) -> dict[Tier, dict[str, None]]:
    """Tiers of further regions that read what stands in the first region only, all of it by HTTPS."""
    found: dict[Tier, dict[str, None]] = defaultdict(dict)
    once = {part.name for part in plan.of(Documents)}
    for path in reach.paths(plan):
        if path.target in once and path.leaves in RUNNING:
            found[path.leaves][path.target] = None
    if reach.private_registry(plan):
        for tier in addresses.needed(plan):
            if tier in PULLING:
                found[tier]["the registry"] = None
    return found


def _addresses(tier: Tier, at: Stamp) -> IPv4Network:
    return vpn_clients(at.plan) if tier == "vpn" else addresses.layout(at.plan, at.region)[tier]


def vpn_clients(plan: Plan) -> IPv4Network:
    """The addresses that clients of a VPN get, outside of every network of the plan, and of any cluster."""
    pools = (IPv4Network("172.20.200.0/24"), IPv4Network("10.255.200.0/24"))
    spaces = [addresses.space(plan, region) for region in plan.regions]
    return next(pool for pool in pools if not any(pool.overlaps(space) for space in spaces))


def _readers_of_ground(plan: Plan) -> Iterator[tuple[Tier, str]]:
    """Tiers that read images, passwords or certificates by a private endpoint.

    A secret that a process names itself is among its uses; these are those that nobody names.
    """
    tiers = addresses.needed(plan)
    readers = {reach.tier_of(each) for each in plan.of(Temporal)}
    for store in plan.of(Postgres):
        if store.sign_in == "password":
            readers |= {reach.tier_of(each) for each in reach.users_of(store, plan)}
            readers |= {"apps"} if store.migrate else set()
        elif counting.needs_role(store, plan):
            readers.add("apps")
    if "edge" in tiers:
        readers.add("edge")
    for tier in tiers:
        if tier in PULLING and reach.private_registry(plan):
            yield tier, "the registry"
        if tier in readers - {"instances"}:
            yield tier, "the vault"


def _listed(before: str, parts: Iterable[str]) -> str:
    """A sentence that names as many parts as fit into 140 characters.

    Source: https://learn.microsoft.com/azure/templates/microsoft.network/networksecuritygroups
    """
    names = list(parts)
    for shown in range(len(names), 0, -1):
        rest = f" and {len(names) - shown} more" if shown < len(names) else ""
        text = before + ", ".join(names[:shown]) + rest
        if len(text) <= 140:
            return text
    return before.strip()


# -- what Azure asks for --------------------------------------------------------------------------------


def _of_azure(tier: Tier, here: str, plan: Plan) -> Iterator[Rule]:
    """What a tier must let through to work at all."""

    def into(name: str, why: str, source: str, *ports: str, to: str = here, protocol: str = "Tcp") -> Rule:
        return Rule(name=name, why=why, sources=(source,), ports=ports, to=to, protocol=protocol)

    match tier:
        case "edge":
            # https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure
            why = "HTTPS; HTTP only to be sent on to HTTPS"
            yield into("from-internet", why, "Internet", "80", "443", to="*")
            yield into("from-azure", "Azure's care of the gateway", "GatewayManager", "65200-65535", to="*")
            yield into("from-balancer", "Azure's probes", "AzureLoadBalancer", "*", to="*", protocol="*")
        case "apps":
            # https://learn.microsoft.com/azure/container-apps/firewall-integration
            yield into("from-apps", "Container Apps among themselves", here, "*", protocol="*")
            yield into("from-balancer", "Azure's probes", "AzureLoadBalancer", "30000-32767")
        case "cluster":
            # https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#network-security-groups
            yield Rule(
                name="from-cluster",
                why="Nodes and pods among themselves",
                sources=(here, addresses.PODS),
                ports=("*",),
                to="*",
                protocol="*",
            )
            yield into("from-balancer", "Azure's probes", "AzureLoadBalancer", "*", to="*", protocol="*")
            public = [
                each.name
                for each in plan.of(Service)
                if each.hosted_by == "aks" and reach.exposure(each, plan) == "world"
            ]
            if public:
                yield into("from-internet", _listed("To reach ", public), "Internet", "80", "443", to="*")
        case "data":
            # https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private
            yield into("from-data", "A server and its standby", here, "5432", "6432")
        case "apis":
            yield from _of_api_management(plan, into)
        case "bastion":
            yield from _of_bastion(plan)
        case _:
            pass


def _of_api_management(plan: Plan, into: Any) -> Iterator[Rule]:
    """A gateway that stands in the network itself, as the premium tier does, is reached there.

    Source: https://learn.microsoft.com/azure/api-management/virtual-network-reference
    """
    for each in plan.of(ApiManagement):
        if each.tier == "premium":
            before = reach.edges_before(each, plan)
            behind = before and all(isinstance(edge, FrontDoor) for edge in before)
            source = "AzureFrontDoor.Backend" if behind else "Internet"
            yield into("from-world", f"Callers of {each.name}", source, "443", to="VirtualNetwork")
            why = "Azure's care of the gateway"
            yield into("from-azure", why, "ApiManagement", "3443", to="VirtualNetwork")
            yield into("from-balancer", "Azure's probes", "AzureLoadBalancer", "6390", to="VirtualNetwork")


def _of_bastion(plan: Plan) -> Iterator[Rule]:
    """Source: https://learn.microsoft.com/azure/bastion/bastion-nsg"""
    own = ("5701", "8080")
    from_where = reach.network_of(plan).administrators or ("Internet",)
    for name, why, sources, ports, to, outbound in (
        ("from-administrators", "Administrators, by HTTPS", from_where, ("443",), "*", False),
        ("from-azure", "Azure's care of Bastion", ("GatewayManager",), ("443",), "*", False),
        ("from-balancer", "Azure's probes", ("AzureLoadBalancer",), ("443",), "*", False),
        ("from-bastion", "Its hosts among themselves", ("VirtualNetwork",), own, "VirtualNetwork", False),
        ("to-machines", "SSH and RDP", ("*",), ("22", "3389"), "VirtualNetwork", True),
        ("to-azure", "Logs and measures", ("*",), ("443",), "AzureCloud", True),
        ("to-bastion", "Its hosts among themselves", ("VirtualNetwork",), own, "VirtualNetwork", True),
        ("to-certificates", "Whether certificates hold", ("*",), ("80",), "Internet", True),
    ):
        protocol = "Tcp" if ports == ("443",) else "*"
        yield Rule(
            name=name, why=why, sources=sources, ports=ports, to=to, protocol=protocol, outbound=outbound
        )


# -- as Azure has it ------------------------------------------------------------------------------------


def _printed(found: Iterable[Rule]) -> Iterator[dict[str, Any]]:
    """Each rule with the priority of its place; what refuses has the last one there is, 4096."""
    place = {False: 100, True: 100}
    for rule in found:
        priority = 4096 if rule.refuses else place[rule.outbound]
        place[rule.outbound] += 10
        yield {
            "name": rule.name,
            "properties": {
                "description": rule.why,
                "direction": "Outbound" if rule.outbound else "Inbound",
                "access": "Deny" if rule.refuses else "Allow",
                "priority": priority,
                "protocol": rule.protocol,
                **_one_or_more("sourceAddressPrefix", "sourceAddressPrefixes", rule.sources),
                "sourcePortRange": "*",
                "destinationAddressPrefix": rule.to,
                **_one_or_more("destinationPortRange", "destinationPortRanges", rule.ports),
            },
        }


def _one_or_more(one: str, more: str, values: tuple[str, ...]) -> dict[str, Any]:
    return {one: values[0]} if len(values) == 1 else {more: list(values)}
