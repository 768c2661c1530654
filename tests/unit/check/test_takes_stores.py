"""What Azure would not take of stores, in the words of people: further cases than the rules' own examples."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.check.rules.takes_models import RETIRED_MODELS

from .conftest import Check

SERVER = "Microsoft.DBforPostgreSQL/flexibleServers"
ACCOUNT = "Microsoft.Storage/storageAccounts"
BUS = "Microsoft.ServiceBus/namespaces"
MODEL = "Microsoft.CognitiveServices/accounts/deployments"


def said(checked: Check, rule: str, *resources: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What a rule says of resources, how bad it is, and the way out."""
    findings = checked(json.dumps(list(resources))).findings
    return [(each.what, each.severity, each.fix) for each in findings if each.rule == rule]


def server(**body: Any) -> dict[str, Any]:
    return {"type": SERVER, "name": "orders", "location": "eastus2", **body}


@pytest.mark.parametrize(
    ("written", "size", "tier"),
    [
        ("GP_Standard_D4s_v3", "Standard_D4s_v3", "GeneralPurpose"),
        ("B_Standard_B1ms", "Standard_B1ms", "Burstable"),
        ("MO_Standard_E4s_v3", "Standard_E4s_v3", "MemoryOptimized"),
    ],
)
def test_a_size_of_terraform_is_taken_apart(checked: Check, written: str, size: str, tier: str) -> None:
    [(_, _, fix)] = said(checked, "postgres-size-of-terraform", server(sku={"name": written, "tier": tier}))

    assert fix == f'"sku": {{"name": "{size}", "tier": "{tier}"}}'


def test_a_size_in_the_tier_of_other_sizes_is_told(checked: Check) -> None:
    sku = {"name": "Standard_E4ds_v5", "tier": "GeneralPurpose"}

    [(what, _, _)] = said(checked, "postgres-tier", server(sku=sku))

    assert what == "Standard_E4ds_v5 is MemoryOptimized, not GeneralPurpose"


@pytest.mark.parametrize(
    ("gib", "instead"), [(16, 32), (100, 128), (3000, 4095), (32768, 32767), (99999, 32767)]
)
def test_the_next_disk_is_named(checked: Check, gib: int, instead: int) -> None:
    found = said(checked, "postgres-disk-size", server(properties={"storage": {"storageSizeGB": gib}}))

    assert [fix for _, _, fix in found] == [f'"storageSizeGB": {instead}']


def test_disks_of_the_second_generation_have_any_size(checked: Check) -> None:
    storage = {"storageSizeGB": 100, "type": "PremiumV2_LRS"}

    assert not said(checked, "postgres-disk-size", server(properties={"storage": storage}))


@pytest.mark.parametrize(
    ("version", "severity"),
    [("10", "error"), ("11", "error"), ("13", "warning"), ("14", "warning"), ("17", None)],
)
def test_a_version_at_its_end_costs_before_it_is_gone(
    checked: Check, version: str, severity: str | None
) -> None:
    found = said(checked, "postgres-version", server(properties={"version": version}))

    assert [severity for _, severity, _ in found] == ([severity] if severity else [])


def test_a_replica_of_a_burstable_server_is_refused(checked: Check) -> None:
    follower = server(sku={"name": "Standard_B2s", "tier": "Burstable"}, properties={"createMode": "Replica"})

    assert said(checked, "postgres-burstable", follower)


def test_an_endpoint_is_no_mistake_when_one_server_of_two_may_have_it(checked: Check) -> None:
    """Which of the two it leads to, only the deployment knows."""
    inside = server(properties={"network": {"delegatedSubnetResourceId": "data"}})
    outside = {**server(properties={"network": {"publicNetworkAccess": "Disabled"}}), "name": "other"}
    connection = {"properties": {"groupIds": ["postgresqlServer"]}}
    endpoint = {
        "type": "Microsoft.Network/privateEndpoints",
        "name": "way",
        "properties": {"privateLinkServiceConnections": [connection]},
    }

    assert said(checked, "postgres-endpoint-in-subnet", inside, endpoint)
    assert not said(checked, "postgres-endpoint-in-subnet", inside, outside, endpoint)


