"""The parts through which the world comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from seatrial.model.parts.base import Part
from seatrial.model.parts.processes import Service, Site
from seatrial.model.quantities import Duration, Rate
from seatrial.model.value import Value

__all__ = [
    "ApiManagement",
    "ApiTier",
    "ApplicationGateway",
    "EdgeTier",
    "FrontDoor",
    "Product",
    "Routing",
    "TrafficManager",
    "Waf",
]

Waf = Literal["off", "detection", "prevention"]
"""What the web application firewall does with what it holds for an attack: nothing, note it, refuse it."""

EdgeTier = Literal["standard", "premium"]
"""Of Front Door. Premium has Microsoft's managed firewall rules and reaches its origins privately."""

ApiTier = Literal["consumption", "developer", "basic v2", "standard v2", "premium"]
"""Of API Management."""

Routing = Literal["performance", "geographic", "priority", "weighted"]
"""How Traffic Manager chooses a region: the nearest by latency, by the asker's country, the first that is
well, or by equal shares."""


class Product(Value):
    """A plan that users of an API subscribe to."""

    name: str
    calls: Rate
    """How many calls a subscriber may make; more are answered with 429."""
    quota: Rate | None
    """How many in a longer time, as `"10,000/month"`."""
    approval: bool
    """Whether somebody must agree to a subscription."""


class ApiManagement(Part):
    """A gateway before APIs, with products, limits, versions, a portal for developers, and usage counted."""

    apis: Mapping[str, Service] = field(hash=False)
    """By the first part of the path under which each is published."""
    tier: ApiTier
    units: int
    products: tuple[Product, ...]
    version: str
    """Of the APIs, as it stands in their paths: `v1`."""
    publisher: str
    """Who publishes the APIs, for developers."""


class FrontDoor(Part):
    """The world's entrance: TLS, cache and firewall near to whoever asks."""

    routes: Mapping[str, Service | Site | ApiManagement] = field(hash=False)
    """What answers, by pattern of path: `{"/*": docscope}`."""
    tier: EdgeTier
    waf: Waf
    limit: Rate | None
    """Requests of one address; more are refused."""
    domain: str | None
    """A name of one's own; None: the one that Azure gives."""
    cache: Duration | None
    """How long answers that allow it are kept at the edge; None: not at all."""


class ApplicationGateway(Part):
    """A region's entrance inside the network: TLS, firewall and load balancing by path."""

    routes: Mapping[str, Service] = field(hash=False)
    waf: Waf
    capacity: tuple[int, int]
    """Fewest and most instances."""
    domain: str | None


class TrafficManager(Part):
    """A name that leads each asker to one of the regions, and away from one that is down."""

    to: Service | ApiManagement | ApplicationGateway
    routing: Routing
    health: str
    """The path that says whether a region is well."""
