"""Checkov, on templates and on Bicep: what it fails does not occur, or is listed with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHECKOV = ROOT / ".venv/checkov/bin/checkov"
ACCEPTED = ROOT / "tests/judges/checkov-accepted.toml"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def accepted() -> list[dict[str, Any]]:
    return tomllib.loads(ACCEPTED.read_text())["accepted"]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def verdicts(everything: Path) -> list[dict[str, Any]]:
    """What Checkov says of all that was built: once for Bicep, once for templates."""
    if not CHECKOV.exists():
        if os.environ.get("CI"):
            pytest.fail("Checkov is not installed: make .venv/checkov.ready")
        pytest.skip("Checkov is not installed: make .venv/checkov.ready")
    done = subprocess.run(
        [CHECKOV, "--skip-download", "--framework", "bicep", "arm", "--output", "json", "--directory", "."],
        cwd=everything,
        env=os.environ | {"LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def accepts(entry: dict[str, Any], finding: dict[str, Any]) -> bool:
    shape = "/".join(Path(finding["file_path"].lstrip("/")).parts[:2])
    places = entry.get("only_in")
    return (
        entry["check"] == finding["check_id"]
        and any(fnmatchcase(finding["resource"].lower(), one.lower()) for one in entry["resources"])
        and (places is None or shape in places)
    )


def test_checkov_read_every_file(verdicts: list[dict[str, Any]], everything: Path) -> None:
    assert {each["check_type"] for each in verdicts} == {"bicep", "arm"}
    for each in verdicts:
        assert each["summary"]["parsing_errors"] == 0, each["check_type"]
        judged = each["results"]["passed_checks"] + each["results"]["failed_checks"]
        shapes = {"/".join(Path(one["file_path"].lstrip("/")).parts[:2]) for one in judged}
        assert shapes == {"/".join(file.parts[-4:-2]) for file in everything.glob("*/*/infra/main.json")}


def test_every_failed_check_is_accepted_with_a_reason(
    verdicts: list[dict[str, Any]], accepted: list[dict[str, Any]]
) -> None:
    new = {
        f"{finding['check_id']} {finding['check_name']}: {finding['resource']} in {finding['file_path']}"
        for each in verdicts
        for finding in each["results"]["failed_checks"]
        if not any(accepts(entry, finding) for entry in accepted)
    }
    assert not new, "\n".join(sorted(new))


def test_nothing_is_accepted_that_does_not_occur(
    verdicts: list[dict[str, Any]], accepted: list[dict[str, Any]]
) -> None:
    findings = [finding for each in verdicts for finding in each["results"]["failed_checks"]]
    idle = [entry["check"] for entry in accepted if not any(accepts(entry, one) for one in findings)]
    assert idle == []
    assert all(len(entry["reason"]) > 20 for entry in accepted)
