"""What a check found, as SARIF 2.1.0, in the shape that GitHub code scanning takes.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html and
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from seatrial.check.checking import UNNAMED, Report
from seatrial.check.findings import Finding, Severity
from seatrial.check.rule import Rule, every_rule

__all__ = ["as_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "note": "note"}
LEAKS = {"error": "8.0", "warning": "5.0", "note": "2.0"}
"""GitHub sorts findings of security by a number: above 7 is high, from 4 on medium."""


def as_sarif(report: Report, version: str) -> dict[str, Any]:
    """One run, with a rule for each that found something. Paths are as the findings have them.

    What is accepted is there as well, suppressed with its reason, so that it is shown as such.
    """
    found = [*report.findings, *report.accepted]
    named = {each.rule for each in found}
    rules = [rule for rule in every_rule() if rule.id in named]
    accepted = set(report.accepted)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "seatrial",
                        "semanticVersion": version,
                        "rules": [*map(_rule, rules), *_unnamed(named)],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, suppressed=each in accepted) for each in found],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    properties: dict[str, Any] = {"tags": [rule.family], "precision": "high"}
    if rule.family == "leaks":
        properties["tags"].append("security")
        properties["security-severity"] = LEAKS[rule.severity]
    return {
        "id": rule.id,
        "name": "".join(word.title() for word in rule.id.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "helpUri": rule.source,
        "help": {"text": f"{rule.why} Source: {rule.source}"},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": properties,
    }


def _unnamed(named: Iterable[str]) -> list[dict[str, Any]]:
    if UNNAMED not in named:
        return []
    return [
        {
            "id": UNNAMED,
            "shortDescription": {"text": "The system file says what cannot be"},
            "fullDescription": {"text": "Nothing is started, priced or built with it as it stands."},
            "help": {"text": "The message says what is wrong, and what to write instead."},
            "defaultConfiguration": {"level": "error"},
        }
    ]


def _result(finding: Finding, suppressed: bool) -> dict[str, Any]:
    whose = finding.part or finding.resource
    about = f"{whose}: " if whose else ""
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{about}{finding.what}. Instead: {finding.fix}"},
        "locations": [_location(finding)],
        "partialFingerprints": {"seatrial/v1": _fingerprint(finding)},
    }
    if suppressed:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.because}]
    return result


def _location(finding: Finding) -> dict[str, Any]:
    place = finding.place
    if place is None:
        return {"logicalLocations": [{"name": finding.resource or "system"}]}
    line = max(place.line, 1)
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(place.file).as_posix())},
            "region": {"startLine": line, "startColumn": 1, "endLine": line, "endColumn": 1},
        }
    }


def _fingerprint(finding: Finding) -> str:
    """The same for the same finding, wherever its line has moved to."""
    whole = "\0".join([finding.rule, finding.part or "", finding.resource or "", finding.fix])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
