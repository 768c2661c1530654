"""Surprises come with their figures, and are not told where there is nothing to be surprised about."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial.check.case import Case
from seatrial.check.findings import Finding
from seatrial.model import System, requests

from .conftest import Check


def found(checked: Check, text: str, rule: str) -> list[Finding]:
    return [each for each in checked(text).findings if each.rule == rule]


SHOP = """
from seatrial import System, backlog, cpu, queue_length, recovery, requests

shop = System("shop")
"""


def test_two_ready_sessions_cost_a_whole_machine(checked: Check) -> None:
    # An E16: 16 vCPU x 730 h x 0.057077 = 666.66; 128 GiB x 730 h x 0.004978 = 465.14; together 1,131.80
    [told] = found(
        checked, SHOP + 'shop.sandbox("trial", "run", port=8080, ready=2)', "session-pool-machines"
    )

    assert told.what == (
        "2 ready sessions keep 1 machine of 16 vCPU and 128 GiB all month, $1,131.80 with nothing to do"
    )


def test_forty_ready_sessions_take_three_machines(checked: Check) -> None:
    # One vCPU and 2 GiB each: 16 of them on a machine, so 40 take 3 of them: 3 x 1,131.8037 = 3,395.41
    [told] = found(
        checked,
        SHOP + 'shop.sandbox("trial", "run", port=8080, cpu=1, memory="2 GiB", ready=40, most=50)',
        "session-pool-machines",
    )

    assert "3 machines" in told.what
    assert "$3,395.41" in told.what


def test_a_pool_of_anybodys_template_without_a_known_price_is_told_without_one(checked: Check) -> None:
    template = """{"type": "Microsoft.App/sessionPools", "name": "trial", "location": "[parameters('where')]",
     "properties": {"containerType": "CustomContainer", "scaleConfiguration": {"readySessionInstances": 1},
     "customContainerTemplate": {"containers": [{"resources": {"cpu": 1, "memory": "2Gi"}}]}}}"""

    [told] = found(checked, template, "session-pool-machines")

    assert told.what == "1 ready session keeps 1 machine of 16 vCPU and 128 GiB all month"


def test_a_promised_service_may_keep_its_replica(checked: Check) -> None:
    service = 'api = shop.service("api", "serve", port=8000, cpu=2, memory="4 GiB", scale=[requests(50)])\n'
    load = 'shop.budget("$900/month", requests="10k/month")\n'
    promise = 'shop.expects(api.get("/orders"), p95="200 ms", at="1/s")\n'

    assert found(checked, SHOP + service + load, "idle-replicas")
    assert not found(checked, SHOP + service + load + promise, "idle-replicas")


def test_what_a_promised_service_uses_keeps_its_replica_too(checked: Check) -> None:
    text = (
        SHOP
        + """
search = shop.service("search", "search", port=9000, cpu=2, memory="4 GiB", scale=[requests(50)])
api = shop.service("api", "serve", port=8000, uses=[search], scale=[requests(50)])
shop.budget("$900/month", requests="10k/month")
shop.expects(api.get("/orders"), p95="200 ms", at="1/s")
"""
    )

    assert not found(checked, text, "idle-replicas")


def test_a_share_of_the_budget_is_told_where_some_prices_are_missing() -> None:
    # East US has no price of the server that is asked for: there is no bill, and yet all other lines
    shop = System("shop", region="eastus")
    shop.network("net", bastion=True, vpn=True)
    shop.postgres("orders", cores=2)
    shop.budget("$200/month", requests="10k/month")

    case = Case(shop.plan())

    assert case.bill is None
    gateways = [line for line in case.lines if line.type == "Microsoft.Network/virtualNetworkGateways"]
    assert sum(line.amount.likely for line in gateways) > 100
    assert not [line for line in case.lines if line.type == "Microsoft.DBforPostgreSQL/flexibleServers"]


def test_where_all_prices_are_known_the_lines_are_those_of_the_bill() -> None:
    shop = System("shop")
    shop.service("api", "serve", port=8000, scale=[requests(50)])

    case = Case(shop.plan())

    assert case.bill is not None
    assert case.lines == case.bill.lines


@pytest.mark.parametrize(
    ("cron", "awake"),
    [("* * * * *", True), ("*/5 * * * *", True), ("*/6 * * * *", False), ("*/5 3 * * *", False)],
)
def test_a_schedule_keeps_awake_what_it_calls_every_five_minutes(
    checked: Check, cron: str, awake: bool
) -> None:
    text = (
        SHOP
        + f"""
api = shop.service("api", "serve", port=8000, replicas=(0, 4), scale=[requests(50)])
shop.schedule("sweep", "sweep", cron="{cron}", uses=[api])
"""
    )

    assert bool(found(checked, text, "kept-awake")) == awake


def test_front_door_keeps_a_sleeper_awake_only_from_several_regions(checked: Check) -> None:
    one = (
        SHOP
        + """
api = shop.service("api", "serve", port=8000, public=True, replicas=(0, 4), scale=[requests(50)])
shop.front_door("door", routes={"/*": api})
"""
    )
    several = one.replace('System("shop")', 'System("shop", also_in=["westeurope"])')

    assert not found(checked, one, "kept-awake")
    assert found(checked, several, "kept-awake")


def test_replicas_at_their_most_are_reckoned_by_the_price_of_work(checked: Check) -> None:
    # A replica of 2 vCPU and 4 GiB all month: 2,628,000 s x (2 x 0.000024 + 4 x 0.000003) = 157.68; 50: 7,884
    text = (
        SHOP
        + """
