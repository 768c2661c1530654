"""How many machines the pods of a node pool take.

In the working hours as many as the pods of all processes on it ask for, by cores, memory or GPUs, whichever
takes more; at other times as many as their fewest replicas do. Pods are taken to fill machines without a
rest, and those that the cluster puts on every machine are in what it keeps for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from seatrial.bill.machine_sizes import Machine
from seatrial.bill.range import NOTHING, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import running
from seatrial.bill.runs import work_of
from seatrial.bill.scaling import MONTH
from seatrial.bill.words import counted
from seatrial.bill.work import windows
from seatrial.model import Job, NodePool, Process, Schedule, Service, Temporal, Worker
from seatrial.model.value import Value

__all__ = ["machines_for_pods"]


MACHINE_WAITS = Decimal(600)
"""Seconds that a machine stays when nothing on it is needed any more.
Source: https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview"""


NOWHERE = Decimal(10_000)
"""Machines for what fits on none: more than there ever are."""


class Pods(Value):
    """Those of one process."""

    asks: tuple[Decimal, Decimal, Decimal]
    """Cores, GiB and GPUs of one."""
    at_rest: Range
    """How many there are outside of working hours."""
    at_work: Range
    """How many there are in the working hours, on average."""


def machines_for_pods(
    pool: NodePool | None,
    machine: Machine | None,
    most_pods: int,
    span: tuple[Decimal, Decimal],
    reckoning: Reckoning,
    share: Decimal,
) -> tuple[Range, str]:
    """Machines on average over the month in one region, and why so many.

    Args:
        pool: None: the one of processes that name none.
        machine: None, where it is not known what it has.
        span: fewest and most machines.
        share: what falls to the region, of all there is to do.
    """
    fewest, most = span
    if machine is None:
        return Range(fewest, fewest, most), "how much a machine of this size carries is not known here"
    room = machine.room(most_pods)
    pods = list(_pods(pool, reckoning, share))

    peak = _filled(pods, [each.at_work.likely for each in pods], room)
    if peak > most:
        reckoning.warn(
            pool,
            f"its pods take {counted(peak)} machines in each region in the working hours, "
            f"and there are {counted(most)} at most",
        )

    def on_average(case: int) -> Decimal:
        by_night = max(fewest, min(_whole(pods, [each.at_rest.triple[case] for each in pods], room), most))
        by_day = max(by_night, min(_whole(pods, [each.at_work.triple[case] for each in pods], room), most))
        return by_night + (by_day - by_night) * windows(reckoning).triple[case] / MONTH

    why = "by the cores, memory and GPUs of its pods in and out of working hours"
    return Range(on_average(0), on_average(1), on_average(2)), why


def _filled(pods: Sequence[Pods], numbers: Sequence[Decimal], room: tuple[Decimal, ...]) -> Decimal:
    """How many machines so many pods of each fill, unrounded: by what runs out first."""
    filled = Decimal(0)
    for index, space in enumerate(room):
        asked = sum((n * each.asks[index] for n, each in zip(numbers, pods, strict=True)), Decimal(0))
        if asked:
            filled = max(filled, asked / space if space else NOWHERE)
    return filled


def _whole(pods: Sequence[Pods], numbers: Sequence[Decimal], room: tuple[Decimal, ...]) -> Decimal:
    """Whole machines; of pods that are there for a part of the time only, one machine for as much of it."""
    filled = _filled(pods, numbers, room)
    return (
        filled.to_integral_value(ROUND_CEILING) if filled > 1 else min(Decimal(1), sum(numbers, Decimal(0)))
    )


def _pods(pool: NodePool | None, reckoning: Reckoning, share: Decimal) -> Iterator[Pods]:
    host = pool if pool is not None else "aks"
    for part in reckoning.plan.parts:
        match part:
            case Service() | Worker() if part.host == host:
                yield _scaled(part, reckoning, share)
            case Temporal() if part.host == host:
                number = Decimal(part.replicas)
                yield Pods(asks=_asks(part, 0), at_rest=exactly(number), at_work=exactly(number))
            case Job() | Schedule() if part.host == host:
                running_at_once = work_of(part, reckoning) * share / windows(reckoning).likely
                yield Pods(asks=_asks(part, part.gpus), at_rest=NOTHING, at_work=running_at_once)


def _scaled(part: Service | Worker, reckoning: Reckoning, share: Decimal) -> Pods:
    """Replicas beyond the fewest count for the time that they are there, never more than are at once; what is
    left of their time is that of a queue which is worked on at night."""
    runs = running(reckoning, part, Decimal(str(part.cpu)), share, MACHINE_WAITS)
    window = windows(reckoning).likely
    by_day = (runs.above / window + runs.fewest).with_(runs.at_work, min)
    low, likely, high = (
        max(Decimal(0), above - (day - runs.fewest) * window)
        for above, day in zip(runs.above.triple, by_day.triple, strict=True)
    )
    left = Range(min(low, likely), likely, max(likely, high))  # the ends are those of other working hours
    by_night = left / max(Decimal(1), MONTH - window) + runs.fewest
    return Pods(asks=_asks(part, part.gpus), at_rest=by_night, at_work=by_day)


def _asks(part: Process | Temporal, gpus: int) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(str(part.cpu)), Decimal(part.memory.bytes) / 2**30, Decimal(gpus)
