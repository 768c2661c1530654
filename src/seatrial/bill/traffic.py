"""How many requests each service answers, and what leaves with the answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from seatrial.azure.reach import users_of
from seatrial.bill.range import NOTHING, Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import said
from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    FrontDoor,
    Part,
    Plan,
    Service,
    TrafficManager,
)

__all__ = ["answered", "entrances"]


def answered(reckoning: Reckoning, service: Service) -> Range:
    """Requests a month of one service, over all regions.

    A service that the world reaches, and of which nothing is said, answers its share of the system's
    requests: an equal one with the others of which nothing is said most likely, all of them at most. What
    stands behind others is asked once for each request; what nobody uses, never.
    """
    return reckoning.once(("answered", service.name), partial(_answered, reckoning, service))


def _answered(reckoning: Reckoning, service: Service) -> Range:
    everything = reckoning.figure("requests")
    stated = reckoning.once("said", lambda: said(reckoning.plan))
    unsaid = [name for name in entrances(reckoning.plan) if f"{name}.requests" not in stated]
    if service.name in unsaid and len(unsaid) > 1:
        each = everything / len(unsaid)
        assumed = Range(each.low, each.likely, everything.high)
        why = f"an equal share of the requests over {len(unsaid)} services, up to all of them"
    elif service.name in unsaid or users_of(service, reckoning.plan):
        assumed, why = everything, "each request of the system reaches it once"
    else:
        assumed, why = NOTHING, "nobody asks it, but how it is"
    return reckoning.figure("requests", service, assumed=assumed, why=why)


def entrances(plan: Plan) -> tuple[str, ...]:
    """The names of the services that the world reaches, directly or through the edge."""
    return tuple(dict.fromkeys(service.name for part in plan.parts for service in _reached(part)))


def _reached(part: Part) -> Iterator[Service]:
    match part:
        case Service(public=True):
            yield part
        case FrontDoor() | ApplicationGateway():
            for target in part.routes.values():
                yield from _reached_through(target)
        case ApiManagement() | TrafficManager():
            yield from _reached_through(part)


def _reached_through(part: Part) -> Iterator[Service]:
    match part:
        case Service():
            yield part
        case ApiManagement():
            yield from part.apis.values()
        case ApplicationGateway():
            yield from part.routes.values()
        case TrafficManager():
            yield from _reached_through(part.to)
