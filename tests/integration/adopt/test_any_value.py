"""Whatever stands in a Compose file: a system file that is read comes of it, or a mistake with its place."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial.adopt import Wishes, adopt
from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes

STACKS = sorted(Path(__file__).with_name("stacks").iterdir())

VALUES: tuple[Any, ...] = (
    *(
        None,
        "",
        1,
        True,
        3.5,
        -1,
        "x",
        "a b",
        "é",
        "'\"",
        "a\nb",
        "::",
        "/",
        ":",
        "80:80",
        "99999999999",
        "no",
    ),
    *("${X}", "${X:-y}", "$$", "{port}", "a{b}c", "A=B", "1g", "0", "http://db:5432", "db", "redis", "web"),
    *([], ["a"], [None], [["x"]], [{"a": "b"}], ["A=B", "A"], {}, {"a": "b"}, {"a": None}, "x" * 300),
)
KEYS = (
    *(
        "ports",
        "expose",
        "environment",
        "env_file",
        "command",
        "entrypoint",
        "depends_on",
        "healthcheck",
        "deploy",
    ),
    *(
        "volumes",
        "secrets",
        "configs",
        "profiles",
        "restart",
        "labels",
        "networks",
        "build",
        "image",
        "links",
    ),
)

Path_ = tuple[str | int, ...]


def _paths(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    yield path
    for key, each in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from _paths(each, (*path, key))


def _put(whole: Any, path: Path_, value: Any) -> None:
    for key in path[:-1]:
        whole = whole[key]
    whole[path[-1]] = value


@pytest.mark.parametrize("seed", range(60))
def test_it_is_read_or_refused(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "stack"
    shutil.copytree(STACKS[seed % len(STACKS)], folder)
    monkeypatch.chdir(folder)
    file = next(
        each for each in sorted(folder.iterdir()) if each.name in ("compose.yaml", "docker-compose.yml")
    )
    whole = yaml.safe_load(file.read_text())
    for _ in range(chance.randint(1, 3)):
        path = chance.choice([each for each in _paths(whole) if len(each) > 1])
        if chance.random() < 0.3 and path[0] == "services":
            path = (*path[:2], chance.choice(KEYS))
            if not isinstance(whole["services"][path[1]], dict):
                continue
        _put(whole, path, chance.choice(VALUES))
    file.write_text(yaml.safe_dump(whole, allow_unicode=True))
    try:
        made = adopt([Path(file.name)], Wishes(name="shop"))
    except Mistakes as mistakes:
        refused = mistakes.mistakes
    else:
        (folder / "system.py").write_text(made.text, encoding="utf-8")
        assert graph(read_system(folder / "system.py").plan())
        return
    assert all(each.place.file and each.hint for each in refused)
