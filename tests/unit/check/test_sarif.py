"""What is found, for GitHub code scanning: every part that it requires, and nothing of this machine."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from seatrial.check.case import Case
from seatrial.check.checking import UNNAMED, Report, check, check_mistakes, check_things
from seatrial.check.findings import Finding
from seatrial.check.rule import every_rule
from seatrial.check.sarif import as_sarif
from seatrial.check.template import read
from seatrial.cli import main
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes, Place

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 21)


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _texts(longest: int | None = None) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    return _object(["text"], text=text | ({} if longest is None else {"maxLength": longest}))


LEVEL = {"enum": ["none", "note", "warning", "error"]}
LINE = {"type": "integer", "minimum": 1}
PLACE = _object(
    ["artifactLocation", "region"],
    artifactLocation=_object(["uri"], uri={"type": "string", "pattern": r"^[A-Za-z0-9._~!$&'()*+,;=@%/-]+$"}),
    region=_object(
        ["startLine", "startColumn", "endLine", "endColumn"],
        startLine=LINE,
        startColumn=LINE,
        endLine=LINE,
        endColumn=LINE,
    ),
)
RULE = _object(
    ["id", "shortDescription", "fullDescription", "help"],
    id={"type": "string", "minLength": 1},
    name={"type": "string", "maxLength": 255},
    shortDescription=_texts(1024),
    fullDescription=_texts(1024),
    help=_texts(),
    helpUri={"type": "string", "format": "uri"},
    defaultConfiguration=_object(["level"], level={"enum": ["note", "warning", "error"]}),
    properties=_object(
        [],
        tags={"type": "array", "maxItems": 20, "uniqueItems": True, "items": {"type": "string"}},
        precision={"enum": ["very-high", "high", "medium", "low"]},
        **{"security-severity": {"type": "string", "pattern": r"^(10|[0-9])\.[0-9]$"}},
    ),
)
RESULT = _object(
    ["ruleId", "message", "locations", "partialFingerprints"],
    ruleId={"type": "string"},
    level=LEVEL,
    message=_texts(),
    locations={
        "type": "array",
        "minItems": 1,
        "maxItems": 10,
        "items": _object(["physicalLocation"], physicalLocation=PLACE),
    },
    partialFingerprints={
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"type": "string", "minLength": 1},
    },
    suppressions={
        "type": "array",
        "items": _object(
            ["kind", "justification"],
            kind={"enum": ["inSource", "external"]},
            justification={"type": "string", "minLength": 1},
        ),
    },
)
SCHEMA = _object(
    ["$schema", "version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={
        "type": "array",
        "minItems": 1,
        "maxItems": 20,
        "items": _object(
            ["tool", "results"],
            tool=_object(
                ["driver"],
                driver=_object(
                    ["name", "rules"],
                    name={"const": "seatrial"},
                    semanticVersion={"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                    rules={"type": "array", "items": RULE},
                ),
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results={"type": "array", "maxItems": 25_000, "items": RESULT},
        ),
    },
)
"""The parts that code scanning requires, and the bounds of those it reads.

Source: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

SYSTEMS = sorted((ROOT / "systems").glob("*/system.py"))
PLANS = sorted((ROOT / "tests" / "plans_as_written").glob("*/system.py"))


@cache
def _report(file: Path) -> Report:
    try:
        system = read_system(file)
    except Mistakes as mistakes:
        return check_mistakes(mistakes.mistakes)
    return check(Case(system.plan(), file.read_text("utf-8"), None, system), TODAY)