def test_an_account_in_two_places_falls_back_to_two_places(checked: Check) -> None:
    account = {"type": ACCOUNT, "name": "photos", "location": "West US", "sku": {"name": "Standard_RAGZRS"}}

    [(what, _, fix)] = said(checked, "storage-zones", account)

    assert (what, fix) == (
        "Standard_RAGZRS, and westus has no zones",
        '"sku": {"name": "Standard_RAGRS"}',
    )


def test_going_back_without_versions_is_told_for_each_thing_it_needs(checked: Check) -> None:
    service = {
        "type": f"{ACCOUNT}/blobServices",
        "name": "photos/default",
        "properties": {"restorePolicy": {"enabled": True, "days": 6}},
    }

    assert len(said(checked, "storage-restore-days", service)) == 3


def test_what_is_off_is_not_asked_of_a_basic_namespace(checked: Check) -> None:
    basic = {"type": BUS, "name": "orders-bus", "sku": {"name": "Basic"}}
    queue = {"type": f"{BUS}/queues", "name": "orders-bus/orders", "properties": {"requiresSession": False}}

    assert not said(checked, "bus-basic-queue", basic, queue)


def test_a_lock_is_read_whatever_its_unit(checked: Check) -> None:
    """PT301S is 5 min 1 s."""

    def queue(lock: str) -> dict[str, Any]:
        return {"type": f"{BUS}/queues", "name": "bus/orders", "properties": {"lockDuration": lock}}

    assert said(checked, "bus-lock", queue("PT301S"))
    assert not said(checked, "bus-lock", queue("PT300S"))
    assert said(checked, "bus-lock", queue("P1D"))


def test_an_endpoint_may_lead_to_event_hubs_instead(checked: Check) -> None:
    standard = {"type": BUS, "name": "orders-bus", "sku": {"name": "Standard"}}
    hubs = {"type": "Microsoft.EventHub/namespaces", "name": "orders-hubs", "sku": {"name": "Standard"}}
    endpoint = {
        "type": "Microsoft.Network/privateEndpoints",
        "name": "way",
        "properties": {"privateLinkServiceConnections": [{"properties": {"groupIds": ["namespace"]}}]},
    }

    assert said(checked, "bus-endpoint", standard, endpoint)
    assert not said(checked, "bus-endpoint", standard, hubs, endpoint)


def test_a_retired_model_is_replaced_by_one_that_is_sold(checked: Check) -> None:
    """Each successor that is named must not be retired itself."""
    for name in RETIRED_MODELS:
        deployment = {"type": MODEL, "name": "ai/writer", "properties": {"model": {"name": name}}}
        [(_, _, fix)] = said(checked, "model-retired", deployment)
        assert json.loads(f"{{{fix}}}")["name"] not in RETIRED_MODELS


def test_tokens_are_shared_by_the_regions(checked: Check) -> None:
    """2,000 million tokens a month are 2e9 / 43,800 min = 45,662 a minute; in each of two regions 22,831."""
    text = """
from seatrial import System

shop = System("shop", region="eastus2", also_in=["westeurope"])
writer = shop.model_api("writer", model="gpt-5-mini", tokens_per_minute={admitted})
shop.usage(writer, tokens="2000M/month")
"""

    assert "model-tokens" in {each.rule for each in checked(text.format(admitted=22_000)).findings}
    assert "model-tokens" not in {each.rule for each in checked(text.format(admitted=23_000)).findings}


def test_what_a_system_asks_of_extensions_is_loaded_as_well(checked: Check) -> None:
    text = """
from seatrial import System

shop = System("shop", region="eastus2")
shop.postgres("orders", extensions=["timescaledb", "vector", "uuid-ossp"{more}])
"""

    assert not {each.rule for each in checked(text.format(more="")).findings} & {
        "postgres-extension-name",
        "postgres-extension-library",
    }
    unknown = checked(text.format(more=', "pg_lakehouse"')).findings
    assert [each.what for each in unknown if each.rule == "postgres-extension-name"] == [
        "Azure offers no pg_lakehouse"
    ]
