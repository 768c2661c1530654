"""The page about system files is true: its code runs, its mistakes are told so, and no word is left out."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import seatrial
from seatrial import Mistakes, System
from seatrial.cli.system_file import read_system
from seatrial.model import Variant
from seatrial.model.drafts import word_of
from seatrial.model.fields import FIELDS

PAGE = (Path(__file__).parents[3] / "docs" / "system-file.md").read_text(encoding="utf-8")
SYSTEM, MISTAKES = PAGE.split("## Mistakes\n")


def _code(text: str, language: str = "python") -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL))


def test_the_code_of_the_page_is_one_system_file(tmp_path: Path) -> None:
    file = tmp_path / "system.py"
    file.write_text(_code(SYSTEM), encoding="utf-8")

    shop = read_system(file)

    assert {type(part) for part in shop.plan().parts} == set(FIELDS)
    assert shop.variants == ("10m", "development")


def test_the_mistakes_of_the_page_are_told_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("system.py").write_text(_code(MISTAKES), encoding="utf-8")

    with pytest.raises(Mistakes) as raised:
        read_system()

    assert raised.value.report() + "\n" == _code(MISTAKES, "text")


def test_every_word_is_on_the_page() -> None:
    code = _code(SYSTEM)
    for kind, known in FIELDS.items():
        assert f".{word_of(kind)}(" in code
        for field in known.keys() - {"command"}:  # written without its name
            assert re.search(rf"\b{field}\b", code), f"{word_of(kind)} {field}"
    for owner in (System, Variant):
        for name in vars(owner):
            if inspect.isfunction(getattr(owner, name)) and not name.startswith("_") and name != "mistakes":
                assert re.search(rf"\b{name}\(", PAGE), name
    for name in seatrial.__all__:
        if name.islower():
            assert f"{name}(" in code
