"""Values in the tongue of Terraform, as its JSON files spell it.

Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

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

__all__ = ["CLIENT", "GROUP", "Speech", "snake", "suffix"]

GROUP = "azapi_resource.group"
CLIENT = "data.azapi_client_config.current"


def snake(symbol: str) -> str:
    """`papersServer` is `papers_server`, as names are spelt in Terraform."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", symbol).lower()


def suffix(region: str) -> str:
    """The local value that holds the suffix of a region."""
    return f"suffix_{region}"


class Speech:
    """Values as said in files in which each resource has an address."""

    def __init__(self, addresses: Mapping[Ref, str]) -> None:
        self.addresses = addresses

    def json(self, value: Any) -> Any:
        """A value as it stands in a file."""
        match value:
            case Join(pieces=pieces):
                return "".join(self._piece(piece) for piece in pieces)
            case Inside():
                return self.json(_spelt(value))
            case Expression():
                return f"${{{self.say(value)}}}"
            case str():
                return _plain(value)
            case Mapping():
                return {self.json(key): self.json(each) for key, each in value.items()}
            case list() | tuple():
                return [self.json(each) for each in value]
            case None | bool() | int() | float():
                return value
        raise TypeError(f"{type(value).__name__} cannot stand in Terraform: {value!r}")

    def say(self, value: Any) -> str:
        """A value as it stands inside an expression."""
        match value:
            case Join(pieces=pieces):
                return self._quoted(pieces)
            case Json(value=written):
                return f"jsonencode({self.say(written)})"
            case Id(of=ref):
                return f"{self.addresses[ref]}.id"
            case Inside():
                return self.say(_spelt(value))
            case Out(of=ref, path=path):
                return f"{self.addresses[ref]}.output.{path}"
            case Parameter(name=name):
                return f"var.{snake(name)}"
            case Suffix(region=region):
                return f"local.{suffix(region)}"
            case Guid(pieces=pieces):
                return f'uuidv5("url", {self._quoted(_between(pieces, "|"))})'
            case Known(what="subscription"):
                return f"{CLIENT}.subscription_id"
            case Known(what="tenant"):
                return f"{CLIENT}.tenant_id"
            case Known():
                return f"{GROUP}.name"
            case WhenEmpty(parameter=asked, then=then, otherwise=otherwise):
                # The two may be of different shapes, which a conditional does not take.
                one, other = (f"jsonencode({self.say(each)})" for each in (then, otherwise))
                return f'jsondecode({self.say(asked)} == "" ? {one} : {other})'
            case str():
                return self._quoted((value,))
            case Mapping():
                return "{" + ", ".join(f"{self._key(k)} = {self.say(v)}" for k, v in value.items()) + "}"
            case list() | tuple():
                return "[" + ", ".join(self.say(each) for each in value) + "]"
            case None | bool() | int() | float():
                return json.dumps(value)
        raise TypeError(f"{type(value).__name__} cannot stand in an expression: {value!r}")

    def _key(self, key: Any) -> str:
        return f"({self.say(key)})" if isinstance(key, Expression) else self.say(key)

    def _quoted(self, pieces: Iterable[Text]) -> str:
        said = (_escaped(piece) if isinstance(piece, str) else self._piece(piece) for piece in pieces)
        return '"' + "".join(said) + '"'

    def _piece(self, piece: Text) -> str:
        return _plain(piece) if isinstance(piece, str) else f"${{{self.say(piece)}}}"


def _between(pieces: tuple[Text, ...], mark: str) -> Iterable[Text]:
    for index, piece in enumerate(pieces):
        if index:
            yield mark
        yield piece


def _spelt(inside: Inside) -> Join:
    """The id of a piece of a resource, spelt out: a resource cannot ask for its own id."""
    group = ("/subscriptions/", Known(what="subscription"), "/resourceGroups/", Known(what="resource group"))
    named = (f"/providers/{inside.of.type}/", inside.of.name, f"/{inside.kind}/{inside.name}")
    return Join(pieces=group + named)


def _plain(text: str) -> str:
    """Text that holds no template."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _escaped(text: str) -> str:
    return _plain(json.dumps(text, ensure_ascii=False)[1:-1])
