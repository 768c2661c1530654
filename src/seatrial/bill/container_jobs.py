"""What jobs of Container Apps are charged for: the seconds that they run, never idle, and no requests.

Source: https://learn.microsoft.com/azure/container-apps/billing#jobs
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.graph import Resource
from seatrial.bill.charges import Charge, Free
from seatrial.bill.container_apps import at_rate, room_of
from seatrial.bill.range import Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.runs import run_time, runs_of
from seatrial.bill.units import shared
from seatrial.bill.words import counted, in_unit
from seatrial.model import Job, Part, Postgres, Schedule

__all__ = ["job"]

MIGRATION = Range(Decimal(10), Decimal(30), Decimal(300))
"""Seconds of a run that finds nothing to change, or little: most of it is the start of the program."""


def job(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Runs of a job, of a schedule, or of what brings a schema up to date at each deployment."""
    room = room_of(resource, reckoning)
    if room.machines:
        yield Free(what="runs", why="paid with the machines of the environment")
        return
    runs, time, share = _runs_and_time(resource, reckoning)
    of_schema = " that bring the schema up to date, each" if resource.part in _databases(reckoning) else ""
    many = f"{counted(runs.likely)} run{'' if runs.likely == 1 else 's'}{of_schema}"
    each = f"{many} of {in_unit(time.likely, 'seconds')}{shared(share)}"
    yield from at_rate(resource.region, room, "active", runs * time * share, each)


def _databases(reckoning: Reckoning) -> frozenset[str]:
    return frozenset(each.name for each in reckoning.plan.of(Postgres))


def _runs_and_time(resource: Resource, reckoning: Reckoning) -> tuple[Range, Range, Decimal]:
    """Runs over all regions, the seconds of one, and what of the runs falls to this region."""
    part, share = reckoning.part_of(resource, Part), reckoning.share(resource)
    if isinstance(part, Postgres):
        return reckoning.figure("deployments"), MIGRATION, Decimal(1)
    assert isinstance(part, Job | Schedule), f"{part.name} is no job"
    return runs_of(part, reckoning), run_time(part, reckoning), share
