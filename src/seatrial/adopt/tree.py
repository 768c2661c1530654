"""YAML as a tree in which everything knows its file and line, and in which nothing is larger than it looks.

Scalars stay text as they were written: Compose reads `80:80`, `1.10` and `on` by other rules than YAML 1.1,
which is what PyYAML knows. Aliases and merge keys are resolved here. A file whose aliases multiply, or that
refers to itself, is refused before it is unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any, NoReturn

from seatrial.model import Mistake, Mistakes, Place
from seatrial.model.value import Value

__all__ = ["Fields", "Items", "Node", "Ref", "Text", "truth", "unreadable", "yaml_tree"]

LONGEST = 512 * 1024
"""Characters of one file. The largest public Compose files have some 100,000."""
MOST = 50_000
"""Nodes of one file, each counted as often as aliases repeat it."""
DEEPEST = 60

NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Ref(Value):
    """A variable that stood in a scalar."""

    name: str
    how: str
    """`given` by a .env file, `default`, `required` and not given, or `unset`: empty."""


class Node(Value):
    """What every node has."""

    place: Place = field(compare=False)
    tag: str | None = None
    """`!reset` or `!override`, which say how files are merged."""


class Text(Node):
    text: str
    """The value, variables filled in."""
    null: bool = False
    refs: tuple[Ref, ...] = ()


class Items(Node):
    items: tuple[Node, ...]


class Fields(Node):
    fields: Mapping[str, Node] = field(hash=False)


def unreadable(place: Place, what: str, hint: str) -> NoReturn:
    """Raises Mistakes with one mistake."""
    raise Mistakes([Mistake(place=place, what=what, hint=hint)])


def truth(node: Node | None) -> bool:
    """Whether a scalar says yes. What is not there says no."""
    return isinstance(node, Text) and node.text.lower() in ("true", "yes", "on", "y")


def yaml_tree(text: str, shown: str) -> Node:
    """The one document of a file; `shown` is its name in messages. An empty file is an empty mapping.

    Raises:
        Mistakes: it is no YAML, or larger than a description of a system can be.
    """
    import yaml

    if len(text) > LONGEST:
        hint = "name the Compose file itself; what is generated can be included"
        unreadable(Place(shown, 0), f"{len(text):,} characters; {LONGEST:,} are read", hint)
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        what = f"no YAML: {exc.problem or exc.context}"
        last = len(text.splitlines()) or 1
        unreadable(
            Place(shown, min(mark.line + 1, last) if mark else 0), what, "correct it there, or just above"
        )
    except yaml.YAMLError as exc:
        unreadable(Place(shown, 0), f"no YAML: {str(exc).splitlines()[0]}", "save it as UTF-8 text")
    except RecursionError:
        unreadable(Place(shown, 0), "nested too deep", f"{DEEPEST} levels are read")
    if document is None:
        return Fields(place=Place(shown, 1), fields={})
    return _Reader(shown).node(document, 0)


class _Reader:
    """Turns PyYAML's nodes into ours, counting."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.count = 0
        self.done: dict[int, tuple[Node, int]] = {}
        self.under_way: set[int] = set()

    def node(self, node: Any, depth: int) -> Node:
        import yaml

        place = Place(self.shown, node.start_mark.line + 1)
        if id(node) in self.under_way:
            unreadable(place, "refers to itself", "write the alias out")
        if known := self.done.get(id(node)):
            self._counted(known[1], place)
            return known[0]
        if depth > DEEPEST:
            unreadable(place, "nested too deep", f"{DEEPEST} levels are read")
        before = self.count
        self._counted(1, place)
        self.under_way.add(id(node))
        tag = node.tag if node.tag in ("!reset", "!override") else None
        made: Node
        match node:
            case yaml.MappingNode():
                made = Fields(place=place, tag=tag, fields=dict(self._fields(node, depth)))
            case yaml.SequenceNode():
                made = Items(
                    place=place, tag=tag, items=tuple(self.node(one, depth + 1) for one in node.value)
                )
            case _:
                null = node.style is None and node.value in NULLS
                made = Text(place=place, tag=tag, text="" if null else str(node.value), null=null)
        self.under_way.discard(id(node))
        self.done[id(node)] = made, self.count - before
        return made

    def _counted(self, more: int, place: Place) -> None:
        self.count += more
        if self.count > MOST:
            hint = "aliases that repeat aliases unfold to more than a system can be"
            unreadable(place, f"more than {MOST:,} values", hint)

    def _fields(self, node: Any, depth: int) -> Iterator[tuple[str, Node]]:
        """Merged mappings first, so that the mapping's own keys win."""
        import yaml

        own: dict[str, Node] = {}
        merged: dict[str, Node] = {}
        for key, value in node.value:
            place = Place(self.shown, key.start_mark.line + 1)
            if not isinstance(key, yaml.ScalarNode):
                unreadable(place, "a key that is no text", "write a word before the colon")
            if key.tag == "tag:yaml.org,2002:merge":
                for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    part = self.node(one, depth + 1)
                    if not isinstance(part, Fields):
                        unreadable(place, "<< merges what is no mapping", "name an anchor of a mapping")
                    merged = {**part.fields, **merged}
                continue
            if key.value in own:
                first = own[key.value].place.line
                unreadable(place, f'"{key.value}": a second time; first on line {first}', "keep one of them")
            own[key.value] = self.node(value, depth + 1)
        yield from merged.items()
        yield from own.items()
