"""Private endpoints, and the private names that lead to them."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.graph import Resource
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref


def endpoint(of: Ref, group: str, zone: str, at: Stamp, part: str | None, symbol: str) -> Iterator[Resource]:
    """A private endpoint in the tier `endpoints`, its zone of names, and the zone's link to the network.

    Args:
        group: the sub-resource that it leads to: `blob`, `postgresqlServer`, `vault`.
        zone: the private zone: `privatelink.blob.core.windows.net`.
        symbol: of what it leads to; the endpoint's own is made from it.
    """
    yield from ()
