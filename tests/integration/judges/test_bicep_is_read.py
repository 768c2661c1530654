"""A parser of Bicep that is not ours reads every file, and finds in it what we meant."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pycep
import pytest

parser = cache(pycep.BicepParser)


def read(file: Path) -> dict[str, Any]:
    return parser().parse(text=file.read_text())  # type: ignore[no-any-return]


def test_every_file_is_read_with_every_resource_in_it(here: Path) -> None:
    # Given what was built, when each module is parsed
    template = json.loads((here / "infra/main.json").read_bytes())
    sheets = {
        each["name"]: each["properties"]["template"]
        for each in template["resources"]
        if each["type"] == "Microsoft.Resources/deployments"
    }
    # Then it holds as many resources as the same sheet of the template, of the same types
    for name, sheet in sheets.items():
        parsed = read(here / f"infra/modules/{name}.bicep")
        types = sorted(each["type"] for each in parsed["resources"].values() if not each.get("existing"))
        assert types == sorted(each["type"] for each in sheet["resources"]), name
    # And the main file leads to each module that there is, and to no other
    main = read(here / "infra/main.bicep")
    led_to = {
        each["detail"]["path"] if "path" in each["detail"] else each["detail"]["full"]
        for each in main["modules"].values()
    }
    assert led_to == {f"modules/{name}.bicep" for name in sheets}
    assert {file.stem for file in (here / "infra/modules").iterdir()} == set(sheets)


def used(text: str) -> set[str]:
    """The symbols that a file uses: what stands before a dot or alone as a value, also inside of texts."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    text = re.sub(
        r"'(?:\\.|[^'\\])*'", lambda quoted: " ".join(re.findall(r"(?<!\\)\$\{(.*?)\}", quoted[0])), text
    )
    before_a_dot = re.findall(r"(?<![\w.)])([a-zA-Z]\w*)(?=\.\w)", text)
    alone = re.findall(r"(?:: |= )([a-zA-Z]\w*)$", text, re.MULTILINE)
    given = re.findall(r"\bempty\((\w+)\)", text)
    return {*before_a_dot, *alone, *given} - {"true", "false", "null"}


def test_every_symbol_that_is_used_is_declared(here: Path) -> None:
    for file in (here / "infra").rglob("*.bicep"):
        text = file.read_text()
        declared = set(re.findall(r"^(?:param|var|resource|module) (\w+)", text, re.MULTILINE))
        assert used(text) <= declared, file.name


def test_a_symbol_that_is_not_declared_is_noticed() -> None:
    assert used("  a: b.id\n  c: 'x.y ${d.e}'\n  f: g\n  h: 'i'\n  j: true") == {"b", "d", "g"}


def test_every_parameter_is_asked_for_alike_in_bicep_and_template_and_answered(here: Path) -> None:
    template = json.loads((here / "infra/main.json").read_bytes())["parameters"]
    assert set(read(here / "infra/main.bicep")["parameters"]) == set(template)
    needed = {name for name, each in template.items() if "defaultValue" not in each}
    for environment in ("production", "staging", "development"):
        answers = (here / f"infra/parameters/{environment}.bicepparam").read_text()
        answered = set(re.findall(r"^param (\w+) =", answers, re.MULTILINE))
        assert needed <= answered <= set(template)


def test_the_parser_refuses_what_is_no_bicep(tmp_path: Path) -> None:
    (tmp_path / "bad.bicep").write_text("resource web 'a/b@1' = {\n  name 'web'\n}\n")
    with pytest.raises(Exception, match="line 2"):
        read(tmp_path / "bad.bicep")
