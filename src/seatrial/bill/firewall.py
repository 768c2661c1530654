"""What Azure Firewall is charged for: its hours, and what passes it.

Its policy costs nothing with one firewall. Capacity grows with the load by itself and is in the price.
Source: https://azure.microsoft.com/pricing/details/azure-firewall/
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.passing import through
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import gigabytes, shared, size, whole_month
from seatrial.bill.usage import ALL_MONTH
from seatrial.model import Network

__all__ = ["firewall"]


def firewall(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    part = reckoning.part_of(resource, Network)
    tier = str(Body(resource.body).at("properties.sku.tier"))
    yield Charge(
        what="firewall",
        meter=_meter(tier, "Deployment", resource.region),
        quantity=ALL_MONTH,
        formula=whole_month(),
        steady=True,
    )
    passed, share = through(reckoning, part), reckoning.share(resource)
    yield Charge(
        what="traffic",
        meter=_meter(tier, "Data Processed", resource.region),
        quantity=gigabytes(passed * share),
        formula=f"{size(passed)}{shared(share)}, out and back",
    )


def _meter(tier: str, name: str, region: str) -> Meter:
    return Meter(
        service="Azure Firewall", product="Azure Firewall", name=f"{tier} {name}", sku=tier, region=region
    )
