"""Whatever is described: the check answers, the same each time, and repeats no secret."""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.check.as_json import as_json
from seatrial.check.case import Case
from seatrial.check.checking import UNNAMED, Report, check, check_mistakes, check_things
from seatrial.check.findings import SEVERITIES, Finding
from seatrial.check.rule import Rule, every_rule
from seatrial.check.sarif import as_sarif
from seatrial.check.template import Unreadable, read
from seatrial.check.thing import Things
from seatrial.cli.check_page import check_page
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes, Plan

from .conftest import Check

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 21)
RULES = {each.id for each in every_rule()} | {UNNAMED}
SYSTEMS = sorted((ROOT / "systems").glob("*/system.py"))

often = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def _any_system() -> Any:
    """The strategies by which Azure's room is tried."""
    file = ROOT / "tests" / "unit" / "azure" / "test_any_system.py"
    spec = importlib.util.spec_from_file_location("any_system", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["any_system"] = module
    spec.loader.exec_module(module)
    return module


ANY = _any_system()


INSIDES = re.compile(r"(?<!=)\b(None|Unknown\(|Join\(|Known\(|Body\(|Thing\()| object at 0x|Decimal\(")
"""What shows that a value was not put into words; "None" in quotes is a value of Azure's own,
and `throughput=None` what a system file may say."""


def _assert_each_can_be_acted_on(findings: Iterable[Finding]) -> None:
    for each in findings:
        assert each.rule in RULES
        assert each.severity in SEVERITIES
        assert each.place is not None or each.resource is not None
        for text in (each.what, each.fix):
            assert text.strip()
            assert not INSIDES.search(text.replace('"None"', "")), f"{each.rule}: {text}"


# -- systems ----------------------------------------------------------------------------------------------


def _plans() -> Iterator[Any]:
    for file in SYSTEMS:
        system = read_system(file)
        for variant in (None, *system.variants):
            yield pytest.param(file, variant, id=f"{file.parent.name}-{variant or 'itself'}")


@pytest.mark.parametrize(("file", "variant"), list(_plans()))
def test_each_finding_in_a_real_plan_can_be_acted_on(file: Path, variant: str | None) -> None:
    system = read_system(file)
    plan = system.plan(variant)

    report = check(Case(plan, file.read_text("utf-8"), None, system), TODAY)

    _assert_each_can_be_acted_on((*report.findings, *report.accepted))
    parts = {each.name for each in plan.parts}
    assert {each.part for each in report.findings} <= parts | {None}
    assert all(each.because for each in report.accepted)


@seldom
@given(ANY.descriptions())
def test_whatever_system_is_described_the_check_answers(described: Any) -> None:
    plan: Plan = ANY.plan_of(described)

    report, again = check(Case(plan), TODAY), check(Case(plan), TODAY)

    _assert_each_can_be_acted_on(report.findings)
    assert report == again
    assert len(report.findings) == len(set(report.findings))


# -- templates --------------------------------------------------------------------------------------------


def _whole(example: str) -> dict[str, Any]:
    """An example of a rule as a whole template."""
    found = json.loads(example)
    if isinstance(found, dict) and "type" not in found:
        return found
    resources = found if isinstance(found, list) else [found]
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{"apiVersion": "2025-01-01", **each} for each in resources],
    }


