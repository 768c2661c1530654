"""Terraform, as JSON. The whole is in snapshots/."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.azure import terraform
from seatrial.azure.graph import Graph
from seatrial.azure.terraform.speech import Speech
from seatrial.azure.values import Guid, Inside, Json, Known, Parameter, Ref, Suffix, WhenEmpty, join


@pytest.fixture(scope="module")
def files(harbour: Graph) -> dict[str, Any]:
    return {path: json.loads(text) for path, text in terraform.files(harbour).items()}


def resources(files: dict[str, Any], sheet: str) -> dict[str, Any]:
    return files[f"{sheet}.tf.json"]["resource"]["azapi_resource"]  # type: ignore[no-any-return]


def test_the_provider_is_pinned(files: dict[str, Any]) -> None:
    provider = files["main.tf.json"]["terraform"]["required_providers"]["azapi"]
    assert provider == {"source": "azure/azapi", "version": "~> 2.0"}


def test_a_secret_is_a_sensitive_variable(files: dict[str, Any]) -> None:
    variable = files["main.tf.json"]["variable"]["papers_password"]
    assert variable["sensitive"] is True
    assert "default" not in variable


def test_what_others_ask_of_a_resource_is_exported(files: dict[str, Any]) -> None:
    assert resources(files, "identity")["web_identity"]["response_export_values"] == [
        "properties.principalId"
    ]
    right = resources(files, "access")["web_reads_vault"]
    assert right["body"]["properties"]["principalId"] == (
        "${azapi_resource.web_identity.output.properties.principalId}"
    )
    assert right["parent_id"] == "${azapi_resource.vault.id}"


def test_identities_are_named_where_the_provider_wants_them(files: dict[str, Any]) -> None:
    web = resources(files, "compute")["web"]
    assert web["identity"] == {
        "type": "UserAssigned",
        "identity_ids": ["${azapi_resource.web_identity.id}"],
    }
    assert "identity" not in web["body"]


def test_the_stage_called_ground_leaves_out_what_runs_images(files: dict[str, Any]) -> None:
    assert resources(files, "compute")["web"]["count"] == '${var.stage == "all" ? 1 : 0}'
    assert "count" not in resources(files, "vault")["vault"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("${x} %{y}", "$${x} %%{y}"),
        (join("a-", Suffix(region="eastus2")), "a-${local.suffix_eastus2}"),
        (Guid(pieces=("a", "b")), '${uuidv5("url", "a|b")}'),
        (Known(what="tenant"), "${data.azapi_client_config.current.tenant_id}"),
        (
            WhenEmpty(parameter=Parameter(name="webLive", why="x"), then=[], otherwise=[{"a": "b"}]),
            '${jsondecode(var.web_live == "" ? jsonencode([]) : jsonencode([{"a" = "b"}]))}',
        ),
        (Json(value={"a": [Suffix(region="eastus2")]}), '${jsonencode({"a" = [local.suffix_eastus2]})}'),
        ({Suffix(region="eastus2"): {}}, {"${local.suffix_eastus2}": {}}),
        ([1, 0.5, True, None], [1, 0.5, True, None]),
        (
            Inside(of=Ref(type="Microsoft.X/gates", name="gate"), kind="ports", name="http"),
            "/subscriptions/${data.azapi_client_config.current.subscription_id}"
            "/resourceGroups/${azapi_resource.group.name}/providers/Microsoft.X/gates/gate/ports/http",
        ),
    ],
)
def test_values_are_said_as_terraform_spells_them(value: object, said: object) -> None:
    assert Speech({}).json(value) == said
