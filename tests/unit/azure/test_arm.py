"""The template that Azure takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.azure import arm
from seatrial.azure.graph import Graph


@pytest.fixture(scope="module")
def template(harbour: Graph) -> dict[str, Any]:
    return arm.template(harbour)


@pytest.fixture(scope="module")
def sheets(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The deployments of the sheets, by name."""
    return {
        each["name"]: each
        for each in template["resources"]
        if each["type"] == "Microsoft.Resources/deployments"
    }


def inside(sheet: dict[str, Any]) -> dict[str, Any]:
    """The resources of a sheet, by the words that say what they are for."""
    return {each["comments"]: each for each in sheet["properties"]["template"]["resources"]}


def test_it_makes_its_own_resource_group_and_deploys_each_concern_into_it(
    template: dict[str, Any], sheets: dict[str, dict[str, Any]]
) -> None:
    group = template["resources"][0]
    assert group["type"] == "Microsoft.Resources/resourceGroups"
    assert template["variables"]["resourceGroup"] == "[format('harbour-{0}', parameters('environment'))]"
    assert list(sheets) == ["identity", "vault", "access", "compute"]
    assert {each["resourceGroup"] for each in sheets.values()} == {group["name"]}


def test_everything_that_takes_tags_says_system_variant_environment_and_who_manages_it(
    template: dict[str, Any],
) -> None:
    assert template["variables"]["tags"] == {
        "system": "harbour",
        "variant": "base",
        "environment": "[parameters('environment')]",
        "managed-by": "seatrial",
    }


def test_a_sheet_waits_for_the_sheets_it_needs(sheets: dict[str, dict[str, Any]]) -> None:
    awaited = {name: "".join(each["dependsOn"]) for name, each in sheets.items()}
    assert "'identity')" in awaited["access"]
    assert "'vault')" in awaited["access"]
    assert "'access')" in awaited["compute"]
    assert "'Microsoft.Resources/deployments'" not in awaited["identity"]


def test_the_stage_called_ground_leaves_out_what_runs_images(sheets: dict[str, dict[str, Any]]) -> None:
    staged = {name: each.get("condition") for name, each in sheets.items()}
    assert staged == {
        "identity": None,
        "vault": None,
        "access": None,
        "compute": "[equals(parameters('stage'), 'all')]",
    }


def test_a_secret_is_asked_for_where_nobody_sees_it_and_has_no_default(
    template: dict[str, Any], sheets: dict[str, dict[str, Any]]
) -> None:
    assert template["parameters"]["papersPassword"]["type"] == "securestring"
    assert "defaultValue" not in template["parameters"]["papersPassword"]
    assert sheets["vault"]["properties"]["template"]["parameters"]["papersPassword"]["type"] == "securestring"
    assert "papersPassword" not in sheets["compute"]["properties"]["parameters"]


def test_a_right_is_scoped_to_its_resource_and_named_for_both(sheets: dict[str, dict[str, Any]]) -> None:
    right = inside(sheets["access"])["The web process reads secrets"]
    vault = "resourceId('Microsoft.KeyVault/vaults', format('harbour-{0}', variables('suffix')))"
    assert right["scope"] == f"[{vault}]"
    assert right["name"].startswith(f"[guid({vault}, ")
    assert "tags" not in right


def test_what_a_resource_says_is_read_by_reference(sheets: dict[str, dict[str, Any]]) -> None:
    right = inside(sheets["access"])["The web process reads secrets"]
    assert right["properties"]["principalId"] == (
        "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'web-identity'), "
        "'2024-11-30').principalId]"
    )


def test_a_child_waits_for_its_parent_and_has_both_names(sheets: dict[str, dict[str, Any]]) -> None:
    secret = next(
        each
        for each in sheets["vault"]["properties"]["template"]["resources"]
        if each["type"] == "Microsoft.KeyVault/vaults/secrets"
    )
    assert secret["name"] == "[format('harbour-{0}/papers-password', variables('suffix'))]"
    assert len(secret["dependsOn"]) == 1


def test_text_in_brackets_is_no_expression(sheets: dict[str, dict[str, Any]]) -> None:
    # Azure takes `[…]` for an expression, and `[[…]` for the text; what does not end in `]` is text as it is.
    web = inside(sheets["compute"])["Serves the page"]
    arguments = web["properties"]["template"]["containers"][0]["args"]
    assert arguments == ["first line\nsecond line\n", "[[all]", "[some] of it"]


def test_a_choice_by_an_empty_parameter_is_one_expression(sheets: dict[str, dict[str, Any]]) -> None:
    web = inside(sheets["compute"])["Serves the page"]
    assert web["properties"]["configuration"]["ingress"]["traffic"] == (
        "[if(empty(parameters('webLive')), "
        "createArray(createObject('latestRevision', true(), 'weight', 100)), "
        "createArray(createObject('revisionName', parameters('webLive'), 'weight', 100), "
        "createObject('latestRevision', true(), 'weight', 0, 'label', 'next')))]"
    )


def test_its_text_is_the_template(harbour: Graph, template: dict[str, Any]) -> None:
    assert json.loads(arm.text(harbour)) == template
