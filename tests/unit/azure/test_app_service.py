from __future__ import annotations

from typing import Any

import pytest

from seatrial import System, backlog, cpu, memory, requests
from seatrial.azure import app_service, identity, network
from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph, Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Expression, Id, Join, Out, WhenEmpty, plain

FARMS, SITES, SLOTS = "Microsoft.Web/serverfarms", "Microsoft.Web/sites", "Microsoft.Web/sites/slots"
SCALES = "Microsoft.Insights/autoscalesettings"


def kiosk(region: str = "eastus2") -> System:
    return System("kiosk", region=region)


def service(system: System, name: str = "web", port: int = 8000, **wanted: Any) -> Any:
    return system.service(name, f"python -m kiosk.{name}", port=port, **{"host": "app service", **wanted})


def site(made: Graph, name: str = "web") -> Resource:
    return made.by_ref[app_service.site(name, Stamp(plan=made.plan, region=made.plan.region))]


def settings(of: Resource) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in of.body["properties"]["siteConfig"]["appSettings"]}


def trouble(system: System) -> str:
    with pytest.raises(Refused) as refused:
        graph(system.plan())
    (only,) = refused.value.troubles
    return f"{only.part}: {only.what}"


# -- machines -------------------------------------------------------------------------------------------


def test_services_of_a_plan_share_its_machines() -> None:
    system = kiosk()
    shared = system.app_service_plan("shared", size="P1v3")
    service(system, "web", host=shared)
    service(system, "mail", port=8001, host=shared)

    made = graph(system.plan())

    (farm,) = made.of(FARMS)
    assert farm.body["sku"] == {"name": "P1v3", "capacity": 1}
    assert farm.body["properties"] == {"reserved": True, "zoneRedundant": False}
    assert {each.body["properties"]["serverFarmId"] for each in made.of(SITES)} == {Id(of=farm.ref)}


@pytest.mark.parametrize(
    ("cores", "size", "expected"),
    [
        (0.5, "1 GiB", "P0v3"),
        (1, "5 GiB", "P1v3"),
        (1, "9 GiB", "P1mv3"),
        (3, "8 GiB", "P2v3"),
        (6, "2 GiB", "P3v3"),
    ],
)
def test_a_service_without_a_plan_gets_the_cheapest_machines_that_hold_it(
    cores: float, size: str, expected: str
) -> None:
    system = kiosk()
    service(system, cpu=cores, memory=size)

    (farm,) = graph(system.plan()).of(FARMS)

    assert farm.body["sku"]["name"] == expected


def test_machines_grow_by_the_strictest_rule_and_shrink_at_half_of_it() -> None:
    system = kiosk()
    shared = system.app_service_plan("shared", instances=(2, 4))
    service(system, "web", host=shared, scale=[cpu(70), memory(80)])
    service(system, "mail", port=8001, host=shared, scale=[cpu(60)])

    (scale,) = graph(system.plan()).of(SCALES)

    (profile,) = scale.body["properties"]["profiles"]
    assert profile["capacity"] == {"minimum": "2", "maximum": "4", "default": "2"}
    rules = [
        (
            rule["metricTrigger"]["metricName"],
            rule["metricTrigger"]["threshold"],
            rule["scaleAction"]["direction"],
        )
        for rule in profile["rules"]
    ]
    assert rules == [
        ("CpuPercentage", 60, "Increase"),
        ("CpuPercentage", 30, "Decrease"),
        ("MemoryPercentage", 80, "Increase"),
        ("MemoryPercentage", 40, "Decrease"),
    ]


def test_machines_whose_number_is_fixed_have_no_rules() -> None:
    system = kiosk()
    service(system, replicas=(2, 2), scale=[requests(50)])

    made = graph(system.plan())

    assert made.of(FARMS)[0].body["sku"]["capacity"] == 2
    assert made.of(SCALES) == ()


# -- apps -----------------------------------------------------------------------------------------------


def test_an_app_pulls_its_image_and_reads_its_secrets_as_itself() -> None:
    system = kiosk()
    key = system.secret("api-key")
    service(system, uses=[key])

    made = graph(system.plan())

    web, at = site(made), Stamp(plan=made.plan, region="eastus2")
    who = identity.ref("web", at)
    config = web.body["properties"]["siteConfig"]
    assert web.body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {Id(of=who): {}}}
    assert web.body["properties"]["keyVaultReferenceIdentity"] == Id(of=who)
    assert config["acrUserManagedIdentityID"] == Out(of=who, path="properties.clientId")
    assert plain(config["linuxFxVersion"]).startswith("DOCKER|")
    said = settings(web)
    assert isinstance(said["API_KEY"], Join)
    assert said["API_KEY"].pieces[0] == "@Microsoft.KeyVault(SecretUri="
    assert said["WEBSITES_PORT"] == said["PORT"] == "8000"


