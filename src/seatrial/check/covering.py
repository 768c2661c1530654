"""Which tests of a system try what a rule is about: those that name it, `laptop-sign-in`, in their text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from seatrial.check.case import Case

__all__ = ["covered", "tried"]

_NAMED = r"\blaptop(?:-[a-z0-9]+)+\b"


def covered(tests: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """By the id of a rule, the first test that names it. Takes pairs of path and text."""
    found: dict[str, str] = {}
    for path, text in tests:
        for named in re.findall(_NAMED, text):
            found.setdefault(named, path)
    return found


def tried(case: Case, rule: str) -> str:
    """Whether a test covers it, to stand behind what was found: `; tests/azure/test_tls.py tries it`."""
    test = case.tests.get(rule)
    return "; no test tries it" if test is None else f"; {test} tries it"
