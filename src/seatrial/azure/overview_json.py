"""The overview for programs. Names in it are kept from one version to the next; more may come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seatrial.azure.changes import Change
from seatrial.azure.overview import Becomes, Overview, budget_in_words, target_in_words
from seatrial.azure.values import Parameter
from seatrial.model import Budget, Target

__all__ = ["as_json", "changes_as_json"]


def as_json(told: Overview) -> dict[str, Any]:
    """The page as plain JSON; docs/plan.md says what each name means."""
    return {
        "system": told.system,
        "title": told.title,
        "variant": told.variant,
        "regions": list(told.regions),
        "resources": told.resources,
        "parts": [
            {
                "name": line.name,
                "kind": line.kind,
                "becomes": [_becomes(each) for each in line.becomes],
                "with": list(line.with_it),
                "note": line.note,
            }
            for line in told.parts
        ],
        "entries": [{"part": each.part, "who": each.who, "what": each.what} for each in told.entries],
        "paths": [
            {
                "from": path.source,
                "to": path.target,
                "port": path.port,
                "way": path.way,
                "leaves": path.leaves,
                "enters": path.enters,
            }
            for path in told.paths
        ],
        "types": [
            {
                "type": bill.type,
                "what": bill.what,
                "count": bill.count,
                "billed": bill.billed,
                "why": bill.why,
            }
            for bill in told.bills
        ],
        "targets": [_target(target) for target in told.targets],
        "budget": None if told.budget is None else _budget(told.budget),
        "parameters": [_parameter(each) for each in told.parameters],
    }


def changes_as_json(changes: Iterable[Change], variant: str | None) -> dict[str, Any]:
    """What changes on the way to a variant; None: to the system itself."""
    return {
        "variant": variant,
        "changes": [
            {
                "part": change.part,
                "field": change.field,
                "before": change.before,
                "after": change.after,
                "in_place": change.in_place,
                "why": change.why,
                "source": change.source,
            }
            for change in changes
        ],
    }


def _becomes(each: Becomes) -> dict[str, Any]:
    return {
        "type": each.type,
        "what": each.what,
        "name": each.name,
        "size": each.size,
        "within": each.within,
        "why": each.why,
        "regions": list(each.regions),
    }


def _target(target: Target) -> dict[str, Any]:
    about, promises = target_in_words(target)
    return {"kind": type(target).__name__.lower(), "about": about, "promises": promises}


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "limit": str(budget.limit),
        "records": budget.records,
        "requests": None if budget.requests is None else str(budget.requests),
        "warn_at": list(budget.warn_at),
        "tell": [contact.name for contact in budget.tell],
        "in_words": budget_in_words(budget),
    }


def _parameter(each: Parameter) -> dict[str, Any]:
    return {
        "name": each.name,
        "kind": each.kind,
        "secret": each.secret,
        "required": each.default is None,
        "default": None if each.secret else each.default,
        "allowed": list(each.allowed),
        "why": each.why,
    }
