"""Is a description sound: beyond the examples of the rules."""

from __future__ import annotations

import pytest

from seatrial.check.findings import Finding

from .conftest import Check

SHOP = """
from seatrial import System, available, log, metric, queue_length, requests, unit_cost

shop = System("shop")
"""

WEB = 'web = shop.service("web", "serve", port=8000, health="/health", public=True)\n'


def _found(checked: Check, rule: str, text: str) -> list[Finding]:
    return [each for each in checked(SHOP + text).findings if each.rule == rule]


# -- parts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "used",
    [
        'shop.service("web", "serve", port=8000, health="/", reads=[photos])',
        'shop.worker("packer", "pack", replicas=(1, 1), uses=[photos])',
        'shop.logs("logs", archive=photos)',
    ],
)
def test_a_store_is_used_by_whoever_works_with_it(used: str, checked: Check) -> None:
    assert not _found(checked, "part-unused", f'photos = shop.blobs("photos")\n{used}\n')


def test_to_watch_a_store_is_not_to_use_it(checked: Check) -> None:
    text = """
orders = shop.postgres("orders")
shop.alert("busy", metric(orders, "cpu"), above=80, tell=[shop.contact("team")])
"""
    assert [each.part for each in _found(checked, "part-unused", text)] == ["orders"]


def test_a_variable_is_named_in_the_way_out_not_a_part(checked: Check) -> None:
    found = _found(checked, "secret-unread", 'shop.secret("payment-key")\n')

    assert [each.fix for each in found] == ["uses=[payment_key], or leave it out"]


def test_a_secret_by_which_people_are_reached_is_read(checked: Check) -> None:
    assert not _found(checked, "secret-unread", 'shop.contact("team", slack=shop.secret("slack"))\n')


def test_machines_on_which_nothing_runs_are_told(checked: Check) -> None:
    found = _found(checked, "part-unused", 'shop.node_pool("machines", machine="Standard_D4s_v5")\n')

    assert [each.what for each in found] == ["nothing runs on machines"]


@pytest.mark.parametrize(
    ("sender", "receiver", "told"),
    [
        ("sends=[orders]", "receives=[orders]", False),
        ("sends=[orders]", "", True),
        ("", "receives=[orders]", True),
        ("uses=[orders]", "", False),  # it may do both
    ],
)
def test_a_queue_has_two_sides(sender: str, receiver: str, told: bool, checked: Check) -> None:
    text = f"""
orders = shop.queue("orders")
shop.service("web", "serve", port=8000, health="/", public=True, {sender})
shop.worker("packer", "pack", replicas=(1, 1), {receiver})
"""
    assert bool(_found(checked, "queue-one-sided", text)) == told


def test_a_service_on_container_apps_has_a_rule_of_its_own(checked: Check) -> None:
    service = 'shop.service("web", "serve", port=8000, health="/", public=True, replicas=(1, 5){host})\n'

    assert not _found(checked, "replicas-never-more", service.format(host=""))
    assert _found(checked, "replicas-never-more", service.format(host=', host="aks"'))


# -- alarms ---------------------------------------------------------------------------------------------


def test_the_first_contact_is_told_of_troubles_of_azure(checked: Check) -> None:
    text = 'shop.contact("team")\nshop.contact("others")\n'

    assert [each.part for each in _found(checked, "contact-untold", text)] == ["others"]


def test_a_contact_may_be_told_by_the_budget_alone(checked: Check) -> None:
    text = 'shop.contact("team")\nmoney = shop.contact("money")\nshop.budget("$9/month", tell=[money])\n'

    assert not _found(checked, "contact-untold", text)


@pytest.mark.parametrize(
    ("limit", "told"),
    [("above=100", True), ("above=99", False), ("below=0", True), ("below=100", True), ("below=20", False)],
)
def test_a_share_lies_between_0_and_100_percent(limit: str, told: bool, checked: Check) -> None:
    alert = f'{WEB}shop.alert("busy", metric(web, "cpu"), {limit}, tell=[shop.contact("team")])\n'

    assert bool(_found(checked, "alert-out-of-range", alert)) == told


def test_a_count_may_be_above_100(checked: Check) -> None:
    alert = f'{WEB}shop.alert("busy", metric(web, "requests"), above=100, tell=[shop.contact("team")])\n'

    assert not _found(checked, "alert-out-of-range", alert)


# -- people ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        ("team@example.org", True),
        ("team@mail.example.com", True),
        ("team@shop.test", True),
        ("team@exemplary.com", False),
        ("team@contest.org", False),
    ],
)
def test_names_of_examples_reach_nobody(mail: str, told: bool, checked: Check) -> None:
    assert bool(_found(checked, "placeholder-names", f'shop.contact("team", mail=["{mail}"])\n')) == told


def test_bastion_leads_to_the_machines_of_a_cluster(checked: Check) -> None:
    text = """
shop.service("web", "serve", port=8000, health="/", public=True, host="aks")
shop.network("net", bastion=True)
"""
    assert not _found(checked, "bastion-without-machines", text)


