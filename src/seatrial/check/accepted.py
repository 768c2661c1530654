"""Findings that the system file accepts, and what it accepts in vain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from seatrial.check.findings import Finding
from seatrial.model import Acceptance, Plan
from seatrial.model.value import Value

__all__ = ["Accepted", "sorted_out"]


UNFOUND = "nothing finds it any more"


class Accepted(Value):
    """An acceptance that does not do what it was written for."""

    acceptance: Acceptance
    why: str
    """Without a full stop: `nothing finds it any more`, `its day, 2026-12-31, has passed`."""

    @property
    def unfound(self) -> bool:
        """Whether nothing finds it; else its day has passed."""
        return self.why == UNFOUND


def sorted_out(
    found: Iterable[Finding], plan: Plan, today: date
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Accepted, ...]]:
    """Findings to tell, findings that are accepted, and acceptances that are stale."""
    findings = list(found)
    stale: list[Accepted] = []
    accepted: dict[Finding, Finding] = {}
    for acceptance in plan.accepted:
        meant = [each for each in findings if _means(acceptance, each)]
        if not meant:
            stale.append(Accepted(acceptance=acceptance, why=UNFOUND))
        elif acceptance.until is not None and acceptance.until < today:
            stale.append(Accepted(acceptance=acceptance, why=f"its day, {acceptance.until}, has passed"))
        else:
            accepted |= {each: replace(each, because=acceptance.because) for each in meant}
    told = tuple(each for each in findings if each not in accepted)
    return told, tuple(accepted.values()), tuple(stale)


def _means(acceptance: Acceptance, finding: Finding) -> bool:
    return acceptance.rule == finding.rule and (not acceptance.parts or finding.part in acceptance.parts)
