"""Azure's own schemas judge every template."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seatrial.azure.versions import API_VERSIONS

JUDGES = Path(__file__).resolve().parents[2] / "judges"


@pytest.fixture(scope="session")
def judge() -> Any:
    sys.path.insert(0, str(JUDGES))
    try:
        import validate_arm
    finally:
        sys.path.remove(str(JUDGES))
    return validate_arm.Checker(validate_arm.Schemas())


def test_every_template_holds_to_azures_schemas(here: Path, judge: Any) -> None:
    errors, unknown = judge.template(json.loads((here / "infra/main.json").read_bytes()))
    assert errors == []
    assert unknown == []


def test_there_is_a_schema_of_every_type_that_we_make(judge: Any) -> None:
    for kind, version in API_VERSIONS.items():
        assert judge.schemas.find(kind, version), kind  # raises when there is none


@pytest.fixture
def account() -> dict[str, Any]:
    """A template with one resource, which holds."""
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
                "apiVersion": "2024-11-30",
                "name": "web",
                "location": "eastus2",
            }
        ],
    }


def test_the_judge_lets_pass_what_holds(account: dict[str, Any], judge: Any) -> None:
    assert judge.template(account) == ([], [])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"locatoin": "eastus2"}, "unknown property 'locatoin'"),
        ({"location": 2}, "expected string, got integer"),
        ({"name": None}, "resource has no 'name'"),
    ],
)
def test_the_judge_tells_what_does_not(
    change: dict[str, Any], told: str, account: dict[str, Any], judge: Any
) -> None:
    account["resources"][0] |= change
    errors, unknown = judge.template(account)
    assert any(told in message for _, message in errors), errors
    assert unknown == []


@pytest.mark.parametrize("change", [{"type": "Microsoft.Web/sties"}, {"apiVersion": "1999-01-01"}])
def test_a_type_or_version_without_a_schema_is_told(
    change: dict[str, Any], account: dict[str, Any], judge: Any
) -> None:
    account["resources"][0] |= change
    _, unknown = judge.template(account)
    assert len(unknown) == 1


def test_a_file_that_cannot_be_read_fails(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"resources": [')
    judged = [sys.executable, JUDGES / "validate_arm.py", tmp_path / "half.json"]
    assert subprocess.run(judged, capture_output=True, check=False).returncode == 2
