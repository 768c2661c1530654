"""A Compose file out of its text, imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.adopt import Adopted, Wishes, adopt
from seatrial.cli.system_file import read_system
from seatrial.model import Plan

Import = Callable[..., Adopted]


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Writes files, imports the first of them, and shows that the system file is read without a mistake."""
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")

    def run(text: str, *, profiles: tuple[str, ...] = (), **files: str) -> Adopted:
        Path("compose.yaml").write_text(text, encoding="utf-8")
        for name, other in files.items():
            file = Path(name.replace("__", "/").replace("_dot_", "."))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(other, encoding="utf-8")
        return adopt([Path("compose.yaml")], Wishes(profiles=frozenset(profiles)))

    return run


@pytest.fixture
def planned(imported: Import, tmp_path: Path) -> Callable[..., Plan]:
    """The plan of what was imported."""

    def run(text: str, **files: str) -> Plan:
        file = tmp_path / "system.py"
        file.write_text(imported(text, **files).text, encoding="utf-8")
        return read_system(file).plan()

    return run
