"""What can be wrong with a plan once it meets Azure, and how it is told.

AzureError
└── Refused   a plan asks for what Azure has not: all of it at once
"""

from __future__ import annotations

from collections.abc import Iterable

from seatrial.model import Place, Plan
from seatrial.model.value import Value

__all__ = ["AzureError", "Refused", "Trouble"]


class AzureError(Exception):
    """Any complaint of this room."""


class Trouble(Value):
    """One thing that Azure would refuse: where, what, and the way out."""

    place: Place
    part: str | None
    what: str
    hint: str

    @classmethod
    def about(cls, plan: Plan, part: str | None, what: str, hint: str) -> Trouble:
        """The trouble with a part, at the place where it was written; with None, with the whole system."""
        written = next((each.place for each in plan.parts if each.name == part), plan.place)
        return cls(place=written, part=part, what=what, hint=hint)

    def text(self, colour: bool = False) -> str:
        bold, yellow, plain = ("\033[1m", "\033[33m", "\033[0m") if colour else ("", "", "")
        whose = f"{self.part}: " if self.part else ""
        return f"{bold}{self.place}{plain}  {whose}{self.what}\n  {yellow}hint:{plain} {self.hint}"


class Refused(AzureError):
    """A plan that Azure would refuse."""

    def __init__(self, troubles: Iterable[Trouble]) -> None:
        self.troubles = tuple(
            sorted(dict.fromkeys(troubles), key=lambda each: (each.place.file, each.place.line))
        )
        super().__init__(self.report())

    def report(self, colour: bool = False) -> str:
        """One trouble a line, each with its hint below it."""
        return "\n".join(trouble.text(colour) for trouble in self.troubles)
