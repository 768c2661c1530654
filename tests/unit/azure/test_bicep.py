"""Bicep, as a person reads it. The whole is in snapshots/; here is what must hold of it, and why."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from seatrial import System
from seatrial.azure import bicep
from seatrial.azure.bicep.speech import Speech
from seatrial.azure.graph import Graph, Resource, assembled
from seatrial.azure.values import Id, Inside, Json, Out, Parameter, Ref, Suffix, join


@pytest.fixture(scope="module")
def files(harbour: Graph) -> Mapping[str, str]:
    return bicep.files(harbour)


def test_there_is_a_module_for_each_concern(files: Mapping[str, str]) -> None:
    concerns = ("identity", "vault", "access", "compute")
    assert list(files) == ["main.bicep", *(f"modules/{each}.bicep" for each in concerns)]


def test_every_file_says_on_its_first_line_who_wrote_it(files: Mapping[str, str]) -> None:
    assert {text.partition("\n")[0] for text in files.values()} == {
        "// Written by `seatrial build` from the system file: change that, and build again."
    }


def test_what_stands_in_another_module_is_named_as_existing(files: Mapping[str, str]) -> None:
    assert (
        "resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {" in files["modules/access.bicep"]
    )
    assert " existing = {" not in files["modules/vault.bicep"]


def test_a_right_says_what_it_is_for_and_names_the_role(files: Mapping[str, str]) -> None:
    text = files["modules/access.bicep"]
    assert "// The web process reads secrets.\nresource webReadsVault " in text
    assert "  scope: vault\n" in text
    assert "  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'\n" in text
    role = "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)"
    assert f"roleDefinitionId: {role}" in text


def test_a_secret_is_secure_and_has_no_default(files: Mapping[str, str]) -> None:
    assert "@secure()\nparam papersPassword string\n" in files["main.bicep"]
    assert "@secure()\nparam papersPassword string\n" in files["modules/vault.bicep"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("it's", r"'it\'s'"),
        ("${x} \\ \t", r"'\${x} \\ \t'"),
        ("one\ntwo", "join([\n  'one'\n  'two'\n], '\\n')"),
        (join("a-", Suffix(region="")), "'a-${suffix}'"),
        ({"a": 1, "b-c": [True, None]}, "{\n  a: 1\n  'b-c': [\n    true\n    null\n  ]\n}"),
        ({"true": 1}, "{\n  'true': 1\n}"),
        (0.25, "json('0.25')"),
        (2.0, "2"),
        ([], "[]"),
        ({}, "{}"),
        (Parameter(name="imageTag", why="x"), "imageTag"),
        (Json(value={"tag": Suffix(region="")}), "string({\n  tag: suffix\n})"),
        (
            Inside(of=Ref(type="Microsoft.X/gates", name="gate"), kind="ports", name="http"),
            "resourceId('Microsoft.X/gates/ports', 'gate', 'http')",
        ),
    ],
)
def test_values_are_said_as_bicep_spells_them(value: object, said: str) -> None:
    assert Speech({}).say(value) == said


def test_symbols_that_would_hide_a_parameter_or_a_function_are_given_a_number() -> None:
    # Given a resource called like a parameter that all modules have, and one like a function
    plan = System("ferry", title="Crossings", region="eastus2").plan()
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    graph = assembled(
        plan,
        [
            Resource(
                ref=Ref(type=kind, name=name),
                module="identity",
                region="eastus2",
                symbol=name,
                why="Is there",
                location="eastus2",
            )
            for name in ("location", "subscription")
        ],
    )
    text = bicep.files(graph)["modules/identity.bicep"]
    assert "resource location2 " in text
    assert "resource subscription2 " in text


def test_a_name_made_of_what_another_resource_says_is_told_before_the_module_begins() -> None:
    # Given an administrator whose name is the id of an identity that is made in the same deployment
    plan = System("ferry", title="Crossings", region="eastus2").plan()
    identity = Ref(type="Microsoft.ManagedIdentity/userAssignedIdentities", name="migrate")
    server = Ref(type="Microsoft.DBforPostgreSQL/flexibleServers", name="papers")
    administrator = server.child("administrators", Out(of=identity, path="properties.principalId"))
    here = {"region": "eastus2", "why": "Is there"}
    graph = assembled(
        plan,
        [
            Resource(ref=identity, module="identity", symbol="migrate", location="eastus2", **here),
            Resource(ref=server, module="data", symbol="papers", location="eastus2", **here),
            Resource(ref=administrator, module="access", symbol="administrator", tagged=False, **here),
        ],
    )
    # When it is printed, then its module has a parameter for it, which is an output of the identity's
    files = bicep.files(graph)
    assert "param migratePrincipalId string" in files["modules/access.bicep"]
    assert "  name: migratePrincipalId\n" in files["modules/access.bicep"]
    assert (
        "output migratePrincipalId string = migrate.properties.principalId" in files["modules/identity.bicep"]
    )
    assert "migratePrincipalId: identity.outputs.migratePrincipalId" in files["main.bicep"]


def test_networks_of_two_regions_that_need_each_other_meet_on_a_sheet_between_them() -> None:
    # Given two networks joined both ways
    plan = System("ferry", title="Crossings", region="eastus2", also_in=["westus3"]).plan()
    made = []
    refs = {
        region: Ref(type="Microsoft.Network/virtualNetworks", name=f"s-{region}") for region in plan.regions
    }
    for region, other in zip(plan.regions, reversed(plan.regions), strict=True):
        made += [
            Resource(
                ref=refs[region], module="network", region=region, symbol="network", why="A", location=region
            ),
            Resource(
                ref=refs[region].child("virtualNetworkPeerings", "other"),
                module="network",
                region=region,
                symbol="peering",
                why="B",
                tagged=False,
                body={"properties": {"remoteVirtualNetwork": {"id": Id(of=refs[other])}}},
            ),
        ]
    # When they are printed, then neither region's module waits for the other's
    files = bicep.files(assembled(plan, made))
    assert list(files)[1:] == [
        "modules/network-eastus2.bicep",
        "modules/network-westus3.bicep",
        "modules/network-between.bicep",
    ]
    first = files["main.bicep"].partition("module networkEastus2 ")[2].partition("\n}\n")[0]
    assert "dependsOn" not in first
