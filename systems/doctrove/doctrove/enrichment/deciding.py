"""Which map is wanted now: a plain decision over what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["State", "Wanted", "wanted"]

FIRST = 200
"""Documents for the first quick map; with fewer it comes when no more are on their way."""
SMALLEST_QUICK, SMALLEST_UMAP = 3, 60
PLENTY = 20_000
"""A full sample: then UMAP need not wait until all is embedded."""
GROWTH = 2.0
DRIFT = 0.25
DRIFT_NEEDS = 200
"""Drift of fewer documents is chance."""


@dataclass(frozen=True, kw_only=True)
class State:
    """What the decision is made on."""

    embedded: int
    """Documents with a vector of the model."""
    drained: bool
    """Nothing waits to be embedded, and no ingest is running."""
    shown: Literal["quick", "umap"] | None
    """The kind of map shown, if it is one of this model."""
    fitted_for: int = 0
    """Documents that had a vector when the map shown was fitted."""
    drift: float = 0.0
    placed_since: int = 0


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A map to make, and why, for the log."""

    kind: Literal["quick", "umap"]
    reason: str


def wanted(state: State) -> Wanted | None:
    """The map that should be made now, if any."""
    settled = state.drained or state.embedded >= PLENTY
    if state.shown is None:
        if state.embedded >= FIRST or (state.drained and state.embedded >= SMALLEST_QUICK):
            return Wanted(kind="quick", reason="nothing is shown yet")
        return None
    if not settled or state.embedded < SMALLEST_UMAP:
        return None
    if state.shown == "quick":
        return Wanted(kind="umap", reason="only the quick projection is shown")
    if state.embedded >= GROWTH * state.fitted_for:
        return Wanted(
            kind="umap", reason=f"{state.embedded:,} documents, fitted when they were {state.fitted_for:,}"
        )
    if state.drift > DRIFT and state.placed_since >= max(DRIFT_NEEDS, state.fitted_for // 20):
        return Wanted(kind="umap", reason=f"drift is {state.drift:.2f}")
    return None
