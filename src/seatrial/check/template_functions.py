"""The functions of templates whose values can be known before a deployment.

Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, unquote, urljoin

__all__ = ["FUNCTIONS"]

MOST_COUNTED = 10_000
"""Source: https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-array#range"""


def _format(pattern: str, *values: Any) -> str:
    """`{0}`; a form after a colon is for numbers only, and rare: not known here."""

    def put(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return _string(values[int(found[1])])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}", put, pattern)


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _concat(*values: Any) -> Any:
    if values and isinstance(values[0], list):
        return [each for value in values for each in value]
    return "".join(_string(each) for each in values)


def _contains(container: Any, item: Any) -> bool:
    if isinstance(container, Mapping):
        return str(item).lower() in {str(each).lower() for each in container}
    return _string(item) in container if isinstance(container, str) else item in container


def _union(*values: Any) -> Any:
    if isinstance(values[0], list):
        found: list[Any] = []
        for each in (each for value in values for each in value):
            if each not in found:
                found.append(each)
        return found
    merged: dict[str, Any] = {}
    for value in values:
        for name, each in value.items():
            both = isinstance(each, Mapping) and isinstance(merged.get(name), Mapping)
            merged[name] = _union(merged[name], each) if both else each
    return merged


def _intersection(*values: Any) -> Any:
    first, *rest = values
    if isinstance(first, Mapping):
        return {n: each for n, each in first.items() if all(n in o and o[n] == each for o in rest)}
    return [each for each in first if all(each in other for other in rest)]


def _split(text: str, at: Any) -> list[str]:
    marks = [at] if isinstance(at, str) else list(at)
    return re.split("|".join(re.escape(mark) for mark in marks), text)


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[start:] if length is None else text[start : start + length]


def _object(*pairs: Any) -> dict[str, Any]:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


def _range(values: tuple[Any, ...]) -> list[Any]:
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)


def _count(start: int, count: int) -> list[int]:
    if count > MOST_COUNTED:
        raise ValueError(f"a range of {count}")
    return list(range(start, start + count))


def _items(of: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": of[name]} for name in sorted(of)]


def _div(one: int, other: int) -> int:
    """Towards zero, as ARM divides."""
    return int(one / other)


def _array(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    return value[0] if value else ("" if isinstance(value, str) else None)


def _last(value: Any) -> Any:
    return value[-1] if value else ("" if isinstance(value, str) else None)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    # texts
    "concat": _concat,
    "format": _format,
    "string": _string,
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "replace": lambda text, old, new: text.replace(old, new),
    "split": _split,
    "join": lambda values, mark: mark.join(_string(each) for each in values),
    "substring": _substring,
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "indexof": lambda where, what: (
        where.lower().find(what.lower())
        if isinstance(where, str)
        else (where.index(what) if what in where else -1)
    ),
    "padleft": lambda value, width, mark=" ": _string(value).rjust(min(width, MOST_COUNTED), mark),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64tostring": lambda text: base64.b64decode(text).decode(),
    "uri": urljoin,
    "uricomponent": lambda text: quote(text, safe=""),
    "uricomponenttostring": unquote,
    # numbers
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one - other,
    "mul": lambda one, other: one * other,
    "div": _div,
    "mod": lambda one, other: one - other * _div(one, other),
    "min": lambda *values: min(_range(values)),
    "max": lambda *values: max(_range(values)),
    "int": int,
    "range": _count,
    # lists and objects
    "length": len,
    "empty": lambda value: value is None or len(value) == 0,
    "contains": _contains,
    "first": _first,
    "last": _last,
    "take": lambda values, count: values[: max(count, 0)],
    "skip": lambda values, count: values[max(count, 0) :],
    "array": _array,
    "createarray": lambda *values: list(values),
    "createobject": _object,
    "flatten": lambda values: [each for value in values for each in value],
    "union": _union,
    "shallowmerge": lambda values: {name: each for value in values for name, each in value.items()},
    "intersection": _intersection,
    "items": _items,
    "objectkeys": sorted,
    "json": json.loads,
    # truth
    "bool": lambda value: value.lower() == "true" if isinstance(value, str) else bool(value),
    "true": lambda: True,
    "false": lambda: False,
    "null": lambda: None,
    "equals": lambda one, other: one == other,
    "not": lambda value: not value,
    "less": lambda one, other: one < other,
    "lessorequals": lambda one, other: one <= other,
    "greater": lambda one, other: one > other,
    "greaterorequals": lambda one, other: one >= other,
}
"""By name in lower case. What they are given is known; whatever they raise means that they cannot tell."""
