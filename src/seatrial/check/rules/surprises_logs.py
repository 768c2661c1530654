"""Will it surprise: logs, which are paid by what is written and by what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.check.amounts import budget, likely, of_budget, share
from seatrial.check.case import Case
from seatrial.check.reading import number
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import Logs, Size

LEARN = "https://learn.microsoft.com/azure"
WORKSPACES = "Microsoft.OperationalInsights/workspaces"


@rule(
    "log-volume",
    severity="warning",
    family="surprises",
    title="A fifth of the budget or more goes to logs",
    why="Every request leaves rows at the edge, at the service and in its traces, paid by the gigabyte.",
    source=f"{LEARN}/azure-monitor/logs/cost-logs",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.usage(log_size="10 KiB")
shop.budget("$200/month", requests="10M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.usage(log_size="500 B")
shop.budget("$200/month", requests="10M/month")
""",
)
def log_volume(case: Case) -> Iterator[Found]:
    limit = budget(case)
    logs = [line for line in case.lines if line.type == WORKSPACES]
    cost = likely(logs)
    if limit is not None and cost >= share(20, limit):
        taken_in = sum((line.used.likely for line in logs if line.what == "logs taken in"), Decimal(0))
        yield Found(
            part=next(iter(case.plan.of(Logs)), None),
            what=f"logs take {of_budget(cost, limit)}, for {taken_in:,.0f} GB in a month{_made_of(case)}",
            fix='env={"OTEL_TRACES_SAMPLER": "traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.1"} of what is '
            "asked most",
        )


def _made_of(case: Case) -> str:
    """By whom they are written: only of processes somebody may change how much."""
    from seatrial.bill.telling import telling

    if case.reckoning is None:
        return ""
    told = telling(case.reckoning)
    whole = told.all.likely
    if not whole:
        return ""
    processes, requests = (100 * each.likely / whole for each in (told.processes, told.requests))
    return f": {processes:.0f} % by processes, {requests:.0f} % by Azure about requests"


@rule(
    "log-cap-loses",
    severity="warning",
    family="surprises",
    title="The daily cap of the logs is below what is written",
    why="Once it is reached nothing more is taken in until the next day: alerts on logs are blind till then.",
    source=f"{LEARN}/azure-monitor/logs/daily-cap",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.logs("logs", daily_cap="1 GB")
shop.usage(log_size="10 KiB", requests="10M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.logs("logs", daily_cap="50 GB")
shop.usage(log_size="10 KiB", requests="10M/month")
""",
)
def log_cap_loses(case: Case) -> Iterator[Found]:
    logs = next(iter(case.plan.of(Logs)), None)
    if logs is None or logs.daily_cap is None or case.bill is None:
        return
    for warned in case.bill.warnings:
        if warned.part == logs.name and warned.sentence.endswith("the rest is lost"):
            yield Found(
                part=logs,
                what=warned.sentence,
                fix=f'daily_cap="{Size(2 * logs.daily_cap.bytes)}", or fewer rows for each request',
            )


@thing_rule(
    "log-cap-missing",
    types=(WORKSPACES,),
    severity="note",
    family="surprises",
    title="Nothing limits what a day's logs may cost",
    why="A loop that writes errors writes until somebody looks, and a budget hears of it a day later.",
    source=f"{LEARN}/azure-monitor/logs/daily-cap",
    bad="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "logs", "properties": {}}""",
    good="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "logs",
 "properties": {"workspaceCapping": {"dailyQuotaGb": 5}}}""",
)
def log_cap_missing(thing: Thing, things: Things) -> Iterator[Found]:
    """One finding, however many workspaces."""
    first = next(things.of(WORKSPACES)) is thing
    if first and thing.or_default("properties.workspaceCapping.dailyQuotaGb", -1) == -1:
        written = 'logs("logs", daily_cap="5 GB")' if thing.part is None else 'daily_cap="5 GB"'
        yield Found(
            what="nothing limits what is written in a day",
            fix=written if thing.ours else '"workspaceCapping": {"dailyQuotaGb": 5}',
        )


@thing_rule(
    "logs-kept-beyond-free",
    types=(WORKSPACES,),
    severity="note",
    family="surprises",
    title="Logs are kept longer than the price of taking them in pays for",
    why="It keeps tables for 31 days and those of Application Insights for 90; the rest costs by the day.",
    source=f"{LEARN}/azure-monitor/logs/cost-logs#log-data-retention",
    bad="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "logs",
 "properties": {"retentionInDays": 180, "workspaceCapping": {"dailyQuotaGb": 5}}}""",
    good="""{"type": "Microsoft.OperationalInsights/workspaces", "name": "logs",
 "properties": {"retentionInDays": 30, "workspaceCapping": {"dailyQuotaGb": 5}}}""",
)
def logs_kept_beyond_free(thing: Thing, things: Things) -> Iterator[Found]:
    """Not where Sentinel stands on it, with which 90 days are free."""
    days = number(thing, "properties.retentionInDays") or 0
    watched = any(things.of("Microsoft.SecurityInsights/onboardingStates"))
    if days > (90 if watched else 31) and next(things.of(WORKSPACES)) is thing:
        yield Found(
            what=f"logs are kept {days:g} days, of which {days - 31:g} are paid for most tables",
            fix='keeps="30 days"' if thing.ours else '"retentionInDays": 30',
        )
