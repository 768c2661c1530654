"""JSON as templates are written: with comments, and texts over several lines; each object knows its line.

Source of what templates allow beside JSON:
https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax (comments; multi-line strings)
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import Any

from seatrial.model import Place

__all__ = ["Lined", "Unreadable", "parsed"]


class Unreadable(Exception):
    """A template that cannot be read whole: where, what, and the way out."""

    def __init__(self, place: Place, what: str, hint: str) -> None:
        self.place, self.what, self.hint = place, what, hint
        super().__init__(f"{place}  {what}\n  hint: {hint}")


class Lined(dict[str, Any]):
    """An object of JSON that knows where it begins, counted from 1."""

    __slots__ = ("line",)

    line: int


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<skip>//[^\n]*|/\*.*?\*/)
      | (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<word>true|false|null)\b
      | (?P<mark>[{}\[\]:,])
    )""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 200
"""Levels of nesting that are followed: no template of Azure comes near, and Python does not end first."""


def parsed(text: str, file: str) -> Any:
    """
    Raises:
        Unreadable: it is no JSON.
    """
    return _Reader(text.removeprefix("\ufeff"), file).whole()


class _Reader:
    """Reads one text, token by token."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file, self.at, self.depth = text, file, 0, 0
        self.lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.kind, self.piece, self.start = "", "", 0
        self.next()

    def next(self) -> None:
        """Goes on to the next token; the kind is empty at the end."""
        while found := _TOKEN.match(self.text, self.at):
            self.at = found.end()
            kind = str(found.lastgroup)
            if kind != "skip":
                self.kind, self.piece, self.start = kind, found[kind], found.start(kind)
                return
        rest = re.compile(r"\s*").match(self.text, self.at)
        self.start = rest.end() if rest else self.at
        if self.start < len(self.text):
            raise self.wrong(f"no JSON begins with {self.text[self.start : self.start + 20].split()[0]!r}")
        self.kind, self.piece = "", ""

    def whole(self) -> Any:
        value = self.value()
        if self.kind:
            raise self.wrong(f"{self.piece!r} after the end")
        return value

    def value(self) -> Any:
        kind, piece = self.kind, self.piece
        if kind == "mark" and piece in "{[":
            self.depth += 1
            if self.depth > _DEEPEST:
                raise self.wrong(f"nested deeper than {_DEEPEST} levels")
            nested = self.object() if piece == "{" else self.list()
            self.depth -= 1
            return nested
        found: Any = None
        match kind:
            case "text":
                found = self.string()
            case "number":
                found = json.loads(piece)
            case "word":
                found = _WORDS[piece]
            case "":
                raise self.wrong("it ends too early")
            case _:
                raise self.wrong(f"{piece!r} where a value belongs")
        self.next()
        return found

    def object(self) -> Lined:
        found = Lined()
        found.line = self.line(self.start)
        self.next()
        while self.piece != "}" or self.kind != "mark":
            if self.kind != "text":
                raise self.wrong(f"{self.piece!r} where a name in quotes belongs" if self.kind else _EARLY)
            name = self.string()
            self.next()
            self.expect(":")
            found[name] = self.value()
            if self.piece != "}" or self.kind != "mark":
                self.expect(",")
        self.next()
        return found

    def list(self) -> list[Any]:
        found: list[Any] = []
        self.next()
        while self.piece != "]" or self.kind != "mark":
            found.append(self.value())
            if self.piece != "]" or self.kind != "mark":
                self.expect(",")
        self.next()
        return found

    def string(self) -> str:
        try:
            return str(json.loads(self.piece, strict=False))
        except ValueError as error:
            raise self.wrong(f"a text that is none: {error}") from error

    def expect(self, mark: str) -> None:
        if self.kind != "mark" or self.piece != mark:
            raise self.wrong(f"{self.piece!r} where {mark!r} belongs" if self.kind else _EARLY)
        self.next()

    def line(self, at: int) -> int:
        return bisect_right(self.lines, at)

    def wrong(self, what: str) -> Unreadable:
        place = Place(self.file, self.line(self.start))
        return Unreadable(place, f"no JSON: {what}", "mend the file, or compile its Bicep again")


_EARLY = "it ends too early"
