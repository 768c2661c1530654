"""What functions of templates come to when some of what they are given is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.azure.values import Expression, Join, expressions, join
from seatrial.check.template_expressions import Unknown
from seatrial.check.template_functions import FUNCTIONS

__all__ = ["called", "is_secret", "known", "show"]


def known(value: Any) -> bool:
    """Whether nothing in a value waits for the deployment."""
    return not expressions(value)


def is_secret(value: Any) -> bool:
    """Whether a key or a password is in it."""
    return any(getattr(each, "secret", False) for each in expressions(value))


def show(value: Any) -> str:
    """A value for people, short."""
    match value:
        case Unknown(text=text):
            return text
        case Join(pieces=pieces):
            return "".join(each if isinstance(each, str) else "…" for each in pieces)
        case str() | int():
            return str(value)
    return "…"


def called(function: str, given: list[Any]) -> Any:
    """What a function comes to, given these; `Unknown` where that waits for the deployment."""
    if function in _IDS:
        return _id(function, given)
    if all(known(each) for each in given):
        if function in FUNCTIONS:
            try:
                return FUNCTIONS[function](*given)
            except (TypeError, ValueError, LookupError, AttributeError, ZeroDivisionError, OverflowError):
                pass  # Azure would refuse it, or knows more than we: either way nothing is known here
    elif function == "concat" and not any(isinstance(each, list) for each in given):
        return join(*map(_piece, given))
    elif function == "format" and isinstance(given[0], str):
        return _formatted(given[0], given[1:])
    elif function in ("createarray", "createobject"):
        return FUNCTIONS[function](*given)
    elif function in ("tolower", "toupper", "string", "trim") and isinstance(given[0], Join):
        return join(*(called(function, [e]) if isinstance(e, str) else e for e in given[0].pieces))
    elif function == "empty" and isinstance(given[0], list | dict | Join):
        return isinstance(given[0], list | dict) and not given[0]
    secret = function.startswith("list") or is_secret(given)
    return Unknown(text=f"{function}({', '.join(map(show, given))})", secret=secret)


def _piece(value: Any) -> str | Expression:
    if isinstance(value, str | Expression):
        return value
    return FUNCTIONS["string"](value) if known(value) else Unknown(text="…", secret=is_secret(value))


def _formatted(pattern: str, values: list[Any]) -> Any:
    marked = [f"\0{index}\0" for index in range(len(values))]
    try:
        pieces = FUNCTIONS["format"](pattern, *marked).split("\0")
    except (IndexError, ValueError):
        return Unknown(text=f"format({pattern})", secret=is_secret(values))
    return join(*(_piece(values[int(each)]) if index % 2 else each for index, each in enumerate(pieces)))


_IDS: Mapping[str, str] = {
    "resourceid": "/subscriptions/{subscription}/resourceGroups/{group}/providers/",
    "subscriptionresourceid": "/subscriptions/{subscription}/providers/",
    "tenantresourceid": "/providers/",
    "managementgroupresourceid": "/providers/Microsoft.Management/managementGroups/{group}/providers/",
    "extensionresourceid": "",
}


def _id(function: str, given: list[Any]) -> Any:
    """`resourceId([subscription], [group], 'Some.Type/of/thing', 'name', …)`, with what is known of it."""
    start: list[Any] = []
    if function == "extensionresourceid":
        if not given:
            return Unknown(text=function)
        start, given = [_piece(given[0]), "/providers/"], given[1:]
    else:
        for piece in _IDS[function].replace("{", "\0").replace("}", "\0").split("\0"):
            start.append(Unknown(text=piece) if piece in ("subscription", "group") else piece)
    at = next((i for i, each in enumerate(given) if isinstance(each, str) and "/" in each), None)
    if at is None:
        return Unknown(text=f"{function}({', '.join(map(show, given))})")
    space, *kinds = given[at].split("/")
    pieces: list[Any] = [*start, space]
    for kind, name in zip(kinds, given[at + 1 :], strict=False):
        pieces += ["/", kind, "/", _piece(name)]
    return join(*pieces)
