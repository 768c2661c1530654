"""A deployment plan as a program: the words of a system file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.model import (
        Blobs,
        Cache,
        Duration,
        Job,
        Mistake,
        Mistakes,
        ModelApi,
        Money,
        Part,
        Percent,
        Place,
        Plan,
        Postgres,
        Process,
        Queue,
        Rate,
        Schedule,
        Secret,
        Service,
        Site,
        Size,
        System,
        Variant,
        Worker,
        available,
        backlog,
        cpu,
        memory,
        queue_length,
        recovery,
        requests,
    )

__all__ = [
    "Blobs",
    "Cache",
    "Duration",
    "Job",
    "Mistake",
    "Mistakes",
    "ModelApi",
    "Money",
    "Part",
    "Percent",
    "Place",
    "Plan",
    "Postgres",
    "Process",
    "Queue",
    "Rate",
    "Schedule",
    "Secret",
    "Service",
    "Site",
    "Size",
    "System",
    "Variant",
    "Worker",
    "available",
    "backlog",
    "cpu",
    "memory",
    "queue_length",
    "recovery",
    "requests",
]


def __getattr__(name: str) -> object:
    # The words are read when the first is asked for: the command line imports this package for every verb.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import seatrial.model

    return getattr(seatrial.model, name)


def __dir__() -> list[str]:
    return __all__