@cache
def _templates() -> tuple[dict[str, Any], ...]:
    """Every template that the rules and the reports have: all types that rules read are among them."""
    examples = [
        _whole(text)
        for rule in every_rule()
        for text in (rule.bad, rule.good)
        if text.lstrip().startswith(("{", "["))
    ]
    reported = (ROOT / "tests" / "bad_descriptions").glob("*.json")
    return (*examples, *(json.loads(each.read_text("utf-8")) for each in sorted(reported)))


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, dict | list):
            yield from _places(each, (*path, key))
        else:
            yield (*path, key)


ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 7.5, 10**30, "", "7", "x", " ", "[", "[[x]", "[odd]", "[x('y')]"),
    *("[parameters('nobody')]", "[reference('x').y]", "[resourceId('Some.Type/x', 'y')]", "[1]", "[null()]"),
    *("[if(true(), null(), 'x')]", "[concat('a', parameters('p'))]", "[copyIndex()]", "[listKeys('a').b]"),
    *(
        [],
        ["x"],
        [None],
        [[]],
        {},
        {"x": None},
        [{}],
        {"name": {}},
        "é" * 300,
        "2026-13-45",
        "PT99H",
        "10.0.0.0/99",
    ),
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A template in which some fields are gone, odd, or of another type than they should be."""
    template = copy.deepcopy(draw(st.sampled_from(_templates())))
    for _ in range(draw(st.integers(1, 4))):
        places = [each for each in _places(template) if each != ("resources",)]
        if not places:
            break
        *path, last = draw(st.sampled_from(places))
        holder: Any = template
        for step in path:
            holder = holder[step]
        match draw(st.sampled_from(["gone", "odd", "odd", "other type", "as text", "renamed"])):
            case "gone":
                del holder[last]
            case "as text":
                holder[last] = json.dumps(holder[last])
            case "other type" if last == "type":
                holder[last] = draw(
                    st.sampled_from(["Some.Other/thing", "Microsoft.Web/sites", "x", "/", "A/b/c/d"])
                )
            case "renamed" if isinstance(last, str):
                holder[last.swapcase()] = holder.pop(last)
            case _:
                holder[last] = copy.deepcopy(draw(st.sampled_from(ODD)))
    return template


def _read(template: dict[str, Any]) -> Things | Unreadable:
    try:
        return read(json.dumps(template), "main.json").things
    except Unreadable as unreadable:
        return unreadable


@often
@given(mutated())
def test_whatever_stands_in_a_template_the_check_answers_or_says_why_it_cannot(
    template: dict[str, Any],
) -> None:
    things = _read(template)
    if isinstance(things, Unreadable):
        assert things.what
        assert things.hint
        return

    report = check_things(things)

    _assert_each_can_be_acted_on(report.findings)
    assert all(each.place is not None and each.place.file == "main.json" for each in report.findings)
    assert report == check_things(things)


def test_resources_in_another_order_have_the_same_findings() -> None:
    """What is told of the later of two resources, and not of the first, is left out."""
    for template in _templates():
        found = _rules(template)
        if "made-at-once" not in found:
            assert _rules({**template, "resources": template["resources"][::-1]}) == found


def test_a_number_written_as_text_counts_as_the_number() -> None:
    """So Azure reads it in most places; where it takes nothing but text, a rule says so of the number."""
    for template in _templates():
        if (as_text := _with_texts(template)) != template:
            assert set(_rules(template)) ^ set(_rules(as_text)) <= {"scale-metadata-text"}


def _with_texts(value: Any) -> Any:
    match value:
        case dict():
            return {name: _with_texts(each) for name, each in value.items()}
        case list():
            return [_with_texts(each) for each in value]
        case int() | float() if not isinstance(value, bool):
            return str(value)
    return value


def _rules(template: dict[str, Any]) -> list[str]:
    return sorted(each.rule for each in check_things(read(json.dumps(template), "main.json").things).findings)


# -- the same each time -----------------------------------------------------------------------------------

EVERYTHING = """
import json, sys
from datetime import date
from pathlib import Path
from seatrial.check.as_json import as_json
from seatrial.check.case import Case
from seatrial.check.checking import check, check_things
from seatrial.check.template import read_path
from seatrial.cli.system_file import read_system
root = Path(sys.argv[1])
for file in sorted((root / "systems").glob("*/system.py")):
    system = read_system(file)
    print(json.dumps(as_json(check(Case(system.plan(), "", None, system), date(2026, 11, 21)))))
