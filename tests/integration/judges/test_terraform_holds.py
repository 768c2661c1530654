"""Terraform's files, without Terraform: every reference leads to what is there and says what is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

REFERENCE = re.compile(
    r"\b(?:azapi_resource|var|local|data\.azapi_client_config)\.\w+(?:\[0\])?(?:\.[\w.]+)?"
)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """All files as Terraform takes them: as one."""
    whole: dict[str, dict[str, Any]] = {"resource": {}, "variable": {}, "locals": {}}
    for file in sorted(folder.glob("*.tf.json")):
        said = json.loads(file.read_bytes())
        resources = said.get("resource", {}).get("azapi_resource", {})
        assert not whole["resource"].keys() & resources.keys(), f"{file.name} names one a second time"
        whole["resource"] |= resources
        whole["variable"] |= said.get("variable", {})
        whole["locals"] |= said.get("locals", {})
    return whole


def references(value: Any) -> Iterator[str]:
    """What is referred to inside of templates: `${…}`, as deep as they go."""
    match value:
        case str():
            text = value.replace("$${", "")
            yield from REFERENCE.findall(text) if "${" in text else ()
        case dict():
            for key, each in value.items():
                yield from references(key)
                yield from references(each)
        case list():
            for each in value:
                yield from references(each)


def complaints(whole: dict[str, dict[str, Any]]) -> Iterator[str]:
    for reference in references(whole):
        kind, name, *path = reference.replace("data.", "", 1).split(".")
        name, indexed = name.removesuffix("[0]"), name.endswith("[0]")
        if kind == "var":
            if name not in whole["variable"]:
                yield f"{reference}: no such variable"
        elif kind == "local":
            if name not in whole["locals"]:
                yield f"{reference}: no such local value"
        elif kind == "azapi_client_config":
            if name != "current" or path not in (["subscription_id"], ["tenant_id"]):
                yield f"{reference}: no such thing"
        elif name not in whole["resource"]:
            yield f"{reference}: no such resource"
        elif ("count" in whole["resource"][name]) != indexed:
            yield f"{reference}: with an index, exactly where there is a count"
        elif path[0] == "output":
            asked = whole["resource"][name].get("response_export_values", [])
            if ".".join(path[1:]) not in asked:
                yield f"{reference}: not among the values that are exported"
        elif path not in (["id"], ["name"]):
            yield f"{reference}: a resource says no such thing"


def test_every_reference_leads_somewhere(here: Path) -> None:
    assert list(complaints(read(here / "infra/terraform"))) == []


def test_no_resource_waits_for_itself(here: Path) -> None:
    resources = read(here / "infra/terraform")["resource"]
    needs = {
        name: {
            each.split(".")[1].removesuffix("[0]")
            for each in (*references(said), *said.get("depends_on", ()))
            if each.startswith("azapi_resource.")
        }
        for name, said in resources.items()
    }
    TopologicalSorter(needs).prepare()  # raises CycleError


def test_terraform_makes_what_the_template_makes(here: Path) -> None:
    made = sorted(
        said["type"].partition("@")[0] for said in read(here / "infra/terraform")["resource"].values()
    )
    template = json.loads((here / "infra/main.json").read_bytes())
    meant = ["Microsoft.Resources/resourceGroups"]
    for each in template["resources"]:
        if each["type"] == "Microsoft.Resources/deployments":
            meant += [inner["type"] for inner in each["properties"]["template"]["resources"]]
    assert made == sorted(meant)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("${azapi_resource.b.id}", "no such resource"),
        ("${azapi_resource.a[0].id}", "with an index"),
        ("x${var.b}", "no such variable"),
        ('${substr(sha256("${local.b}"), 0, 6)}', "no such local"),
        ("${azapi_resource.a.output.properties.other}", "not among the values"),
    ],
)
def test_a_reference_to_nothing_is_told(said: str, told: str) -> None:
    one = {"type": "x@1", "response_export_values": ["properties.one"], "body": {"said": said}}
    found = list(complaints({"resource": {"a": one}, "variable": {}, "locals": {}}))
    assert [told in each for each in found] == [True]
