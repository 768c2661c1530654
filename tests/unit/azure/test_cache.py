from typing import Any

import pytest

from seatrial.azure import cache, compile
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Id, plain
from seatrial.model import Cache, System

CLUSTERS = "Microsoft.Cache/redisEnterprise"


def shop(also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    system = System("shop", region="eastus2", also_in=also_in)
    carts = system.cache("carts", **said)
    system.service("web", "serve", port=8000, health="/health", uses=[carts])
    system.worker("sweeper", "sweep", reads=[carts])
    system.worker("packer", "pack")
    return compile.graph(system.plan())


def database(graph: Graph) -> dict[str, Any]:
    [made] = graph.of(f"{CLUSTERS}/databases")
    return dict(made.body["properties"])


@pytest.mark.parametrize(
    ("memory", "sku"),
    [
        ("500 MB", "Balanced_B0"),
        ("1 GiB", "Balanced_B1"),
        ("2 GiB", "Balanced_B3"),
        ("6 GiB", "Balanced_B5"),
        ("25 GiB", "Balanced_B50"),
        ("960 GiB", "Balanced_B1000"),
    ],
)
def test_the_cluster_is_the_smallest_that_holds_the_memory(memory: str, sku: str) -> None:
    [made] = shop(memory=memory).of(CLUSTERS)
    assert made.body["sku"] == {"name": sku}


def test_a_cache_larger_than_any_is_refused() -> None:
    with pytest.raises(Refused, match="the largest cache of this kind has 960 GiB"):
        shop(memory="1 TiB")


def test_a_cache_is_opened_by_identity_only_over_tls_and_from_inside_only() -> None:
    graph = shop()
    [cluster] = graph.of(CLUSTERS)
    assert cluster.body["properties"] == {
        "highAvailability": "Enabled",
        "minimumTlsVersion": "1.2",
        "publicNetworkAccess": "Disabled",
    }
    said = database(graph)
    assert said["accessKeysAuthentication"] == "Disabled"
    assert said["clientProtocol"] == "Encrypted"
    assert said["port"] == 10000
    [endpoint] = [each for each in graph.of("Microsoft.Network/privateEndpoints") if each.part == "carts"]
    [connection] = endpoint.body["properties"]["privateLinkServiceConnections"]
    assert connection["properties"] == {
        "privateLinkServiceId": Id(of=cluster.ref),
        "groupIds": ["redisEnterprise"],
    }


def test_without_a_replica_a_cache_is_not_highly_available() -> None:
    [cluster] = shop(highly_available=False).of(CLUSTERS)
    assert cluster.body["properties"]["highAvailability"] == "Disabled"


def test_a_small_cache_takes_commands_over_several_keys_as_a_laptop_does() -> None:
    assert database(shop(memory="24 GiB"))["clusteringPolicy"] == "NoCluster"
    assert database(shop(memory="25 GiB"))["clusteringPolicy"] == "EnterpriseCluster"


def test_each_process_that_uses_it_has_a_policy_and_nobody_else() -> None:
    given = {
        str(each.ref.name): each.body["properties"]
        for each in shop().of(f"{CLUSTERS}/databases/accessPolicyAssignments")
    }
    assert given.keys() == {"web", "sweeper"}
    assert {each["accessPolicyName"] for each in given.values()} == {"default"}
    assert given["web"]["user"]["objectId"].of.name == "web-identity"
    assert given["web"]["user"]["objectId"].path == "properties.principalId"


def test_a_cluster_is_told_of_one_process_at_a_time() -> None:
    first, second = shop().of(f"{CLUSTERS}/databases/accessPolicyAssignments")
    assert first.ref in second.needs


def test_every_region_has_a_cache_for_its_own_processes() -> None:
    graph = shop(also_in=("westeurope",))
    assert {each.region for each in graph.of(CLUSTERS)} == {"eastus2", "westeurope"}
    for each in graph.of(f"{CLUSTERS}/databases/accessPolicyAssignments"):
        identity = each.body["properties"]["user"]["objectId"].of
        assert str(identity.name).endswith(each.region)
        assert str(each.ref.name).isalnum()
    assert not [need for each in graph.resources for need in each.needs if need not in graph.by_ref]


def test_the_address_is_encrypted_and_holds_no_secret() -> None:
    graph = shop()
    [part] = graph.plan.of(Cache)
    said = cache.variables(part, Stamp(plan=graph.plan, region="eastus2"))
    assert {name: plain(url, "HOST") for name, url in said.items()} == {"CARTS_URL": "rediss://HOST:10000/0"}
