"""How many requests each service answers, and what leaves with the answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from seatrial.bill.range import Range
from seatrial.bill.reckoning import Reckoning
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

    A service that the world reaches answers its share of the system's requests: an equal one most likely,
    all of them at most. What stands behind others is asked once for each request.
    """
    return reckoning.once(("answered", service.name), partial(_answered, reckoning, service))


def _answered(reckoning: Reckoning, service: Service) -> Range:
    everything = reckoning.figure("requests")
    reached = entrances(reckoning.plan)
    if service.name in reached and len(reached) > 1:
        each = everything / len(reached)
        assumed = Range(each.low, each.likely, everything.high)
        why = f"an equal share of the requests over {len(reached)} services, up to all of them"
    else:
        assumed, why = everything, "each request of the system reaches it once"
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
