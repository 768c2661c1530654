"""Stacks like public ones: imported, read, planned, priced, built; nothing is dropped in silence."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from seatrial.adopt import Adopted, Wishes, adopt
from seatrial.cli import exits, main
from seatrial.cli.system_file import read_system
from seatrial.model import Plan

STACKS = Path(__file__).with_name("stacks")
ALL = sorted(each.name for each in STACKS.iterdir())

Path_ = tuple[str | int, ...]

SECRETS = (
    "hunter2hunter2",
    "rag-secret",
    "minio123",
    "postgres-of-photos",
    "sk_test_",
    "change-me-please",
    "p@ss",
)
"""What stands in the stacks and must stand nowhere else."""


@pytest.fixture(params=ALL)
def stack(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of a stack, in which we stand."""
    folder = tmp_path / request.param
    shutil.copytree(STACKS / request.param, folder)
    monkeypatch.chdir(folder)
    return folder


def read(made: Adopted) -> Plan:
    made.folder.mkdir(parents=True, exist_ok=True)
    (made.folder / "system.py").write_text(made.text, encoding="utf-8")
    return read_system(made.folder / "system.py").plan()


def test_there_are_stacks():
    assert len(ALL) >= 8


def test_it_is_imported_planned_priced_and_built(stack: Path):
    run = CliRunner().invoke
    imported = run(main, ["import", "--json"])
    assert imported.exit_code == exits.OK, imported.output
    folder = str(Path(json.loads(imported.stdout)["file"]).parent)
    for verb in ("plan", "bill", "build"):
        done = run(main, [verb, folder])
        assert done.exit_code == exits.OK, (verb, done.output)


def test_the_text_is_as_ruff_formats_it_and_checks_out(stack: Path):
    made = adopt([Path()], Wishes())
    read(made)
    ruff = Path(sys.executable).with_name("ruff")
    for width in (88, 110):
        words = ["format", "--isolated", "--no-cache", f"--line-length={width}", "--check", "--diff"]
        done = subprocess.run(
            [ruff, *words, made.folder / "system.py"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout
    chosen = ["--select=E,F,W,I,UP,B,RUF", "--ignore=E501"]
    done = subprocess.run(
        [ruff, "check", "--isolated", "--no-cache", *chosen, made.folder / "system.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_two_imports_are_the_same(stack: Path):
    assert adopt([Path()], Wishes()) == adopt([Path()], Wishes())


def test_no_secret_of_it_is_said_anywhere(stack: Path):
    done = CliRunner().invoke(main, ["import", "--all"])
    assert done.exit_code == exits.OK
    told = "".join(each.read_text() for each in Path("systems").rglob("*.*")) + done.output
    assert not [secret for secret in SECRETS if secret in told]


def test_every_guess_in_the_text_is_listed(stack: Path):
    made = adopt([Path()], Wishes())
    marked = made.text.count("# guess: ")
    listed = [note for note in made.notes if note.kind in ("guessed", "changed")]
    assert marked
    assert len(listed) >= 1
    assert all(note.place.line > 0 for note in made.notes), "every note has a line"


def test_a_key_that_nobody_knows_is_told_wherever_it_stands(stack: Path):
    # Given the first file with a key of no meaning in each of its mappings, one after the other
    file = next(
        each
        for each in sorted(stack.iterdir())
        if each.name.endswith("compose.yaml") or each.suffix == ".yml"
    )
    whole = yaml.safe_load(file.read_text())
    for path in list(_mappings(whole, ())):
        changed = yaml.safe_load(file.read_text())
        at = changed
        for key in path:
            at = at[key]
        at["zzz"] = "1"
        file.write_text(yaml.safe_dump(changed, sort_keys=False))
        # When it is imported
        made = adopt([file], Wishes())
        # Then it stands in the system, or is told, or all around it is
        where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")
        told = [note for note in made.notes if any("zzz" in each for each in (note.path, *note.also))]
        around = [
            note
            for note in made.notes
            if note.kind == "left out"
            and any(
                f"{where}.".startswith((f"{each}.", f"{each.partition('[')[0]}."))
                for each in (note.path, *note.also)
            )
        ]
        assert told or around or "zzz" in made.text, f"{where}.zzz is dropped in silence"


def _mappings(value: Any, path: Path_) -> Iterator[Path_]:
    """Every mapping of keys; services and what is called by names of one's own are no such mappings."""
    if isinstance(value, dict):
        if path and path[-1] not in ("services", "volumes", "networks", "secrets", "configs", "depends_on"):
            yield path
        for key, each in value.items():
            if not str(key).startswith("x-"):
                yield from _mappings(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _mappings(each, (*path, index))
