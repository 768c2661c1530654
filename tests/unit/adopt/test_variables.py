"""Variables of Compose files. The cases are those of Compose's own page on interpolation."""

from __future__ import annotations

import pytest

from seatrial.adopt.tree import Fields, Text, yaml_tree
from seatrial.adopt.variables import dotenv, filled
from seatrial.model import Mistakes

KNOWN = {"SET": "value", "EMPTY": ""}


def fill(text: str) -> Text:
    tree = filled(yaml_tree(f"a: '{text}'", "compose.yaml"), KNOWN)
    assert isinstance(tree, Fields)
    node = tree.fields["a"]
    assert isinstance(node, Text)
    return node


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("$SET", "value"),
        ("${SET}", "value"),
        ("x-${SET}-y", "x-value-y"),
        ("$$SET", "$SET"),
        ("${EMPTY:-other}", "other"),
        ("${EMPTY-other}", ""),
        ("${GONE-other}", "other"),
        ("${GONE:-${SET}}", "value"),
        ("${GONE:-${ALSO:-last}}", "last"),
        ("${SET:+there}", "there"),
        ("${GONE:+there}", ""),
        ("${EMPTY+there}", "there"),
        ("$GONE", ""),
        ("5 $ and more", "5 $ and more"),
    ],
)
def test_a_variable_is_filled_in(written, meant):
    assert fill(written).text == meant


@pytest.mark.parametrize(
    ("written", "how"),
    [("$SET", "given"), ("${GONE:-x}", "default"), ("${GONE:?say it}", "required"), ("$GONE", "unset")],
)
def test_it_is_known_where_a_value_came_from(written, how):
    assert [each.how for each in fill(written).refs] == [how]


@pytest.mark.parametrize("written", ["${SET", "${not a name}"])
def test_what_is_no_variable_is_refused(written):
    with pytest.raises(Mistakes):
        fill(written)


def test_the_shell_is_never_asked(monkeypatch):
    monkeypatch.setenv("GONE", "from the shell")
    assert fill("$GONE").text == ""


def test_a_dotenv_file_is_read_with_its_lines():
    found = dotenv("# about\nA=1\nexport B='two words'\nC=x # why\nD\n=no\n")
    assert found == {"A": ("1", 2), "B": ("two words", 3), "C": ("x", 4)}
