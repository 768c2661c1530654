"""What `seatrial build` writes is imported and built again: the same Compose file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from seatrial.adopt import Wishes, adopt
from seatrial.cli import exits, main
from seatrial.cli.system_file import read_system
from seatrial.model import Blobs, ModelApi, Postgres, Service

ROOT = Path(__file__).resolve().parents[3]


def build(system: Path, out: Path) -> dict[str, Any]:
    done = CliRunner().invoke(main, ["build", str(system), "--out", str(out)])
    assert done.exit_code == exits.OK, done.output
    found: dict[str, Any] = yaml.safe_load((out / "compose.yaml").read_text())
    return found


@pytest.mark.parametrize("name", ["doctrove", "papr", "newswire"])
def test_a_system_comes_back_as_the_same_compose_file(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Given the Compose file of a system
    first = build(ROOT / "systems" / name, tmp_path / "built")
    # When it is imported where nothing else is, and built again
    monkeypatch.chdir(tmp_path)
    made = adopt([Path("built/compose.yaml")], Wishes())
    made.folder.mkdir(parents=True)
    (made.folder / "system.py").write_text(made.text)
    again = build(made.folder, tmp_path / "again")
    # Then every service has the same image, ports, environment, volumes and health, and so has all the rest
    assert again == first


def test_the_template_of_a_system_says_what_its_compose_file_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    build(ROOT / "systems/doctrove", tmp_path / "built")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "built/compose.yaml").unlink()
    made = adopt([Path("built")], Wishes())
    made.folder.mkdir(parents=True)
    (made.folder / "system.py").write_text(made.text)
    plan = read_system(made.folder / "system.py").plan()
    original = read_system(ROOT / "systems/doctrove/system.py").plan()
    for kind in (Postgres, ModelApi):
        assert [vars(each) | {"place": 0, "needed": 0} for each in plan.of(kind)] == [
            vars(each) | {"place": 0, "needed": 0} for each in original.of(kind)
        ]
    assert {each.name: each.copies for each in plan.of(Blobs)} == {
        each.name: each.copies for each in original.of(Blobs)
    }
    for mine, theirs in zip(plan.of(Service), original.of(Service), strict=True):
        for field in ("name", "command", "port", "health", "cpu", "memory", "replicas", "scale", "public"):
            assert getattr(mine, field) == getattr(theirs, field), (mine.name, field)
