"""What a template makes at once: told where it fails, and not where one waits for the other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.check.checking import check_things
from seatrial.check.template import read

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
MODELS = "Microsoft.CognitiveServices/accounts/deployments"
SUBNETS = "Microsoft.Network/virtualNetworks/subnets"


def _told(resources: Any, rule: str = "made-at-once", **more: Any) -> list[str]:
    template = {"$schema": SCHEMA, "contentVersion": "1.0.0.0", **more, "resources": resources}
    things = read(json.dumps(template), "main.json").things
    return [each.what for each in check_things(things).findings if each.rule == rule]


def _model(name: str, *after: str, **more: Any) -> dict[str, Any]:
    return {"type": MODELS, "apiVersion": "2025-06-01", "name": name, "dependsOn": list(after), **more}


def _id(name: str, account: str = "ferry") -> str:
    return f"[resourceId('{MODELS}', '{account}', '{name}')]"


ACCOUNT = "[resourceId('Microsoft.CognitiveServices/accounts', 'ferry')]"


def test_two_that_wait_for_the_same_account_only_are_made_at_once() -> None:
    [told] = _told([_model("ferry/chat", ACCOUNT), _model("ferry/words", ACCOUNT)])

    assert told == "words does not wait for chat, and an account takes one model at a time"


@pytest.mark.parametrize("named", [_id("chat"), "ferry/chat", "chat", "[concat('ferry', '/', 'chat')]"])
def test_one_that_names_the_other_waits_for_it_however_it_is_named(named: str) -> None:
    assert not _told([_model("ferry/chat"), _model("ferry/words", named)])


def test_the_first_may_wait_for_the_later_one() -> None:
    assert not _told([_model("ferry/chat", _id("words")), _model("ferry/words")])


def test_a_chain_is_one_by_one_from_end_to_end() -> None:
    chain = [_model("ferry/a"), _model("ferry/b", _id("a")), _model("ferry/c", _id("b"))]

    assert not _told(chain)
    # Given b and c wait for a only, both are begun when a is done
    assert len(_told([*chain[:2], _model("ferry/c", _id("a"))])) == 1


def test_of_two_accounts_each_takes_one() -> None:
    assert not _told([_model("ferry/chat"), _model("other/chat")])


def test_a_loop_is_made_at_once_unless_its_turns_wait_for_each_other() -> None:
    loop = {"name": "models", "count": 3}
    name = "[concat('ferry/', 'm', string(copyIndex()))]"

    assert len(_told([_model(name, copy=loop)])) == 2
    assert not _told([_model(name, copy={**loop, "mode": "Serial", "batchSize": 1})])
    assert len(_told([_model(name, copy={**loop, "mode": "Serial", "batchSize": 2})])) == 2


def test_names_of_symbols_are_followed() -> None:
    def both(*after: str) -> dict[str, Any]:
        return {"talk": _model("ferry/chat"), "embed": _model("ferry/words", *after)}

    assert _told(both(), languageVersion="2.0")
    assert not _told(both("talk"), languageVersion="2.0")


def test_deployments_in_a_template_are_judged_each_by_itself() -> None:
    def module(name: str, *resources: dict[str, Any]) -> dict[str, Any]:
        template = {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": list(resources)}
        properties = {
            "mode": "Incremental",
            "expressionEvaluationOptions": {"scope": "inner"},
            "template": template,
        }
        kind = "Microsoft.Resources/deployments"
        return {"type": kind, "apiVersion": "2025-04-01", "name": name, "properties": properties}

    apart = [module("one", _model("ferry/chat")), module("two", _model("ferry/words"))]

    assert not _told(apart)
    assert _told([module("one", _model("ferry/chat"), _model("ferry/words"))])


def test_what_waits_for_something_that_nobody_knows_is_left_alone() -> None:
    parameters = {"last": {"type": "string"}}

    assert not _told(
        [_model("ferry/chat"), _model("ferry/words", "[parameters('last')]")], parameters=parameters
    )


def test_subnets_fail_now_and_then_and_are_a_warning() -> None:
    def subnet(name: str) -> dict[str, Any]:
        return {"type": SUBNETS, "apiVersion": "2025-01-01", "name": f"net/{name}"}

    template = {
        "$schema": SCHEMA,
        "contentVersion": "1.0.0.0",
        "resources": [subnet("web"), subnet("data")],
    }
    found = check_things(read(json.dumps(template), "main.json").things).findings

    assert [each.severity for each in found if each.rule == "made-at-once"] == ["warning"]


# -- rights and images ------------------------------------------------------------------------------------


def _right(**properties: Any) -> dict[str, Any]:
    kind = "Microsoft.Authorization/roleAssignments"
    return {"type": kind, "apiVersion": "2022-04-01", "name": "[guid('x')]", "properties": properties}


def test_a_right_of_somebody_who_is_handed_in_was_known_before() -> None:
    parameters = {"who": {"type": "string"}}
    new = "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'x')).principalId]"

    def told(who: str) -> list[str]:
        return _told([_right(principalId=who)], "right-before-principal", parameters=parameters)

    assert told(new)
    assert not told("[parameters('who')]")
    assert not told("00000000-0000-0000-0000-000000000001")


def _app(image: str, identity: str) -> dict[str, Any]:
    properties = {
        "configuration": {"registries": [{"server": "ferry.azurecr.io", "identity": identity}]},
        "template": {"containers": [{"name": "web", "image": image}]},
    }
    return {
        "type": "Microsoft.App/containerApps",
        "apiVersion": "2025-07-01",
        "name": "web",
        "properties": properties,
    }


def test_a_first_image_from_elsewhere_needs_no_right() -> None:
    rule = "image-before-right"

    assert _told([_app("ferry.azurecr.io/web:1.2", "system")], rule)
    assert not _told([_app("mcr.microsoft.com/k8se/quickstart:latest", "system")], rule)
    assert not _told(
        [_app("ferry.azurecr.io/web:1.2", "[parameters('puller')]")],
        rule,
        parameters={"puller": {"type": "string"}},
    )


@pytest.mark.parametrize(
    ("first", "told"),
    [
        ("[utcNow('yyyy-MM-01')]", True),
        ("[concat(utcNow('yyyy-MM'), '-01')]", True),
        ("2026-11-01", False),
        ("[parameters('other')]", False),
    ],
)
def test_a_budget_begins_on_the_same_day_each_time(first: str, told: bool) -> None:
    parameters = {"first": {"type": "string", "defaultValue": first}, "other": {"type": "string"}}
    period = {"timePeriod": {"startDate": "[parameters('first')]"}}
    budget = {
        "type": "Microsoft.Consumption/budgets",
        "apiVersion": "2024-08-01",
        "name": "b",
        "properties": period,
    }

    assert bool(_told([budget], "budget-start-moves", parameters=parameters)) is told
