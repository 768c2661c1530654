"""Who may reach whom: what follows from the uses and routes of a plan, before any resource is made."""

from __future__ import annotations

from typing import Literal

from seatrial.model import (
    ApiManagement,
    ApplicationGateway,
    FrontDoor,
    Part,
    Plan,
    Process,
    Service,
    TrafficManager,
    uses_of,
)

__all__ = ["Edge", "Exposure", "edges_before", "exposure", "users_of"]

Exposure = Literal["world", "edge", "inside"]
"""From where a service is reached: from everywhere; from an edge in the network or a private link, and from
inside; from the system's own processes only."""

Edge = FrontDoor | ApplicationGateway | ApiManagement | TrafficManager


def edges_before(part: Part, plan: Plan) -> tuple[Edge, ...]:
    """The edges that lead to a part, in the order in which they were written."""
    return tuple(edge for edge in plan.parts if isinstance(edge, Edge) and part in _led_to(edge))


def _led_to(edge: Edge) -> tuple[Part, ...]:
    match edge:
        case FrontDoor() | ApplicationGateway():
            return tuple(edge.routes.values())
        case ApiManagement():
            return tuple(edge.apis.values())
        case TrafficManager():
            return (edge.to,)


def exposure(part: Service | ApiManagement, plan: Plan) -> Exposure:
    """From where a service or a gateway of APIs has to be reached.

    Front Door reaches privately in its premium tier only; API Management from its standard v2 tier on;
    Traffic Manager only answers names, so what it leads to answers the world itself.
    Source: https://learn.microsoft.com/azure/frontdoor/private-link and
    https://learn.microsoft.com/azure/api-management/virtual-network-concepts
    """
    before = edges_before(part, plan)
    for edge in before:
        match edge:
            case TrafficManager():
                return "world"
            case FrontDoor(tier="standard") | ApiManagement(tier="consumption" | "developer" | "basic v2"):
                return "world"
            case _:
                pass
    if before:
        return "edge"
    return "world" if isinstance(part, ApiManagement) or part.public else "inside"


def users_of(part: Part, plan: Plan) -> tuple[Process, ...]:
    """The processes that use a part, in the order in which they were written."""
    return tuple(each for each in plan.of(Process) if part in uses_of(each))
