"""The language of templates: what stands in square brackets, `[concat('a', parameters('b'))]`.

Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions
"""

from __future__ import annotations

import re
from typing import Any

from seatrial.azure.values import Expression
from seatrial.model.value import Value

__all__ = ["Call", "Literal", "Member", "Node", "Unknown", "Unparsable", "expression_in", "masked", "parse"]


class Unknown(Expression):
    """What only the deployment knows."""

    text: str
    """The expression, as far as it is known."""
    secret: bool = False
    """Whether it is a key or password, or made of one."""


class Literal(Value):
    """A text or whole number."""

    value: Any


class Call(Value):
    """A function with what it is given."""

    function: str
    """In lower case: ARM does not mind the case."""
    given: tuple[Node, ...]


class Member(Value):
    """A property or element: `.name`, `[0]`."""

    of: Node
    name: Node


Node = Literal | Call | Member


class Unparsable(Exception):
    """Not an expression of the language; its text says why."""

    line: int | None = None
    """Of the object that it stands in, where that is known."""


def masked(text: str) -> str:
    """An expression for messages, without its texts: one of them may be a password."""
    return re.sub(r"'(?:[^']|'')*'?", "'…'", text)


def expression_in(text: str) -> str | None:
    """What stands in the brackets of a text; None: it is plain. `[[` begins plain text."""
    if text.startswith("[") and text.endswith("]") and not text.startswith("[["):
        return text[1:-1]
    return None


_TOKEN = re.compile(r"\s*(?:('(?:[^']|'')*')|(-?\d+)|([A-Za-z_][\w]*)|([()\[\].,]))", re.DOTALL)


def parse(text: str) -> Node:
    """
    Raises:
        Unparsable: it is no expression.
    """
    reader = _Reader(text)
    found = reader.expression()
    if reader.piece:
        raise Unparsable(f"{masked(reader.piece)!r} after the end")
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.piece, self.depth = text, 0, "", 0
        self.next()

    def next(self) -> None:
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            if rest := self.text[self.at :].strip():
                raise Unparsable(f"nothing of the language begins with {masked(rest)[:20]!r}")
            self.piece = ""
            return
        self.at = found.end()
        self.piece = found[0].strip()

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > 100:
            raise Unparsable("nested deeper than 100 levels")
        found = self.first()
        while self.piece in (".", "["):
            if self.piece == ".":
                self.next()
                found = Member(of=found, name=Literal(value=self.word()))
            else:
                self.next()
                found = Member(of=found, name=self.expression())
                self.expect("]")
        self.depth -= 1
        return found

    def first(self) -> Node:
        piece = self.piece
        if piece.startswith("'"):
            self.next()
            return Literal(value=piece[1:-1].replace("''", "'"))
        if piece.lstrip("-").isdigit():
            self.next()
            return Literal(value=int(piece))
        name = self.word()
        while self.piece == ".":  # a function of one's own: `space.name(…)`
            self.next()
            name = f"{name}.{self.word()}"
        self.expect("(")
        given: list[Node] = []
        while self.piece != ")":
            given.append(self.expression())
            if self.piece != ")":
                self.expect(",")
        self.next()
        return Call(function=name.lower(), given=tuple(given))

    def word(self) -> str:
        piece = self.piece
        if not re.match(r"[A-Za-z_]", piece):
            raise Unparsable(f"{masked(piece)!r} where a name belongs" if piece else "it ends too early")
        self.next()
        return piece

    def expect(self, mark: str) -> None:
        if self.piece != mark:
            raise Unparsable(
                f"{masked(self.piece)!r} where {mark!r} belongs" if self.piece else "it ends too early"
            )
        self.next()
