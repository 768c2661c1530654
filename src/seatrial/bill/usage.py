"""What a month is expected to bring: what the system says, what was asked for, and what is assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import PurePath

from seatrial.bill.range import Range, exactly
from seatrial.model import FIGURES, Figure, Part, Place, Plan, Stated
from seatrial.model.value import Value

__all__ = ["HOURS", "Assumption", "Reads", "Usage", "said"]

HOURS = 730
"""Of a month: 365 days of 24 hours over 12."""

GENERAL = frozenset(
    {
        *("records", "requests", "new_records", "record_size"),
        *("busy", "answer_size", "log_size", "deployments"),
    }
)
"""What is assumed of every system that does not say it."""

_KIB = 1024


def _of(low: int | str, likely: int | str, high: int | str) -> Range:
    return Range(Decimal(low), Decimal(likely), Decimal(high))


class Assumption(Value):
    """One figure that a bill stands on."""

    key: str
    """As it is changed on the command line: `--assume videos.stored="2 TiB"`."""
    figure: Figure
    amount: Range
    """In the figure's own unit."""
    why: str
    """Where it comes from: `system.py:160`, `asked for`, or the reason for what is assumed."""
    stated: bool
    """Whether somebody said so; else it is assumed."""


Reads = dict[str, "Assumption | None"]
"""Figures by key; None: it was not known when it was asked for."""


class Usage:
    """Gives each figure when it is asked for, and remembers which were: those are the bill's assumptions."""

    def __init__(
        self,
        plan: Plan,
        asked: Iterable[Stated] = (),
        scale: Mapping[str, Decimal] | None = None,
    ) -> None:
        """The usage of a plan.

        Args:
            asked: figures that stand in the place of what the system says.
            scale: by what `records` and `requests` are multiplied, and with them every figure that grows
                with them.
        """
        self._plan = plan
        self._scale = dict(scale or {})
        self._stated = said(plan)
        self._asked = {each.key: each for each in asked}
        self._used: dict[str, Assumption] = {}
        self._asked_for: Reads = {}

    def watch(self, before: Reads | None = None) -> Reads:
        """What was asked for since the last call, and begins anew: with nothing, or with what was before."""
        found, self._asked_for = self._asked_for, {} if before is None else before
        return found

    def note(self, reads: Reads) -> None:
        """Takes it that these were asked for, because something is taken that rests on them."""
        self._asked_for |= reads

    def agrees(self, reads: Reads) -> bool:
        """Whether all of them come to the same here as where they were asked for: then what rests on them is
        the same. They count as asked for here as well."""
        found = {}
        for key, before in reads.items():
            now = self._again(key, before)
            if now is not before and (now is None or before is None or now.amount != before.amount):
                return False
            if now is not None:
                found[key] = now
        self._used |= found
        self._asked_for |= reads
        return True

    def _again(self, key: str, before: Assumption | None) -> Assumption | None:
        if (known := self._used.get(key)) is not None:
            return known
        if key in self._asked or key in self._stated:
            return self._found(key, FIGURES[key.rpartition(".")[2]], None, None, "")
        if before is not None and before.stated and key not in GENERAL:
            return None  # it was asked for, and is not any more
        if before is None or key not in GENERAL:
            return before  # what is assumed for a reason rests on figures that were asked for before it
        now = self._found(key, before.figure, None, None, "")
        return now if now.why == before.why else before

    @property
    def used(self) -> tuple[Assumption, ...]:
        """Every figure that was asked for, those of the whole system first."""
        return tuple(sorted(self._used.values(), key=lambda each: ("." in each.key, each.key)))

    def of(
        self, name: str, part: Part | None = None, *, assumed: Range | None = None, why: str = ""
    ) -> Range:
        """One figure, in its unit: bytes, seconds, times a month, a share, or a count.

        Args:
            assumed: what stands in when nobody has said it; for the whole system there are general ones.
                A figure that grows with records or requests must be reckoned from those here.
            why: why that may be assumed.
        """
        key = name if part is None else f"{part.name}.{name}"
        known = self._used.get(key)
        if known is None:
            known = self._used[key] = self._found(key, FIGURES[name], part, assumed, why)
        self._asked_for[key] = known
        return known.amount

    def known(self, name: str, part: Part) -> Range | None:
        """A figure of a part that was stated, or asked for before; None: nobody has said or needed it."""
        key = f"{part.name}.{name}"
        if key in self._used or key in self._asked or key in self._stated:
            return self.of(name, part)
        self._asked_for[key] = None
        return None

    def _found(
        self, key: str, figure: Figure, part: Part | None, assumed: Range | None, why: str
    ) -> Assumption:
        if key in self._asked:
            amount = _range(self._asked[key])
            return Assumption(key=key, figure=figure, amount=amount, why="asked for", stated=True)
        factor = self._scale.get(figure.grows or "", Decimal(1))
        if key in self._stated:
            said = self._stated[key]
            why = "said in the system file" if said.place is None else _where(said.place)
            amount = _range(said) * factor
            return Assumption(key=key, figure=figure, amount=amount, why=why, stated=True)
        if part is not None or assumed is not None:
            assert assumed is not None, f"{key}: nothing is assumed"
            return Assumption(key=key, figure=figure, amount=assumed, why=why, stated=False)
        amount, why = self._in_general(key)
        return Assumption(key=key, figure=figure, amount=amount, why=why, stated=False)

    def _in_general(self, name: str) -> tuple[Range, str]:
        """What is assumed of a whole system that does not say it."""
        match name:
            case "records":
                return _of(1_000, 10_000, 100_000) * self._scale.get(name, Decimal(1)), "a small collection"
            case "requests":
                return _of(10_000, 100_000, 1_000_000) * self._scale.get(name, Decimal(1)), "a small team"
            case "new_records":
                return self.of("records") * _of("0.01", "0.05", "0.1"), "5 % of the records (1 to 10 %)"
            case "record_size":
                return _of(_KIB, 4 * _KIB, 16 * _KIB), "a page of text, with what is kept about it"
            case "busy":
                return _of(8 * 3600, 12 * 3600, 24 * 3600), "a long working day, up to a whole one"
            case "answer_size":
                return _of(2 * _KIB, 16 * _KIB, 64 * _KIB), "an answer in JSON, or a light page"
            case "log_size":
                return _of(512, 2 * _KIB, 5 * _KIB), "one request with its whole trace"
            case "deployments":
                return _of(4, 8, 20), "one or two a week, up to one a working day"
            case _:
                raise KeyError(name)


def _where(place: Place) -> str:
    """The line of the system file, wherever that lies."""
    return f"{PurePath(place.file).name}:{place.line}"


def _range(said: Stated) -> Range:
    return Range(said.low, said.likely, said.high)


def said(plan: Plan) -> dict[str, Stated]:
    """What a plan says of a month, by key: with its budget, or by itself, which counts for more."""
    return {each.key: each for each in (*_said_with_budget(plan), *plan.usage)}


def _said_with_budget(plan: Plan) -> Iterable[Stated]:
    if plan.budget is None:
        return
    place = plan.budget.place
    if plan.budget.records is not None:
        many = Decimal(plan.budget.records)
        yield Stated(part=None, name="records", low=many, likely=many, high=many, place=place)
    if plan.budget.requests is not None:
        rate = plan.budget.requests.per_month
        many = Decimal(rate.numerator) / Decimal(rate.denominator)
        yield Stated(part=None, name="requests", low=many, likely=many, high=many, place=place)


ALL_MONTH = exactly(HOURS)
"""The hours in which something turns that is never off."""
