"""Plain functions of large values, whose results one command asks for several times."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

__all__ = ["remembered"]

A = TypeVar("A")
R = TypeVar("R")


def remembered(function: Callable[[A], R]) -> Callable[[A], R]:
    """The function, which knows its results for the latest eight arguments.

    An argument is known by its identity: to compare two plans or graphs takes longer than it saves.
    """
    latest: deque[tuple[A, R]] = deque(maxlen=8)

    @wraps(function)
    def knowing(argument: A) -> R:
        for known, result in latest:
            if known is argument:
                return result
        latest.append((argument, function(argument)))
        return latest[-1][1]

    return knowing
