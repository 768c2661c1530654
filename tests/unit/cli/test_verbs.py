"""The command line itself: its verbs, its help, its errors."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.cli import VERBS, exits, main


def test_help_lists_every_verb():
    told = CliRunner().invoke(main, ["--help"])

    assert told.exit_code == exits.OK
    assert all(verb in told.stdout and words in told.stdout for verb, words in VERBS.items())


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_carries_an_example(verb):
    told = CliRunner().invoke(main, [verb, "--help"], prog_name="seatrial")

    assert told.exit_code == exits.OK
    assert f"Example:  seatrial {verb}" in told.stdout


def test_a_verb_that_is_none_names_the_nearest():
    told = CliRunner().invoke(main, ["stauts"])

    assert told.exit_code == exits.USAGE
    assert 'Did you mean "status"?' in told.stderr


def test_every_exit_code_is_a_number_of_its_own():
    codes = [value for name, value in vars(exits).items() if name.isupper()]

    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("value", ["api", "api=", "api=0", "api=65536", "=5", "api=x"])
def test_a_port_that_is_none_is_refused(value):
    told = CliRunner().invoke(main, ["up", "--port", value])

    assert told.exit_code == exits.USAGE
    assert "is not of the form api=5002" in told.stderr


def test_an_unknown_system_lists_the_known_ones(tmp_path, monkeypatch):
    (tmp_path / "systems" / "shop").mkdir(parents=True)
    (tmp_path / "systems" / "shop" / "system.py").touch()
    monkeypatch.chdir(tmp_path)

    told = CliRunner().invoke(main, ["status", "shoop"])

    assert told.exit_code == exits.MISTAKES
    assert "shop" in told.stderr


def test_a_system_file_with_mistakes_is_reported_with_its_lines(tmp_path, monkeypatch):
    text = 'from seatrial import System\nshop = System("shop", title="A shop", region="eastus2")\n'
    (tmp_path / "system.py").write_text(text + 'shop.service("api", "x", port=5001, health="health")\n')
    monkeypatch.chdir(tmp_path)

    told = CliRunner().invoke(main, ["up"])

    assert told.exit_code == exits.MISTAKES
    assert "system.py:3" in told.stderr
    assert not (tmp_path / ".seatrial").exists()


@pytest.mark.parametrize(
    ("words", "code"), [(["status"], 4), (["run", "fill"], 4), (["env", "api"], 4), (["down"], 0)]
)
def test_a_system_that_never_ran_is_said_to_be_not_running(tmp_path, monkeypatch, words, code):
    (tmp_path / "system.py").write_text(
        'from seatrial import System\nshop = System("shop", title="A shop", region="eastus2")\n'
    )
    monkeypatch.chdir(tmp_path)

    assert CliRunner().invoke(main, words).exit_code == code


def test_help_imports_nothing_that_a_verb_alone_needs():
    heavy = ("asyncio", "psycopg", "rich", "psutil", "watchfiles", "dotenv", "cronsim", "importlib.metadata")
    script = f"import sys; from seatrial.cli import main; print([m for m in {heavy} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_every_verb_is_a_file_and_every_file_of_a_verb_is_listed():
    folder = Path(importlib.import_module("seatrial.cli").__file__ or "").parent
    verbs = {path.stem for path in folder.glob("*.py") if "\ndef command(" in path.read_text()}

    assert verbs == set(VERBS)
