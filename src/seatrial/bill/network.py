"""What the ground of the network is charged for: NAT gateways, addresses, Bastion, VPN, peerings.

Sources: https://azure.microsoft.com/pricing/details/azure-nat-gateway/,
https://azure.microsoft.com/pricing/details/ip-addresses/, https://azure.microsoft.com/pricing/details/azure-bastion/,
https://azure.microsoft.com/pricing/details/vpn-gateway/, https://azure.microsoft.com/pricing/details/virtual-network/
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure import reach
from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill import egress
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.passing import images_pulled, through
from seatrial.bill.range import Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import gigabytes, shared, size, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.bill.words import counted, in_unit
from seatrial.model import Documents, Network

__all__ = ["bastion", "nat_gateway", "peering", "public_address", "vpn_gateway"]


def nat_gateway(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """By the hour, and by the GB in both directions.

    What passes is fetched from outside, or goes to Azure Monitor in the same region: neither is charged as
    traffic that leaves Azure.
    """
    part = reckoning.part_of(resource, Network)
    meter = _nat("Gateway")
    yield Charge(what="gateway", meter=meter, quantity=ALL_MONTH, formula=whole_month(), steady=True)
    passed, share = through(reckoning, part), reckoning.share(resource)
    yield Charge(
        what="traffic",
        meter=_nat("Data Processed"),
        quantity=gigabytes(passed * share),
        formula=f"{size(passed)}{shared(share)}, out and back",
    )


def _nat(name: str) -> Meter:
    """The newer SKU, `StandardV2`, is charged by the meters of the older one."""
    product = "NAT Gateway"
    return Meter(service=product, product=product, name=f"Standard {name}", sku="Standard", region="Global")


# -- addresses ------------------------------------------------------------------------------------------


def public_address(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the hour. That of an application gateway is in the gateway's own price; IPv6 costs nothing.

    Source: https://learn.microsoft.com/azure/application-gateway/understanding-pricing#instance-count and
    https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses
    """
    for user in reckoning.graph.of("Microsoft.Network/applicationGateways"):
        if resource.ref in user.needs:
            yield Free(what="public address", why="in the price of the application gateway")
            return
    body = Body(resource.body)
    sku = "Global" if body.at("sku.tier") == "Global" else str(body.at("sku.name"))
    version = str(body.at("properties.publicIPAddressVersion") or "IPv4")
    if version == "IPv6":
        yield Free(what="public address", why="addresses of IPv6 cost nothing")
        return
    kind = str(body.at("properties.publicIPAllocationMethod"))
    yield Charge(
        what="address",
        meter=Meter(
            service="Virtual Network",
            product="IP Addresses",
            name=f"{sku} {version} {kind} Public IP",
            sku=sku,
            region=resource.region,
        ),
        quantity=ALL_MONTH,
        formula=whole_month(1, "address"),
        steady=True,
    )


# -- how administrators come in -------------------------------------------------------------------------

CONNECTED = Range(Decimal(5 * 3600), Decimal(20 * 3600), Decimal(80 * 3600))
"""The time in a month in which an administrator is connected."""
BY_TERMINAL = Decimal(5_000)
BY_CLIENT = Decimal(50_000)
"""Bytes a second that an administrator is sent: by a terminal; by a client of the database, with dumps."""

INCLUDED_INSTANCES = 2
FREE_GB = 5
"""What is in the hourly price of Bastion.
Source: https://azure.microsoft.com/pricing/details/azure-bastion/"""

INCLUDED_CLIENTS = 128
"""The connections of clients that are in the hourly price of a gateway for a VPN.
Source: https://azure.microsoft.com/pricing/details/vpn-gateway/"""


