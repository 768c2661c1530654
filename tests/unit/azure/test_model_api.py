from typing import Any

import pytest

from seatrial.azure import compile, model_api
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, plain
from seatrial.model import ModelApi, System

ACCOUNTS = "Microsoft.CognitiveServices/accounts"


def shop(region: str = "eastus2", also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    system = System("shop", region=region, also_in=also_in)
    embedder = system.model_api("embedder", **{"model": "text-embedding-3-small", **said})
    system.worker("indexer", "index", uses=[embedder])
    system.worker("packer", "pack")
    return compile.graph(system.plan())


def deployment(**said: Any) -> dict[str, Any]:
    [made] = shop(**said).of(f"{ACCOUNTS}/deployments")
    return dict(made.body)


def test_an_account_is_asked_by_identity_only_from_inside_only_and_reaches_nobody() -> None:
    graph = shop()
    [account] = graph.of(ACCOUNTS)
    assert account.body["kind"] == "OpenAI"
    assert account.body["properties"] == {
        "customSubDomainName": account.ref.name,
        "disableLocalAuth": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny"},
        "restrictOutboundNetworkAccess": True,
        "allowedFqdnList": [],
    }
    [endpoint] = [each for each in graph.of("Microsoft.Network/privateEndpoints") if each.part == "embedder"]
    assert account.ref in endpoint.needs


def test_an_account_gets_its_endpoint_when_the_model_is_deployed() -> None:
    graph = shop()
    [deployed] = graph.of(f"{ACCOUNTS}/deployments")
    [endpoint] = [each for each in graph.of("Microsoft.Network/privateEndpoints") if each.part == "embedder"]
    assert deployed.ref in endpoint.needs


@pytest.mark.parametrize(
    ("worked_on", "sku"),
    [("anywhere", "GlobalStandard"), ("data zone", "DataZoneStandard"), ("region", "Standard")],
)
def test_where_prompts_are_worked_on_is_the_kind_of_deployment(worked_on: str, sku: str) -> None:
    assert deployment(worked_on=worked_on)["sku"]["name"] == sku


@pytest.mark.parametrize(("tokens", "thousands"), [(None, 10), (1, 1), (120_000, 120), (120_001, 121)])
def test_tokens_a_minute_are_bought_by_the_thousand(tokens: int | None, thousands: int) -> None:
    assert deployment(tokens_per_minute=tokens)["sku"]["capacity"] == thousands


def test_the_deployment_has_the_name_of_the_model_and_keeps_its_version() -> None:
    [made] = shop().of(f"{ACCOUNTS}/deployments")
    assert made.ref.name == "text-embedding-3-small"
    assert made.body["properties"] == {
        "model": {"format": "OpenAI", "name": "text-embedding-3-small"},
        "versionUpgradeOption": "OnceCurrentVersionExpired",
    }


def test_a_model_that_is_not_needed_on_a_laptop_is_deployed_all_the_same() -> None:
    assert shop(needed=False).of(ACCOUNTS)


@pytest.mark.parametrize("region", ["eastus2", "swedencentral", "westeurope"])
def test_data_zones_are_the_united_states_and_the_european_union(region: str) -> None:
    assert deployment(region=region, worked_on="data zone")["sku"]["name"] == "DataZoneStandard"


@pytest.mark.parametrize("region", ["uksouth", "switzerlandnorth", "japaneast"])
def test_a_region_in_no_data_zone_is_refused(region: str) -> None:
    with pytest.raises(Refused) as refused:
        shop(region=region, worked_on="data zone")
    [trouble] = refused.value.troubles
    assert f"{region} is in none" in trouble.what
    assert 'worked_on="region"' in trouble.hint


def test_who_uses_it_may_ask_its_own_account_and_nobody_else() -> None:
    system = System("shop")
    embedder = system.model_api("embedder", model="text-embedding-3-small")
    planner = system.model_api("planner", model="gpt-4.1-mini")
    system.worker("indexer", "index", uses=[embedder])
    system.service("web", "serve", port=8000, health="/health", uses=[planner])
    graph = compile.graph(system.plan())
    given = {
        (str(each.body["properties"]["principalId"].of.name), plain(each.scope.name, "-"))
        for each in graph.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None and each.ref.name.pieces[2] == ROLES["Cognitive Services OpenAI User"]  # type: ignore[union-attr]
    }
    assert given == {("indexer-identity", "shop-embedder--"), ("web-identity", "shop-planner--")}


def test_every_region_asks_the_account_beside_it() -> None:
    graph = shop(also_in=("westeurope",))
    assert {each.region for each in graph.of(ACCOUNTS)} == {"eastus2", "westeurope"}
    assert not [need for each in graph.resources for need in each.needs if need not in graph.by_ref]


def test_its_users_are_given_address_and_model_but_no_key() -> None:
    graph = shop()
    at = Stamp(plan=graph.plan, region="eastus2")
    [part] = graph.plan.of(ModelApi)
    said = dict(model_api.variables(part, at))
    assert said.keys() == {"EMBEDDER_URL", "EMBEDDER_MODEL"}
    assert said["EMBEDDER_MODEL"] == "text-embedding-3-small"
    assert said["EMBEDDER_URL"].pieces == (  # type: ignore[union-attr]
        Out(of=model_api.account(part, at), path="properties.endpoint"),
        "openai/v1/",
    )