def _assert_taken(sarif: dict[str, Any]) -> None:
    """Code scanning would take it."""
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(sarif)] == []
    [run] = sarif["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    assert {each["ruleId"] for each in run["results"]} == set(rules)
    assert set(rules) <= {each.id for each in every_rule()} | {UNNAMED}


@pytest.mark.parametrize("file", [*SYSTEMS, *PLANS], ids=lambda file: "-".join(file.parts[-3:-1]))
def test_what_is_found_in_a_system_is_taken(file: Path) -> None:
    report = _report(file)

    sarif = as_sarif(report, "0.1.0")

    _assert_taken(sarif)
    assert len(sarif["runs"][0]["results"]) == len(report.findings) + len(report.accepted)


def test_every_rule_can_be_told() -> None:
    """As if each rule had found something, and a system file had a mistake that no rule names."""
    ids = [*(each.id for each in every_rule()), UNNAMED]
    findings = tuple(
        Finding(rule=each, severity="error", what="x", fix="y", place=Place("system.py", 3)) for each in ids
    )

    sarif = as_sarif(Report(findings=findings), "0.1.0")

    _assert_taken(sarif)
    assert len(sarif["runs"][0]["tool"]["driver"]["rules"]) == len(ids)


def test_what_leaks_is_of_security_and_nothing_else_is() -> None:
    findings = tuple(
        Finding(rule=each.id, severity=each.severity, what="x", fix="y", place=Place("system.py", 3))
        for each in every_rule()
    )

    rules = as_sarif(Report(findings=findings), "0.1.0")["runs"][0]["tool"]["driver"]["rules"]

    leaks = {each.id for each in every_rule() if each.family == "leaks"}
    assert {each["id"] for each in rules if "security-severity" in each["properties"]} == leaks
    assert {each["id"] for each in rules if "security" in each["properties"]["tags"]} == leaks
    assert all(
        float(each["properties"]["security-severity"]) >= 7
        for each in rules
        if each["id"] in leaks and each["defaultConfiguration"]["level"] == "error"
    )


@pytest.mark.parametrize("severity", ["error", "warning", "note"])
def test_the_level_is_that_of_the_finding(severity: Any) -> None:
    found = Finding(rule="plain-http", severity=severity, what="x", fix="y", place=Place("system.py", 3))

    [result] = as_sarif(Report(findings=(found,)), "0.1.0")["runs"][0]["results"]

    assert result["level"] == severity


def test_a_path_with_spaces_and_letters_of_any_language_is_a_uri() -> None:
    place = Place("vores færge/main #1.json", 7)
    found = Finding(rule="plain-http", severity="error", what="x", fix="y", place=place)

    sarif = as_sarif(Report(findings=(found,)), "0.1.0")

    _assert_taken(sarif)
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "vores%20f%C3%A6rge/main%20%231.json"
    assert unquote(location["artifactLocation"]["uri"]) == place.file
    assert location["region"]["startLine"] == 7


def test_a_finding_keeps_its_fingerprint_when_its_line_moves_and_another_has_another() -> None:
    def fingerprint(**changed: Any) -> str:
        whole: dict[str, Any] = {
            "rule": "plain-http",
            "severity": "error",
            "what": "x",
            "fix": "y",
            "resource": "Microsoft.Web/sites shop",
            "place": Place("main.json", 3),
        } | changed
        [result] = as_sarif(Report(findings=(Finding(**whole),)), "0.1.0")["runs"][0]["results"]
        return str(result["partialFingerprints"]["seatrial/v1"])

    assert fingerprint() == fingerprint(place=Place("main.json", 30))
    assert len({fingerprint(), fingerprint(rule="edge-old-tls"), fingerprint(resource="a b")}) == 3


def test_what_is_accepted_is_there_with_its_reason_and_marked() -> None:
    file = next(each for each in SYSTEMS if _report(each).accepted)

    [run] = as_sarif(_report(file), "0.1.0")["runs"]

    marked = [each["suppressions"] for each in run["results"] if "suppressions" in each]
    reasons = {each.because for each in read_system(file).plan().accepted}
    assert len(marked) == len(_report(file).accepted)
    assert {each["justification"] for [each] in marked} <= reasons


# -- as it is printed -------------------------------------------------------------------------------------


def _printed(*words: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["check", *words, "--sarif", "--fail-on", "nothing"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def _uris(sarif: dict[str, Any]) -> set[str]:
    return {
        location["physicalLocation"]["artifactLocation"]["uri"]
        for result in sarif["runs"][0]["results"]
        for location in result["locations"]
    }


def test_paths_of_a_system_are_relative_to_the_folder_one_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    sarif = _printed("systems/papr", "--all-variants")

    _assert_taken(sarif)
    assert _uris(sarif) == {"systems/papr/system.py"}
    assert str(ROOT) not in json.dumps(sarif)


def test_paths_of_templates_elsewhere_are_relative_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    text = (ROOT / "tests" / "bad_descriptions" / "storage-name-in-capitals.json").read_text("utf-8")
    (there / "main.json").write_text(text, encoding="utf-8")
    monkeypatch.chdir(here)

    sarif = _printed("--arm", str(there))

    _assert_taken(sarif)
    assert _uris(sarif) == {"../there/main.json"}
    assert str(tmp_path) not in json.dumps(sarif)


def test_each_result_of_a_template_stands_on_the_line_of_its_resource() -> None:
    text = (ROOT / "tests" / "bad_descriptions" / "two-settings-at-once.json").read_text("utf-8")

    sarif = as_sarif(check_things(read(text, "main.json").things), "0.1.0")

    _assert_taken(sarif)
    [late] = [each for each in sarif["runs"][0]["results"] if each["ruleId"] == "made-at-once"]
    line = late["locations"][0]["physicalLocation"]["region"]["startLine"]
    resource = "\n".join(text.splitlines()[line - 1 : line + 3])
    assert re.search(r'"name": "ferry-data/connection_throttle.enable"', resource)
