"""A deployment plan as a program: the words of a system file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.model import (
        Alert,
        ApiManagement,
        ApplicationGateway,
        AppServicePlan,
        Blobs,
        Cache,
        Contact,
        Dashboard,
        Documents,
        Duration,
        FrontDoor,
        Job,
        Logs,
        Mistake,
        Mistakes,
        ModelApi,
        Money,
        Network,
        NodePool,
        Part,
        Percent,
        Place,
        Plan,
        Postgres,
        Process,
        Queue,
        Rate,
        Registry,
        Sandbox,
        Schedule,
        Secret,
        Service,
        Site,
        Size,
        System,
        Temporal,
        TrafficManager,
        Variant,
        Worker,
        available,
        backlog,
        chart,
        cpu,
        log,
        memory,
        metric,
        product,
        queue_length,
        recovery,
        requests,
        unit_cost,
    )

__all__ = [
    "Alert",
    "ApiManagement",
    "AppServicePlan",
    "ApplicationGateway",
    "Blobs",
    "Cache",
    "Contact",
    "Dashboard",
    "Documents",
    "Duration",
    "FrontDoor",
    "Job",
    "Logs",
    "Mistake",
    "Mistakes",
    "ModelApi",
    "Money",
    "Network",
    "NodePool",
    "Part",
    "Percent",
    "Place",
    "Plan",
    "Postgres",
    "Process",
    "Queue",
    "Rate",
    "Registry",
    "Sandbox",
    "Schedule",
    "Secret",
    "Service",
    "Site",
    "Size",
    "System",
    "Temporal",
    "TrafficManager",
    "Variant",
    "Worker",
    "available",
    "backlog",
    "chart",
    "cpu",
    "log",
    "memory",
    "metric",
    "product",
    "queue_length",
    "recovery",
    "requests",
    "unit_cost",
]


def __getattr__(name: str) -> object:
    # The words are read when the first is asked for: the command line imports this package for every verb.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import seatrial.model

    return getattr(seatrial.model, name)


def __dir__() -> list[str]:
    return __all__
