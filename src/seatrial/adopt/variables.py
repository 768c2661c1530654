"""Variables in a Compose file: `$NAME`, `${NAME:-default}` and the others, filled in.

Values come from a `.env` file beside the Compose file, never from the shell: two imports give the same.
Source: https://docs.docker.com/reference/compose-file/interpolation/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from seatrial.adopt.tree import Fields, Items, Node, Ref, Text, unreadable
from seatrial.model import Place

__all__ = ["dotenv", "filled"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEPEST = 10


def filled(node: Node, values: Mapping[str, str]) -> Node:
    """The tree with every variable in its place. Keys have none."""
    done: dict[int, Node] = {}  # what an alias repeats is filled in once

    def fill(node: Node) -> Node:
        if known := done.get(id(node)):
            return known
        made = node
        match node:
            case Fields(fields=fields):
                made = replace(node, fields={key: fill(each) for key, each in fields.items()})
            case Items(items=items):
                made = replace(node, items=tuple(fill(each) for each in items))
            case Text(text=text) if "$" in text:
                refs: list[Ref] = []
                made = replace(node, text=_text(text, values, refs, node.place, 0), refs=tuple(refs))
            case _:
                pass
        done[id(node)] = made
        return made

    return fill(node)


def _text(text: str, values: Mapping[str, str], refs: list[Ref], place: Place, depth: int) -> str:
    if depth > _DEEPEST:
        unreadable(place, "variables within variables, too deep", "write the value")
    out: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        out.append(text[at:dollar])
        rest = text[dollar + 1 :]
        if rest.startswith("$"):
            out.append("$")
            at = dollar + 2
        elif rest.startswith("{"):
            end = _closing(text, dollar + 1)
            if end is None:
                unreadable(place, "${ without }", "close it, or write $$ for a dollar")
            out.append(_braced(text[dollar + 2 : end], values, refs, place, depth))
            at = end + 1
        elif name := _NAME.match(rest):
            out.append(_value(name[0], "", "", values, refs, place, depth))
            at = dollar + 1 + len(name[0])
        else:
            out.append("$")
            at = dollar + 1
    return "".join([*out, text[at:]])


def _closing(text: str, opening: int) -> int | None:
    depth = 0
    for index in range(opening, len(text)):
        if text[index] == "{" and (index == opening or text[index - 1] == "$"):
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if depth == 0:
                return index
    return None


def _braced(inside: str, values: Mapping[str, str], refs: list[Ref], place: Place, depth: int) -> str:
    found = re.fullmatch(r"(?s)([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])(.*))?", inside)
    if found is None:
        unreadable(place, f"${{{inside}}}: no variable", "write ${NAME}, or $$ for a dollar")
    return _value(found[1], found[2] or "", found[3] or "", values, refs, place, depth)


def _value(
    name: str,
    operator: str,
    operand: str,
    values: Mapping[str, str],
    refs: list[Ref],
    place: Place,
    depth: int,
) -> str:
    known = values.get(name)
    there = known is not None and (known != "" or not operator.startswith(":"))
    if operator.endswith("+"):
        refs.append(Ref(name=name, how="given" if there else "default"))
        return _text(operand, values, refs, place, depth + 1) if there else ""
    if there:
        refs.append(Ref(name=name, how="given"))
        return known or ""
    if operator.endswith("-"):
        refs.append(Ref(name=name, how="default"))
        return _text(operand, values, refs, place, depth + 1)
    refs.append(Ref(name=name, how="required" if operator.endswith("?") else "unset"))
    return ""


def dotenv(text: str) -> dict[str, tuple[str, int]]:
    """The variables of a `.env` file, each with its line. Names without a value are left to the shell."""
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not _NAME.fullmatch(name):
            continue
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        else:
            value = re.split(r"\s+#", value)[0]
        found[name] = value, number
    return found
