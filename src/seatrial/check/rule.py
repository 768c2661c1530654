"""A rule: one small function, with all that its reader and its test need."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

from seatrial.check.findings import Family, Severity
from seatrial.model import Part
from seatrial.model.value import Value

if TYPE_CHECKING:
    from seatrial.check.case import Case
    from seatrial.check.thing import Thing, Things

__all__ = ["Found", "Rule", "Subject", "every_rule", "refusal", "rule", "thing_rule"]

Subject = Literal["plan", "thing", "refusal"]
"""What a rule reads: the plan with its graph; single resources, of a graph or of anybody's template; or what
the model and Azure's room have refused already."""

MODULES = (
    "takes_postgres",
    "takes_postgres_server",
    "takes_postgres_extensions",
    "takes_data",
    "takes_blobs",
    "takes_messages",
    "takes_models",
    "takes_processes",
    "takes_hosts",
    "takes_container_apps",
    "takes_container_apps_work",
    "takes_containers",
    "takes_app_service",
    "takes_aks",
    "takes_ground",
    "takes_edge",
    "takes_gateways",
    "takes_network",
    "takes_ways",
    "takes_watch",
    "takes_order",
    "takes_quotas",
    "holds",
    "holds_answers",
    "holds_load",
    "holds_data",
    "holds_queues",
    "holds_things",
    "holds_things_data",
    "leaks_stores",
    "leaks_services",
    "leaks_secrets",
    "leaks_text",
    "leaks_rights",
    "leaks_edge",
    "leaks_network",
    "leaks_watch",
    "leaks_others",
    "surprises",
    "surprises_amounts",
    "surprises_logs",
    "surprises_stores",
    "surprises_changes",
    "surprises_templates",
    "laptop",
    "laptop_processes",
    "laptop_edge",
    "sound",
    "sound_people",
    "sound_promises",
    "sound_money",
    "sound_variants",
)
"""Files of `seatrial.check.rules`, in the order of their families."""


class Found(Value):
    """What a rule says of one place; the rule's own id and severity are added."""

    what: str
    fix: str
    part: Part | str | None = None
    """The part, or its name; None: the whole system."""
    severity: Severity | None = None
    """Where it is not that of the rule."""


class Rule(Value):
    """One mistake that people make."""

    id: str
    """In words: `worker-nothing-wakes`."""
    severity: Severity
    family: Family
    title: str
    """The mistake, in one sentence without a full stop."""
    why: str
    """What happens then, in one sentence or two."""
    source: str
    """The address of the documentation, or the file of facts, that says so."""
    bad: str
    """A system file that makes the mistake."""
    good: str
    """The same without it."""
    subject: Subject
    check: Callable[..., Iterable[Found]]
    types: tuple[str, ...] = ()
    """Of a thing rule: the types of resources that it reads."""
    matches: str = ""
    """Of a refusal: a regular expression that its sentence matches."""


_RULES: dict[str, Rule] = {}


def rule(
    id: str, *, severity: Severity, family: Family, title: str, why: str, source: str, bad: str, good: str
) -> Callable[[Callable[[Case], Iterator[Found]]], Callable[[Case], Iterator[Found]]]:
    """A rule that reads a whole plan: `def f(case: Case) -> Iterator[Found]`."""

    def register(check: Callable[[Case], Iterator[Found]]) -> Callable[[Case], Iterator[Found]]:
        _add(
            Rule(
                id=id,
                severity=severity,
                family=family,
                title=title,
                why=why,
                source=source,
                bad=bad,
                good=good,
                subject="plan",
                check=check,
            )
        )
        return check

    return register


def thing_rule(
    id: str,
    *,
    types: tuple[str, ...],
    severity: Severity,
    family: Family,
    title: str,
    why: str,
    source: str,
    bad: str,
    good: str,
) -> Callable[[Callable[[Thing, Things], Iterator[Found]]], Callable[[Thing, Things], Iterator[Found]]]:
    """A rule that reads one resource among the others, of a graph or of anybody's template.

    What only the deployment knows is None to it, and is no mistake.
    """

    def register(
        check: Callable[[Thing, Things], Iterator[Found]],
    ) -> Callable[[Thing, Things], Iterator[Found]]:
        _add(
            Rule(
                id=id,
                severity=severity,
                family=family,
                title=title,
                why=why,
                source=source,
                bad=bad,
                good=good,
                subject="thing",
                check=check,
                types=types,
            )
        )
        return check

    return register


def refusal(
    id: str, *, family: Family = "takes", title: str, why: str, source: str, matches: str, bad: str, good: str
) -> None:
    """A rule that the model or Azure's room keeps already: it names what they refuse, always an error."""
    _add(
        Rule(
            id=id,
            severity="error",
            family=family,
            title=title,
            why=why,
            source=source,
            bad=bad,
            good=good,
            subject="refusal",
            check=lambda: (),
            matches=matches,
        )
    )


def _add(made: Rule) -> None:
    assert made.id not in _RULES, f"{made.id}: two rules of one name"
    _RULES[made.id] = made


@cache
def every_rule() -> tuple[Rule, ...]:
    """All rules, family by family."""
    for module in MODULES:
        importlib.import_module(f"seatrial.check.rules.{module}")
    return tuple(_RULES.values())
