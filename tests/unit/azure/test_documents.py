from itertools import pairwise
from typing import Any

import pytest

from seatrial.azure import compile, documents
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, plain
from seatrial.model import Documents, System

ACCOUNTS = "Microsoft.DocumentDB/databaseAccounts"
ENDPOINTS = "Microsoft.Network/privateEndpoints"


def shop(region: str = "eastus2", also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    system = System("shop", region=region, also_in=also_in)
    bills = system.documents("bills", **{"partition": "/customer", **said})
    system.service("web", "serve", port=8000, health="/health", uses=[bills])
    system.worker("auditor", "audit", reads=[bills])
    return compile.graph(system.plan())


def account(graph: Graph) -> dict[str, Any]:
    [made] = graph.of(ACCOUNTS)
    return dict(made.body["properties"])


def container(graph: Graph) -> dict[str, Any]:
    [made] = graph.of(f"{ACCOUNTS}/sqlDatabases/containers")
    return dict(made.body["properties"])


def test_without_a_throughput_it_is_paid_by_the_request() -> None:
    graph = shop()
    assert account(graph)["capabilities"] == [{"name": "EnableServerless"}]
    assert "options" not in container(graph)


def test_a_throughput_is_followed_automatically() -> None:
    graph = shop(throughput=4000)
    assert "capabilities" not in account(graph)
    assert container(graph)["options"] == {"autoscaleSettings": {"maxThroughput": 4000}}


def test_documents_are_kept_together_by_a_path_and_expire() -> None:
    held = container(shop(expire_after="90 days"))["resource"]
    assert held["partitionKey"] == {"kind": "Hash", "paths": ["/customer"], "version": 2}
    assert held["defaultTtl"] == 90 * 24 * 3600
    assert "defaultTtl" not in container(shop())["resource"]


@pytest.mark.parametrize(("backup", "tier"), [("7 days", "Continuous7Days"), ("30 days", "Continuous30Days")])
def test_backup_is_continuous(backup: str, tier: str) -> None:
    assert account(shop(backup=backup))["backupPolicy"] == {
        "type": "Continuous",
        "continuousModeProperties": {"tier": tier},
    }


def test_an_account_is_opened_by_identity_only_and_from_inside_only() -> None:
    said = account(shop())
    assert said["disableLocalAuth"] is True
    assert said["publicNetworkAccess"] == "Disabled"
    assert said["minimalTlsVersion"] == "Tls12"


def test_one_account_is_in_all_regions_with_zones_where_there_are_any() -> None:
    graph = shop(region="eastus2", also_in=("westeurope", "ukwest"), throughput=4000)
    said = account(graph)
    assert said["locations"] == [
        {"locationName": "eastus2", "failoverPriority": 0, "isZoneRedundant": True},
        {"locationName": "westeurope", "failoverPriority": 1, "isZoneRedundant": True},
        {"locationName": "ukwest", "failoverPriority": 2, "isZoneRedundant": False},
    ]
    assert said["enableAutomaticFailover"] is True
    [endpoint] = [each for each in graph.of(ENDPOINTS) if each.part == "bills"]
    assert endpoint.region == "eastus2"


def test_in_one_region_there_is_nothing_to_fail_over_to() -> None:
    assert account(shop())["enableAutomaticFailover"] is False


def test_paid_by_the_request_it_cannot_be_in_several_regions() -> None:
    with pytest.raises(Refused) as refused:
        shop(also_in=("westeurope",))
    [trouble] = refused.value.troubles
    assert "one region only, not in 2" in trouble.what
    assert "throughput=4000" in trouble.hint


def test_who_uses_it_reads_and_writes_and_who_reads_it_reads() -> None:
    graph = shop(also_in=("westeurope",), throughput=4000)
    [made] = graph.of(ACCOUNTS)
    given = {}
    for each in graph.of(f"{ACCOUNTS}/sqlRoleAssignments"):
        said = each.body["properties"]
        assert said["scope"] == Id(of=made.ref)
        given[str(said["principalId"].of.name)] = str(said["roleDefinitionId"].pieces[-1])[-1]
    assert given == {
        "web-identity-eastus2": "2",
        "web-identity-westeurope": "2",
        "auditor-identity-eastus2": "1",
        "auditor-identity-westeurope": "1",
    }
    assert not [need for each in graph.resources for need in each.needs if need not in graph.by_ref]


def test_an_account_is_told_of_one_process_at_a_time_those_of_all_regions_included() -> None:
    graph = shop(also_in=("westeurope",), throughput=4000)
    given = graph.of(f"{ACCOUNTS}/sqlRoleAssignments")
    assert len(given) == 4
    for before, then in pairwise(given):
        assert before.ref in then.needs


def test_several_have_accounts_of_their_own() -> None:
    system = System("shop")
    kept = [
        system.documents("bills", partition="/customer"),
        system.documents("carts", partition="/customer", throughput=1000, backup="30 days"),
    ]
    system.worker("auditor", "audit", uses=kept)
    graph = compile.graph(system.plan())
    assert len({each.ref for each in graph.of(ACCOUNTS)}) == 2
    assert len(graph.of(f"{ACCOUNTS}/sqlRoleAssignments")) == 2


def test_every_region_is_given_the_same_address() -> None:
    graph = shop(also_in=("westeurope",), throughput=4000)
    [part] = graph.plan.of(Documents)
    first, second = (
        documents.variables(part, Stamp(plan=graph.plan, region=region)) for region in graph.plan.regions
    )
    assert first == second
    assert {name: plain(url, "ACCOUNT/") for name, url in first.items()} == {"BILLS_URL": "ACCOUNT/bills"}
