from typing import Any

import pytest
from obstore.store import AzureStore, from_url

from seatrial.azure import blobs, compile
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, plain
from seatrial.model import Blobs, System

ACCOUNTS = "Microsoft.Storage/storageAccounts"


def shop(region: str = "eastus2", also_in: tuple[str, ...] = (), **parts: dict[str, Any]) -> Graph:
    """One process that uses blobs of these names, each as it is said."""
    system = System("shop", region=region, also_in=also_in)
    kept = [system.blobs(name, **said) for name, said in parts.items()]
    system.worker("sorter", "sort", uses=kept)
    return compile.graph(system.plan())


def rules(graph: Graph) -> dict[str, dict[str, Any]]:
    """What happens to the blobs of each container."""
    found = {}
    for policy in graph.of(f"{ACCOUNTS}/managementPolicies"):
        for rule in policy.body["properties"]["policy"]["rules"]:
            assert rule["definition"]["filters"]["prefixMatch"] == [f"{rule['name']}/"]
            found[rule["name"]] = rule["definition"]["actions"]
    return found


def service(graph: Graph) -> dict[str, Any]:
    [made] = graph.of(f"{ACCOUNTS}/blobServices")
    return dict(made.body["properties"])


@pytest.mark.parametrize(
    ("copies", "sku"),
    [
        ("one zone", "Standard_LRS"),
        ("zones", "Standard_ZRS"),
        ("regions", "Standard_GRS"),
        ("zones and regions", "Standard_GZRS"),
    ],
)
def test_an_account_is_copied_as_asked(copies: str, sku: str) -> None:
    [account] = shop(pictures={"copies": copies}).of(ACCOUNTS)
    assert account.body["sku"] == {"name": sku}


def test_an_account_is_opened_by_identity_only_and_from_inside_only() -> None:
    graph = shop(pictures={})
    [account] = graph.of(ACCOUNTS)
    said = account.body["properties"]
    assert said["allowSharedKeyAccess"] is False
    assert said["allowBlobPublicAccess"] is False
    assert said["isLocalUserEnabled"] is False
    assert said["publicNetworkAccess"] == "Disabled"
    assert said["networkAcls"]["defaultAction"] == "Deny"
    assert said["minimumTlsVersion"] == "TLS1_2"
    assert said["encryption"]["requireInfrastructureEncryption"] is True
    [endpoint] = [each for each in graph.of("Microsoft.Network/privateEndpoints") if "blobs" in each.symbol]
    assert account.ref in endpoint.needs


def test_blobs_that_are_copied_alike_share_an_account_and_have_a_container_each() -> None:
    graph = shop(pictures={}, bills={}, films={"copies": "regions"})
    assert len(graph.of(ACCOUNTS)) == 2
    containers = {
        str(each.ref.name): each.ref.parent for each in graph.of(f"{ACCOUNTS}/blobServices/containers")
    }
    assert containers.keys() == {"pictures", "bills", "films"}
    assert containers["pictures"] == containers["bills"] != containers["films"]


def test_every_region_has_accounts_of_its_own() -> None:
    graph = shop(also_in=("westeurope",), pictures={})
    assert {each.region for each in graph.of(ACCOUNTS)} == {"eastus2", "westeurope"}
    assert len({each.ref for each in graph.of(ACCOUNTS)}) == 2


@pytest.mark.parametrize("name", ["shop", "a-very-long-name"])
@pytest.mark.parametrize("copies", ["one zone", "zones", "regions", "zones and regions"])
def test_accounts_of_all_kinds_have_names_that_azure_takes_and_tells_apart(name: str, copies: str) -> None:
    system = System(name)
    system.blobs("pictures", copies=copies)  # type: ignore[arg-type]
    system.blobs("bills", copies="zones" if copies != "zones" else "one zone")
    names = [plain(each.ref.name, "abc123") for each in compile.graph(system.plan()).of(ACCOUNTS)]
    assert len(set(names)) == 2
    assert all(each.isalnum() and each.islower() and len(each) <= 24 for each in names)


# -- life -----------------------------------------------------------------------------------------------


