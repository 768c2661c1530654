"""The same plan in another region."""

from __future__ import annotations

from dataclasses import replace

from seatrial.azure.regions import paired_with
from seatrial.model import Part, Plan, Registry

__all__ = ["moved"]


def moved(plan: Plan, region: str) -> Plan:
    """A plan whose first region is another one.

    Images that are copied to the pair of the old region, where its backups can be restored, are copied to the
    pair of the new one; copies in the new region itself are none.
    """
    if region == plan.region:
        return plan

    def part(each: Part) -> Part:
        if not isinstance(each, Registry):
            return each
        pair = paired_with(region)
        copies = (pair if copy == paired_with(plan.region) else copy for copy in each.copies_in)
        kept = tuple(dict.fromkeys(copy for copy in copies if copy not in (None, region)))
        return replace(each, copies_in=kept)

    also = tuple(other for other in plan.also_in if other != region)
    return replace(plan, region=region, also_in=also, parts=tuple(map(part, plan.parts)))
