"""What a resource is charged for, before prices are known."""

from __future__ import annotations

from decimal import Decimal

from seatrial.bill.meters import Meter, Term
from seatrial.bill.range import Range
from seatrial.model.value import Value

__all__ = ["Charge", "Free", "Grant"]


class Grant(Value):
    """What is free every month and shared by all that is charged under it, in a subscription."""

    name: str
    """Whose charges share it: `vCPU-seconds of Container Apps`."""
    amount: Decimal
    """In single things, as the quantities of its charges: seconds, calls, GB."""
    listed: bool = False
    """Whether the price list has it as a first tier, at nothing, of the meter of every region: it is given
    once all the same, and that tier is left out."""


class Charge(Value):
    """One meter that turns for a resource."""

    what: str
    """In a word or two, what is paid for: `compute`, `standby`, `storage`, `requests`."""
    meter: Meter
    quantity: Range
    """In a month, in single things: hours, seconds, GB, calls; never in the price's own units of 10,000."""
    formula: str
    """How the quantity came about, in words and figures: `2 vCPU × 730 h`."""
    part: str | None = None
    """The part that it is for, where it is not the one that the resource stands for."""
    grant: Grant | None = None
    """Free each month beyond what the tiers of the price say."""
    apart: bool = False
    """Whether the tiers of the price begin anew for this charge; else all of a meter climb together."""
    steady: bool = False
    """Whether it turns all month whatever the load, so that a commitment of a year or three would pay."""
    term: Term | None = None
    """What makes the price lower from the start: `spot`."""
    falls: bool = False
    """Whether there is less of it the more there is to do, as of idle time: then its most goes with the least
    of all else."""


class Free(Value):
    """Something that stands there and costs nothing."""

    what: str
    why: str
    """Without a full stop: `paid with the server`, `the first 500 GB are in the price of the registry`."""
    part: str | None = None
