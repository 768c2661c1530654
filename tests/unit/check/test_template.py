"""Anybody's template becomes resources that rules read; what cannot be read, or is empty, is an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seatrial.azure import arm
from seatrial.azure.compile import graph
from seatrial.azure.json_text import json_text
from seatrial.check.checking import check_things
from seatrial.check.rule import every_rule
from seatrial.check.template import Template, Unreadable, read, read_answers, read_files, read_path
from seatrial.check.thing import Thing, things_of
from seatrial.cli.system_file import read_system

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
SYSTEMS = Path(__file__).parents[3] / "systems"
ALL = ("cultivate", "doctrove", "newswire", "papr", "qlp")
LEAKS = {each.id for each in every_rule() if each.family == "leaks"}


def template(*resources: Any, **parts: Any) -> str:
    """The text of a template with these resources and other parts."""
    listed = parts.pop("resources", list(resources))
    return json.dumps(
        {"$schema": SCHEMA, "contentVersion": "1.0.0.0", **parts, "resources": listed}, indent=1
    )


def vault(name: str = "vault", **parts: Any) -> dict[str, Any]:
    return {"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": name, **parts}


def only(found: Template) -> Thing:
    """The one resource of a template."""
    assert len(found.resources) == 1
    return found.resources[0]


# -- our own --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_built_system_is_read_back_whole(name: str) -> None:
    compiled = graph(read_system(SYSTEMS / name / "system.py").plan())

    found = read(arm.text(compiled), "main.json")

    kinds = sorted(each.type for each in found.resources)
    assert kinds == sorted(
        [*(each.type for each in compiled.resources), "Microsoft.Resources/resourceGroups"]
    )
    assert found.share_understood == 1


@pytest.mark.parametrize("name", ALL)
def test_leaks_are_the_same_in_the_graph_and_in_its_template(name: str) -> None:
    # Given what a system becomes, once as a graph and once as the template printed from it
    compiled = graph(read_system(SYSTEMS / name / "system.py").plan())
    printed = read(arm.text(compiled), "main.json").things

    # When both are checked, each rule finds the same in both, whatever the resources are called there
    ours, theirs = (
        sorted(
            (each.rule, each.what, str(each.resource).split()[0])
            for each in check_things(things).findings
            if each.rule in LEAKS
        )
        for things in (things_of(compiled), printed)
    )
    assert ours == theirs


# -- form -----------------------------------------------------------------------------------------------


def test_comments_and_texts_over_several_lines_are_no_mistake() -> None:
    text = """{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", // of a group
  /* a comment
     over two lines */
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01",
      "name": "[concat('va',
        'ult')]",
    },
  ]
}"""

    found = only(read(text, "main.json"))

    assert (found.name, str(found.place)) == ("vault", "main.json:7")


def test_symbolic_names_stand_for_resources_and_existing_ones_are_left_out() -> None:
    resources = {"mine": vault(), "theirs": vault("old", existing=True)}

    assert only(read(template(resources=resources, languageVersion="2.0"), "main.json")).name == "vault"


def test_a_child_within_its_parent_has_the_type_and_name_of_both() -> None:
    child = {"type": "secrets", "apiVersion": "2023-07-01", "name": "mail", "properties": {"value": "x"}}

    _, found = read(template(vault(resources=[child])), "main.json").resources

    assert (found.type, found.name, found.called) == (
        "Microsoft.KeyVault/vaults/secrets",
        "vault/mail",
        "mail",
    )


def test_a_nested_deployment_knows_only_what_is_passed_to_it() -> None:
    inner = json.loads(template(vault("[parameters('name')]"), parameters={"name": {"type": "string"}}))
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2025-04-01",
        "name": "vaults",
        "properties": {
            "expressionEvaluationOptions": {"scope": "inner"},
            "parameters": {"name": {"value": "[concat(parameters('name'), '-inner')]"}},
            "template": inner,
        },
    }
    outer = {"name": {"type": "string", "defaultValue": "outer"}}

    assert only(read(template(nested, parameters=outer), "main.json")).name == "outer-inner"


def test_a_nested_deployment_means_by_names_what_they_mean_outside_unless_it_says_otherwise() -> None:
    inner = json.loads(template(vault("[parameters('name')]")))
    nested = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2025-04-01",
        "name": "vaults",
        "properties": {"mode": "Incremental", "template": inner},
    }
    outer = {"name": {"type": "string", "defaultValue": "outer"}}

    assert only(read(template(nested, parameters=outer), "main.json")).name == "outer"


def test_a_template_that_lies_elsewhere_is_told_and_lowers_the_share() -> None:
    linked = {
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2025-04-01",
        "name": "network",
        "properties": {"templateLink": {"relativePath": "network.json"}},
    }

    found = read(template(vault(), linked), "main.json")

    assert [each.name for each in found.elsewhere] == ["network"]
    assert found.share_understood == 0.5  # the vault of the two
    assert "network" in found.in_words()


def test_a_type_that_no_rule_knows_lowers_the_share() -> None:
    strange = {"type": "Contoso.Own/things", "apiVersion": "2023-07-01", "name": "thing"}

    found = read(template(vault(), strange, strange | {"name": "other"}), "main.json")

    assert found.not_understood == {"Contoso.Own/things": 2}
    assert found.share_understood == pytest.approx(1 / 3)
    assert "3 resources, 1 of a type that is known; not known: 2 × Contoso.Own/things" in found.in_words()


# -- loops and conditions -------------------------------------------------------------------------------


def test_a_loop_makes_as_many_resources_as_it_turns() -> None:
    looped = vault(
        "[concat(parameters('names')[copyIndex()], copyIndex('vaults', 1))]",
        copy={"name": "vaults", "count": "[length(parameters('names'))]"},
    )
    names = {"names": {"type": "array", "defaultValue": ["a", "b"]}}

    found = read(template(looped, parameters=names), "main.json")

    assert [each.name for each in found.resources] == ["a1", "b2"]


def test_a_loop_of_unknown_turns_is_looked_at_once() -> None:
    looped = vault("[format('v{0}', copyIndex())]", copy={"name": "v", "count": "[parameters('count')]"})

    found = only(read(template(looped, parameters={"count": {"type": "int"}}), "main.json"))

    assert found.name == "v…"


def test_properties_and_variables_are_made_by_loops_too() -> None:
    rules = {"copy": [{"name": "rules", "count": 2, "input": {"id": "[copyIndex('rules')]"}}]}
    ports = {"copy": [{"name": "ports", "count": 2, "input": "[add(8000, copyIndex('ports'))]"}]}
    written = vault(properties=rules, tags={"port": "[variables('ports')[1]]"})

    found = only(read(template(written, variables=ports), "main.json"))

    assert found.body["properties"] == {"rules": [{"id": 0}, {"id": 1}]}
    assert found.at("tags.port") == 8001


def test_what_a_condition_leaves_out_is_left_out_and_told() -> None:
    off = vault("off", condition="[equals(parameters('stage'), 'all')]")
    maybe = vault("maybe", condition="[parameters('wanted')]")
    asked = {"stage": {"type": "string", "defaultValue": "ground"}, "wanted": {"type": "bool"}}

    found = read(template(off, maybe, parameters=asked), "main.json")

    assert only(found).name == "maybe"
    assert found.left_out == 1
    assert "1 left out by a condition" in found.in_words()


# -- parameters -----------------------------------------------------------------------------------------

SIZED = template(
    vault(properties={"size": "[parameters('size')]"}),
    parameters={"size": {"type": "string", "defaultValue": "small"}},
)


def test_an_answer_comes_before_the_default() -> None:
    answers = read_answers('{"parameters": {"SIZE": {"value": "large"}}}', "main.parameters.json")

    assert only(read(SIZED, "main.json")).at("properties.size") == "small"
    assert only(read(SIZED, "main.json", answers)).at("properties.size") == "large"


@pytest.mark.parametrize("answer", [{"reference": {"secretName": "size"}}, {"value": "${SIZE}"}])
def test_an_answer_that_stands_elsewhere_is_not_known(answer: dict[str, Any]) -> None:
    answers = read_answers(json.dumps({"parameters": {"size": answer}}), "main.parameters.json")

    found = only(read(SIZED, "main.json", answers))

    assert found.at("properties.size") is None
    assert found.says("properties.size")


def test_a_secret_is_never_known_even_with_a_default() -> None:
    asked = {"password": {"type": "secureString", "defaultValue": "Winter2026!"}}
    written = vault(properties={"password": "[concat('x', parameters('password'))]"})

    found = read(template(written, parameters=asked), "main.json")

    assert found.resources[0].at("properties.password") is None
    assert "Winter2026!" not in repr(found.resources)
    assert {each.rule for each in check_things(found.things).findings} >= {"secret-parameter-default"}


def test_a_parameter_has_the_type_of_its_definition() -> None:
    parts = {
        "definitions": {"password": {"type": "securestring"}},
        "parameters": {
            "one": {"$ref": "#/definitions/password"},
            "two": {"type": "string", "nullable": True},
        },
    }
    written = vault(properties={"one": "[parameters('one')]", "two": "[coalesce(parameters('two'), 'none')]"})

    found = only(read(template(written, **parts), "main.json"))

    assert found.at("properties.one") is None
    assert found.at("properties.two") == "none"


def test_a_key_in_an_output_is_found() -> None:
    key = "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'photos'), '2023-01-01').keys[0].value]"
    outputs = {"key": {"type": "string", "value": key}, "name": {"type": "string", "value": "photos"}}

    found = check_things(read(template(vault(), outputs=outputs), "main.json").things).findings

    assert [each.resource for each in found if each.rule == "secret-in-output"] == ["template/output key"]


# -- scopes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "about"),
    [
        ("[resourceId('Microsoft.KeyVault/vaults', parameters('name'))]", "Microsoft.KeyVault/vaults"),
        ("[format('Microsoft.KeyVault/vaults/{0}', parameters('name'))]", "Microsoft.KeyVault/vaults"),
        (
            "[format('Microsoft.KeyVault/vaults/{0}/secrets/{1}', 'a', 'b')]",
            "Microsoft.KeyVault/vaults/secrets",
        ),
        ("[subscription().id]", "subscription"),
        ("[resourceGroup().id]", "resource group"),
        ("[parameters('name')]", None),
    ],
)
def test_a_right_says_what_it_is_about(scope: str, about: str | None) -> None:
    right = {"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "x"}

    text = template(right | {"scope": scope}, parameters={"name": {"type": "string"}})

    assert only(read(text, "main.json")).about == about


def test_a_right_without_a_scope_is_about_all_that_is_deployed_to() -> None:
    right = {"type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "x"}
    group = template(right)
    whole = group.replace("2019-04-01/deploymentTemplate", "2018-05-01/subscriptionDeploymentTemplate")

    assert only(read(group, "main.json")).about == "resource group"
    assert only(read(whole, "main.json")).about == "subscription"


def test_the_older_way_to_write_a_scope_is_read_too() -> None:
    setting = {
        "type": "Microsoft.KeyVault/vaults/providers/diagnosticSettings",
        "apiVersion": "2021-05-01-preview",
        "name": "vault/Microsoft.Insights/audit",
    }

    found = only(read(template(setting), "main.json"))

    assert (found.type, found.about) == ("Microsoft.Insights/diagnosticSettings", "Microsoft.KeyVault/vaults")


# -- what cannot be read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "it ends too early"),
        ('{\n "resources": [\n}', 3, "'}' where a value belongs"),
        ('{"a": 1} x', 1, "no JSON begins with 'x'"),
        ('{"a": 1, "b" 2}', 1, "'2' where ':' belongs"),
        ("[" * 500, 1, "nested deeper than 200 levels"),
        ("[]", 0, "no template"),
        ('{"parameters": {}}', 0, "no template"),
        (template(), 0, "deploys no resource"),
        (template(resources="none"), 0, "no list and no object"),
        (template("a"), 0, "'a' stands among the resources"),
        (template({"name": "x"}), 5, "a resource without a type"),
        (template({"type": "a/b"}), 5, "a resource without a name"),
        (template(vault("[concat('a'")), 5, None),
        (template(vault(sku={"name": "[concat('a' 'b')]"})), 9, "\"'…'\" where ',' belongs"),
        (template(vault("[nothing]")), 5, "it ends too early"),
        (template(vault(copy={"name": "v", "count": 801})), 5, "a loop of 801 turns"),
        (template(parameters=["a"]), 1, "`parameters` is no object"),
        (template(variables="a"), 1, "`variables` is no object"),
        (template(parameters={"a": "b"}), 1, "`a` of `parameters` is no object"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place_and_the_way_out(
    text: str, line: int, what: str | None
) -> None:
    if what is None:  # without the closing bracket it is plain text, as Azure holds it
        assert only(read(text, "main.json")).name == "[concat('a'"
        return
    with pytest.raises(Unreadable) as caught:
        read(text, "main.json")

    assert what in caught.value.what
    assert (caught.value.place.file, caught.value.place.line) == ("main.json", line)
    assert caught.value.hint
    assert f"{caught.value.place}  " in str(caught.value)


def test_a_template_whose_conditions_leave_nothing_is_not_green() -> None:
    with pytest.raises(Unreadable, match="deploys no resource"):
        read(template(vault(condition=False)), "main.json")


def test_a_file_without_parameters_is_no_file_of_answers() -> None:
    with pytest.raises(Unreadable, match="no file of parameters"):
        read_answers("{}", "main.parameters.json")


# -- files and folders ----------------------------------------------------------------------------------


def test_a_folder_gives_all_its_templates_each_with_its_parameters(tmp_path: Path) -> None:
    below = tmp_path / "modules"
    below.mkdir()
    (tmp_path / "main.json").write_text(SIZED)
    (tmp_path / "main.parameters.json").write_text('{"parameters": {"size": {"value": "large"}}}')
    (below / "vault.json").write_text(template(vault("below")), encoding="utf-8-sig")
    (tmp_path / "package.json").write_text('{"name": "not a template"}')
    (tmp_path / "tsconfig.json").write_text("{ // broken, and no template either")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "strange.json").write_text(template(vault("strange")))

    found = read_path(tmp_path)

    assert [(each.name, each.at("properties.size")) for each in found.resources] == [
        ("vault", "large"),
        ("below", None),
    ]
    assert found.in_words().startswith("2 templates: 2 resources")


def test_one_file_is_read_with_the_parameters_beside_it(tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(SIZED)
    (tmp_path / "main.parameters.json").write_text('{"parameters": {"size": {"value": "large"}}}')

    assert only(read_path(tmp_path / "main.json")).at("properties.size") == "large"


def test_a_broken_template_among_others_is_not_passed_over() -> None:
    with pytest.raises(Unreadable, match=r"b\.json:1  no JSON"):
        read_files({"a.json": template(vault()), "b.json": f'{{"$schema": "{SCHEMA}",'})


def test_broken_parameters_beside_a_template_are_not_passed_over() -> None:
    broken = (
        '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",'
    )

    with pytest.raises(Unreadable, match=r"main\.parameters\.json:1  no JSON"):
        read_files({"main.json": SIZED, "main.parameters.json": broken})


@pytest.mark.parametrize("texts", [{}, {"infra/package.json": "{}"}])
def test_a_folder_without_a_template_is_an_error(texts: dict[str, str]) -> None:
    with pytest.raises(Unreadable, match=r"no template among 1|no file of JSON"):
        read_files(texts)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read_path(tmp_path / "none.json")
    with pytest.raises(Unreadable, match="no file of JSON"):
        read_path(tmp_path)


def test_a_large_template_is_read_in_less_than_a_second(tmp_path: Path) -> None:
    import time

    written = arm.template(graph(read_system(SYSTEMS / "cultivate" / "system.py").plan()))
    text = json_text(written)
    begun = time.perf_counter()

    read(text, "main.json")

    assert time.perf_counter() - begun < 1  # 0.15 s on the machine where it was written
