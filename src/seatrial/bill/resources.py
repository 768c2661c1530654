"""By type of resource: what says what it is charged for.

Types that cost nothing stand in `seatrial.azure.kinds` with their reason. A test shows that every type which
is billed has its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from seatrial.azure.graph import Resource
from seatrial.bill import network
from seatrial.bill.charges import Charge, Free
from seatrial.bill.reckoning import Reckoning

__all__ = ["CHARGES"]

CHARGES: Mapping[str, Callable[[Resource, Reckoning], Iterable[Charge | Free]]] = {
    "Microsoft.Network/natGateways": network.nat_gateway,
}
