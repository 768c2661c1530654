"""What Azure counts, and what it asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from seatrial.model.value import Value

__all__ = ["Meter", "Price", "Sure", "Term", "Tier"]

Sure = Literal["high", "medium", "low"]
"""How far a figure is to be trusted: an answer of the price list; derived, or told by one; hearsay."""

Term = Literal["spot", "sp-1y", "sp-3y", "ri-1y", "ri-3y"]
"""What makes a price lower: machines that may be taken away, a savings plan, a reservation."""


class Meter(Value):
    """A meter by the names of Azure's price list. White space and letter case count as written there."""

    service: str
    """`serviceName`: `Azure Database for PostgreSQL`."""
    product: str
    """`productName`: `Azure Database for PostgreSQL Flexible Server General Purpose Ddsv5 Series Compute`."""
    name: str
    """`meterName`: `vCore`."""
    sku: str
    """`armSkuName` where there is one, else `skuName`: `Standard_D4ds_v5`, `Standard`."""
    region: str
    """`armRegionName`: `eastus2`; `Global` for what has one price everywhere; `Zone 1` to `Zone 8`."""

    def __str__(self) -> str:
        return f"{self.service}: {self.product}, {self.name} ({self.sku}) in {self.region}"


class Tier(Value, kw_only=False):
    """From so many units on, each costs so much."""

    above: Decimal
    """In units of the price, in one month."""
    price: Decimal


class Price(Value):
    """What one meter costs, with where and when it was read."""

    meter: Meter
    unit: str
    """As the price list writes it: `1 Hour`, `10K`, `1 GB/Month`, `1/Day`."""
    each: Decimal
    """How many single things are in a unit: 10,000 in `10K`, 100 in `100 Hours`."""
    tiers: tuple[Tier, ...]
    """The first begins at 0; rising."""
    terms: Mapping[Term, Decimal]
    """The price of a unit under a commitment, or as spot; a reservation by the hour, whatever its term."""
    read_on: date
    source: str
    sure: Sure

    def cost(self, units: Decimal) -> Decimal:
        """Of so many units in one month, each in its tier: unrounded, and without a jump at any border."""
        tiers = self.tiers
        if len(tiers) == 1:
            return units * tiers[0].price
        cost = Decimal(0)
        for index, tier in enumerate(tiers):
            if units <= tier.above:
                break
            until = tiers[index + 1].above if index + 1 < len(tiers) else units
            cost += (min(units, until) - tier.above) * tier.price
        return cost
