"""`seatrial import`, as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import exits, main

COMPOSE = "services:\n  web: {build: ., command: serve, ports: ['8000:8000'], tty: true}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["import", *words])


def test_a_folder_is_imported_and_its_notes_stand_beside_the_system_file(folder):
    done = run()
    assert done.exit_code == exits.OK
    assert done.stdout.startswith("shop: systems/shop/system.py; 2 left out, ")
    assert "left out  services.web.tty (compose.yaml:2)\n" in done.stderr
    assert (
        "- [ ] `services.web.tty` (compose.yaml:2): " in (folder / "systems/shop/import-notes.md").read_text()
    )
    assert CliRunner().invoke(main, ["plan", "shop"]).exit_code == exits.OK


def test_a_system_file_that_is_there_is_not_written_over(folder):
    file = folder / "systems/shop/system.py"
    file.parent.mkdir(parents=True)
    file.write_text("mine\n")
    done = run()
    assert (done.exit_code, file.read_text()) == (exits.FAILED, "mine\n")
    assert "--force" in done.stderr
    assert not file.with_name("import-notes.md").exists()
    assert run("--force").exit_code == exits.OK
    assert file.read_text() != "mine\n"


def test_programs_get_every_note_with_file_and_line(folder):
    told = json.loads(run("--json").stdout)
    assert told["file"] == "systems/shop/system.py"
    (note,) = [each for each in told["notes"] if each["path"] == "services.web.tty"]
    assert (note["kind"], note["file"], note["line"]) == ("left out", "compose.yaml", 2)
    assert note["why"]


def test_strict_tells_by_its_code_that_something_was_left_out(folder):
    assert run("--strict", "--to", "a").exit_code == exits.FAILED
    assert (folder / "a/system.py").exists()


def test_name_region_and_place_are_as_asked(folder):
    assert run("--name", "store", "--region", "westeurope", "--to", "there").exit_code == exits.OK
    text = (folder / "there/system.py").read_text()
    assert 'System("store", title="Store", region="westeurope")' in text
    assert "guess: region" not in text


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--region", "moon"], exits.USAGE, "not a region of Azure"),
        (["--name", "No Name"], exits.USAGE, "lower case"),
        (["gone.yaml"], exits.MISTAKES, "gone.yaml  no such file"),
        (["empty"], exits.MISTAKES, "neither a Compose file nor an azure.yaml"),
        (["bad.yaml"], exits.MISTAKES, "bad.yaml:2  no YAML"),
        (["binary.yaml"], exits.MISTAKES, "no UTF-8 text"),
        (["list.yaml"], exits.MISTAKES, "no mapping"),
    ],
)
def test_what_cannot_be_imported_is_told_and_nothing_is_written(folder, words, code, told):
    (folder / "empty").mkdir()
    (folder / "bad.yaml").write_text("a: 1\nb: [\n")
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "list.yaml").write_text("- 1\n")
    done = run(*words)
    assert done.exit_code == code, done.output
    assert told in done.stderr
    assert not (folder / "systems").exists()


def test_two_descriptions_in_one_folder_are_not_guessed_between(folder):
    (folder / "azure.yaml").write_text("name: shop\nservices: {}\n")
    done = run()
    assert done.exit_code == exits.MISTAKES
    assert "name one of the two files" in done.stderr


def test_an_override_beside_the_file_is_taken_as_compose_does(folder):
    (folder / "compose.override.yaml").write_text("services: {web: {environment: {LEVEL: debug}}}\n")
    assert run().exit_code == exits.OK
    assert 'env={"LEVEL": "debug"}' in (folder / "systems/shop/system.py").read_text()
