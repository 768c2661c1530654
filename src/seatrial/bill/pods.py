"""How many machines the pods of a node pool take.

In the working hours as many as the pods of all processes on it ask for, by cores, memory or GPUs, whichever
takes more; at other times as many as their fewest replicas do. Pods are taken to fill machines without a
rest, and those that the cluster puts on every machine are in what it keeps for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from seatrial.bill.container_jobs import work_of
from seatrial.bill.machine_sizes import Machine
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.replicas import running
from seatrial.bill.scaling import MONTH
from seatrial.bill.words import counted
from seatrial.bill.work import windows
from seatrial.model import Job, NodePool, Process, Schedule, Service, Temporal, Worker
from seatrial.model.value import Value

__all__ = ["machines_for_pods"]


MACHINE_WAITS = Decimal(600)
"""Seconds that a machine stays when nothing on it is needed any more.
Source: https://learn.microsoft.com/azure/aks/cluster-autoscaler-overview"""


class Pods(Value):
    """Those of one process."""

    asks: tuple[Decimal, Decimal, Decimal]
    """Cores, GiB and GPUs of one."""
    at_rest: Decimal
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

    def wanted(numbers: list[Decimal]) -> Decimal:
        """Unrounded: the share of a machine that all take together."""
        asked = [
            sum((n * each.asks[i] for n, each in zip(numbers, pods, strict=True)), Decimal(0))
            for i in range(3)
        ]
        return max(
            (amount / space for amount, space in zip(asked, room, strict=True) if amount), default=Decimal(0)
        )

    def within(machines: Decimal) -> Decimal:
        """Whole ones, but for one that is there for a part of the time."""
        whole = machines if machines < 1 else machines.to_integral_value(ROUND_CEILING)
        return max(fewest, min(whole, most))

    at_rest = within(wanted([each.at_rest for each in pods]).to_integral_value(ROUND_CEILING))
    at_work = Range(*(wanted([each.at_work.triple[case] for each in pods]) for case in range(3)))
    if at_work.likely > most:
        reckoning.warn(
            pool,
            f"its pods take {counted(at_work.likely)} machines in each region in the working hours, "
            f"and there are {counted(most)} at most",
        )
    busy = windows(reckoning) * (1 / MONTH)
    more = at_work.map(lambda each: max(at_rest, within(each)) - at_rest)
    return more * busy + at_rest, "by the cores, memory and GPUs of its pods in and out of working hours"


def _pods(pool: NodePool | None, reckoning: Reckoning, share: Decimal) -> Iterator[Pods]:
    host = pool if pool is not None else "aks"
    for part in reckoning.plan.parts:
        match part:
            case Service() | Worker() if part.host == host:
                yield _scaled(part, reckoning, share)
            case Temporal() if part.host == host:
                number = Decimal(part.replicas)
                yield Pods(asks=_asks(part, 0), at_rest=number, at_work=exactly(number))
            case Job() | Schedule() if part.host == host:
                running_at_once = work_of(part, reckoning) * share / windows(reckoning).likely
                yield Pods(asks=_asks(part, part.gpus), at_rest=Decimal(0), at_work=running_at_once)


def _scaled(part: Service | Worker, reckoning: Reckoning, share: Decimal) -> Pods:
    """Replicas beyond the fewest count for the time that they are there, never more than are at once."""
    runs = running(reckoning, part, Decimal(str(part.cpu)), share, MACHINE_WAITS)
    window = windows(reckoning).likely
    mean = runs.above / window + runs.fewest
    at_work = mean.with_(runs.at_work, min)
    return Pods(asks=_asks(part, part.gpus), at_rest=Decimal(runs.fewest), at_work=at_work)


def _asks(part: Process | Temporal, gpus: int) -> tuple[Decimal, Decimal, Decimal]:
    return Decimal(str(part.cpu)), Decimal(part.memory.bytes) / 2**30, Decimal(gpus)
