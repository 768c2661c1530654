"""What logs are charged for: what is taken in, what is kept longer than the price of that pays for, exports.

Application Insights is charged with the workspace it writes to. Its tables are kept for 90 days without
charge, all others for 31. A commitment to so many GB a day is never assumed. Five GB a month are free in a
billing account: the price list has them as the first tier of every region, so that each region has them here.

Sources: https://learn.microsoft.com/azure/azure-monitor/logs/cost-logs,
https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure and
https://learn.microsoft.com/azure/azure-monitor/logs/logs-data-export#pricing-model
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.passing import told
from seatrial.bill.range import Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import DAYS, GB, gigabytes, shared, size
from seatrial.bill.words import counted
from seatrial.model import Logs, Service, Worker

__all__ = ["data_export", "taken_in", "workspace"]

FREE_DAYS = 31
FREE_DAYS_OF_INSIGHTS = 90

PLATFORM = Range(GB / 100, GB / 20, GB / 5)
"""What one resource has to say in a month besides requests: its metrics, a row for each and minute."""
OF_INSIGHTS = Range(Decimal("0.5"), Decimal("0.75"), Decimal("0.9"))
"""The share of all logs that are in the tables of Application Insights."""
AS_JSON = Range(Decimal("1.2"), Decimal("1.4"), Decimal(2))
"""How much larger rows are when they are written out: what is charged for taking them in is 25 % less, and of
small rows up to 50 %."""


def workspace(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    here, formula = _here(resource, reckoning)
    yield Charge(
        what="logs taken in",
        meter=_log_analytics("Data Ingestion", resource.region),
        quantity=here,
        formula=f"{formula}; 5 GB a month are free",
    )
    days = int(Body(resource.body).at("properties.retentionInDays") or 0)
    if days <= FREE_DAYS:
        yield Free(
            what="logs kept", why=f"for {days} days, of {FREE_DAYS} that are in the price of taking them in"
        )
        return
    insights = max(days - FREE_DAYS_OF_INSIGHTS, 0)
    others = days - FREE_DAYS
    kept = Range(
        *(
            gb * (part * insights + (1 - part) * others) / DAYS
            for gb, part in zip(here.triple, reversed(OF_INSIGHTS.triple), strict=True)
        )
    )
    yield Charge(
        what="logs kept",
        meter=_log_analytics("Data Retention", resource.region),
        quantity=kept,
        formula=f"{counted(here.likely)} GB a month × "
        f"({counted((1 - OF_INSIGHTS.likely) * 100)} % × {others} days beyond {FREE_DAYS} + "
        f"{counted(OF_INSIGHTS.likely * 100)} % × {insights} days beyond {FREE_DAYS_OF_INSIGHTS}) "
        f"÷ {counted(DAYS)} days",
    )


def data_export(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """What is copied out of a workspace, as JSON: the tables of processes, which are most of it."""
    assert resource.ref.parent is not None
    here, formula = _here(reckoning.graph.by_ref[resource.ref.parent], reckoning)
    yield Charge(
        what="logs copied out",
        meter=Meter(
            service="Azure Monitor",
            product="Azure Monitor",
            name="Log Analytics data export Data Exported",
            sku="Log Analytics data export",
            region=resource.region,
        ),
        quantity=here * OF_INSIGHTS * AS_JSON,
        formula=f"{formula} × {counted(OF_INSIGHTS.likely * 100)} % from processes "
        f"× {counted(AS_JSON.likely)} as JSON",
    )


def _here(workspace: Resource, reckoning: Reckoning) -> tuple[Range, str]:
    """The GB that one workspace takes in, and how they came about."""
    all_logs, share = taken_in(reckoning), reckoning.share(workspace)
    here = gigabytes(all_logs * share)
    formula = f"{size(all_logs)}{shared(share)}"
    cap = Body(workspace.body).at("properties.workspaceCapping.dailyQuotaGb")
    if isinstance(cap, int | float) and cap > 0:
        most = Decimal(str(cap)) * DAYS
        if here.high > most:
            formula += f" (at most {cap:g} GB a day × {counted(DAYS)} days)"
        here = here.at_most(most)
    return here, formula


def taken_in(reckoning: Reckoning) -> Range:
    """The bytes that all workspaces take in: what was stated, else by requests, items and resources."""
    part = next(iter(reckoning.plan.of(Logs)), None)
    assumed, why = reckoning.once("logs taken in", partial(_assumed, reckoning))
    return reckoning.figure("logs", part, assumed=assumed, why=why)


def _assumed(reckoning: Reckoning) -> tuple[Range, str]:
    plan, each = reckoning.plan, reckoning.figure("log_size")
    said = len(reckoning.graph.of("Microsoft.Insights/diagnosticSettings"))
    why = (
        f"{size(each)} for each request to {len(plan.of(Service))} services and each item of "
        f"{len(plan.of(Worker))} workers, {size(PLATFORM)} for each of {said} resources"
    )
    return told(reckoning) + PLATFORM * said, why


def _log_analytics(name: str, region: str) -> Meter:
    return Meter(
        service="Log Analytics",
        product="Log Analytics",
        name=f"Analytics Logs {name}",
        sku="Analytics Logs",
        region=region,
    )
