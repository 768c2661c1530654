"""Another load than the one a plan is written for: of one plan, or the same for several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from seatrial.bill.errors import NoLoad
from seatrial.bill.usage import Usage, said
from seatrial.model import FIGURES, Plan, Stated

__all__ = ["LOADS", "NoLoad", "same_load", "scale_to", "stated_load"]

LOADS = ("records", "requests")
"""What grows when a system is used more; all other figures that grow, grow with one of them."""


def stated_load(plan: Plan, name: str) -> Decimal:
    """How many records or requests a plan says it is for, most likely.

    Raises:
        NoLoad: it says nothing of it, or none at all.
    """
    stated = said(plan).get(name)
    if stated is None:
        example = '"1M/month"' if name == "requests" else "1_000_000"
        raise NoLoad(
            f"{plan.place}: {plan.name} does not say how many {name} it is for: there is nothing to scale\n"
            f"hint: write {plan.name}.usage({name}={example}) in the system file, or give the number itself: "
            f"--assume {name}=…"
        )
    if stated.likely <= 0:
        raise NoLoad(
            f"{stated.place or plan.place}: {plan.name} is for no {name} at all: no multiple is more\n"
            f"hint: give the number itself: --assume {name}=…"
        )
    return stated.likely


def scale_to(plan: Plan, load: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """By what the figures of a plan are multiplied to bring it to a load: for `Usage(plan, scale=…)`.

    factor = what is asked for / what the plan states, for `records` and for `requests`.

    Raises:
        NoLoad: the plan states no such figure, or it is none that a load is told in.
    """
    for name in load:
        if name not in LOADS:
            raise NoLoad(f"{name}: nothing that a load is told in\nhint: write {' or '.join(LOADS)}")
    return {name: amount / stated_load(plan, name) for name, amount in load.items()}


def same_load(
    plan: Plan, reference: Plan, load: Mapping[str, Decimal], asked: Iterable[Stated] = ()
) -> Usage:
    """The usage of a plan under the load of another one, so that the two can be compared.

    The load itself is exactly what is asked for. Every other figure that grows with records or requests and
    that the reference states is taken from there, and multiplied by what brings the reference to the load;
    what the reference does not state, the plan's own. How long a request takes, how large a record is, is the
    plan's own: a shape may be faster than another.

    Args:
        load: `records`, `requests` or both; what is left out stays as the reference has it.
        asked: figures that stand in the place of all others, as in `Usage`; not of the load itself.

    Raises:
        NoLoad: the reference does not state what is to be scaled.
    """
    factors = scale_to(reference, load)
    here, there = said(plan), said(reference)
    reached = {name: there[name].likely * factors.get(name, Decimal(1)) for name in LOADS if name in there}
    own = {
        name: amount / here[name].likely
        for name, amount in reached.items()
        if name in here and here[name].likely > 0
    }
    brought: dict[str, Stated] = {}
    for key, stated in there.items():
        grows = FIGURES[stated.name].grows
        if grows is not None:
            brought[key] = _times(stated, factors.get(grows, Decimal(1)))
    brought |= {each.key: each for each in asked}
    for name, amount in load.items():
        brought[name] = Stated(part=None, name=name, low=amount, likely=amount, high=amount)
    return Usage(plan, tuple(brought.values()), own)


def _times(stated: Stated, factor: Decimal) -> Stated:
    return Stated(
        part=stated.part,
        name=stated.name,
        low=stated.low * factor,
        likely=stated.likely * factor,
        high=stated.high * factor,
        place=stated.place,
    )
