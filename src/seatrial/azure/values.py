"""Values of properties that are not known before deployment, in no dialect.

A property is plain JSON (`str`, `int`, `bool`, `None`, mappings, sequences) with these in it. Each printer
says them in its own tongue: `Id(server)` is `papersServer.id` in Bicep, `[resourceId(…)]` in ARM, and
`${azapi_resource.papers_server.id}` in Terraform. The key of a mapping may be one too: `{Id(of=…): {}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from seatrial.model.value import PLAIN, Value

__all__ = [
    "Expression",
    "Guid",
    "Id",
    "Inside",
    "Join",
    "Json",
    "Known",
    "Out",
    "Parameter",
    "Ref",
    "Suffix",
    "Text",
    "WhenEmpty",
    "expressions",
    "join",
    "plain",
    "serialized",
]


class Expression(Value):
    """A value that only the deployment knows."""


Text = str | Expression
"""Text, or what becomes text."""


class Ref(Value):
    """What tells one resource from all others in a resource group: its type, its name, and its parent."""

    type: str
    """In full, that of the parents included: `Microsoft.KeyVault/vaults/secrets`."""
    name: Text
    """Its own, without the parents'."""
    parent: Ref | None = None

    def __init__(self, *, type: str, name: Text, parent: Ref | None = None) -> None:
        """As of any value, in fewer steps: a graph makes and looks up thousands."""
        values = self.__dict__
        values["type"], values["name"], values["parent"] = type, name, parent

    def child(self, kind: str, name: Text) -> Ref:
        """A child resource: `server.child("databases", "papers")`."""
        return Ref(type=f"{self.type}/{kind}", name=name, parent=self)

    @property
    def names(self) -> tuple[Text, ...]:
        """The names from the outermost parent to itself."""
        return (*(self.parent.names if self.parent else ()), self.name)

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            found = hash((self.name, self.type, self.parent))
            object.__setattr__(self, "_hash", found)
            return found

    def __eq__(self, other: object) -> bool:
        """What differs most is asked first."""
        if self is other:
            return True
        if type(other) is not Ref:
            return NotImplemented
        return self.name == other.name and self.type == other.type and self.parent == other.parent


class Parameter(Expression):
    """What an operator must choose."""

    name: str
    """In camel case: `imageTag`."""
    why: str
    """One sentence for the operator."""
    kind: Literal["string", "int", "bool"] = "string"
    secret: bool = False
    """Whether nobody may see it; such a one has no default and stands in no file."""
    default: str | int | bool | None = None
    allowed: tuple[str, ...] = ()


class Known(Expression):
    """What the place of the deployment says about itself."""

    what: Literal["subscription", "tenant", "resource group"]
    """Ids of the first two, the name of the third."""


class Suffix(Expression):
    """Six letters and digits, always the same for one subscription, resource group and region."""

    region: str


class Join(Expression):
    """Texts one after the other."""

    pieces: tuple[Text, ...]


class Id(Expression):
    """The id of a resource."""

    of: Ref


class Inside(Expression):
    """The id of a piece in the body of a resource, which is no resource but has an id all the same."""

    of: Ref
    kind: str
    """As in ids: `frontendPorts`."""
    name: str

    @property
    def ref(self) -> Ref:
        """As if it were a child."""
        return self.of.child(self.kind, self.name)


class Out(Expression):
    """What a resource says when it has been made."""

    of: Ref
    path: str
    """As `properties.fullyQualifiedDomainName`."""


class Guid(Expression):
    """An id that is always the same for the same pieces, as the name of a role assignment must be."""

    pieces: tuple[Text, ...]


class WhenEmpty(Expression):
    """One of two values, by whether a parameter was left empty."""

    parameter: Parameter
    then: Any
    otherwise: Any


class Json(Expression):
    """A value as a text of JSON, as workbooks want their pages."""

    value: Any = field(hash=False)


def join(*pieces: Text) -> Text:
    """Texts one after the other; plain text when all of them are plain."""
    flat: list[Text] = []
    for piece in pieces:
        for each in piece.pieces if isinstance(piece, Join) else (piece,):
            if isinstance(each, str) and flat and isinstance(flat[-1], str):
                flat[-1] += each
            elif each:
                flat.append(each)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Join(pieces=tuple(flat))


def serialized(written: Json) -> Text:
    """JSON as text, with expressions where the value has them; these become texts in it."""
    import json  # for what is printed only, not for a graph

    found: list[Expression] = []

    def marked(value: object) -> str:
        assert isinstance(value, Expression)
        found.append(value)
        return f"\0{len(found) - 1}\0"

    text = json.dumps(written.value, default=marked, separators=(",", ":"), ensure_ascii=False)
    pieces = re.split(r"\\u0000(\d+)\\u0000", text)
    return join(*(found[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)))


def plain(text: Text, unknown: str = "x" * 6) -> str:
    """The text with `unknown` for each expression in it: good enough to be measured, and to be read."""
    match text:
        case str():
            return text
        case Join(pieces=pieces):
            return "".join(plain(piece, unknown) for piece in pieces)
        case _:
            return unknown


def expressions(value: Any) -> tuple[Expression, ...]:
    """Every expression in a value, those inside of others included."""
    found: list[Expression] = []
    _gather(value, found)
    return tuple(found)


def _gather(value: Any, found: list[Expression]) -> None:
    """By its exact type first: most of what a graph is made of is text in plain mappings."""
    kind = type(value)
    if kind is dict:
        for key, each in value.items():
            if type(key) is not str:
                _gather(key, found)
            if type(each) not in PLAIN:
                _gather(each, found)
    elif kind is list or kind is tuple:
        for each in value:
            if type(each) not in PLAIN:
                _gather(each, found)
    elif kind is Ref:
        while value is not None:  # it and its parents
            if type(value.name) is not str:
                _gather(value.name, found)
            value = value.parent
    elif isinstance(value, Expression):
        found.append(value)
        for each in vars(value).values():
            if type(each) not in PLAIN:
                _gather(each, found)
    elif kind not in PLAIN and isinstance(value, Mapping):
        _gather(dict(value), found)
