"""Every rule finds its mistake in its own bad example, and nothing in its good one."""

from __future__ import annotations

import re

import pytest

from seatrial.check.rule import Rule, every_rule

from .conftest import Check

RULES = every_rule()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_mistake(rule: Rule, checked: Check) -> None:
    found = [each for each in checked(rule.bad).findings if each.rule == rule.id]

    assert found
    assert all(each.what and each.fix for each in found)
    assert all(not each.what.endswith(".") for each in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_nothing_where_the_mistake_is_mended(rule: Rule, checked: Check) -> None:
    assert rule.id not in {each.rule for each in checked(rule.good).findings}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_why_and_who_says_so(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.id)
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert rule.source.startswith("https://")
