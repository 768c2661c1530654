"""What could be cheaper about the ground that all stand on, and where and how it is bought."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from seatrial.azure.defaults import ground
from seatrial.azure.kinds import kind_of
from seatrial.azure.reach import has_images
from seatrial.azure.regions import called, geography, has_zones, paired_with
from seatrial.bill.bill import Bill, Line
from seatrial.bill.meters import Term
from seatrial.bill.range import CENT
from seatrial.bill.savings.change import (
    COMFORT,
    LONG_MONEY,
    MONEY,
    RESILIENCE,
    SECURITY,
    Change,
    Edit,
    offered,
)
from seatrial.bill.words import money
from seatrial.model import Duration, Logs, Network, Plan, Registry, RegistryTier, Size

__all__ = ["TERMS", "commitment", "commitments", "in_other_regions", "of_logs", "of_network", "of_registry"]

TERMS: Mapping[Term, tuple[str, int]] = {
    "sp-1y": ("Savings plans for a year", 12),
    "sp-3y": ("Savings plans for three years", 36),
    "ri-1y": ("Reserved for a year", 12),
    "ri-3y": ("Reserved for three years", 36),
}
"""What each commitment is called, and for how many months it binds."""

_MONTH = Duration.parse("30 days")
_GB = 10**9
_DAYS = Decimal(365) / 12
"""Of a month of 730 hours."""


# -- how it is bought -----------------------------------------------------------------------------------


def commitments(bill: Bill) -> Iterator[Change]:
    """One for each term in which something that turns steadily has a price."""
    for term in TERMS:
        if _committed(bill, term):
            yield commitment(bill, term)


def commitment(bill: Bill, term: Term) -> Change:
    """That term for all that turns steadily in a bill and has a price for it.

    Sources: https://learn.microsoft.com/azure/cost-management-billing/savings-plan/buy-savings-plan and
    https://learn.microsoft.com/azure/cost-management-billing/reservations/exchange-and-refund-azure-reservations
    """
    bought, months = TERMS[term]
    found = _committed(bill, term)
    parts = list(dict.fromkeys(line.part or kind_of(line.type).words for line, _ in found))
    monthly = sum((amount for _, amount in found), Decimal(0)).quantize(CENT)
    owed = f"{money(monthly, bill.currency)} a month, {money(monthly * months, bill.currency)} in all"
    if term.startswith("sp"):
        way_out = "savings plans can be neither cancelled nor refunded"
    else:
        way_out = "bound to machine and region; to give it back is possible within Azure's yearly limit"
    return Change(
        what=f"{bought}: {_some(parts)}",
        gives_up=f"{owed}, is owed whether it is used or not; {way_out}",
        weight=MONEY if months == 12 else LONG_MONEY,
        base=bill.plan,
        commitment=term,
    )


def _committed(bill: Bill, term: Term) -> list[tuple[Line, Decimal]]:
    """The steady lines that have a price under a term, and what each would cost."""
    return [
        (line, line.paid.likely / line.price.each * line.price.terms[term])
        for line in bill.lines
        if line.steady and line.term in (None, term) and line.amount.likely and term in line.price.terms
    ]


def _some(words: list[str]) -> str:
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# -- where it stands ------------------------------------------------------------------------------------


def in_other_regions(plan: Plan, regions: Collection[str]) -> Iterator[Change]:
    """In each of these that is in the same geography, for a plan of one region.

    Whether a region has all that the plan needs is told by its prices.
    """
    if plan.also_in:
        return
    for region in regions:
        if region == plan.region or geography(region) != geography(plan.region):
            continue
        flat = has_zones(plan.region) and not has_zones(region)
        pair = paired_with(region)
        copies = f"; copies for another region go to {pair}" if pair else ""
        yield Change(
            what=f"Everything in {called(region)}, instead of {called(plan.region)}",
            gives_up="Another distance to whoever asks"
            + ("; it has no availability zones, so that one failure takes all" if flat else "")
            + copies,
            weight=RESILIENCE if flat else COMFORT,
            base=plan,
            region=region,
        )


# -- network, registry, logs ----------------------------------------------------------------------------


def of_network(part: Network, plan: Plan) -> Iterator[Change]:
    """Sources: https://learn.microsoft.com/azure/nat-gateway/nat-overview,
    https://learn.microsoft.com/azure/bastion/bastion-overview and
    https://learn.microsoft.com/azure/firewall/overview
    """
    if part.nat:
        yield offered(
            part,
            plan,
            what="No NAT gateway",
            gives_up="What goes out has no fixed address that others could let in",
            weight=COMFORT,
            nat=False,
        )
    if part.firewall:
        fields: dict[str, Any] = {"firewall": False}
        if part.reaches:
            fields["reaches"] = ()
        yield offered(
            part,
            plan,
            what="No firewall on the way out",
            gives_up="What runs inside can reach every host outside, so stolen data has a way to go",
            weight=SECURITY,
            **fields,
        )
    yield from _ways_in(part, plan)


def _ways_in(part: Network, plan: Plan) -> Iterator[Change]:
    """One of the ways in of administrators, or both."""
    one_of = f"the way into {part.name}"
    closed = "Administrators have no way into the network"
    if part.bastion and part.vpn:
        for name, gone, left in (("bastion", "Bastion", "the VPN"), ("vpn", "VPN gateway", "Bastion")):
            fields: dict[str, Any] = {name: False}
            yield offered(
                part,
                plan,
                what=f"No {gone}",
                gives_up=f"Administrators come in by {left} only",
                weight=COMFORT,
                one_of=one_of,
                **fields,
            )
        yield offered(
            part,
            plan,
            what="Neither Bastion nor VPN gateway",
            gives_up=closed,
            weight=COMFORT + RESILIENCE,
            bastion=False,
            vpn=False,
        )
    elif part.bastion:
        yield offered(part, plan, what="No Bastion", gives_up=closed, weight=RESILIENCE, bastion=False)
    elif part.vpn:
        yield offered(part, plan, what="No VPN gateway", gives_up=closed, weight=RESILIENCE, vpn=False)


def of_registry(plan: Plan) -> Iterator[Change]:
    """Sources: https://learn.microsoft.com/azure/container-registry/container-registry-skus and
    https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication
    """
    if not has_images(plan):
        return
    part = ground(Registry, plan)
    named = part in plan.parts
    if part.copies_in:
        yield offered(
            part,
            plan,
            what=f"No copies of the images in {', '.join(part.copies_in)}",
            gives_up=f"When {plan.region} is down nothing starts elsewhere before the images are built again",
            weight=RESILIENCE,
            copies_in=(),
        )
    lesser: Mapping[RegistryTier, tuple[RegistryTier, ...]] = {
        "premium": ("standard", "basic"),
        "standard": ("basic",),
        "basic": (),
    }
    for tier in lesser[part.tier]:
        fields: dict[str, Any] = {"tier": tier}
        lost = [
            "Pulls and pushes are slower" if part.tier == "standard" else "The registry has a public address"
        ]
        if part.copies_in:
            fields["copies_in"] = ()
            lost.append(f"no copies of the images in {', '.join(part.copies_in)}")
        if tier == "basic":
            lost.append("10 GB are in the price")
        kind = None if named else Registry
        yield Change(
            what=f"A registry of the {tier} tier",
            gives_up="; ".join(lost),
            weight=SECURITY if part.tier == "premium" else COMFORT,
            base=plan,
            edits=(Edit(part=part.name, fields=fields, kind=kind),),
        )


def of_logs(plan: Plan, bill: Bill) -> Iterator[Change]:
    """Kept no longer than what is free, and no more than half of what is taken in on a day.

    Sources: https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure and
    https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap
    """
    part = next(iter(plan.of(Logs)), None)
    if part is not None and part.keeps > _MONTH:
        yield offered(
            part,
            plan,
            what="Logs kept for 30 days",
            gives_up=f"What happened longer ago cannot be looked up; now {part.keeps}",
            weight=COMFORT,
            keeps=_MONTH,
        )
    a_day = _taken_in(bill) / _DAYS
    cap = int(a_day / 2)
    if cap >= 1 and (part is None or part.daily_cap is None or part.daily_cap.bytes > cap * _GB):
        size = Size(cap * _GB)
        name = "logs" if part is None else part.name
        yield Change(
            what=f"No more than {size} of logs a day",
            gives_up="After that nothing is logged until the next day: no alert on logs fires and no trace "
            f"is left; now {a_day:.1f} GB a day",
            weight=SECURITY,
            base=plan,
            edits=(Edit(part=name, fields={"daily_cap": size}, kind=Logs if part is None else None),),
        )


def _taken_in(bill: Bill) -> Decimal:
    """GB of logs a month in all regions, most likely."""
    return sum(
        (
            line.used.likely
            for line in bill.lines
            if line.type == "Microsoft.OperationalInsights/workspaces"
            and "Ingestion" in line.price.meter.name
        ),
        Decimal(0),
    )
