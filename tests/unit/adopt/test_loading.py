"""Files over files: overrides, `extends`, `include`, anchors."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.adopt.loading import project
from seatrial.adopt.notes import Notes
from seatrial.adopt.section import strings
from seatrial.adopt.tree import Fields, Node, Text
from seatrial.model import Mistakes


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)

    def run(*texts: str, **others: str) -> Fields:
        files = []
        for number, text in enumerate(texts):
            files.append(Path(f"{number}.yaml"))
            files[-1].write_text(text)
        for name, text in others.items():
            Path(f"{name}.yaml").write_text(text)
        return project(files, Notes())

    return run


def at(tree: Node, path: str) -> Node:
    for key in path.split("."):
        assert isinstance(tree, Fields)
        tree = tree.fields[key]
    return tree


BASE = """
services:
  web:
    image: a
    command: [serve]
    ports: ['80:80']
    environment: [A=1, B=2]
"""


def test_a_later_file_wins_and_lists_grow(load):
    tree = load(BASE, "services: {web: {image: b, ports: ['81:80'], environment: {B: 3}}}")
    assert strings(at(tree, "services.web.image")) == ["b"]
    assert strings(at(tree, "services.web.ports")) == ["80:80", "81:80"]
    values = {name: strings(node) for name, node in at(tree, "services.web.environment").fields.items()}
    assert values == {"A": ["1"], "B": ["3"]}


def test_a_command_is_replaced_and_not_appended(load):
    tree = load(BASE, "services: {web: {command: [work]}}")
    assert strings(at(tree, "services.web.command")) == ["work"]


def test_a_volume_at_the_same_place_is_one(load):
    first = "services: {web: {image: a, volumes: ['one:/data', 'two:/more']}}"
    tree = load(first, "services: {web: {volumes: ['three:/data']}}")
    assert strings(at(tree, "services.web.volumes")) == ["two:/more", "three:/data"]


def test_reset_takes_a_key_away_and_override_all_before_it(load):
    tree = load(BASE, "services: {web: {environment: !reset {}, ports: !override ['1:80']}}")
    web = at(tree, "services.web")
    assert isinstance(web, Fields)
    assert "environment" not in web.fields
    assert strings(web.fields["ports"]) == ["1:80"]


def test_a_service_is_what_it_extends_and_its_own_on_top(load):
    text = "services: {web: {extends: {file: common.yaml, service: base}, environment: {A: 2}}}"
    tree = load(text, common="services: {base: {image: a, environment: {A: 1, B: 1}}}")
    assert strings(at(tree, "services.web.image")) == ["a"]
    assert strings(at(tree, "services.web.environment.A")) == ["2"]
    assert at(tree, "services.web.environment.B").place.file == "common.yaml"


def test_what_is_included_gives_way_to_the_file_that_includes(load):
    text = "include: [more.yaml]\nservices: {web: {image: a}}"
    tree = load(text, more="services: {web: {image: b}, db: {image: postgres}}")
    assert strings(at(tree, "services.web.image")) == ["a"]
    assert strings(at(tree, "services.db.image")) == ["postgres"]


def test_values_come_from_the_dotenv_file_beside_it(load, tmp_path):
    (tmp_path / ".env").write_text("TAG=16\n")
    assert strings(at(load("services: {db: {image: 'postgres:${TAG}'}}"), "services.db.image")) == [
        "postgres:16"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("services: {a: {extends: b}, b: {extends: a}}", "extends itself"),
        ("services: {a: {extends: a}}", "extends itself"),
        ("services:\n  a:\n    extends: {service: gone}", "0.yaml:3  extends gone, which is no service"),
        ("include: [0.yaml]\nservices: {}", "includes itself"),
        ("include: [gone.yaml]", "0.yaml:1  gone.yaml: no such file"),
        ("- a", "no mapping"),
    ],
)
def test_what_leads_nowhere_is_told_with_its_line(load, text, told):
    with pytest.raises(Mistakes) as caught:
        load(text)
    assert told in caught.value.report()


def test_an_extension_that_only_holds_what_is_repeated_is_not_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(
        "x-env: &env {A: 1}\nx-owner: us\nservices: {web: {image: a, environment: *env}}"
    )
    notes = Notes()
    project([Path("a.yaml")], notes)
    assert [note.path for note in notes.told()] == ["x-owner"]
    assert isinstance(at(project([Path("a.yaml")], Notes()), "services.web.environment.A"), Text)
