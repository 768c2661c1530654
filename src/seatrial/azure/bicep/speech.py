"""Values in the tongue of Bicep.

Source: https://learn.microsoft.com/azure/azure-resource-manager/bicep/data-types
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from seatrial.azure.names import camel
from seatrial.azure.roles import ROLES
from seatrial.azure.sheets import Sheet
from seatrial.azure.values import (
    Expression,
    Guid,
    Id,
    Inside,
    Join,
    Json,
    Known,
    Out,
    Parameter,
    Ref,
    Suffix,
    Text,
    WhenEmpty,
)

__all__ = ["FUNCTIONS", "ROLE_NAMES", "Speech", "quoted", "suffix"]

FUNCTIONS = frozenset(
    {"empty", "format", "guid", "join", "json", "resourceGroup", "string", "subscription"}
    | {"subscriptionResourceId", "substring", "tenant", "union", "uniqueString"}
)
"""The functions that our files call: a symbol of such a name would hide it."""

STEP = "  "
WORDS = frozenset(("true", "false", "null", "if", "for", "in"))
KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
ROLE = "/providers/Microsoft.Authorization/roleDefinitions/"
ROLE_NAMES = {guid: camel(role) for role, guid in ROLES.items()}


def suffix(region: str, home: str) -> str:
    """The variable that holds the suffix of a region."""
    return "suffix" if region == home else f"suffixOf{region.capitalize()}"


def quoted(text: str) -> str:
    """A text in quotes."""
    return f"'{_escaped(text)}'"


class Speech:
    """Values as said in one file, in which each resource has a symbol."""

    def __init__(self, symbols: Mapping[Ref, str], sheet: Sheet | None = None) -> None:
        self.symbols = symbols
        self.region = sheet.region if sheet else ""
        self.given = {lesson.out: lesson.name for lesson in sheet.lessons} if sheet else {}

    def say(self, value: Any, depth: int = 0) -> str:
        """A value as an expression. What takes several lines is indented by `depth` steps."""
        match value:
            case Expression():
                return self._expression(value, depth)
            case str():
                return self._joined((value,), depth)
            case Mapping():
                pairs = (
                    f"{self._key(key, depth)}: {self.say(each, depth + 1)}" for key, each in value.items()
                )
                return _block("{", pairs, "}", depth)
            case list() | tuple():
                return _block("[", (self.say(each, depth + 1) for each in value), "]", depth)
            case None:
                return "null"
            case bool():
                return str(value).lower()
            case int():
                return str(value)
            case float():  # Bicep has no fractions of its own
                return str(int(value)) if value.is_integer() else f"json('{value!r}')"
        raise TypeError(f"{type(value).__name__} cannot stand in Bicep: {value!r}")

    def _expression(self, value: Expression, depth: int) -> str:
        match value:
            case Join(pieces=pieces):
                return self._joined(pieces, depth)
            case Json(value=written):
                return f"string({self.say(written, depth)})"
            case Id(of=ref):
                return f"{self.symbols[ref]}.id"
            case Inside(ref=ref):
                return f"resourceId({', '.join(self.say(each) for each in (ref.type, *ref.names))})"
            case Out() if value in self.given:
                return self.given[value]
            case Out(of=ref, path=path):
                return f"{self.symbols[ref]}.{path}"
            case Parameter(name=name):
                return name
            case Suffix(region=region):
                return suffix(region, self.region)
            case Guid(pieces=pieces):
                return f"guid({', '.join(_role(piece) or self.say(piece) for piece in pieces)})"
            case Known(what="subscription"):
                return "subscription().subscriptionId"
            case Known(what="tenant"):
                return "tenant().tenantId"
            case Known():
                return "resourceGroup().name"
            case WhenEmpty(parameter=asked, then=then, otherwise=otherwise):
                return f"empty({asked.name}) ? {self.say(then, depth)} : {self.say(otherwise, depth)}"
        raise TypeError(f"{type(value).__name__} cannot stand in Bicep: {value!r}")

    def _key(self, key: Any, depth: int) -> str:
        if isinstance(key, Expression):
            said = self._expression(key, depth)
            return said if said.startswith("'") else f"'${{{said}}}'"
        return key if KEY.fullmatch(key) and key not in WORDS else quoted(key)

    def _joined(self, pieces: tuple[Text, ...], depth: int) -> str:
        """Interpolated; a text of several lines keeps them."""
        match pieces:
            case ("/subscriptions/", Known(what="subscription"), str(rest)) if rest.startswith(ROLE):
                role = rest.removeprefix(ROLE)
                return f"subscriptionResourceId('{ROLE[11:-1]}', {_role(role) or quoted(role)})"
            case _:
                pass
        lines = _lines(pieces)
        said = ["'" + "".join(self._piece(piece) for piece in line) + "'" for line in lines]
        return said[0] if len(said) == 1 else _several(said, depth)

    def _piece(self, piece: Text) -> str:
        return _escaped(piece) if isinstance(piece, str) else f"${{{self.say(piece)}}}"


def _role(piece: Text) -> str | None:
    """A built-in role, by its name in the file's variable `roles`."""
    return f"roles.{ROLE_NAMES[piece]}" if isinstance(piece, str) and piece in ROLE_NAMES else None


def _lines(pieces: Iterable[Text]) -> list[list[Text]]:
    """The pieces of each line of a text."""
    lines: list[list[Text]] = [[]]
    for piece in pieces:
        first, *more = piece.split("\n") if isinstance(piece, str) else (piece,)
        lines[-1].append(first)
        lines.extend([each] for each in more)
    return lines


def _several(lines: Iterable[str], depth: int) -> str:
    """A text of several lines. Bicep has a way to quote these, but some that read Bicep choke on it."""
    return f"join({_block('[', lines, ']', depth)}, '\\n')"


def _escaped(text: str) -> str:
    return text.translate(ESCAPES).replace("${", "\\${")


def _block(opening: str, lines: Iterable[str], closing: str, depth: int) -> str:
    inside = [f"{STEP * (depth + 1)}{line}" for line in lines]
    return "\n".join((opening, *inside, f"{STEP * depth}{closing}")) if inside else opening + closing
