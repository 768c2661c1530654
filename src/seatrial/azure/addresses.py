"""Which addresses the tiers of a network have.

A tier has its place in the space whether or not a plan uses it, so it keeps its addresses when another tier
appears. Only a space as small as /24 has no room for all: there, the tiers that the plan needs share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network

from seatrial.azure import reach
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.remembering import remembered
from seatrial.model import (
    TIERS,
    ApiManagement,
    ApplicationGateway,
    Blobs,
    Cache,
    Documents,
    ModelApi,
    Network,
    NodePool,
    Plan,
    Postgres,
    Process,
    Queue,
    Secret,
    Temporal,
    Tier,
)

__all__ = ["PODS", "layout", "needed", "space"]

SIZES: Mapping[Tier, tuple[int, int]] = {
    # https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure#size-of-the-subnet
    "edge": (24, 26),
    # https://learn.microsoft.com/azure/bastion/configuration-settings#subnet
    "bastion": (26, 26),
    # https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpn-gateway-settings#gwsub
    "vpn": (27, 27),
    # https://learn.microsoft.com/azure/firewall/firewall-faq
    "firewall": (26, 26),
    # https://learn.microsoft.com/azure/container-apps/custom-virtual-networks
    "apps": (23, 27),
    # https://learn.microsoft.com/azure/app-service/overview-vnet-integration#subnet-requirements
    "web": (26, 28),
    # No rule of its own; the smallest subnet of Azure has 3 usable addresses, one for each group
    "instances": (24, 29),
    # One address for each node; pods have addresses of an overlay:
    # https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay#ip-address-planning
    "cluster": (22, 28),
    # https://learn.microsoft.com/azure/api-management/integrate-vnet-outbound#prerequisites
    "apis": (26, 27),
    # https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private
    "data": (24, 28),
    # One address for each endpoint
    "endpoints": (24, 28),
}
"""For each tier: the usual length of its prefix, and the longest (so the fewest addresses) that will do."""

OWN_OF_AZURE = 5
"""Addresses of every subnet that Azure keeps: the first four and the last.
Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq"""

NOT_FOR_APPS = tuple(
    IPv4Network(text)
    for text in (
        *("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24"),
        *("100.100.0.0/17", "100.100.128.0/19", "100.100.160.0/19", "100.100.192.0/19"),
    )
)
"""What Container Apps keeps for itself. Source:
https://learn.microsoft.com/azure/container-apps/custom-virtual-networks#subnet-address-range-restrictions"""


PODS = "192.168.0.0/16"
"""The addresses of pods inside a cluster of Kubernetes, in an overlay of their own."""


_STORES = (Postgres, Blobs, Queue, Cache, Documents, ModelApi, Secret)


@remembered
def needed(plan: Plan) -> tuple[Tier, ...]:
    """The tiers that a plan has use for, in the order of TIERS."""
    wanted = set(_needed(plan))
    return tuple(tier for tier in TIERS if tier in wanted)


def _needed(plan: Plan) -> Iterator[Tier]:
    network = reach.network_of(plan)
    if plan.of(ApplicationGateway):
        yield "edge"
    if reach.needs_container_apps(plan):
        yield "apps"
    yield from (reach.tier_of(each) for each in plan.of(Process))
    yield from (reach.tier_of(each) for each in plan.of(Temporal))
    if plan.of(NodePool):
        yield "cluster"
    if any(each.tier in ("standard v2", "premium") for each in plan.of(ApiManagement)):
        yield "apis"
    if any(each.network == "subnet" for each in plan.of(Postgres)):
        yield "data"
    if reach.has_images(plan) or any(isinstance(part, _STORES) for part in plan.parts):
        yield "endpoints"
    if network.bastion:
        yield "bastion"
    if network.vpn:
        yield "vpn"
    if network.firewall:
        yield "firewall"


def space(plan: Plan, region: str) -> IPv4Network:
    """The addresses of a region's network: in a second region, the next ones."""
    first = IPv4Network(reach.network_of(plan).space)
    return _shifted(first, first, plan.regions.index(region))


def layout(plan: Plan, region: str) -> Mapping[Tier, IPv4Network]:
    """The addresses of each tier that a plan needs, in a region.

    Raises:
        Refused: what the plan says about addresses cannot be had; all of it is named.
    """
    return _layouts(plan)[region]


@remembered
def _layouts(plan: Plan) -> Mapping[str, Mapping[Tier, IPv4Network]]:
    """The layout of every region."""
    network = reach.network_of(plan)
    whole = IPv4Network(network.space)
    given = {tier: IPv4Network(text) for tier, text in network.subnets.items()}
    wanted = needed(plan)
    if troubles := [*_wrong_with(given, network, plan), *_out_of_room(plan, network)]:
        raise Refused(troubles)
    placed = _all_tiers(whole, given) or _only(wanted, whole, given)
    if placed is None:
        what = f"{whole} has no room for {', '.join(wanted)}"
        raise Refused([_trouble(plan, network, what, f'give a larger space: "{whole.network_address}/16"')])
    if troubles := [*_too_small(placed, plan, network), *_taken_by_azure(placed, plan, network)]:
        raise Refused(troubles)
    return {
        region: {tier: _shifted(placed[tier], whole, number) for tier in wanted}
        for number, region in enumerate(plan.regions)
    }


