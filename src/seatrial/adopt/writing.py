"""The text of a system file, as ruff would format it at 88 and at 110 columns alike.

A call stands on one line where it fits; else each argument has a line, with a comma after the last, which
keeps formatters of any width from joining them. A guess is marked where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

from seatrial.adopt.sketch import Made, Rule, Sketch, python_name

__all__ = ["system_file"]

WIDTH = 88
ROOM = 72
"""Of a list or mapping, beside four spaces, the longest word that has one, and a comma."""

_GROUPS: Mapping[str, int] = {
    **dict.fromkeys(("postgres", "blobs", "queue", "cache", "documents"), 0),
    **dict.fromkeys(("secret", "model_api"), 1),
    **dict.fromkeys(("temporal", "app_service_plan", "node_pool"), 2),
}
"""Stores, then what others keep or answer, then engines; all the rest, each alone, after them."""


def system_file(sketch: Sketch, about: str) -> str:
    """The file; `about` names what it was made of."""
    return "\n".join(_lines(sketch, about)) + "\n"


def _lines(sketch: Sketch, about: str) -> Iterator[str]:
    system = python_name(sketch.name, ("System", "seatrial"))
    names: dict[int, str] = {}
    ordered = _ordered(sketch.parts)
    used = {id(each) for part in ordered for each in part.needs}
    for part in ordered:
        names[id(part)] = python_name(part.name, {system, *_TAKEN, *names.values()})
    yield f'"""{_plain(sketch.title)}, made of {_plain(about)}.'
    yield ""
    yield "What is marked as a guess does not stand there; import-notes.md says the rest."
    yield '"""'
    yield ""
    rules = {each.name for part in sketch.parts for each in part.args.get("scale", [])}
    yield f"from seatrial import {', '.join(['System', *sorted(rules)])}"
    yield ""
    if sketch.region_is_guess:
        yield "# guess: region"
    head = [_text(sketch.name), f"title={_text(sketch.title)}", f"region={_text(sketch.region)}"]
    yield from _call(f"{system} = System", head)
    group = -1
    for part in ordered:
        now = _GROUPS.get(part.word, 9)
        if now != group or now == 9 or part.remarks:
            yield ""
        group = now
        for remark in part.remarks:
            yield f"# {remark}"
        bound = f"{names[id(part)]} = " if id(part) in used or now < 9 else ""
        yield from _call(f"{bound}{system}.{part.word}", list(_arguments(part, names)), part.guesses)


_TAKEN = (
    "System",
    "requests",
    "cpu",
    "memory",
    "print",
    "list",
    "map",
    "input",
    "type",
    "id",
    "object",
    "all",
    "any",
    "filter",
    "open",
)


def _ordered(parts: list[Made]) -> list[Made]:
    """What is used before its user; where that leaves it open, by group and as written."""
    place = {id(part): (_GROUPS.get(part.word, 9), index) for index, part in enumerate(parts)}
    by_id = {id(part): part for part in parts}
    sorter: TopologicalSorter[int] = TopologicalSorter(
        {id(part): [id(each) for each in part.needs] for part in parts}
    )
    sorter.prepare()
    ready, ordered = list(sorter.get_ready()), []
    while ready:
        first = min(ready, key=place.__getitem__)
        ready.remove(first)
        ordered.append(by_id[first])
        sorter.done(first)
        ready.extend(sorter.get_ready())
    return ordered


def _arguments(part: Made, names: Mapping[int, str]) -> Iterator[str]:
    yield _text(part.name)
    for value in part.first:
        yield _value(value, names)
    order = [
        "history",
        "version",
        "title",
        "port",
        "health",
        "cron",
        "runs",
        "cpu",
        "memory",
        "gpus",
        "replicas",
    ]
    written = [*(key for key in order if key in part.args), *(key for key in part.args if key not in order)]
    last = [key for key in ("uses", "reads", "sends", "receives", "env", "public") if key in written]
    for key in [*(key for key in written if key not in last), *last]:
        value = part.args[key]
        if value not in ([], {}):
            yield f"{key}={_value(value, names)}"


def _call(start: str, arguments: list[str], guesses: Mapping[str, str] | None = None) -> Iterator[str]:
    line = f"{start}({', '.join(arguments)})"
    simple = not any("\n" in each for each in arguments)
    if len(line) <= WIDTH and simple and not guesses:
        yield line
        return
    if guesses and simple:
        marked = f"{line}  # guess: {', '.join(guesses)}"
        if len(marked) <= WIDTH:
            yield marked
            return
    yield f"{start}("
    for argument in arguments:
        key = argument.partition("=")[0] if guesses else ""
        yield from _argument(argument, (guesses or {}).get(key))
    yield ")"


def _argument(argument: str, guess: str | None) -> Iterator[str]:
    lines = argument.split("\n")
    if guess is not None:
        marked = f"    {argument},  # guess: {guess}"
        if len(lines) == 1 and len(marked) <= WIDTH:
            yield marked
            return
        yield f"    # guess: {guess}"
    yield from (f"    {line}" for line in [*lines[:-1], f"{lines[-1]},"])


def _value(value: Any, names: Mapping[int, str]) -> str:
    match value:
        case Made():
            return names[id(value)]
        case str():
            return _text(value)
        case Rule(name=name, number=number):
            return f"{name}({number})"
        case list():
            return _brackets("[", [_value(each, names) for each in value], "]", ROOM)
        case dict():
            pairs = [f"{_text(key)}: {_value(each, names)}" for key, each in value.items()]
            return _brackets("{", pairs, "}", ROOM)
        case int() if value >= 100_000:
            return f"{value:_}"
        case float() if value == int(value):
            return str(int(value))
        case _:
            return repr(value)


def _brackets(start: str, pieces: list[str], end: str, room: int) -> str:
    """On one line where it is short; else each on its own, with a comma after the last."""
    line = f"{start}{', '.join(pieces)}{end}"
    if len(line) <= room and not any("\n" in each for each in pieces):
        return line
    return "\n".join([start, *(f"    {each}," for each in pieces), end])


def _text(value: str) -> str:
    """A literal in the quotes that need the fewest backslashes, double ones where it is the same."""
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = "".join(_character(each, quote) for each in value)
    return f"{quote}{body}{quote}"


def _character(each: str, quote: str) -> str:
    if each in (quote, "\\"):
        return f"\\{each}"
    if each.isprintable():
        return each
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(each) or _escaped(each)


def _escaped(each: str) -> str:
    code = ord(each)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def _plain(title: str) -> str:
    """A title as it may stand in a docstring."""
    return (
        "".join(each for each in title if each.isprintable()).replace("\\", "/").replace('"', "'").rstrip(".")
    )
