"""What the many resources of one edge have in common."""

from __future__ import annotations

from typing import Any

from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref
from seatrial.model import ApiManagement, FrontDoor

__all__ = ["EdgeMaker"]


class EdgeMaker:
    """Makes the resources of one edge in one region: `make(ref, "endpoint", "Where the world asks", {…})`."""

    def __init__(self, part: FrontDoor | ApiManagement, at: Stamp) -> None:
        self._part, self._at = part, at

    def __call__(
        self,
        ref: Ref,
        symbol: str,
        why: str,
        body: dict[str, Any],
        location: str | None = None,
        after: tuple[Ref, ...] = (),
    ) -> Resource:
        """Only what has a location takes tags."""
        return Resource(
            ref=ref,
            module="edge",
            region=self._at.region,
            symbol=camel(self._part.name, symbol),
            why=why,
            part=self._part.name,
            location=location,
            tagged=location is not None,
            body=body,
            after=after,
        )