# -- promises -------------------------------------------------------------------------------------------


def test_a_service_inside_is_reached_by_those_who_use_it(checked: Check) -> None:
    text = """
api = shop.service("api", "serve", port=8001, health="/health")
shop.service("web", "serve", port=8000, health="/health", public=True, uses=[api])
shop.expects(api.get("/orders"), p95="100 ms", at="20/s")
"""
    assert not _found(checked, "promise-unreached", text)


def test_an_availability_of_what_nobody_reaches_is_told(checked: Check) -> None:
    text = """
api = shop.service("api", "serve", port=8001, health="/health")
shop.expects(available("99.9 %", of=api))
"""
    assert [each.part for each in _found(checked, "promise-unreached", text)] == ["api"]


def test_people_may_come_to_a_service_by_a_vpn(checked: Check) -> None:
    text = """
api = shop.service("api", "serve", port=8001, health="/health")
shop.network("net", vpn=True)
shop.expects(api.get("/orders"), p95="100 ms", at="20/s")
"""
    assert not _found(checked, "promise-unreached", text)


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        ('{"/*": web}', False),
        ('{"/api/*": web}', False),
        ('{"/api/orders": web}', False),
        ('{"/pages/*": web}', True),
        ('{"/pages/*": web, "/api/*": web}', False),
    ],
)
def test_a_promised_path_has_to_be_routed(routes: str, told: bool, checked: Check) -> None:
    text = f"""
web = shop.service("web", "serve", port=8000, health="/health")
shop.front_door("entrance", routes={routes})
shop.expects(web.get("/api/orders?page=2"), p95="100 ms", at="20/s")
"""
    assert bool(_found(checked, "promise-off-route", text)) == told


def test_a_path_of_what_others_use_need_not_be_routed(checked: Check) -> None:
    text = """
web = shop.service("web", "serve", port=8000, health="/health")
shop.worker("packer", "pack", replicas=(1, 1), uses=[web])
shop.front_door("entrance", routes={"/pages/*": web})
shop.expects(web.get("/api/orders"), p95="100 ms", at="20/s")
"""
    assert not _found(checked, "promise-off-route", text)


# -- money ----------------------------------------------------------------------------------------------


def test_a_budget_that_the_bill_exceeds_names_what_is_dearest(checked: Check) -> None:
    text = """
orders = shop.postgres("orders", cores=8)
shop.service("web", "serve", port=8000, health="/health", public=True, uses=[orders])
shop.budget("$100/month", records=1000, requests="1k/month")
"""
    (found,) = _found(checked, "budget-exceeded", text)

    assert "where $100.00 are meant; the most goes to orders $" in found.what


def test_a_load_may_be_said_of_a_part(checked: Check) -> None:
    text = f'{WEB}shop.usage(web, requests="1k/month")\nshop.budget("$100/month")\n'

    assert not _found(checked, "budget-without-load", text)


def test_a_row_that_was_dear_enough_is_not_told(checked: Check) -> None:
    row = """
orders = shop.postgres("orders", cores=2)
shop.service("web", "serve", port=8000, health="/health", public=True, uses=[orders])
# claims.toml
[[table]]
variant = "base"
title = "A month"
[[table.line]]
what = "Database"
claimed = "{claimed}"
lines = ["orders"]
kind = "{kind}"
why = "Two cores alone cost $129.94."
"""
    assert _found(checked, "claim-below-price", row.format(claimed=75, kind="price"))
    assert not _found(checked, "claim-below-price", row.format(claimed=500, kind="price"))
    assert not _found(checked, "claim-below-price", row.format(claimed=75, kind="size"))


# -- variants and regions -------------------------------------------------------------------------------

ORDERS = """
orders = shop.postgres("orders", cores=2)
web = shop.service("web", "serve", port=8000, health="/health", public=True, uses=[orders])
"""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ('large.change(orders, storage="1 TiB")', False),
        ("large.change(orders, cores=8)", False),
        ('large.change(orders, network="subnet")', True),
        ("large.change(web, host='aks')", False),  # made anew beside the old: no data is in it
    ],
)
def test_a_variant_is_apart_where_data_would_have_to_move(change: str, told: bool, checked: Check) -> None:
    assert (
        bool(_found(checked, "variant-apart", f'{ORDERS}large = shop.variant("large")\n{change}\n')) == told
    )


def test_a_variant_in_another_region_is_apart(checked: Check) -> None:
    (found,) = _found(checked, "variant-apart", f'{ORDERS}shop.variant("west", region="westus2")\n')

    assert found.what == 'west: region="westus2" for "eastus2"'


def test_static_pages_have_no_stores_to_be_apart(checked: Check) -> None:
    text = f"""
shop = System("shop", region="eastus2", also_in=["westus2"])
{ORDERS}
pages = shop.site("pages", directory="web", port=8002)
shop.front_door("entrance", routes={{"/*": pages}})
"""
    assert not _found(checked, "regions-with-stores-apart", text)
