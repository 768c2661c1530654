"""The ground of a plan that names none: each part with the defaults of its own word, written there only."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal, TypeVar

from seatrial.model import Network, Plan, Registry, System

__all__ = ["ground"]

G = TypeVar("G", Network, Registry)


def ground(kind: type[G], plan: Plan) -> G:
    """The network or the registry of a plan; that with all the defaults when it names none."""
    for each in plan.of(kind):
        return each
    made: G = _default("network" if kind is Network else "registry", plan.name)
    return replace(made, place=plan.place)


@lru_cache(maxsize=16)
def _default(word: Literal["network", "registry"], system: str) -> Any:
    return getattr(System(system), word)(word)
