"""Runs every rule over a case, or over anybody's resources, and sorts what they find."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from seatrial.check.accepted import Accepted, sorted_out
from seatrial.check.case import Case
from seatrial.check.findings import SEVERITIES, Finding
from seatrial.check.rule import Found, Rule, every_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import Acceptance, Mistake, Part, Place
from seatrial.model.value import Value

__all__ = ["UNNAMED", "Report", "check", "check_mistakes", "check_things", "together"]

UNNAMED = "system-file"
"""The rule of a mistake that no other rule names: the system file says what cannot be."""


class Report(Value):
    """What was found, and what was known already."""

    findings: tuple[Finding, ...]
    """The worst first, then by place."""
    accepted: tuple[Finding, ...] = ()
    """What the system file accepts, with a reason."""
    stale: tuple[Accepted, ...] = ()
    """What it accepts and nothing finds any more, or whose day has passed."""
    needed: tuple[Acceptance, ...] = ()
    """What it accepts and is found."""


def check(case: Case, today: date) -> Report:
    """All that is wrong with a plan. `today`: by which what was accepted for a time runs out."""
    found = [*_refused(case), *_plan_findings(case), *_of_things(case.things, case)]
    findings, accepted, stale = sorted_out(found, case.plan, today)
    vain = {each.acceptance for each in stale}
    return Report(
        findings=_sorted(findings),
        accepted=_sorted(accepted),
        stale=tuple(
            each for each in stale if not each.unfound or each.acceptance not in case.accepted_by_base
        ),
        needed=tuple(each for each in case.plan.accepted if each not in vain),
    )


def check_mistakes(mistakes: Iterable[Mistake]) -> Report:
    """What the model refuses, by the names of rules where they have one."""
    return Report(findings=_sorted(_named(each.what, each.hint, None, each.place) for each in mistakes))


def check_things(things: Things) -> Report:
    """All that is wrong with anybody's resources, as far as rules read single resources."""
    return Report(findings=_sorted(_of_things(things, None)))


def together(reports: Iterable[Report]) -> Report:
    """Several reports as one: what is found in more than one is told once.

    What is accepted in vain is told when it is in vain everywhere.
    """
    whole = list(reports)
    needed = dict.fromkeys(acceptance for each in whole for acceptance in each.needed)
    in_vain = dict.fromkeys(stale for each in whole for stale in each.stale)
    return Report(
        findings=_sorted(finding for each in whole for finding in each.findings),
        accepted=_sorted(finding for each in whole for finding in each.accepted),
        stale=tuple(each for each in in_vain if each.acceptance not in needed),
        needed=tuple(needed),
    )


def _refused(case: Case) -> Iterator[Finding]:
    for trouble in case.troubles:
        yield _named(trouble.what, trouble.hint, trouble.part, trouble.place)


def _named(what: str, hint: str, part: str | None, place: Place) -> Finding:
    named = next(
        (each.id for each in every_rule() if each.subject == "refusal" and re.search(each.matches, what)),
        UNNAMED,
    )
    return Finding(rule=named, severity="error", what=what, fix=hint, part=part, place=place)


def _plan_findings(case: Case) -> Iterator[Finding]:
    for rule in every_rule():
        if rule.subject == "plan":
            for found in rule.check(case):
                name = found.part.name if isinstance(found.part, Part) else found.part
                yield _finding(rule, found, name, None, case.place_of(name))


def _of_things(things: Things, case: Case | None) -> Iterator[Finding]:
    for rule in every_rule():
        if rule.subject == "thing":
            for thing in things.of(*rule.types):
                for found in rule.check(thing, things):
                    place = thing.place if case is None else case.place_of(thing.part)
                    yield _finding(rule, found, thing.part, _named_thing(thing, case), place)


def _named_thing(thing: Thing, case: Case | None) -> str:
    return f"{thing.type} {thing.name}"


def _finding(
    rule: Rule, found: Found, part: str | None, resource: str | None, place: Place | None
) -> Finding:
    return Finding(
        rule=rule.id,
        severity=found.severity or rule.severity,
        what=found.what,
        fix=found.fix,
        part=part,
        resource=resource,
        place=place,
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    def order(each: Finding) -> tuple[object, ...]:
        place = each.place or Place("", 0)
        return SEVERITIES.index(each.severity), place.file, place.line, each.rule, each.what

    return tuple(sorted(dict.fromkeys(findings), key=order))