# -- where a tier has its place -------------------------------------------------------------------------


def _all_tiers(whole: IPv4Network, given: Mapping[Tier, IPv4Network]) -> dict[Tier, IPv4Network] | None:
    """Every tier in its own sixteenth of the space, or near, so that none depends on what a plan needs."""
    placed = dict(given)
    for tier, home in zip(TIERS, whole.subnets(new_prefix=whole.prefixlen + 4), strict=False):
        usual, longest = SIZES[tier]
        length = min(max(usual, home.prefixlen), longest)
        if tier not in placed:
            found = _free(length, home, placed) or _free(length, whole, placed)
            if found is None:
                return None
            placed[tier] = found
    return placed


def _only(
    wanted: tuple[Tier, ...], whole: IPv4Network, given: Mapping[Tier, IPv4Network]
) -> dict[Tier, IPv4Network] | None:
    """The tiers that are needed, each as small as will do, the largest first."""
    placed = dict(given)
    for tier in sorted(wanted, key=lambda tier: SIZES[tier][1]):
        if tier not in placed:
            found = _free(SIZES[tier][1], whole, placed)
            if found is None:
                return None
            placed[tier] = found
    return placed


def _free(length: int, within: IPv4Network, placed: Mapping[Tier, IPv4Network]) -> IPv4Network | None:
    """The first addresses of that size that nobody has."""
    if length < within.prefixlen:
        return None
    candidates = within.subnets(new_prefix=length)
    return next((each for each in candidates if not any(each.overlaps(o) for o in placed.values())), None)


def _shifted(addresses: IPv4Network, whole: IPv4Network, times: int) -> IPv4Network:
    start = int(addresses.network_address) + times * whole.num_addresses
    return IPv4Network((start, addresses.prefixlen))


# -- what cannot be had ---------------------------------------------------------------------------------


def _trouble(plan: Plan, network: Network, what: str, hint: str) -> Trouble:
    return Trouble.about(plan, network.name if network in plan.parts else None, what, hint)


def _wrong_with(given: Mapping[Tier, IPv4Network], network: Network, plan: Plan) -> Iterator[Trouble]:
    """Given addresses that are too few. That they lie inside the space and apart, the model has seen to."""
    for tier, addresses in given.items():
        longest = SIZES[tier][1]
        if addresses.prefixlen > longest:
            what = f"{addresses} is too small for the tier {tier}: Azure wants /{longest} at least"
            larger = IPv4Network((int(addresses.network_address), longest), strict=False)
            yield _trouble(plan, network, what, f'write "{larger}"')


def _out_of_room(plan: Plan, network: Network) -> Iterator[Trouble]:
    """A further region whose next addresses belong to others."""
    whole = IPv4Network(network.space)
    for number, region in enumerate(plan.regions):
        if number and not _shifted(whole, whole, number).is_private:
            what = f"{region} would get {_shifted(whole, whole, number)}, addresses that belong to others"
            hint = f'begin lower, or with a smaller space: "10.0.0.0/{max(whole.prefixlen, 16)}"'
            yield _trouble(plan, network, what, hint)


def _too_small(placed: Mapping[Tier, IPv4Network], plan: Plan, network: Network) -> Iterator[Trouble]:
    """Tiers with fewer addresses than the machines that will stand in them."""
    nodes = sum(pool.nodes[1] + max(1, pool.nodes[1] // 10) for pool in plan.of(NodePool))
    gateways = sum(each.capacity[1] + 1 for each in plan.of(ApplicationGateway))
    wanted: tuple[tuple[Tier, int, str], ...] = (
        ("cluster", nodes, "nodes, with one in ten more while they are renewed"),
        ("edge", gateways, "instances of the application gateway, and its own address"),
    )
    for tier, count, whose in wanted:
        room = placed[tier].num_addresses - OWN_OF_AZURE if tier in placed else 0
        if count and room < count:
            what = f"{placed[tier]} of the tier {tier} has {room} addresses for {count}: {whose}"
            yield _trouble(plan, network, what, f"give the tier {tier} more addresses")


def _taken_by_azure(placed: Mapping[Tier, IPv4Network], plan: Plan, network: Network) -> Iterator[Trouble]:
    whole = IPv4Network(network.space)
    for number, region in enumerate(plan.regions if "apps" in needed(plan) else ()):
        apps = _shifted(placed["apps"], whole, number)
        for kept in NOT_FOR_APPS:
            if apps.overlaps(kept):
                what = f"{apps}, for Container Apps in {region}, is inside {kept}, which it keeps for itself"
                yield _trouble(plan, network, what, 'take another space: "10.0.0.0/16"')
