"""What is advised, for programs: amounts as text so that no cent is lost."""

from __future__ import annotations

from typing import Any

from seatrial.bill.as_json import range_as_json
from seatrial.bill.savings.advised import Advice, Saved, Saving, Way
from seatrial.bill.savings.change import Change

__all__ = ["advised_as_json"]


def advised_as_json(advised: Advice) -> dict[str, Any]:
    """What `seatrial bill --budget --json` prints beside the bill."""
    return {
        "limit": f"{advised.limit:f}",
        "currency": advised.bill.currency,
        "total": range_as_json(advised.bill.total),
        "verdict": advised.verdict,
        "over_by": f"{advised.by:f}",
        "short_by": None if advised.short_by is None else f"{advised.short_by:f}",
        "way": _way(advised.way),
        "cheapest": _way(advised.cheapest),
        "savings": [_saving(each) for each in advised.savings],
        "notes": list(advised.notes),
    }


def _way(way: Way | None) -> dict[str, Any] | None:
    if way is None:
        return None
    return {
        "total": range_as_json(way.total),
        "saved": _saved(way.saved),
        "weight": way.weight,
        "breaks": list(way.breaks),
        "changes": [_change(each) for each in way.changes],
        "code": way.code,
    }


def _saving(saving: Saving) -> dict[str, Any]:
    return {
        **_change(saving.change),
        "saved": _saved(saving.saved),
        "total": range_as_json(saving.total),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "what": change.what,
        "gives_up": change.gives_up,
        "weight": change.weight,
        "breaks": list(change.breaks),
        "commitment": change.commitment,
        "region": change.region,
        "code": change.code,
    }


def _saved(saved: Saved) -> dict[str, str]:
    return {"low": f"{saved.low:f}", "likely": f"{saved.likely:f}", "high": f"{saved.high:f}"}
