"""In which tier how much of a container is, in a month of its steady state.

What is added stays hot until the life cycle moves it on, and so each tier holds what was added in as many
days as blobs stay in it; what is older is in the last.

    hot           = added ÷ 30.42 days × days until the first move
    cool          = added ÷ 30.42 days × days from then until the next
    the last tier = all the rest
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from seatrial.azure.body import Body
from seatrial.bill.amounts import by_months
from seatrial.bill.range import Range
from seatrial.bill.usage import HOURS
from seatrial.model.value import Value

__all__ = ["LEAST_DAYS", "Life", "Share", "Stay", "Tier", "in_days", "life", "spread"]

Tier = Literal["hot", "cool", "archive"]

LEAST_DAYS: Mapping[Tier, int] = {"hot": 0, "cool": 30, "archive": 180}
"""What leaves a tier earlier is charged for the rest of them all the same.
Source: https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview"""


class Stay(Value):
    """How long blobs are in one tier."""

    tier: Tier
    days: int | None
    """None: for ever."""

    @property
    def too_short(self) -> int:
        """The days that are paid although the blob has gone."""
        return 0 if self.days is None else max(0, LEAST_DAYS[self.tier] - self.days)


class Life(Value):
    """The tiers that a container's blobs go through."""

    stays: tuple[Stay, ...]
    """The first is hot. Whatever is older than all of them together is in the last, unless it was deleted."""
    end: int | None
    """The age in days at which blobs are deleted."""
    kept: int
    """For so many days more what was deleted can be asked back."""


class Share(Value):
    """What one tier holds."""

    stay: Stay
    held: Range
    """Bytes."""
    falls: bool
    """Whether it is less the more there is to do."""
    rest: bool
    """Whether it is what the tiers before it leave."""


def life(rule: Mapping[str, Any], kept: int) -> Life:
    """The life that a rule of an account's management policy gives; an empty rule: hot for ever."""
    actions = Body(rule)

    def age(action: str) -> int | None:
        days = actions.at(f"definition.actions.baseBlob.{action}.daysAfterModificationGreaterThan")
        return None if days is None else int(days)

    end = age("delete")
    begins: dict[Tier, int] = {"hot": 0}
    colder: tuple[tuple[Tier, str], ...] = (("cool", "tierToCool"), ("archive", "tierToArchive"))
    for tier, action in colder:
        at = age(action)
        if at is not None and (end is None or at < end):
            begins[tier] = at
    ends = [*list(begins.values())[1:], end]
    stays = (
        Stay(tier=tier, days=None if until is None else until - at)
        for (tier, at), until in zip(begins.items(), ends, strict=True)
    )
    return Life(stays=tuple(stays), end=end, kept=kept)


def in_days(monthly: Range, days: int) -> Range:
    """What comes in so many days, of so much in a month."""
    return monthly * (days * 24) / HOURS


def spread(life: Life, stored: Range, added: Range) -> tuple[Share, ...]:
    """How what is stored lies in the tiers, when so much is added in a month."""
    shares, left = [], stored.triple
    for index, stay in enumerate(life.stays):
        last = index == len(life.stays) - 1
        held = left
        if not last:
            assert stay.days is not None  # only the last may be for ever
            most = in_days(added, stay.days).triple
            held = min(left[0], most[0]), min(left[1], most[1]), min(left[2], most[2])
        left = left[0] - held[0], left[1] - held[1], left[2] - held[2]
        amount, falls = by_months(*held)
        shares.append(Share(stay=stay, held=amount, falls=falls, rest=last and index > 0))
    return tuple(shares)