def test_an_app_can_start_only_when_it_has_its_rights() -> None:
    system = kiosk()
    key = system.secret("api-key")
    service(system, uses=[key])

    made = graph(system.plan())

    roles = {each.type for each in map(made.by_ref.__getitem__, site(made).after)}
    assert roles == {"Microsoft.Authorization/roleAssignments"}
    assert len(site(made).after) == 2  # to pull its image, to read the key


def test_an_app_is_closed_to_all_but_the_network_and_no_password_opens_it() -> None:
    system = kiosk()
    service(system)

    made = graph(system.plan())

    web, at = site(made), Stamp(plan=made.plan, region="eastus2")
    assert web.body["properties"]["publicNetworkAccess"] == "Disabled"
    assert web.body["properties"]["virtualNetworkSubnetId"] == Id(of=network.subnet("web", at))
    assert web.body["properties"]["siteConfig"]["scmIpSecurityRestrictionsDefaultAction"] == "Deny"
    links = [
        connection["properties"]["groupIds"]
        for each in made.of("Microsoft.Network/privateEndpoints")
        for connection in each.body["properties"]["privateLinkServiceConnections"]
        if connection["properties"]["privateLinkServiceId"] == Id(of=web.ref)
    ]
    assert links == [["sites"]]
    closed = made.of("Microsoft.Web/sites/basicPublishingCredentialsPolicies")
    assert [(each.ref.name, each.body["properties"]["allow"]) for each in closed] == [
        ("ftp", False),
        ("scm", False),
    ]
    assert made.of(SLOTS) == ()


def test_what_the_world_reaches_has_a_slot_for_its_next_release() -> None:
    system = kiosk()
    service(system, public=True)

    made = graph(system.plan())

    (slot,) = made.of(SLOTS)
    web = site(made)
    assert slot.ref.parent == web.ref
    served, next_one = web.body["properties"]["siteConfig"], slot.body["properties"]["siteConfig"]
    assert {name for name in served if served[name] != next_one[name]} == {"linuxFxVersion"}
    pinned = served["linuxFxVersion"]
    assert isinstance(pinned, WhenEmpty)
    assert (pinned.parameter.name, pinned.then) == ("webLive", next_one["linuxFxVersion"])
    assert web.body["properties"]["publicNetworkAccess"] == "Enabled"
    assert len(made.of("Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies")) == 2


def test_behind_a_front_door_of_the_standard_tier_nobody_else_gets_in() -> None:
    system = kiosk()
    web = service(system)
    system.front_door("door", routes={"/*": web}, tier="standard")

    config = site(graph(system.plan())).body["properties"]["siteConfig"]

    assert config["ipSecurityRestrictionsDefaultAction"] == "Deny"
    (only,) = config["ipSecurityRestrictions"]
    assert (only["tag"], only["ipAddress"], only["action"]) == (
        "ServiceTag",
        "AzureFrontDoor.Backend",
        "Allow",
    )


def test_people_sign_in_before_both_slots() -> None:
    system = kiosk()
    service(system, public=True, sign_in=True)

    made = graph(system.plan())

    rules = [*made.of("Microsoft.Web/sites/config"), *made.of("Microsoft.Web/sites/slots/config")]
    assert [each.ref.name for each in rules] == ["authsettingsV2", "authsettingsV2"]
    for rule in rules:
        assert rule.body["properties"]["globalValidation"]["requireAuthentication"] is True
        assert isinstance(
            rule.body["properties"]["identityProviders"]["azureActiveDirectory"]["registration"]["clientId"],
            Expression,
        )


# -- what cannot be had ---------------------------------------------------------------------------------


def test_what_answers_no_http_is_refused() -> None:
    system = kiosk()
    system.worker("mail", "python -m kiosk.mail", host="app service")

    assert (
        trouble(system)
        == "mail: App Service ends a container that answers no HTTP, and a worker answers none"
    )


def test_a_service_larger_than_its_machine_is_refused() -> None:
    system = kiosk()
    service(system, memory="10 GiB", host=system.app_service_plan("small", size="P1v3"))

    assert trouble(system) == "web: 0.5 cores with 10 GiB do not fit on P1v3, which has 2 and 8 GiB"


def test_a_rule_that_app_service_does_not_know_is_refused() -> None:
    system = kiosk()
    papers = system.postgres("papers")
    service(system, uses=[papers], scale=[backlog(papers, "select count(*) from papers")])

    assert trouble(system).startswith(
        "web: App Service scales by cores and memory only, not by backlog(papers"
    )


@pytest.mark.parametrize(
    ("region", "wanted", "expected"),
    [
        ("eastus2", {"size": "F1"}, "F1 machines cannot join a network"),
        ("eastus2", {"size": "B1", "instances": (1, 3)}, "B1 machines do not scale by themselves"),
        ("eastus2", {"zones": True}, "fewer than two machines cannot be spread over zones"),
        ("westus", {"zones": True, "instances": (2, 2)}, "westus has no availability zones"),
    ],
)
def test_machines_that_azure_has_not_are_refused(region: str, wanted: dict[str, Any], expected: str) -> None:
    system = kiosk(region)
    system.app_service_plan("shared", **wanted)

    assert trouble(system) == f"shared: {expected}"