def test_blobs_grow_cool_are_archived_and_deleted_by_container() -> None:
    graph = shop(
        films={
            "cool_after": "30 days",
            "archive_after": "90 days",
            "delete_after": "400 days",
            "copies": "regions",
        },
        drafts={"delete_after": "7 days", "copies": "regions"},
    )
    assert rules(graph)["films"]["baseBlob"] == {
        "tierToCool": {"daysAfterModificationGreaterThan": 30},
        "tierToArchive": {"daysAfterModificationGreaterThan": 90},
        "delete": {"daysAfterModificationGreaterThan": 400},
    }
    assert rules(graph)["drafts"]["baseBlob"] == {"delete": {"daysAfterModificationGreaterThan": 7}}


def test_earlier_versions_are_kept_as_long_as_they_can_be_asked_back() -> None:
    said = rules(shop(pictures={"undelete_within": "20 days"}))["pictures"]
    assert said == {
        "version": {"delete": {"daysAfterCreationGreaterThan": 20}},
        "snapshot": {"delete": {"daysAfterCreationGreaterThan": 20}},
    }


def test_what_was_deleted_can_be_brought_back() -> None:
    said = service(shop(pictures={"undelete_within": "20 days"}))
    assert said["isVersioningEnabled"] is True
    assert said["deleteRetentionPolicy"] == {"enabled": True, "days": 20}
    assert said["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 20}
    # Azure wants one day less than deleted blobs are kept, and a change feed
    assert said["restorePolicy"] == {"enabled": True, "days": 19}
    assert said["changeFeed"]["enabled"] is True


def test_an_account_keeps_what_is_deleted_for_the_longest_and_goes_back_by_the_shortest_time() -> None:
    said = service(shop(pictures={"undelete_within": "20 days"}, drafts={"undelete_within": "3 days"}))
    assert said["deleteRetentionPolicy"]["days"] == 20
    assert said["restorePolicy"]["days"] == 2


def test_one_day_is_too_short_to_go_back_in() -> None:
    assert service(shop(drafts={"undelete_within": "1 day"}))["restorePolicy"] == {"enabled": False}


# -- rights and addresses -------------------------------------------------------------------------------


def test_rights_are_given_on_the_container_and_only_those_that_are_used() -> None:
    system = System("shop")
    pictures = system.blobs("pictures")
    system.blobs("bills")
    system.service("web", "serve", port=8000, health="/health", reads=[pictures])
    system.worker("sorter", "sort", uses=[pictures])
    graph = compile.graph(system.plan())
    given = {
        (str(each.body["properties"]["principalId"].of.name), each.scope.name, each.ref.name.pieces[2])  # type: ignore[union-attr]
        for each in graph.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None and each.scope.type.startswith(ACCOUNTS)
    }
    assert given == {
        ("web-identity", "pictures", ROLES["Storage Blob Data Reader"]),
        ("sorter-identity", "pictures", ROLES["Storage Blob Data Contributor"]),
    }


def test_the_address_is_one_that_obstore_opens_without_being_told_the_account() -> None:
    graph = shop(pictures={})
    at = Stamp(plan=graph.plan, region="eastus2")
    [part] = graph.plan.of(Blobs)
    [(name, url)] = blobs.variables(part, at).items()
    assert name == "PICTURES_URL"
    [of, container] = url.pieces  # type: ignore[union-attr]
    assert of == Out(of=blobs.account(part, at), path="properties.primaryEndpoints.blob")
    store = from_url(f"https://shopzrsabc123.blob.core.windows.net/{container}")
    assert isinstance(store, AzureStore)
    assert store.config["container_name"] == "pictures"
    assert store.config["account_name"] == "shopzrsabc123"


# -- what Azure has not ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "said", "what", "hint"),
    [
        ("westus", {}, "westus has no zones", 'copies="one zone"'),
        ("westus", {"copies": "zones and regions"}, "westus has no zones", 'copies="regions"'),
        ("spaincentral", {"copies": "regions"}, "paired with no region", 'copies="zones"'),
        ("eastus2", {"archive_after": "90 days"}, "knows no archive", 'copies="regions"'),
        (
            "eastus2",
            {"archive_after": "90 days", "copies": "zones and regions"},
            "knows no archive",
            'copies="one zone"',
        ),
    ],
)
def test_copies_that_cannot_be_had_are_refused_with_those_that_can(
    region: str, said: dict[str, Any], what: str, hint: str
) -> None:
    with pytest.raises(Refused) as refused:
        shop(region=region, pictures=said)
    [trouble] = refused.value.troubles
    assert what in trouble.what
    assert hint in trouble.hint
    assert trouble.part == "pictures"
