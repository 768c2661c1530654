"""No rule stumbles over what stands in anybody's template, nor judges what only the deployment knows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from seatrial.azure.values import Known
from seatrial.check.rule import Found, Rule, every_rule
from seatrial.check.thing import Thing, Things

ODD: tuple[Any, ...] = (None, True, 7, -1, 0.5, "", "x", "[odd]", [], ["x"], [7], [[]], {}, {"x": 7}, [{}])
"""What nobody writes there, and templates have all the same."""

UNKNOWN = Known(what="tenant")

TEMPLATES = [
    pytest.param(rule, id=rule.id)
    for rule in every_rule()
    if rule.subject == "thing" and rule.bad.lstrip().startswith(("{", "[")) and "$schema" not in rule.bad
]


def things(resources: list[dict[str, Any]]) -> Things:
    return Things(
        all=tuple(
            Thing(
                type=str(each["type"]),
                name=str(each["name"]),
                location=each.get("location"),
                body={
                    name: value for name, value in each.items() if name not in ("type", "name", "location")
                },
            )
            for each in resources
        )
    )


def read(text: str) -> list[dict[str, Any]]:
    found = json.loads(text)
    return found if isinstance(found, list) else [found]


def found_by(rule: Rule, things: Things) -> list[Found]:
    return [found for thing in things.of(*rule.types) for found in rule.check(thing, things)]


def with_one_changed(value: Any, other: Any, top: bool = True) -> Iterator[Any]:
    """The same with another value in each place, one at a time."""
    if not top:
        yield other
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if top and name in ("type", "name", "location"):
                continue
            yield from ({**value, name: each} for each in with_one_changed(inner, other, False))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            for each in with_one_changed(inner, other, False):
                yield [*value[:index], each, *value[index + 1 :]]


@pytest.mark.parametrize("rule", TEMPLATES)
def test_odd_values_stop_no_rule(rule: Rule) -> None:
    """Each place of both examples holds each odd value once; the rule looks at it and does not fail."""
    for text in (rule.bad, rule.good):
        resources = read(text)
        for index, resource in enumerate(resources):
            for odd in ODD:
                for changed in with_one_changed(resource, odd):
                    found_by(rule, things([*resources[:index], changed, *resources[index + 1 :]]))


@pytest.mark.parametrize("rule", TEMPLATES)
def test_what_only_the_deployment_knows_is_no_mistake(rule: Rule) -> None:
    """The good example stays good when any of its values is asked of the operator."""
    resources = read(rule.good)
    for index, resource in enumerate(resources):
        for changed in with_one_changed(resource, UNKNOWN):
            assert not found_by(rule, things([*resources[:index], changed, *resources[index + 1 :]]))
