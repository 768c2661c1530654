"""What jobs of Container Apps are charged for: the seconds that they run, never idle, and no requests.

Source: https://learn.microsoft.com/azure/container-apps/billing#jobs
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.container_apps import at_rate, room_of
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import shared
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted, in_unit
from seatrial.model import Job, Part, Postgres, Schedule

__all__ = ["job", "runs_of_clock", "work_of"]

MIGRATION = Range(Decimal(10), Decimal(30), Decimal(300))
"""Seconds of a run that finds nothing to change, or little: most of it is the start of the program."""


def job(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Runs of a job, of a schedule, or of what brings a schema up to date at each deployment."""
    room = room_of(resource, reckoning)
    if room.machines:
        yield Free(what="runs", why="paid with the machines of the environment")
        return
    runs, time, share = _runs_and_time(resource, reckoning)
    many = f"{counted(runs.likely)} run{'' if runs.likely == 1 else 's'}"
    each = f"{many} of {in_unit(time.likely, 'seconds')}{shared(share)}"
    yield from at_rate(resource.region, room, "active", runs * time * share, each)


def work_of(part: Job | Schedule, reckoning: Reckoning) -> Range:
    """Seconds in which it runs, in a month and over all regions."""
    regions = Decimal(len(reckoning.plan.regions))
    return _runs(part, reckoning, regions) * _time(part, reckoning)


def _runs_and_time(resource: Resource, reckoning: Reckoning) -> tuple[Range, Range, Decimal]:
    """Runs over all regions, the seconds of one, and what of the runs falls to this region."""
    part, share = reckoning.part_of(resource, Part), reckoning.share(resource)
    if isinstance(part, Postgres):
        return reckoning.figure("deployments"), MIGRATION, Decimal(1)
    assert isinstance(part, Job | Schedule), f"{part.name} is no job"
    regions = (1 / share).quantize(Decimal(1))
    return _runs(part, reckoning, regions), _time(part, reckoning), share


def _runs(part: Job | Schedule, reckoning: Reckoning, regions: Decimal) -> Range:
    """Over all regions, each of which has a clock of its own."""
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


def _time(part: Job | Schedule, reckoning: Reckoning) -> Range:
    limit = Decimal(part.time_limit.microseconds) / 1_000_000
    assumed = Range(Decimal(60), Decimal(600), Decimal(3600)).at_most(limit)
    why = "ten minutes, up to an hour; never longer than its limit"
    return reckoning.figure("run_time", part, assumed=assumed, why=why)


FIRST, DAYS = date(2001, 1, 1), 28 * 365 + 7
"""28 years: each date falls on each day of the week equally often, leap days included."""


@cache
def runs_of_clock(cron: str) -> Decimal:
    """How often a clock starts something in a month of 730 hours: on the days that it names, of a span in
    which all there are come equally often, at the times of a day that it names."""
    from cronsim import CronSim

    clock = CronSim(cron, datetime(2001, 1, 1))
    days = (FIRST + timedelta(days=day) for day in range(DAYS))
    matching = sum(each.month in clock.months and clock.match_day(each) for each in days)
    return Decimal(matching * len(clock.minutes) * len(clock.hours) * HOURS) / (DAYS * 24)
