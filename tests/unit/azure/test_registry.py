from typing import Any

import pytest

from seatrial import System
from seatrial.azure import registry
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.roles import ROLES
from seatrial.azure.values import Id, plain
from seatrial.model import Plan

REGISTRIES = "Microsoft.ContainerRegistry/registries"


def built(also_in: tuple[str, ...] = (), region: str = "eastus2", **wanted: Any) -> Graph:
    system = System("kiosk", region=region, also_in=also_in)
    if wanted:
        system.registry("images", **wanted)
    system.service("web", "python -m kiosk.web", port=8000)
    return graph(system.plan())


def only(made: Graph) -> Resource:
    (found,) = made.of(REGISTRIES)
    return found


def copies(made: Graph) -> dict[str | None, Any]:
    return {
        each.location: each.body["properties"]["zoneRedundancy"]
        for each in made.of(f"{REGISTRIES}/replications")
    }


def endpoints(made: Graph) -> list[Resource]:
    return [
        each
        for each in made.of("Microsoft.Network/privateEndpoints")
        if Id(of=registry.ref(made.plan))
        in [c["properties"]["privateLinkServiceId"] for c in _connections(each)]
    ]


def _connections(endpoint: Resource) -> list[Any]:
    connections: list[Any] = endpoint.body["properties"]["privateLinkServiceConnections"]
    return connections


def test_a_system_that_names_no_registry_has_a_private_one() -> None:
    made = built()

    properties = only(made).body["properties"]
    assert only(made).body["sku"] == {"name": "Premium"}
    assert properties["publicNetworkAccess"] == "Disabled"
    assert properties["networkRuleSet"] == {"defaultAction": "Deny"}
    assert len(endpoints(made)) == 1
    assert only(made).part is None


def test_nobody_pulls_by_password_or_by_no_name_at_all() -> None:
    for tier in ("basic", "standard", "premium"):
        properties = only(built(tier=tier)).body["properties"]
        assert properties["adminUserEnabled"] is False
        assert properties["anonymousPullEnabled"] is False


def test_builds_by_tasks_of_the_registry_come_in_although_the_world_does_not() -> None:
    properties = only(built()).body["properties"]

    assert properties["networkRuleBypassOptions"] == "AzureServices"
    assert properties["networkRuleBypassAllowedForTasks"] is True


def test_untagged_images_go_after_the_time_that_was_said() -> None:
    properties = only(built(keeps="10 days")).body["properties"]

    assert properties["policies"]["retentionPolicy"] == {"status": "enabled", "days": 10}


def test_a_smaller_tier_asks_for_nothing_that_it_does_not_have() -> None:
    made = built(tier="basic")

    properties = only(made).body["properties"]
    assert properties["publicNetworkAccess"] == "Enabled"
    assert "retentionPolicy" not in properties["policies"]
    assert "zoneRedundancy" not in properties
    assert endpoints(made) == []


def test_images_are_kept_in_every_region_of_the_system_and_in_those_named() -> None:
    made = built(also_in=("westeurope",), copies_in=["westus", "westeurope"])

    assert copies(made) == {"westus": "Disabled", "westeurope": "Enabled"}
    assert len(endpoints(made)) == 1  # what exists once is reached by one address


def test_a_tier_without_copies_is_refused_where_the_system_has_several_regions() -> None:
    with pytest.raises(Refused) as refused:
        built(tier="standard", also_in=("westeurope",))

    (trouble,) = refused.value.troubles
    assert trouble.part == "images"
    assert trouble.what == 'tier="standard": a registry of this tier has no copies in westeurope'
    assert trouble.hint == 'write tier="premium", or name no further region'


def test_who_pulls_may_pull_and_no_more() -> None:
    made = built(also_in=("westeurope",))

    on_registry = [
        each
        for each in made.of("Microsoft.Authorization/roleAssignments")
        if each.scope == registry.ref(made.plan)
    ]
    assert len(on_registry) == 2  # the web process of each region
    for each in on_registry:
        assert plain(each.body["properties"]["roleDefinitionId"]).endswith(ROLES["AcrPull"])


def test_an_image_is_named_by_registry_system_process_and_tag() -> None:
    plan: Plan = System("kiosk", region="eastus2").plan()

    assert plain(registry.image("web", plan), "?") == "?/kiosk/web:?"