def bastion(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the hour, whoever is connected; by instances above two; by what is sent, above 5 GB."""
    body = Body(resource.body)
    sku = str(body.at("sku.name"))
    if sku == "Developer":
        yield Free(what="Azure Bastion", why="the developer tier, shared with others")
        return
    yield Charge(
        what="gateway",
        meter=_bastion(sku, "Gateway", resource),
        quantity=ALL_MONTH,
        formula=whole_month(),
        steady=True,
    )
    further = int(body.at("properties.scaleUnits") or INCLUDED_INSTANCES) - INCLUDED_INSTANCES
    if further > 0:
        yield Charge(
            what="further instances",
            meter=_bastion(sku, "Additional Gateway", resource),
            quantity=ALL_MONTH * further,
            formula=whole_month(further, "further instance"),
            steady=True,
        )
    sent, formula = _sent(resource, reckoning, BY_TERMINAL)
    if sent.high <= FREE_GB:
        why = f"{counted(sent.high)} GB at most by terminals, and {FREE_GB} GB a month are free"
        yield Free(what="traffic out", why=why)
    else:
        meter = _bastion(sku, "Data Transfer Out", resource)
        yield Charge(what="traffic out", meter=meter, quantity=sent, formula=formula)


def _bastion(sku: str, name: str, resource: Resource) -> Meter:
    return Meter(
        service="Azure Bastion",
        product="Azure Bastion",
        name=f"{sku} {name}",
        sku=sku,
        region=resource.region,
    )


def vpn_gateway(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the hour; by what goes out to those who are connected, at the price of all that leaves Azure.

    Source: https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-about-vpngateways#pricing
    """
    sku = str(Body(resource.body).at("properties.sku.name"))
    yield Charge(
        what="gateway",
        meter=Meter(
            service="VPN Gateway",
            product="VPN Gateway",
            name="Basic Gateway" if sku == "Basic" else sku,
            sku=sku,
            region=resource.region,
        ),
        quantity=ALL_MONTH,
        formula=whole_month(),
        steady=True,
    )
    yield Free(
        what="connections",
        why=f"administrators come one by one, and {INCLUDED_CLIENTS} at once are in the price of the gateway",
    )
    sent, formula = _sent(resource, reckoning, BY_CLIENT)
    yield egress.out(resource, reckoning, sent, formula)


def _sent(resource: Resource, reckoning: Reckoning, speed: Decimal) -> tuple[Range, str]:
    """What administrators are sent by one of the ways in, in GB."""
    part = reckoning.part_of(resource, Network)
    time = reckoning.figure("connected", part, assumed=CONNECTED, why="an hour of each working day")
    share = reckoning.share(resource)
    connected = in_unit(time.likely, "seconds")
    formula = f"{connected} connected × {counted(speed / 1000)} KB/s{shared(share)}"
    return gigabytes(time * share * speed), formula


# -- peerings -------------------------------------------------------------------------------------------


def peering(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """By the GB that goes out and that comes in, each at the price of the end where it does.

    Between further regions and the first goes what is kept in the first alone: documents, and images.
    """
    plan = reckoning.plan
    first = plan.region
    here, there = resource.region, _other(resource, reckoning)
    passed = total(through(reckoning, each) for each in plan.of(Documents)) * (1 / Decimal(len(plan.regions)))
    formula = f"{size(passed)} of documents for one of {len(plan.regions)} regions"
    if reach.private_registry(plan):
        pulled = images_pulled(reckoning)
        passed, formula = passed + pulled, f"{formula} + {size(pulled)} of images"
    inside = here == there
    direction, towards = ("Egress", "to") if here == first else ("Ingress", "from")
    yield Charge(
        what=f"traffic {towards} {there}",
        meter=Meter(
            service="Virtual Network",
            product="Virtual Network Peering" if inside else "Global Virtual Network Peering",
            name=f"{'Intra' if inside else 'Inter'}-Region {direction}",
            sku=f"{'Intra' if inside else 'Inter'}-Region",
            region="Global" if inside else here,
        ),
        quantity=gigabytes(passed),
        formula=f"{formula}, nearly all of it from {first}",
    )


def _other(resource: Resource, reckoning: Reckoning) -> str:
    """The region of the network at the other end."""
    remote = resource.body["properties"]["remoteVirtualNetwork"]["id"].of
    return reckoning.graph.by_ref[remote].region