print(json.dumps(as_json(check_things(read_path(root / "tests" / "bad_descriptions").things))))
"""


def test_the_same_is_found_in_the_same_order_whatever_the_seed_of_hashes() -> None:
    def told(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", EVERYTHING, str(ROOT)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
        return run.stdout

    once = told("1")
    assert once == told("2")
    assert once.count('"rule"') > 100


# -- rules beside each other --------------------------------------------------------------------------------

BY_DEFAULT = {
    "cluster-local-accounts": "a cluster has local accounts unless it is told not to",
    "container-app-asleep": "an app without ingress goes down to no replica unless it is told not to",
    "cosmos-keys": "an account takes keys unless it is told not to",
    "edge-without-firewall": "the firewall is a resource of its own, beside the one that is shown",
    "messages-shared-keys": "a namespace takes keys unless it is told not to",
    "model-api-keys": "an account takes keys unless it is told not to",
    "plain-http": "App Service answers HTTP unless it is told not to",
    "storage-old-tls": "an account takes TLS 1.0 unless it is told not to",
    "storage-shared-keys": "an account takes keys unless it is told not to",
}
"""What examples of one resource leave as it is by default, so that they stay about one thing."""

BESIDE = {
    ("burstable-behind-promise", "promise-unreached"): "who reaches the service is left out",
    ("environment-endpoint-fee", "edge-without-firewall"): "the firewall is what costs, and is switched off",
    ("laptop-edge-rules", "edge-without-firewall"): "the firewall is what laptops have not",
    ("health-is-slow", "promise-unreached"): "who reaches the service is left out",
    ("one-replica-for-rate", "promise-unreached"): "who reaches the service is left out",
    ("rate-beyond-replicas", "promise-unreached"): "who reaches the service is left out",
    ("request-too-long", "promise-unreached"): "who reaches the service is left out",
    ("sleeps-behind-latency", "promise-unreached"): "who reaches the service is left out",
    ("spot-for-promised", "promise-unreached"): "who reaches the service is left out",
    (
        "promise-of-nothing",
        "one-replica-for-availability",
    ): "the promise is the example's, its keeping is not",
}
"""Other errors in good examples, by the example's rule and the one that finds it, with the reason."""


@pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.id)
def test_a_good_example_is_no_error_to_another_rule(rule: Rule, checked: Check) -> None:
    left = BY_DEFAULT.keys() if rule.good.lstrip().startswith(("{", "[")) else ()

    errors = {each.rule for each in checked(rule.good).findings if each.severity == "error"}

    assert {each for each in errors if each not in left and (rule.id, each) not in BESIDE} == set()


# -- secrets ------------------------------------------------------------------------------------------------

SECRET = "tr0ub4dor-And-3-otters"


def _told(report: Report) -> str:
    """Everything that is told of it in any form."""
    whole = Report(findings=report.findings, accepted=report.findings, stale=report.stale)
    shown: Callable[[str], str] = str
    return "\n".join(
        [
            check_page(whole, shown, accepted=True),
            json.dumps(as_json(whole), ensure_ascii=False),
            json.dumps(as_sarif(whole, "0.1.0"), ensure_ascii=False),
        ]
    )


PLANTED_IN_SYSTEMS = [
    'shop.worker("packer", "pack", env={"MAIL_PASSWORD": "%s"})',
    'shop.worker("packer", "pack", env={"DATABASE_URL": "postgresql://shop:%s@db.example.com/shop"})',
    'shop.worker("packer", "pack", env={"MAIL_HOST": "smtp://shop:%s@mail.example.com:25"})',
    'shop.worker("packer", "pack --password=%s")',
    'shop.service("page", "serve --token %s", port=8080, public=True)',
    '# password: %s\nshop.worker("packer", "pack")',
    'api_key = "%s"\nshop.worker("packer", "pack")',
]


