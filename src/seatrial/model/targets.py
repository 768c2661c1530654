"""What a system promises: answers in time, recovery, availability, and what it may cost."""

from __future__ import annotations

from dataclasses import field

from seatrial.model.mistakes import Place
from seatrial.model.parts import Blobs, Contact, Documents, Endpoint, Part, Postgres, Service
from seatrial.model.quantities import Duration, Money, Percent, Rate
from seatrial.model.value import Value

__all__ = [
    "Availability",
    "Budget",
    "Latency",
    "Recovery",
    "Target",
    "UnitCost",
    "WantedAvailability",
    "WantedRecovery",
    "WantedUnitCost",
    "available",
    "recovery",
    "unit_cost",
]


class Latency(Value):
    """How fast an address answers at a given rate of requests."""

    endpoint: Endpoint
    p95: Duration | None
    """95 of 100 answers are at least this fast."""
    p99: Duration | None
    at: Rate
    place: Place = field(compare=False)


class Recovery(Value):
    """How much may be lost when a store is lost, and how soon it is back."""

    part: Postgres | Blobs | Documents
    loses_at_most: Duration
    """The youngest data that may be gone (RPO)."""
    back_within: Duration
    """From the loss to the first answer of the restored store (RTO)."""
    place: Place = field(compare=False)


class Availability(Value):
    """The share of a month in which the public services answer."""

    percent: Percent
    of: Service | None
    """None: every public service."""
    place: Place = field(compare=False)


class UnitCost(Value):
    """What one thing that the system does may cost: the whole bill, shared out over all of them."""

    what: str
    """In the plural, for people: `searches`."""
    figure: str
    """Of the usage, counted in a month: `requests`."""
    of: Part | None
    """The part whose figure it is; None: of the whole system."""
    per: int
    """For so many at once: 1000 searches."""
    at_most: Money
    place: Place = field(compare=False)


Target = Latency | Recovery | Availability | UnitCost


class Budget(Value):
    """What a month may cost, and for how much work."""

    limit: Money
    """Every month."""
    records: int | None
    requests: Rate | None
    warn_at: tuple[int, ...]
    """The shares of it, in percent, at which somebody is told."""
    tell: tuple[Contact, ...]
    place: Place = field(compare=False)


class WantedRecovery(Value):
    """A recovery target as it was written; `expects` reads it."""

    part: Postgres | Blobs | Documents
    loses_at_most: str | Duration
    back_within: str | Duration


class WantedAvailability(Value):
    """An availability target as it was written; `expects` reads it."""

    percent: str | Percent
    of: Service | None


class WantedUnitCost(Value):
    """A cost per unit as it was written; `expects` reads it."""

    what: str
    figure: str
    of: Part | None
    per: int
    at_most: str | Money


def recovery(
    part: Postgres | Blobs | Documents, *, loses_at_most: str | Duration, back_within: str | Duration
) -> WantedRecovery:
    """Lost, the store is back within `back_within` and misses no more than `loses_at_most` of data."""
    return WantedRecovery(part=part, loses_at_most=loses_at_most, back_within=back_within)


def available(percent: str | Percent, of: Service | None = None) -> WantedAvailability:
    """In every month, `percent` of requests are answered: of one service, or of every public one."""
    return WantedAvailability(percent=percent, of=of)


def unit_cost(
    what: str, at_most: str | Money, *, per: int = 1, figure: str = "requests", of: Part | None = None
) -> WantedUnitCost:
    """The bill of a month, shared out over what was done in it, comes to no more than this.

    `unit_cost("searches", "$0.30", per=1000)`, `unit_cost("predictions", "$0.10", of=classify)`.

    Args:
        what: what is counted, in the plural.
        per: for so many of them at once.
        figure: of the usage, whose number in a month it is: `"requests"`, `"new_records"`, `"items"`, …
        of: the part whose figure it is; left out, of the whole system.
    """
    return WantedUnitCost(what=what, figure=figure, of=of, per=per, at_most=at_most)
