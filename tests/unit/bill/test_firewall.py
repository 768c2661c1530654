"""What Azure Firewall is charged for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from seatrial import System
from seatrial.bill.bill import Bill, Line
from seatrial.bill.range import exactly

FIREWALL = "Microsoft.Network/azureFirewalls"


def test_a_firewall_is_paid_in_each_region_by_the_hour_and_by_its_share_of_what_passes(
    priced: Callable[[System], Bill], line: Callable[..., Line]
) -> None:
    system = System("castle", region="eastus2", also_in=["westeurope"])
    system.service("web", "serve", port=8000, health="/health")
    net = system.network("net", firewall=True)
    system.usage(net, through="2 TB")

    bill = priced(system)

    for region in ("eastus2", "westeurope"):
        hours = line(bill, "firewall", FIREWALL, region)
        assert hours.amount == exactly(Decimal("912.50"))  # 730 × 1.25
        assert hours.steady
        passed = line(bill, "traffic", FIREWALL, region)
        assert passed.amount == exactly(Decimal("16.00"))  # 1,000 GB × 0.016
        assert passed.formula == "2 TB ÷ 2 regions, out and back"
