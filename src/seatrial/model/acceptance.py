"""What is known of a system and accepted, so that a check does not tell it again."""

from __future__ import annotations

import re
from dataclasses import field
from datetime import date
from typing import Any

from seatrial.model.mistakes import Call, Place, Wrong
from seatrial.model.value import Value

__all__ = ["Acceptance", "WantedAcceptance", "read_day", "read_rule"]


class Acceptance(Value):
    """One finding, or all of one rule, that somebody has looked at and lives with."""

    rule: str
    """The id of the rule: `worker-nothing-wakes`."""
    parts: tuple[str, ...]
    """The names of the parts in which it is accepted; none: wherever it is found."""
    because: str
    until: date | None
    """The last day on which it holds; None: until nothing finds it any more."""
    place: Place = field(compare=False)


class WantedAcceptance(Value):
    """One call of `accepts`."""

    rule: Any
    parts: tuple[Any, ...]
    because: Any
    until: Any
    call: Call


def read_rule(value: Any) -> str:
    """The id of a rule. Raises Wrong."""
    if not isinstance(value, str) or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise Wrong("not the name of a rule", 'write it as seatrial check shows it: "worker-nothing-wakes"')
    return value


def read_day(value: Any) -> date:
    """A day from `"2027-01-31"`. Raises Wrong."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("not a day", 'write it as "2027-01-31"') from None
