"""What a Redis cluster is charged for: its nodes by the hour, two of them where it is highly available.

Sources: https://azure.microsoft.com/pricing/details/managed-redis/ and
https://learn.microsoft.com/azure/redis/architecture
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import whole_month
from seatrial.bill.usage import HOURS

__all__ = ["cluster"]


def cluster(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """Every node is paid for, the one that only follows too."""
    body = Body(resource.body)
    nodes = 1 if body.at("properties.highAvailability") == "Disabled" else 2
    yield Charge(
        what="compute",
        meter=_node(str(body.at("sku.name")), resource.region),
        quantity=exactly(nodes * HOURS),
        formula=whole_month(nodes, "node"),
        steady=True,
    )


def _node(sku: str, region: str) -> Meter:
    """`MemoryOptimized_M10` is sold as `Memory Optimized`, `M10`."""
    family, _, size = sku.partition("_")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", family)
    return Meter(
        service="Redis Cache",
        product=f"Azure Managed Redis - {spaced}",
        name=f"{size} Cache Instance",
        sku=size,
        region=region,
    )
