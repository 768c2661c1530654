"""What logs are charged for: what is taken in, what is kept longer than the price of that pays for, exports.

Application Insights is charged with the workspace it writes to. Its tables are kept for 90 days without
charge, all others for 31. A commitment to so many GB a day is never assumed. Five GB a month are free in a
billing account, whatever the number of workspaces and regions, though the price list has them as the first
tier of every region.

Sources: https://azure.microsoft.com/pricing/details/monitor/ (what is free),
https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs,
https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure and
https://learn.microsoft.com/azure/azure-monitor/logs/logs-data-export#pricing-model
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.amounts import by_months
from seatrial.bill.charges import Charge, Free, Grant
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.telling import Telling, telling
from seatrial.bill.units import DAYS, gigabytes, shared, size
from seatrial.bill.words import counted
from seatrial.model import Logs

__all__ = ["data_export", "workspace"]

FREE_DAYS = 31
FREE_DAYS_OF_INSIGHTS = 90

FREE = Grant(name="GB of logs", amount=Decimal(5), listed=True)

AS_JSON = Range(Decimal("1.2"), Decimal("1.33"), Decimal(2))
"""How much larger rows are when they are written out: what is charged for taking them in is 25 % less on
average, and of small rows up to 50 %."""


def workspace(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    here, formula = _here(resource, reckoning)
    once = "" if reckoning.share(resource) == 1 else ", once for all regions"
    yield Charge(
        what="logs taken in",
        meter=_log_analytics("Data Ingestion", resource.region),
        quantity=here,
        formula=f"{formula}; 5 GB a month are free{once}",
        grant=FREE,
    )
    days = int(Body(resource.body).at("properties.retentionInDays") or 0)
    if days <= FREE_DAYS:
        why = f"for {days} days, of {FREE_DAYS} that are in the price of taking them in"
        yield Free(what="logs kept", why=why)
        return
    others, insights = days - FREE_DAYS, max(days - FREE_DAYS_OF_INSIGHTS, 0)
    shares = _told(reckoning).shares_of_processes
    kept, falls = by_months(
        *(
            gb * (share * insights + (1 - share) * others) / DAYS
            for gb, share in zip(here.triple, shares, strict=True)
        )
    )
    _, share, _ = shares
    yield Charge(
        what="logs kept",
        meter=_log_analytics("Data Retention", resource.region),
        quantity=kept,
        formula=f"{counted(here.likely)} GB a month × "
        f"({counted((1 - share) * 100)} % × {others} days beyond {FREE_DAYS} + "
        f"{counted(share * 100)} % × {insights} days beyond {FREE_DAYS_OF_INSIGHTS}) "
        f"÷ {counted(DAYS)} days",
        falls=falls,
    )


def data_export(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """What is copied out of a workspace, as JSON: the tables of processes."""
    assert resource.ref.parent is not None
    here, formula = _here(reckoning.graph.by_ref[resource.ref.parent], reckoning)
    shares = _told(reckoning).shares_of_processes
    copied, falls = by_months(
        *(gb * share * larger for gb, share, larger in zip(here.triple, shares, AS_JSON.triple, strict=True))
    )
    yield Charge(
        what="logs copied out",
        meter=Meter(
            service="Azure Monitor",
            product="Azure Monitor",
            name="Log Analytics data export Data Exported",
            sku="Log Analytics data export",
            region=resource.region,
        ),
        quantity=copied,
        formula=f"{formula} × {counted(shares[1] * 100)} % from processes "
        f"× {counted(AS_JSON.likely)} as JSON",
        falls=falls,
    )


def _here(workspace: Resource, reckoning: Reckoning) -> tuple[Range, str]:
    """The GB that one workspace takes in, and how they came about."""
    all_logs, share = _taken_in(reckoning), reckoning.share(workspace)
    here = gigabytes(all_logs * share)
    formula = f"{size(all_logs)}{shared(share)}"
    cap = Body(workspace.body).at("properties.workspaceCapping.dailyQuotaGb")
    if isinstance(cap, int | float) and cap > 0:
        most = Decimal(str(cap)) * DAYS
        if here.high > most:
            formula += f" (at most {cap:g} GB a day × {counted(DAYS)} days)"
        if here.likely > most:
            reckoning.warn(
                next(iter(reckoning.plan.of(Logs)), None),
                f"{counted(here.likely)} GB of logs are written in a month in {workspace.region}, and the "
                f"cap of {cap:g} GB a day takes in {counted(most)} at most: the rest is lost",
            )
        here = here.at_most(most)
    return here, formula


def _taken_in(reckoning: Reckoning) -> Range:
    """The bytes that all workspaces take in: what was stated, else by requests, items and resources."""
    part, assumed = next(iter(reckoning.plan.of(Logs)), None), _told(reckoning)
    return reckoning.figure("logs", part, assumed=assumed.all, why=assumed.why)


def _told(reckoning: Reckoning) -> Telling:
    return reckoning.once("telling", partial(telling, reckoning))


def _log_analytics(name: str, region: str) -> Meter:
    return Meter(
        service="Log Analytics",
        product="Log Analytics",
        name=f"Analytics Logs {name}",
        sku="Analytics Logs",
        region=region,
    )
