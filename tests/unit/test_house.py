"""The rules of the house that a program can keep: directions of imports, clean files, honest pages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from seatrial.cli import main

ROOT = Path(__file__).resolve().parents[2]


def test_imports_go_in_one_direction() -> None:
    # Given the contracts in pyproject.toml, when the import graph is read, then none is broken.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_against_the_direction_is_noticed(tmp_path: Path) -> None:
    # Given a house of two rooms in which the model reads the command line
    room = tmp_path / "shed"
    for name in ("model", "cli"):
        (room / name).mkdir(parents=True)
        (room / name / "__init__.py").write_text("")
    (room / "__init__.py").write_text("")
    (room / "model" / "__init__.py").write_text("import shed.cli\n")
    rules = '[tool.importlinter]\nroot_package = "shed"\n[[tool.importlinter.contracts]]\n'
    rules += 'name = "direction"\ntype = "layers"\ncontainers = ["shed"]\nlayers = ["cli", "model"]\n'
    (tmp_path / "pyproject.toml").write_text(rules)
    # When the same linter reads it, then it refuses.
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-logo"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "shed.model is not allowed to import shed.cli" in done.stdout


def test_locks_pin_every_package_with_a_hash_and_name_no_index() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text()
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text), lock.name
        pins = re.findall(r"^[a-z0-9][^\s=]*==[^\s;\\]+", text, re.MULTILINE | re.IGNORECASE)
        entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
        assert len(pins) == len(entries) > 0, lock.name
        assert all("--hash=sha256:" in entry for entry in entries), lock.name


def test_the_lock_of_the_front_end_names_no_registry() -> None:
    text = (ROOT / "systems/doctrove/web/package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') > 0


def verbs() -> list[str]:
    assert isinstance(main, click.Group)
    return main.list_commands(click.Context(main))


@pytest.mark.parametrize("verb", verbs())
def test_every_verb_is_documented_and_shows_an_example(verb: str) -> None:
    pages = "".join(path.read_text() for path in [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"])
    assert re.search(rf"(seatrial |`){verb}\b", pages)
    done = subprocess.run(
        [sys.executable, "-m", "seatrial", verb, "--help"], capture_output=True, text=True, check=True
    )
    assert f"Example:  seatrial {verb}" in done.stdout


PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("systems/*/docs/*.md")})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"
