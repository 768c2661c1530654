"""A compiled ARM template: its resources in the order of the file, their expressions as far as known.

Nested deployments are followed with what they are given. What only Azure knows, as `uniqueString`, is not
guessed: a name with that in it is no name. Source:
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from seatrial.adopt import disk
from seatrial.adopt.tree import unreadable
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["UNKNOWN", "Resource", "resources", "template"]

UNKNOWN = "\0"
"""Stands in a text for what only Azure knows."""
_LONGEST = 16 * 1024 * 1024
"""Azure takes templates of 4 MB; what Bicep compiles is some times as large as it is sent."""
_DEEPEST = 40
_LONGEST_TEXT = 100_000
"""Of what an expression says: variables that double each other say nothing."""


class Resource(Value):
    """One resource of a template."""

    type: str
    name: str
    """Its last piece; with `UNKNOWN` in it, none is known."""
    parent: str
    """The pieces before it: of a container, its account."""
    path: str
    """From the top of the template: `resources[3].template.resources[0]`."""
    place: Place
    within: tuple[str, ...]
    """The deployments that it is part of."""
    body: Mapping[str, Any]
    """As it stands, expressions filled in as far as they are known."""

    def get(self, path: str) -> Any:
        """A value below, by its keys with dots between. None: not there, or not known."""
        found: Any = self.body
        for key in path.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        return None if isinstance(found, str) and UNKNOWN in found else found


def template(file: Path, asked: Place | None = None) -> dict[str, Any]:
    """Raises Mistakes: it is no JSON, or no template."""
    place = Place(disk.shown(file), 0)
    try:
        text = file.read_text(encoding="utf-8-sig")
        found = json.loads(text) if len(text) <= _LONGEST else None
    except json.JSONDecodeError as exc:
        unreadable(Place(place.file, exc.lineno), f"no JSON: {exc.msg.lower()}", "compile the Bicep anew")
    except (OSError, UnicodeDecodeError, RecursionError):
        unreadable(asked or place, f"{place.file}: cannot be read", "az bicep build --file infra/main.bicep")
    if not isinstance(found, dict) or "resources" not in found:
        unreadable(place, "no template of ARM", "az bicep build --file infra/main.bicep")
    return found


def resources(file: Path, found: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Resource]:
    """Every resource, nested ones too. `given` are the values of parameters."""
    lines = _Lines(file)
    yield from _resources(found, given, "", lines, ())


def _resources(
    found: Mapping[str, Any], given: Mapping[str, Any], path: str, lines: _Lines, within: tuple[str, ...]
) -> Iterator[Resource]:
    known = _Known(found, given)
    held = found.get("resources") or []
    for key, body in held.items() if isinstance(held, dict) else enumerate(held):
        if not isinstance(body, dict) or not isinstance(body.get("type"), str):
            continue
        place = lines.next(body["type"])
        here = f"{path}resources[{key}]" if isinstance(key, int) else f"{path}resources.{key}"
        if body.get("existing") is True or len(within) > _DEEPEST:
            continue
        if body["type"] == "Microsoft.Resources/deployments":
            yield from _deployment(body, known, here, lines, within)
            continue
        filled = known.fill(body)
        *parents, name = str(filled.get("name", "")).split("/")
        yield Resource(
            type=body["type"],
            name=name,
            parent="/".join(parents),
            path=here,
            place=place,
            within=within,
            body=filled,
        )
        for inner in body.get("resources") or ():  # children may stand in their parent
            if isinstance(inner, dict) and isinstance(inner.get("type"), str):
                whole = {**inner, "type": f"{body['type']}/{inner['type']}"}
                child = known.fill(whole)
                yield Resource(
                    type=whole["type"],
                    name=str(child.get("name", "")).rpartition("/")[2],
                    parent=name,
                    path=f"{here}.resources",
                    place=place,
                    within=within,
                    body=child,
                )


def _deployment(
    body: Mapping[str, Any], known: _Known, path: str, lines: _Lines, within: tuple[str, ...]
) -> Iterator[Resource]:
    properties = body.get("properties") or {}
    inner = properties.get("template")
    if isinstance(inner, dict):
        told = {
            name: known.fill(each.get("value"))
            for name, each in (properties.get("parameters") or {}).items()
            if isinstance(each, dict) and "value" in each
        }
        yield from _resources(
            inner, told, f"{path}.template.", lines, (*within, str(known.fill(body.get("name", ""))))
        )


class _Lines:
    """Lines by type: the file names the types in the order in which its resources are walked."""

    def __init__(self, file: Path) -> None:
        self.file = disk.shown(file)
        self.found: dict[str, Iterator[int]] = {}
        self.text = file.read_text(encoding="utf-8-sig")

    def next(self, kind: str) -> Place:
        if kind not in self.found:
            pattern = re.compile(rf'"type"\s*:\s*"{re.escape(kind)}"')
            self.found[kind] = (
                self.text.count("\n", 0, each.start()) + 1 for each in pattern.finditer(self.text)
            )
        return Place(self.file, next(self.found[kind], 0))


class _Known:
    """What is known of the parameters and variables of one template."""

    def __init__(self, found: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        self.parameters = {
            name: given.get(name, each.get("defaultValue", UNKNOWN) if isinstance(each, dict) else UNKNOWN)
            for name, each in (found.get("parameters") or {}).items()
        }
        self.variables = found.get("variables") or {}
        self._variables: dict[str, Any] = {}

    def variable(self, name: str, depth: int) -> Any:
        """Each is filled in once; one that is made of itself is not known."""
        if name not in self._variables:
            self._variables[name] = UNKNOWN
            self._variables[name] = self.fill(self.variables.get(name, UNKNOWN), depth + 1)
        return self._variables[name]

    def fill(self, value: Any, depth: int = 0) -> Any:
        if depth > _DEEPEST:
            return UNKNOWN
        match value:
            case str() if value.startswith("[[") or not (value.startswith("[") and value.endswith("]")):
                return value
            case str():
                return _Expression(value[1:-1], self, depth).value()
            case dict():
                return {key: self.fill(each, depth + 1) for key, each in value.items()}
            case list():
                return [self.fill(each, depth + 1) for each in value]
            case _:
                return value


_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(-?\d+)|([A-Za-z_]\w*)|([(),.\[\]]))")


class _Expression:
    """Reads one expression; functions that only Azure can answer give `UNKNOWN` and what they were asked."""

    def __init__(self, text: str, known: _Known, depth: int) -> None:
        self.tokens: list[str] = [next(each for each in found if each) for found in _TOKEN.findall(text)]
        self.at, self.known, self.depth = 0, known, depth

    def value(self) -> Any:
        try:
            found = self._one()
            return UNKNOWN if isinstance(found, str) and len(found) > _LONGEST_TEXT else found
        except (IndexError, ValueError, TypeError, KeyError, RecursionError):
            return UNKNOWN

    def _one(self) -> Any:
        token = self._take()
        if token.startswith("'"):
            found: Any = token[1:-1].replace("''", "'")
        elif re.fullmatch(r"-?\d+", token):
            found = int(token)
        else:
            arguments = []
            if self._next() == "(":
                self._take()
                while self._next() != ")":
                    arguments.append(self._one())
                    if self._next() == ",":
                        self._take()
                self._take()
            found = self._call(token.lower(), arguments)
        while self._next() in (".", "["):
            inside = self._take() == "["
            key: Any = self._one() if inside else self._take()
            if inside:
                self._take()
            if isinstance(found, str) and UNKNOWN in found:
                continue  # of what only Azure knows, a piece
            found = found[key] if isinstance(found, dict | list) else UNKNOWN
            found = self.known.fill(found, self.depth + 1)
        return found

    def _next(self) -> str:
        return str(self.tokens[self.at]) if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def _call(self, name: str, arguments: list[Any]) -> Any:
        match name, arguments:
            case "parameters", [str(key)]:
                return self.known.fill(self.known.parameters.get(key, UNKNOWN), self.depth + 1)
            case "variables", [str(key)]:
                return self.known.variable(key, self.depth)
            case "format", [str(text), *rest]:
                return re.sub(r"\{(\d+)(?::[^}]*)?\}", lambda found: str(rest[int(found[1])]), text)
            case "concat", [*pieces] if all(isinstance(each, str | int) for each in pieces):
                return "".join(str(each) for each in pieces)
            case (("tolower" | "string" | "trim"), [str(text)]):
                return text.lower() if name == "tolower" else text
            case "toupper", [str(text)]:
                return text.upper()
            case "replace", [str(text), str(old), str(new)]:
                return text.replace(old, new)
            case (("take" | "substring"), [str(text), *_]) if UNKNOWN in text:
                return text
            case "take", [str(text), int(count)]:
                return text[:count]
            case (("coalesce" | "if"), _) if name == "coalesce":
                return next((each for each in arguments if each is not None), None)
            case "if", [bool(condition), yes, no]:
                return yes if condition else no
            case (("true" | "false"), _):
                return name == "true"
            case "not", [bool(each)]:
                return not each
            case "empty", [each] if each != UNKNOWN:
                return not each
            case "equals", [one, other] if UNKNOWN not in (one, other):
                return one == other
            case "json", [str(text)] if UNKNOWN not in text:
                return json.loads(text)
            case "createarray", _:
                return arguments
            case "createobject", _:
                return dict(zip(arguments[::2], arguments[1::2], strict=True))
            case "union", _ if all(isinstance(each, dict) for each in arguments):
                return {key: value for each in arguments for key, value in each.items()}
            case "union", _:  # of what is not known, what is
                return {
                    key: value for each in arguments if isinstance(each, dict) for key, value in each.items()
                }
            case (("resourceid" | "reference" | "listkeys" | "extensionresourceid"), _):
                # kept, so that a variable still tells which resource it is about
                return UNKNOWN + "|".join(str(each) for each in arguments) + UNKNOWN
            case _:
                return UNKNOWN
