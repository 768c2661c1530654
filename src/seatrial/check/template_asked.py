"""What a template declares: parameters, variables, outputs, and functions of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.check.template_expressions import Unknown
from seatrial.check.template_json import Lined, Unreadable
from seatrial.model import Place

__all__ = ["declared_in", "given", "is_secure", "kind_of", "own_functions", "section"]


def section(written: Mapping[str, Any], name: str, file: str, near: Lined | None = None) -> Mapping[str, Any]:
    """The object of that name, empty where there is none.

    Raises:
        Unreadable: it is no object.
    """
    found = written.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        place = Place(file, near.line if near is not None else getattr(written, "line", 0))
        raise Unreadable(place, f"`{name}` is no object", "mend the template, or compile its Bicep again")
    return found


def declared_in(written: Mapping[str, Any], name: str, file: str) -> dict[str, Lined]:
    """Parameters or outputs, with what the types say that they name: `{"$ref": "#/definitions/port"}`.

    Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions
    Raises:
        Unreadable: one of them is no object.
    """
    definitions = section(written, "definitions", file)
    found: dict[str, Lined] = {}
    for each, declared in section(written, name, file).items():
        if not isinstance(declared, Lined):
            what = f"`{each}` of `{name}` is no object"
            raise Unreadable(Place(file, getattr(written, "line", 0)), what, "mend the template")
        meant = definitions.get(str(declared.get("$ref", "")).rpartition("/")[2])
        found[each] = Lined({**meant, **declared} if isinstance(meant, Mapping) else declared)
        found[each].line = declared.line
    return found


def own_functions(written: Mapping[str, Any], file: str) -> dict[str, Mapping[str, Any]]:
    """The template's own functions, by the names they are called by, in lower case."""
    spaces = written.get("functions")
    return {
        f"{space.get('namespace', '')}.{name}".lower(): function
        for space in (spaces if isinstance(spaces, list) else ())
        if isinstance(space, Mapping)
        for name, function in section(space, "members", file).items()
        if isinstance(function, Mapping)
    }


def given(name: str, passed: Any) -> Any:
    """What an outer template passes on: `{"value": …}`; one out of a vault is a secret."""
    if isinstance(passed, Mapping) and "value" in passed:
        return passed["value"]
    return Unknown(text=name, secret=isinstance(passed, Mapping) and "reference" in passed)


def kind_of(declared: Mapping[str, Any]) -> str:
    """The type of a parameter or output, in lower case: ARM does not mind the case."""
    return str(declared.get("type", "")).lower()


def is_secure(declared: Mapping[str, Any]) -> bool:
    """Whether nobody is shown its value."""
    return kind_of(declared) in ("securestring", "secureobject")
