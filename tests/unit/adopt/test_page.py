"""The example of the page is what comes out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.cli import exits, main

PAGE = Path(__file__).resolve().parents[3] / "docs/import.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    return found[1]


def test_the_example_becomes_the_system_file_and_the_notes_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    Path("compose.yaml").write_text(block("yaml"))
    done = CliRunner().invoke(main, ["import", "--region", "westeurope", "--all"])
    assert done.exit_code == exits.OK
    assert Path("systems/shop/system.py").read_text() == block("python")
    *notes, summary = re.split(r"\n(?=\S)", block("text").strip())
    assert done.stdout == f"{summary}\n"
    assert not [note for note in notes if note not in done.stderr]