@pytest.mark.parametrize("line", PLANTED_IN_SYSTEMS)
@pytest.mark.parametrize(
    "secret", [SECRET, "AKIAIOSFODNN7EXAMPLE", "ghp_" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5"]
)
def test_no_secret_of_a_system_file_is_repeated(line: str, secret: str, tmp_path: Path) -> None:
    file = tmp_path / "system.py"
    text = f'from seatrial import System\n\nshop = System("shop")\n{line % secret}\n'
    file.write_text(text, encoding="utf-8")
    try:
        system = read_system(file)
    except Mistakes as mistakes:
        report = check_mistakes(mistakes.mistakes)
        assert report.findings
    else:
        report = check(Case(system.plan(), text, None, system), TODAY)

    assert secret not in _told(report)


def _app(**container: Any) -> dict[str, Any]:
    containers = [{"name": "shop", "image": "shop.azurecr.io/shop:1.2", **container}]
    properties = {"template": {"containers": containers}}
    return {"type": "Microsoft.App/containerApps", "name": "shop", "properties": properties}


PLANTED_IN_TEMPLATES: dict[str, dict[str, Any]] = {
    "a setting": _app(env=[{"name": "MAIL_PASSWORD", "value": SECRET}]),
    "an address in a setting": _app(
        env=[{"name": "DB", "value": f"postgres://shop:{SECRET}@db.example/shop"}]
    ),
    "an address without TLS": _app(env=[{"name": "CACHE", "value": f"redis://:{SECRET}@cache.example:6379"}]),
    "an argument": _app(args=["--password", SECRET]),
    "a command": _app(command=["sh", "-c", f"run --password={SECRET}"]),
    "a secret of the app": {
        "type": "Microsoft.App/containerApps",
        "name": "shop",
        "properties": {"configuration": {"secrets": [{"name": "mail", "value": SECRET}]}},
    },
    "the password of a server": {
        "type": "Microsoft.DBforPostgreSQL/flexibleServers",
        "name": "shop-data",
        "properties": {"administratorLogin": "shop", "administratorLoginPassword": SECRET, "version": "17"},
    },
    "a setting of a site": {
        "type": "Microsoft.Web/sites",
        "name": "shop-page",
        "properties": {
            "siteConfig": {
                "appSettings": [{"name": "SECRET_KEY", "value": SECRET}],
                "connectionStrings": [{"name": "db", "connectionString": f"Server=db;Password={SECRET};"}],
            }
        },
    },
    "settings of a site": {
        "type": "Microsoft.Web/sites/config",
        "name": "shop-page/appsettings",
        "properties": {"API_KEY": SECRET},
    },
    "a secret in a vault": {
        "type": "Microsoft.KeyVault/vaults/secrets",
        "name": "shop-vault/mail",
        "properties": {"value": SECRET},
    },
    "a group of containers": {
        "type": "Microsoft.ContainerInstance/containerGroups",
        "name": "shop",
        "properties": {
            "imageRegistryCredentials": [{"server": "x.azurecr.io", "username": "x", "password": SECRET}],
            "containers": [{"properties": {"environmentVariables": [{"name": "PASSWORD", "value": SECRET}]}}],
        },
    },
    "a type that no rule knows": {
        "type": "Some.Other/thing",
        "name": "x",
        "properties": {"password": SECRET},
    },
}


@pytest.mark.parametrize("where", PLANTED_IN_TEMPLATES)
def test_no_secret_in_a_resource_is_repeated(where: str) -> None:
    template = _whole(json.dumps(PLANTED_IN_TEMPLATES[where]))

    assert SECRET not in _told(check_things(read(json.dumps(template), "main.json").things))


@pytest.mark.parametrize("kind", ["securestring", "string"])
def test_no_secret_in_a_default_an_answer_or_an_output_is_repeated(kind: str) -> None:
    template = _whole(
        json.dumps(_app(env=[{"name": "MAIL_PASSWORD", "value": "[parameters('mailPassword')]"}]))
    ) | {
        "parameters": {"mailPassword": {"type": kind, "defaultValue": SECRET}},
        "variables": {"password": SECRET},
        "outputs": {
            "adminPassword": {"type": "string", "value": "[variables('password')]"},
            "address": {"type": "string", "value": f"postgres://shop:{SECRET}@db.example/shop"},
        },
    }

    report = check_things(read(json.dumps(template), "main.json", {"mailPassword": SECRET}).things)

    assert {each.rule for each in report.findings} & {"secret-in-output", "secret-in-environment"}
    assert SECRET not in _told(report)


@pytest.mark.parametrize(
    "broken", ["[concat('%s', ]", "[concat('%s' 'x')]", "[parameters('x') '%s']", "[concat('%s]"]
)
def test_no_secret_in_an_expression_that_cannot_be_read_is_repeated(broken: str) -> None:
    template = _whole(json.dumps(_app(env=[{"name": "DB", "value": broken % SECRET}])))

    with pytest.raises(Unreadable) as unreadable:
        read(json.dumps(template), "main.json")

    assert SECRET not in str(unreadable.value)
    assert "'…'" in str(unreadable.value)


@often
@given(st.data())
def test_no_password_is_repeated_whatever_else_stands_beside_it(data: st.DataObject) -> None:
    """Any template, with a password among the properties of each of its resources."""
    template = data.draw(mutated())
    resources = template.get("resources")
    for each in resources if isinstance(resources, list) else []:
        if isinstance(each, dict) and isinstance(each.get("properties"), dict):
            each["properties"] |= {"password": SECRET, "connectionString": f"Server=x;Password={SECRET};"}
    things = _read(template)
    told = str(things) if isinstance(things, Unreadable) else _told(check_things(things))
    assert SECRET not in told
