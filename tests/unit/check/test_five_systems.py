"""The five systems check clean: what is found is mended, or accepted with a reason that still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from seatrial import System
from seatrial.bill.claims import read as read_claims
from seatrial.check.case import Case
from seatrial.check.checking import Report, check, together
from seatrial.check.rule import every_rule
from seatrial.cli.system_file import read_system
from seatrial.model import Acceptance

SYSTEMS = Path(__file__).parents[3] / "systems"
NAMES = ("doctrove", "papr", "qlp", "newswire", "cultivate")

TODAY = date(2026, 11, 21)
"""Stated, so that a passing day breaks nobody's tests. `seatrial check` goes by the clock."""


@cache
def described(name: str) -> System:
    return read_system(SYSTEMS / name / "system.py")


@cache
def checked(name: str, variant: str | None, today: date = TODAY) -> Report:
    folder, system = SYSTEMS / name, described(name)
    claims = read_claims((folder / "claims.toml").read_text(encoding="utf-8"))
    source = (folder / "system.py").read_text(encoding="utf-8")
    return check(Case(system.plan(variant), source, claims, system), today)


def variants(name: str) -> tuple[str | None, ...]:
    return None, *described(name).variants


def whole(name: str) -> Report:
    return together(checked(name, variant) for variant in variants(name))


def acceptances(name: str) -> Iterator[Acceptance]:
    """Of the system and of every variant, each once."""
    plans = (described(name).plan(variant) for variant in variants(name))
    yield from dict.fromkeys(each for plan in plans for each in plan.accepted)


PLANS = [(name, variant) for name in NAMES for variant in variants(name)]
systems = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize(("name", "variant"), PLANS)
def test_no_error_and_no_warning_is_left(name: str, variant: str | None) -> None:
    left = [
        f"{each.severity}: {each.part}: {each.what} [{each.rule}]"
        for each in checked(name, variant).findings
        if each.severity != "note"
    ]
    assert left == []


@systems
def test_nothing_is_accepted_in_vain(name: str) -> None:
    assert whole(name).stale == ()
    # Each is needed by a shape of the system; and in no shape is any told to be in vain that another needs
    assert set(whole(name).needed) == set(acceptances(name))
    assert [each for variant in variants(name) for each in checked(name, variant).stale] == []


@systems
def test_every_acceptance_names_a_rule_and_says_why_in_a_sentence(name: str) -> None:
    rules = {each.id for each in every_rule()}
    for each in acceptances(name):
        assert each.rule in rules
        assert each.because[0].isupper() or each.because[0] in "$0123456789", each.because
        assert each.because.endswith("."), each.because
        assert len(each.because.split()) >= 8, each.because


@systems
def test_an_accepted_error_is_only_about_sums_of_published_figures_or_a_copy_to_develop_with(
    name: str,
) -> None:
    errors = {
        (variant, each.rule)
        for variant in variants(name)
        for each in checked(name, variant).accepted
        if each.severity == "error"
    }
    assert {rule for variant, rule in errors if variant != "development"} <= {"availability-beyond-parts"}


@systems
def test_what_is_accepted_for_a_time_is_told_again_when_its_day_has_passed(name: str) -> None:
    # Given all that is accepted until a day
    temporary = [each for each in described(name).plan().accepted if each.until is not None]
    assert temporary
    # When the last of these days is over
    last = max(each.until for each in temporary if each.until is not None)
    later = checked(name, None, date(last.year + 1, 1, 1))
    # Then each of them is found again, and its acceptance is told to be past its day
    assert {each.rule for each in temporary} <= {each.rule for each in later.findings}
    assert set(temporary) <= {each.acceptance for each in later.stale}


def test_no_acceptance_without_a_day_is_about_money_or_about_what_is_to_come() -> None:
    # What a bill exceeds, what waits for quota and what waits for an application is looked at again
    temporary = {
        "budget-exceeded",
        "laptop-lacks",
        "log-volume",
        "quota-container-apps",
        "quota-gpu",
        "session-pool-machines",
    }
    for name in NAMES:
        assert [each.rule for each in acceptances(name) if each.rule in temporary and not each.until] == []
