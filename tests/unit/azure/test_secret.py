from collections.abc import Callable
from typing import Any

import pytest

from seatrial.azure import compile, secret
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, Out, Parameter
from seatrial.model import System

VAULTS = "Microsoft.KeyVault/vaults"
SECRETS = "Microsoft.KeyVault/vaults/secrets"
READ_SECRETS = ROLES["Key Vault Secrets User"]


def shop(write: Callable[[System], Any], also_in: tuple[str, ...] = ()) -> Graph:
    system = System("shop", region="eastus2", also_in=also_in)
    write(system)
    return compile.graph(system.plan())


def service(system: System, name: str, **said: Any) -> None:
    system.service(name, f"serve {name}", port=8000, health="/health", **said)


def readers(graph: Graph) -> set[tuple[str, str]]:
    """Who may read which secret, by name of identity and secret."""
    return {
        (str(assigned.body["properties"]["principalId"].of.name), str(assigned.scope.name))
        for assigned in graph.of("Microsoft.Authorization/roleAssignments")
        if assigned.scope is not None and assigned.ref.name.pieces[2] == READ_SECRETS  # type: ignore[union-attr]
    }


def properties(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = resource.body["properties"]
    return found


def test_a_system_without_secrets_has_no_vault() -> None:
    graph = shop(lambda system: service(system, "web"))
    assert not graph.of(VAULTS)


def test_a_secret_that_is_not_needed_is_not_deployed() -> None:
    def write(system: System) -> None:
        service(system, "web", uses=[system.secret("trial-key", needed=False)])

    graph = shop(write)
    assert not graph.of(VAULTS)
    assert not graph.of(SECRETS)
    assert "trialKey" not in {each.name for each in graph.parameters}


@pytest.mark.parametrize(
    "write",
    [
        lambda system: system.secret("key"),
        lambda system: system.postgres("orders", sign_in="password", storage="32 GiB"),
    ],
    ids=["a secret", "a password"],
)
def test_what_nobody_may_see_gets_a_vault_that_is_closed(write: Callable[[System], Any]) -> None:
    [vault] = shop(write).of(VAULTS)
    said = properties(vault)
    assert said["publicNetworkAccess"] == "Disabled"
    assert said["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert said["enableRbacAuthorization"] is True
    assert said["enablePurgeProtection"] is True
    assert said["softDeleteRetentionInDays"] == 90


def test_the_vault_is_reached_by_an_endpoint_made_with_it() -> None:
    graph = shop(lambda system: service(system, "web", uses=[system.secret("key")]))
    [vault] = graph.of(VAULTS)
    endpoints = [
        each
        for each in graph.of("Microsoft.Network/privateEndpoints")
        if each.body["properties"]["privateLinkServiceConnections"][0]["properties"]["groupIds"] == ["vault"]
    ]
    assert [each.module for each in endpoints] == ["vault"]
    assert all(vault.ref in each.needs for each in endpoints)


def test_a_value_comes_from_a_parameter_that_nobody_sees() -> None:
    graph = shop(lambda system: system.secret("news-key"))
    [kept] = graph.of(SECRETS)
    value = properties(kept)["value"]
    assert isinstance(value, Parameter)
    assert (value.name, value.secret, value.default) == ("newsKey", True, None)


def test_each_process_reads_its_own_secrets_and_no_other() -> None:
    def write(system: System) -> None:
        one, other = system.secret("one"), system.secret("other")
        service(system, "web", uses=[one])
        system.worker("sorter", "sort", uses=[one, other])
        system.worker("idler", "idle")

    graph = shop(write)
    assert readers(graph) == {
        ("web-identity", "one"),
        ("sorter-identity", "one"),
        ("sorter-identity", "other"),
    }


def test_a_password_is_read_by_its_users_and_by_the_job_that_brings_the_schema_up_to_date() -> None:
    def write(system: System) -> None:
        orders = system.postgres(
            "orders", sign_in="password", storage="32 GiB", migrate="python -m shop.migrate"
        )
        service(system, "web", uses=[orders])
        system.worker("sorter", "sort")

    graph = shop(write)
    assert readers(graph) == {
        ("orders-migrate-identity", "orders-password"),
        ("web-identity", "orders-password"),
    }


def test_a_secret_to_be_replaced_is_given_the_day_by_which_it_must_be() -> None:
    def write(system: System) -> None:
        system.secret("key", rotate_after="90 days")
        system.secret("pin")

    graph = shop(write)
    attributes = {each.ref.name: properties(each)["attributes"] for each in graph.of(SECRETS)}
    assert attributes["pin"] == {"enabled": True}
    day = attributes["key"]["exp"]
    assert (day.name, day.kind, day.secret) == ("keyExpires", "int", False)
    assert "90 days" in day.why
    assert [each.name for each in secret.rotating(graph.plan)] == ["key"]


def test_every_region_has_a_vault_with_the_same_secrets() -> None:
    graph = shop(lambda system: service(system, "web", uses=[system.secret("key")]), ("westeurope",))
    assert {each.region for each in graph.of(VAULTS)} == {"eastus2", "westeurope"}
    assert len({each.ref for each in graph.of(VAULTS)}) == 2
    assert {each.region for each in graph.of(SECRETS)} == {"eastus2", "westeurope"}
    assert readers(graph) == {("web-identity-eastus2", "key"), ("web-identity-westeurope", "key")}
    for assigned in graph.of("Microsoft.Authorization/roleAssignments"):
        if assigned.scope is not None and assigned.scope.type == SECRETS:
            assert assigned.scope.parent == secret.vault(Stamp(plan=graph.plan, region=assigned.region))


def test_no_value_stands_in_the_graph_and_the_address_has_no_version() -> None:
    graph = shop(lambda system: system.secret("key"))
    at = Stamp(plan=graph.plan, region="eastus2")
    [kept] = graph.of(SECRETS)
    assert secret.uri(kept.ref) == Out(of=kept.ref, path="properties.secretUri")
    assert not [each for each in graph.parameters if each.secret and each.default is not None]
    assert Id(of=secret.vault(at)) != Id(of=kept.ref)


@pytest.mark.parametrize("name", ["environment", "image-tag", "stage", "location", "tags"])
def test_a_secret_that_would_take_the_name_of_another_parameter_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        shop(lambda system: system.secret(name))
    [trouble] = refused.value.troubles
    assert trouble.hint == f'call it "{name}-key"'
