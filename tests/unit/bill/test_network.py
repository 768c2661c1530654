"""What NAT gateways, addresses, Bastion, VPN and peerings are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.charges import Charge, Free
from seatrial.bill.network import bastion, public_address
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage
from seatrial.model import Stated

Find = Callable[..., Line]


def island(region: str = "eastus2", **network: Any) -> System:
    """A service nobody asks, in a network through which 500 GB go out, and 20 h of an administrator."""
    system = System("island", region=region)
    system.service("web", "serve", port=8000, health="/health")
    net = system.network("net", **network)
    system.usage(net, through="500 GB", connected="20 h")
    return system


def test_a_nat_gateway_is_paid_by_the_hour_and_by_what_passes(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(island(nat=True))

    assert line(bill, "gateway", "natGateways").amount == exactly(Decimal("32.85"))  # 730 × 0.045
    assert line(bill, "traffic", "natGateways").amount == exactly(Decimal("22.50"))  # 500 × 0.045
    assert line(bill, "traffic", "natGateways").formula == "500 GB, out and back"


def test_the_address_of_a_nat_gateway_is_paid_by_the_hour(
    priced: Callable[[System], Bill], line: Find
) -> None:
    bill = priced(island(nat=True))

    assert line(bill, "address", resource="natAddress").amount == exactly(Decimal("3.65"))  # 730 × 0.005
    assert line(bill, "address").steady


def test_an_address_of_ipv6_costs_nothing() -> None:
    plan = island(nat=True).plan()
    made = graph(plan)
    (old,) = made.of("Microsoft.Network/publicIPAddresses")
    properties = {**old.body["properties"], "publicIPAddressVersion": "IPv6"}
    newer = replace(old, body={**old.body, "properties": properties})

    (free,) = public_address(newer, Reckoning(made, Usage(plan)))

    assert isinstance(free, Free)


def test_what_goes_out_is_new_records_logs_and_images_when_nobody_says_it(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("island", region="eastus2")
    system.service("web", "serve", port=8000, health="/health", public=True)
    system.network("net", nat=True)
    system.registry("images", tier="basic")
    system.usage(new_records="1M/month", record_size="10 KB", deployments="10/month")
    system.usage(requests="1M/month", log_size="2 KB")

    bill = priced(system)

    # 10 GB of records, 2 GB of logs, and 10 versions of one image: 50 MiB, 200 MiB or 1 GiB of each
    passed = line(bill, "traffic", "natGateways").used
    mib = Decimal(2**20) / 10**9
    assert passed == Range(12 + 500 * mib, 12 + 2_000 * mib, 12 + 10_240 * mib)


def test_what_workers_exchange_and_queues_carry_goes_out_as_well(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("island", region="eastus2")
    jobs = system.queue("jobs")
    fetcher = system.worker("fetcher", "fetch", sends=[jobs])
    system.network("net", firewall=True)
    system.usage(requests="0/month", new_records="0/month", record_size="1 KB")
    system.usage(jobs, through="30 GB")
    system.usage(fetcher, through="70 GB")

    assert line(priced(system), "traffic", "azureFirewalls").used == exactly(100)


def ways_in(connected: str) -> list[Charge | Free]:
    """What Bastion is charged for when administrators are connected for so long."""
    plan = island(bastion=True).plan()
    made = graph(plan)
    seconds = Decimal(connected)
    time = Stated(part="net", name="connected", low=seconds, likely=seconds, high=seconds)
    (host,) = made.of("Microsoft.Network/bastionHosts")
    return list(bastion(host, Reckoning(made, Usage(plan, [time]))))


def test_bastion_is_paid_by_the_hour_and_terminals_are_free() -> None:
    hours, sent = ways_in("72000")

    assert isinstance(hours, Charge)
    assert hours.meter.name == "Standard Gateway"
    assert hours.meter.region == "eastus2"
    assert hours.quantity == exactly(730)
    assert hours.steady
    # 72,000 s × 5 KB = 0.36 GB
    assert isinstance(sent, Free)
    assert sent.why == "0.36 GB at most by terminals, and 5 GB a month are free"


def test_much_that_is_sent_through_bastion_is_paid() -> None:
    _, sent = ways_in("2000000")

    assert isinstance(sent, Charge)
    assert sent.meter.name == "Standard Data Transfer Out"
    assert sent.quantity == exactly(10)  # 2,000,000 s × 5 KB
    assert sent.formula == "555.56 h connected × 5 KB/s"


def test_a_gateway_for_a_vpn_is_paid_by_the_hour_and_by_what_leaves_azure(
    priced: Callable[[System], Bill], line: Find
) -> None:
    system = System("island", region="eastus2")
    net = system.network("net", vpn=True)
    system.usage(net, connected="1000 h")

    bill = priced(system)

    assert line(bill, "gateway", "virtualNetworkGateways").amount == exactly(Decimal("153.30"))  # 730 × 0.21
    # 1,000 h × 3,600 s × 50 KB = 180 GB, of which 100 are free: 80 × 0.087 = 6.96
    assert line(bill, "traffic out", "virtualNetworkGateways").amount == exactly(Decimal("6.96"))


def test_a_peering_is_paid_at_both_ends(priced: Callable[[System], Bill], line: Find) -> None:
    system = System("isles", region="eastus2", also_in=["westeurope", "southeastasia"])
    results = system.documents("results", partition="/team", throughput=4_000)
    system.service("web", "serve", port=8000, health="/health", uses=[results])
    system.usage(deployments="0/month")  # no image goes anywhere
    system.usage(results, through="300 GB")

    bill = priced(system)

    # a third of 300 GB goes to each further region: 100 × 0.035 where it leaves, and where it comes in
    # 100 × 0.035 in Europe and 100 × 0.09 in Asia
    out, back = "traffic to westeurope", "traffic from eastus2"
    assert line(bill, out, region="eastus2").amount == exactly(Decimal("3.50"))
    assert line(bill, back, region="westeurope").amount == exactly(Decimal("3.50"))
    assert line(bill, back, region="southeastasia").amount == exactly(Decimal("9.00"))
    assert line(bill, out).price.meter.name == "Inter-Region Egress"
    assert line(bill, back, region="westeurope").price.meter.name == "Inter-Region Ingress"
