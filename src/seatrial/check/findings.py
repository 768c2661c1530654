"""What a check finds."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["FAMILIES", "SEVERITIES", "Family", "Finding", "Severity"]

Severity = Literal["error", "warning", "note"]
"""It fails or breaks a promise; it may hurt; it is good to know."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""The worst first."""

Family = Literal["takes", "holds", "leaks", "surprises", "sound"]

FAMILIES: dict[Family, str] = {
    "takes": "Will Azure take it",
    "holds": "Will it hold",
    "leaks": "Will it leak",
    "surprises": "Will it surprise",
    "sound": "Is the description itself sound",
}


class Finding(Value):
    """One mistake in one place."""

    rule: str
    """The id of the rule: `postgres-connections`."""
    severity: Severity
    what: str
    """What is wrong here, with the figures it rests on, without a full stop."""
    fix: str
    """What to write instead, to be pasted, or what to do."""
    part: str | None = None
    """None: the whole system, or the ground that all stand on."""
    resource: str | None = None
    """Of a template: the resource's type and name."""
    place: Place | None = field(default=None)
    """In the system file or template."""
    because: str = ""
    """Of one that is accepted: the reason, as the system file gives it."""

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """By which it is accepted: rule, part, resource."""
        return self.rule, self.part, self.resource
