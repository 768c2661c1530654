"""Plain functions of large values, whose results one command asks for several times."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

__all__ = ["remembered"]

A = TypeVarTuple("A")
R = TypeVar("R")


def remembered(function: Callable[[*A], R]) -> Callable[[*A], R]:
    """The function, which knows its results for the latest eight arguments, or pairs of them.

    An argument is known by its identity: to compare two plans or graphs takes longer than it saves.
    """
    latest: dict[tuple[int, ...], tuple[tuple[*A], R]] = {}  # what is held keeps its identity

    @wraps(function)
    def knowing(*arguments: *A) -> R:
        identity = tuple(map(id, arguments))
        if identity not in latest:
            result = function(*arguments)
            latest[identity] = arguments, result
            if len(latest) > 8:
                del latest[next(iter(latest))]
            return result
        return latest[identity][1]

    return knowing
