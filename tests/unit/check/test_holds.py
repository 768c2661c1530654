"""How bad what does not hold is, where it is not always the same."""

from __future__ import annotations

from .conftest import Check

SYSTEM = """
from seatrial import System, available, log, metric, queue_length, recovery, requests

shop = System("shop")
"""


def _severities(checked: Check, rule: str, text: str) -> list[str]:
    return [each.severity for each in checked(SYSTEM + text).findings if each.rule == rule]


def test_a_service_that_sleeps_breaks_its_promise_where_most_requests_come_after_a_pause(
    checked: Check,
) -> None:
    # 20 an hour are 1 in 180 s: of those that come by chance, 1/e^(300/180) = 19 % come after 300 s
    seldom = """
api = shop.service("api", "serve", port=8000, replicas=(0, 4))
shop.expects(api.get("/orders"), p95="200 ms", at="20/h")
"""
    # 20 a second: 1/e^6000, none
    often = seldom.replace("20/h", "20/s")

    assert _severities(checked, "sleeps-behind-latency", seldom) == ["error"]
    assert _severities(checked, "sleeps-behind-latency", often) == ["warning"]


def test_promises_of_one_service_come_all_at_once(checked: Check) -> None:
    # 60/s × 0.2 s = 12 at once; 1 replica × 10. Each by itself, 6 at once, would do.
    text = """
api = shop.service("api", "serve", port=8000, replicas=(1, 1), scale=[requests(10)])
shop.usage(api, request_time="200 ms")
shop.expects(api.get("/orders"), p95="500 ms", at="30/s")
shop.expects(api.get("/goods"), p95="500 ms", at="30/s")
"""
    assert _severities(checked, "rate-beyond-replicas", text) == ["error"]
    assert not _severities(checked, "rate-beyond-replicas", text.replace('"30/s"', '"20/s"'))


def test_regions_share_a_promised_rate(checked: Check) -> None:
    # 60/s × 0.2 s = 12 at once, 6 in each of two regions
    text = """
shop = System("shop", also_in=["centralus"])
api = shop.service("api", "serve", port=8000, replicas=(1, 1), scale=[requests(10)])
shop.usage(api, request_time="200 ms")
shop.expects(api.get("/orders"), p95="500 ms", at="60/s")
"""
    assert not _severities(checked, "rate-beyond-replicas", text)


def test_connections_that_only_a_release_opens_are_a_warning(checked: Check) -> None:
    # 5 replicas × 6 = 30 of 35; with the next release beside it, 60
    text = """
orders = shop.postgres("orders", cores=1, memory="2 GiB")
shop.service("api", "serve", port=8000, replicas=(1, 5), uses=[orders], env={"POOL_SIZE": "6"})
"""
    assert _severities(checked, "postgres-connections", text) == ["warning"]
    assert _severities(checked, "postgres-connections", text.replace('"6"', '"8"')) == ["error"]  # 40


def test_work_that_is_only_sometimes_longer_than_the_lock_is_a_note(checked: Check) -> None:
    text = """
orders = shop.queue("orders", lock="1 min")
packer = shop.worker("packer", "pack", scale=[queue_length(orders)], receives=[orders])
shop.usage(packer, item_time=("10 s", "30 s", "2 min"))
"""
    assert _severities(checked, "lock-shorter-than-work", text) == ["note"]
    assert _severities(checked, "lock-shorter-than-work", text.replace("30 s", "90 s")) == ["warning"]


def test_a_queue_that_only_sends_is_no_work_of_its_sender(checked: Check) -> None:
    text = """
orders = shop.queue("orders", lock="1 min")
api = shop.service("api", "serve", port=8000, sends=[orders])
shop.usage(api, item_time="5 min")
"""
    assert not _severities(checked, "lock-shorter-than-work", text)


def test_machines_of_a_plan_count_where_services_share_them(checked: Check) -> None:
    text = """
farm = shop.app_service_plan("farm", size="P1v3", instances=(1, 3))
api = shop.service("api", "serve", port=8000, replicas=(1, 1), public=True, host=farm)
shop.expects(available("99.9 %", of=api))
"""
    found = [
        each.part
        for each in checked(SYSTEM + text).findings
        if each.rule in ("one-replica-for-availability", "one-replica-for-rate")
    ]
    assert found == ["farm"]


def test_a_standby_does_not_save_what_is_lost_with_the_region(checked: Check) -> None:
    text = """
orders = shop.postgres("orders", standby="another zone")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="10 min"))
"""
    assert _severities(checked, "lost-with-region", text) == ["warning"]
    assert not _severities(checked, "restore-loses-minutes", text)


def test_copies_in_other_regions_of_the_system_save_it(checked: Check) -> None:
    text = """
shop = System("shop", also_in=["centralus"])
carts = shop.documents("carts", partition="/user", throughput=1000)
shop.expects(recovery(carts, loses_at_most="1 h", back_within="4 h"))
"""
    assert not _severities(checked, "lost-with-region", text)


def test_a_gateway_that_says_no_zone_is_a_note_and_one_in_a_single_zone_a_warning(checked: Check) -> None:
    text = """{"type": "Microsoft.Network/applicationGateways", "name": "in", "location": "eastus2",
 "properties": {"sku": {"name": "WAF_v2"}}}"""
    pinned = text.replace('"location"', '"zones": ["2"], "location"')

    assert [each.severity for each in checked(text).findings if each.rule == "pinned-to-one-zone"] == ["note"]
    assert [each.severity for each in checked(pinned).findings if each.rule == "pinned-to-one-zone"] == [
        "warning"
    ]


def test_a_region_without_zones_has_none_to_be_spread_over(checked: Check) -> None:
    text = """{"type": "Microsoft.App/managedEnvironments", "name": "apps", "location": "North Central US",
 "properties": {}}"""

    assert not [each for each in checked(text).findings if each.rule == "apps-in-one-zone"]
