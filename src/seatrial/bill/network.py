"""What the ground of the network is charged for: NAT gateways, addresses, Bastion, VPN, peerings.

Sources: https://azure.microsoft.com/pricing/details/azure-nat-gateway/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import ALL_MONTH
from seatrial.model import Network

__all__ = ["nat_gateway"]

GB = 10**9
"""Traffic is sold by the GB of 10⁹ bytes."""


def nat_gateway(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """By the hour, and by the GB in both directions."""
    part = reckoning.part_of(resource, Network)
    passed = reckoning.figure(
        "through", part, assumed=reckoning.figure("answer_size") * reckoning.figure("requests"), why="…"
    )
    yield Charge(
        what="gateway", meter=_nat("Standard Gateway"), quantity=ALL_MONTH, formula="730 h", steady=True
    )
    here = passed * reckoning.share(resource) / GB
    yield Charge(
        what="traffic",
        meter=_nat("Standard Data Processed"),
        quantity=here,
        formula="what passes in both ways",
    )


def _nat(name: str) -> Meter:
    return Meter(service="NAT Gateway", product="NAT Gateway", name=name, sku="Standard", region="Global")
