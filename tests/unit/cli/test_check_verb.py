"""`seatrial check` and `seatrial explain`: what is found, how it is told, and when a gate closes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import exits, main

SOUND = """\
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", cores=2, standby="another zone", geo_backup=True)
"""
WRONG = (
    SOUND.replace(', standby="another zone"', "")
    + """\
shop.expects(recovery(orders, loses_at_most="10 min", back_within="10 min"))
"""
)
RULE = "no-standby-for-recovery"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "system.py").write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def told(*words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("check", "--json", *words).stdout)
    return found


def rules(*words: str) -> set[str]:
    return {each["rule"] for each in told(*words)["findings"]}


def test_a_finding_names_line_severity_rule_and_the_way_out(folder):
    done = run("check")

    assert done.exit_code == exits.FOUND
    assert "\norders\n" in f"\n{done.stdout}"
    assert "  system.py:4  error: promised back within 10 min, and nothing stands by" in done.stdout
    assert f"[{RULE}]" in done.stdout
    assert 'fix: standby="another zone"' in done.stdout


def test_the_gate_closes_from_the_severity_on_that_was_asked_for(folder):
    assert run("check", "--fail-on", "nothing").exit_code == exits.OK
    assert run("check", "--fail-on", "error").exit_code == exits.FOUND


def test_what_is_accepted_is_not_told_again_and_does_not_close_the_gate(folder):
    accepted = f'shop.accepts("{RULE}", orders, because="a copy is restored by hand")\n'
    (folder / "system.py").write_text(WRONG + accepted, encoding="utf-8")

    assert RULE not in rules()
    assert RULE in {each["rule"] for each in told()["accepted"]}
    assert "Accepted in the system file" in run("check", "--accepted").stdout


def test_what_is_accepted_in_vain_is_told(folder):
    late = f'shop.accepts("{RULE}", orders, because="until it is moved", until="2020-01-31")\n'
    vain = 'shop.accepts("storage-shared-keys", because="there was an importer once")\n'
    (folder / "system.py").write_text(WRONG + late + vain, encoding="utf-8")

    assert RULE in rules()
    assert {each["why"] for each in told()["stale"]} == {
        "its day, 2020-01-31, has passed",
        "nothing finds it any more",
    }


def test_what_a_system_accepts_is_not_in_vain_where_only_a_variant_mends_it(folder):
    accepted = f'shop.accepts("{RULE}", orders, because="a copy is restored by hand")\n'
    mended = 'safe = shop.variant("safe")\nsafe.change(orders, standby="another zone")\n'
    (folder / "system.py").write_text(WRONG + accepted + mended, encoding="utf-8")

    assert told("--variant", "safe")["stale"] == []
    assert told("--all-variants")["stale"] == []


def test_what_a_variant_accepts_in_vain_is_told_with_all_variants(folder):
    vain = 'safe = shop.variant("safe")\nsafe.accepts("storage-shared-keys", because="there was one once")\n'
    (folder / "system.py").write_text(WRONG + vain, encoding="utf-8")

    assert [each["rule"] for each in told("--all-variants")["stale"]] == ["storage-shared-keys"]
    assert [each["rule"] for each in told("--variant", "safe")["stale"]] == ["storage-shared-keys"]


def test_a_mistake_of_the_file_is_found_under_the_name_of_its_rule(folder):
    text = 'from seatrial import System, cpu\n\nshop = System("shop")\n'
    text += 'shop.worker("packer", "pack", replicas=(0, 3), scale=[cpu(70)])\nshop.blob("photos")\n'
    (folder / "system.py").write_text(text, encoding="utf-8")

    done = run("check")

    assert done.exit_code == exits.FOUND
    assert "[worker-nothing-wakes]" in done.stdout
    assert "[system-file]" in done.stdout


def test_every_variant_is_checked_and_the_same_is_told_once(folder):
    text = WRONG + 'small = shop.variant("small")\nsmall.change(orders, storage="64 GiB")\n'
    (folder / "system.py").write_text(text, encoding="utf-8")

    findings = [each for each in told("--all-variants")["findings"] if each["rule"] == RULE]

    assert len(findings) == 1


def test_what_cannot_be_read_is_no_green_gate(folder):
    assert run("check", "nowhere").exit_code == exits.UNREADABLE
    (folder / "main.json").write_text("{", encoding="utf-8")
    assert run("check", "--arm", "main.json").exit_code == exits.UNREADABLE
    (folder / "empty").mkdir()
    assert run("check", "--arm", "empty").exit_code == exits.UNREADABLE


def test_a_template_of_anybody_is_checked(folder):
    template = {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            {
                "type": "Microsoft.Storage/storageAccounts",
                "apiVersion": "2023-01-01",
                "name": "photos",
                "location": "eastus2",
                "sku": {"name": "Standard_LRS"},
                "kind": "StorageV2",
                "properties": {},
            }
        ],
    }
    (folder / "main.json").write_text(json.dumps(template, indent=1), encoding="utf-8")

    done = run("check", "--arm", "main.json")

    assert done.exit_code == exits.FOUND
    assert "[storage-shared-keys]" in done.stdout
    assert "main.json:" in done.stdout
    assert "1 resource" in done.stderr


def test_code_scanning_gets_rules_results_places_and_suppressions(folder):
    accepted = f'shop.accepts("{RULE}", orders, because="a copy is restored by hand")\n'
    (folder / "system.py").write_text(WRONG + accepted, encoding="utf-8")

    found = json.loads(run("check", "--sarif").stdout)

    assert found["version"] == "2.1.0"
    scan = found["runs"][0]
    known = {rule["id"] for rule in scan["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in scan["results"]} <= known
    result = next(each for each in scan["results"] if each["ruleId"] == RULE)
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "system.py"
    assert place["region"]["startLine"] == 4
    assert result["suppressions"] == [{"kind": "inSource", "justification": "a copy is restored by hand"}]
    assert result["partialFingerprints"]


def test_a_rule_is_explained_and_a_name_that_is_nearly_right_is_guessed():
    assert run("explain", RULE).stdout.startswith(f"# {RULE}\n")
    assert RULE in run("explain").stdout
    wrong = run("explain", "no-standby-for-recover")
    assert wrong.exit_code == exits.USAGE
    assert f'did you mean "{RULE}"?' in wrong.stderr


def test_a_template_stands_alone(folder):
    assert run("check", "system.py", "--arm", "main.json").exit_code == exits.USAGE
