"""YAML with lines and limits."""

from __future__ import annotations

import time

import pytest

from seatrial.adopt.tree import Fields, Items, Text, yaml_tree
from seatrial.model import Mistakes


def read(text: str) -> Fields:
    tree = yaml_tree(text, "compose.yaml")
    assert isinstance(tree, Fields)
    return tree


def refused(text: str) -> str:
    with pytest.raises(Mistakes) as caught:
        yaml_tree(text, "compose.yaml")
    return caught.value.report()


def test_every_value_knows_its_line():
    tree = read("a: 1\nb:\n  c: [x,\n    y]\n")
    below = tree.fields["b"]
    assert isinstance(below, Fields)
    listed = below.fields["c"]
    assert isinstance(listed, Items)
    assert [each.place.line for each in (tree.fields["a"], listed, listed.items[1])] == [1, 3, 4]


@pytest.mark.parametrize("written", ["22:22", "1.10", "on", "0777", "2024-01-01"])
def test_a_scalar_stays_as_it_is_written(written):
    # YAML 1.1 would make 1342, 1.1, True, 511 and a date of these.
    node = read(f"a: {written}").fields["a"]
    assert isinstance(node, Text)
    assert node.text == written


def test_a_merged_mapping_gives_way_to_the_keys_of_its_own():
    tree = read("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n")
    merged = tree.fields["y"]
    assert isinstance(merged, Fields)
    assert {key: node.text for key, node in merged.fields.items() if isinstance(node, Text)} == {
        "a": "1",
        "b": "3",
    }


def test_aliases_that_multiply_are_refused_at_once():
    # Nine levels of nine: 9^9, some 387 million values
    lines = ['a0: &a0 ["x"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    began = time.monotonic()
    assert "more than 50,000 values" in refused("\n".join(lines))
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &a [*a]", "compose.yaml:1  refers to itself"),
        ("a: 1\nb: [", "compose.yaml:2  no YAML"),
        ("a: 1\na: 2", 'compose.yaml:2  "a": a second time; first on line 1'),
        ("? [a]\n: 1", "a key that is no text"),
        ("a: 1\n---\nb: 2", "no YAML"),
        ("[" * 900, "nested too deep"),
        ("a: " + "x" * 600_000, "characters"),
        ("a: *nowhere", "no YAML"),
    ],
    ids=["itself", "open", "twice", "key", "two documents", "deep", "long", "no anchor"],
)
def test_what_is_wrong_is_told_with_its_line(text, told):
    assert told in refused(text)