shop.service("api", "serve", port=8000, cpu=2, memory="4 GiB", replicas=(1, 50), scale=[requests(50)])
shop.budget("$500/month", requests="10k/month")
"""
    )

    [told] = found(checked, text, "most-replicas")

    assert "$7,884.00" in told.what
    assert told.fix.startswith("replicas=(1, 3)")  # 3 x 157.68 = 473.04; 4 would be 630.72


def test_machines_with_gpus_are_told_where_the_work_is_known_only(checked: Check) -> None:
    text = (
        SHOP
        + """
films = shop.queue("films")
gpus = shop.node_pool("gpus", machine="Standard_NC4as_T4_v3", nodes=(2, 10), gpus=1)
cut = shop.worker("cut", "cut", gpus=1, replicas=(2, 10), receives=[films], scale=[queue_length(films)],
                  host=gpus)
"""
    )
    little = 'shop.usage(cut, items="10k/month", item_time="10 s")\n'  # 100,000 s, 28 h, of 2 x 730 h
    much = 'shop.usage(cut, items="400k/month", item_time="10 s")\n'  # 1,111 h

    assert not found(checked, text, "idle-gpus")
    assert not found(checked, text + much, "idle-gpus")
    [told] = found(checked, text + little, "idle-gpus")
    assert "28 hours of work of 1,460" in told.what


def test_empty_disk_is_paid_by_what_the_budget_says_is_kept(checked: Check) -> None:
    # 1,000,000 records of 8 KiB are 7.6 GiB of 1,024 GiB: 1,024 x 0.115 x (1 - 7.6 / 1,024) = 116.88
    text = (
        SHOP
        + """
shop.postgres("orders", cores=4, storage="1 TiB")
shop.usage(record_size="8 KiB")
shop.budget("$900/month", records=1_000_000, requests="1M/month")
"""
    )

    [told] = found(checked, text, "disk-cannot-shrink")

    assert told.what.startswith("1 TiB for 8 GiB at most: $116.88 a month")
    assert told.fix.startswith('storage="128 GiB"')  # the first disk that is not slow


def test_a_server_that_is_small_on_purpose_may_have_a_small_disk(checked: Check) -> None:
    template = """{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
     "sku": {"name": "Standard_B1ms", "tier": "Burstable"},
     "properties": {"version": "17", "storage": {"storageSizeGB": 32}}}"""

    assert not found(checked, template, "disk-slower-than-server")


def test_a_savings_plan_saves_a_fifth_of_a_server() -> None:
    # Database savings plan of a year: 20 % less. 8 vCores x 730 h x 0.089 = 519.76; x 0.8 = 415.81
    shop = System("shop")
    shop.postgres("orders", cores=8)

    lines = [line for line in Case(shop.plan()).lines if line.what == "compute"]

    assert [line.amount.likely for line in lines] == [Decimal("519.76")]
    [line] = lines
    saved = line.price.terms["sp-1y"] / line.price.tiers[0].price
    assert (519_76 * saved / 100).quantize(Decimal("0.01")) == Decimal("415.81")


@pytest.mark.parametrize(
    ("regions", "most", "told"),
    [
        (1, 4_000, None),
        (1, 20_000, "up to 20,000 RU/s are paid as 2,000 RU/s at least, all month, in 1 region"),
        (2, 4_000, "up to 4,000 RU/s are paid as 400 RU/s at least, all month, in 2 regions"),
    ],
)
def test_a_tenth_of_the_throughput_is_paid_in_each_region(
    checked: Check, regions: int, most: int, told: str | None
) -> None:
    also = ["westeurope"][: regions - 1]
    text = f"""
from seatrial import System

shop = System("shop", also_in={also!r})
shop.documents("carts", partition="/customer", throughput={most})
"""

    findings = found(checked, text, "autoscale-minimum")

    assert [each.what for each in findings] == ([] if told is None else [told])


def test_a_firewall_of_anybodys_template_has_its_price(checked: Check) -> None:
    # 730 h x 1.25
    template = """{"type": "Microsoft.Network/azureFirewalls", "name": "wall", "location": "eastus2",
     "properties": {"sku": {"name": "AZFW_VNet", "tier": "Standard"}}}"""

    [told] = found(checked, template, "paid-by-the-hour")

    assert told.what == "stands all month, $912.50 a month before any traffic"
    assert not found(checked, template.replace("eastus2", "nowhere"), "paid-by-the-hour")


def test_premium_messages_behind_a_private_endpoint_are_used(checked: Check) -> None:
    bus = """{"type": "Microsoft.ServiceBus/namespaces", "name": "bus", "location": "eastus2",
     "sku": {"name": "Premium"}, "properties": {}}"""
    endpoint = '{"type": "Microsoft.Network/privateEndpoints", "name": "in", "properties": {}}'

    assert found(checked, bus, "bus-premium-unused")
    assert not found(checked, f"[{bus}, {endpoint}]", "bus-premium-unused")
