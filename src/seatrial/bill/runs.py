"""How often jobs and schedules run, how long, and which work they bring to others."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from seatrial.azure.access import use_of
from seatrial.azure.reach import users_of
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import HOURS
from seatrial.model import Backlog, Job, Part, Process, QueueLength, Schedule, Service, Worker

__all__ = ["bringing", "run_time", "runs_of", "runs_of_clock", "work_of"]


def runs_of(part: Job | Schedule, reckoning: Reckoning) -> Range:
    """Runs of a month over all regions, each of which has a clock of its own."""
    regions = Decimal(len(reckoning.plan.regions))
    if isinstance(part, Schedule):
        runs = exactly(runs_of_clock(part.cron) * regions)
        return reckoning.figure("runs", part, assumed=runs, why=f"by its clock, {part.cron}")
    match part.runs:
        case "every start":
            runs, why = reckoning.figure("deployments") * regions, "once with every deployment"
        case "once":
            runs, why = Range(Decimal(0), Decimal(1), Decimal(1)), "once, in the first month"
        case "by hand":
            runs, why = Range(Decimal(0), Decimal(1), Decimal(4)), "once a month, up to once a week"
    return reckoning.figure("runs", part, assumed=runs, why=why)


def run_time(part: Job | Schedule, reckoning: Reckoning) -> Range:
    """Seconds of one run."""
    limit = Decimal(part.time_limit.microseconds) / 1_000_000
    assumed = Range(Decimal(60), Decimal(600), Decimal(3600)).at_most(limit)
    why = "ten minutes, up to an hour; never longer than its limit"
    return reckoning.figure("run_time", part, assumed=assumed, why=why)


def work_of(part: Job | Schedule, reckoning: Reckoning) -> Range:
    """Seconds in which it runs, in a month and over all regions."""
    return runs_of(part, reckoning) * run_time(part, reckoning)


def bringing(reckoning: Reckoning, process: Service | Worker) -> tuple[Job | Schedule, ...]:
    """The jobs and schedules that bring a process its items, so that they come in goes.

    Those that write to the database whose rows it counts; those that send to its queue, if nobody else does.
    None: its items come whenever they come.
    """
    found: dict[str, Job | Schedule] = {}
    for rule in process.scale:
        match rule:
            case Backlog(postgres=store):
                who = _users(reckoning, store, "all")
            case QueueLength(queue=queue):
                who = [each for each in _users(reckoning, queue, "all", "sends") if each != process]
                if not all(isinstance(each, Job | Schedule) for each in who):
                    return ()
            case _:
                continue
        found |= {each.name: each for each in who if isinstance(each, Job | Schedule)}
    return tuple(found.values())


def _users(reckoning: Reckoning, store: Part, *verbs: str) -> list[Process]:
    users = users_of(store, reckoning.plan)
    return [each for each in users if isinstance(each, Process) and use_of(each, store) in verbs]


FIRST, DAYS = date(2001, 1, 1), 28 * 365 + 7
"""28 years: each date falls on each day of the week equally often, leap days included."""


@cache
def runs_of_clock(cron: str) -> Decimal:
    """How often a clock starts something in a month of 730 hours: on the days that it names, of a span in
    which all there are come equally often, at the times of a day that it names."""
    from cronsim import CronSim

    clock = CronSim(cron, datetime(2001, 1, 1))
    _, _, of_month, month, of_week = cron.split()
    by_week = of_month == month == "*" and not re.search("[#L]", of_week, re.IGNORECASE)
    span = 7 if by_week else DAYS
    days = (FIRST + timedelta(days=day) for day in range(span))
    matching = sum(each.month in clock.months and clock.match_day(each) for each in days)
    return Decimal(matching * len(clock.minutes) * len(clock.hours) * HOURS) / (span * 24)
