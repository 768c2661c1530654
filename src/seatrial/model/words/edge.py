"""The words for the ways by which the world comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.model.parts import (
    ApiManagement,
    ApiTier,
    ApplicationGateway,
    EdgeTier,
    FrontDoor,
    Product,
    Routing,
    Service,
    Site,
    TrafficManager,
    Waf,
)
from seatrial.model.quantities import Duration, Rate
from seatrial.model.words.making import Making

__all__ = ["EdgeWords", "product"]


def product(
    name: str, *, calls: str | Rate, quota: str | Rate | None = None, approval: bool = False
) -> Product:
    """A plan that users of an API subscribe to.

    Args:
        calls: how many one subscriber may make, as `"100/min"`; more are answered with 429.
        quota: how many in a longer time, as `"100k/month"`.
        approval: whether somebody must agree to a subscription.
    """
    wanted: Any = {"calls": calls, "quota": quota}  # read, like all that is written, by the part's reader
    return Product(name=name, approval=approval, **wanted)


class EdgeWords(Making):
    def front_door(
        self,
        name: str,
        *,
        routes: Mapping[str, Service | Site | ApiManagement],
        tier: EdgeTier = "premium",
        waf: Waf = "prevention",
        limit: str | Rate | None = None,
        domain: str | None = None,
        cache: str | Duration | None = None,
    ) -> FrontDoor:
        """The world's entrance (Azure Front Door): TLS, cache and firewall near to whoever asks.

        Args:
            routes: what answers, by pattern of path: `{"/*": web, "/api/*": api}`.
            tier: `"premium"` has Microsoft's managed firewall rules and reaches what answers privately;
                `"standard"` is cheaper, knows rules of one's own only, and comes in by public addresses.
            waf: the firewall: `"off"`, `"detection"` (only notes) or `"prevention"` (refuses).
            limit: requests of one address, as `"1000/min"`; more are refused.
            domain: a name of one's own.
            cache: how long answers that allow it are kept at the edge.
        """
        return self._make(
            FrontDoor, name, routes=routes, tier=tier, waf=waf, limit=limit, domain=domain, cache=cache
        )

    def application_gateway(
        self,
        name: str,
        *,
        routes: Mapping[str, Service],
        waf: Waf = "prevention",
        capacity: tuple[int, int] = (0, 2),
        domain: str | None = None,
    ) -> ApplicationGateway:
        """A region's entrance inside the network: TLS, firewall and load balancing by path.

        Args:
            routes: what answers, by pattern of path.
            capacity: fewest and most instances; the fewest may be none, the most at least 2.
            domain: a name of one's own; its certificate is in the vault.
        """
        return self._make(ApplicationGateway, name, routes=routes, waf=waf, capacity=capacity, domain=domain)

    def api_management(
        self,
        name: str,
        *,
        apis: Mapping[str, Service],
        publisher: str,
        tier: ApiTier = "standard v2",
        units: int = 1,
        products: Sequence[Product] = (),
        version: str = "v1",
    ) -> ApiManagement:
        """A gateway before APIs, with products, limits, versions, a portal for developers, and usage counted.

        Users get `<NAME>_URL`.

        Args:
            apis: what answers, by the first part of the path: `{"classify": classifier}`.
            publisher: who publishes the APIs, for developers.
            products: what users subscribe to: `product("free", calls="10/min")`.
            version: of the APIs, as it stands in their paths.
        """
        return self._make(
            ApiManagement,
            name,
            apis=apis,
            publisher=publisher,
            tier=tier,
            units=units,
            products=products,
            version=version,
        )

    def traffic_manager(
        self,
        name: str,
        *,
        to: Service | ApiManagement | ApplicationGateway,
        routing: Routing = "performance",
        health: str = "/health",
    ) -> TrafficManager:
        """A name that leads each asker to one of the regions, and away from one that is down.

        Args:
            to: what stands in every region.
            routing: the nearest by latency, by country, the first that is well, or by equal shares.
            health: the path that says whether a region is well.
        """
        return self._make(TrafficManager, name, to=to, routing=routing, health=health)
