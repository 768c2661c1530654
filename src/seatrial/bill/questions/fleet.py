"""What would have to run on virtual machines that never scale: copies of each process, enough for its peak.

    cores at the peak = the larger of requests a second in working hours and the rate its targets promise,
                        × seconds of a core each, + the same of items × seconds each × its cores
    copies            = cores at the peak ÷ (its cores × 70 %), rounded up; as many as its fewest replicas at
                        least, and two of what the world reaches or of what is promised to be available

A promised rate of POST requests is promised of those, too, who receive from the queues that the service sends
to, and so on: they have nobody to help them at the peak.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from seatrial.bill.machine_sizes import Machine
from seatrial.bill.questions.demand import demand
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import MONTH
from seatrial.bill.traffic import entrances
from seatrial.bill.words import counted, in_unit
from seatrial.bill.work import item_time, windows
from seatrial.model import (
    Availability,
    Job,
    Latency,
    NodePool,
    Plan,
    Process,
    Schedule,
    Service,
    Temporal,
    Worker,
)
from seatrial.model.value import Value

__all__ = ["ENDING", "HEADROOM", "Need", "needs"]

HEADROOM = Decimal("0.7")
"""The share of its cores that a machine is planned to use at the peak: nothing adds more if it is short."""

ENDING = "jobs and schedules"
"""What ends takes turns on one machine."""


class Need(Value):
    """Copies of something that runs, in one region."""

    name: str
    """Of the process."""
    cores: Decimal
    """Of one copy."""
    gib: Decimal
    gpus: int
    pool: NodePool | None
    """Whose machines it keeps, because they have what it needs."""
    copies: Range
    apart: bool
    """Whether its copies are on two machines at least."""
    why: str
    """How the most likely number came about."""

    def fitting(self, room: Machine) -> int:
        """Copies on one machine."""
        by = [room.cores / self.cores, room.gib / self.gib]
        if self.gpus:
            by.append(Decimal(room.gpus) / self.gpus)
        return int(min(by).to_integral_value(ROUND_FLOOR))

    def machines(self, room: Machine) -> Range | None:
        """Of its own; None: not even one copy fits."""
        fitting = self.fitting(room)
        if not fitting:
            return None
        return (self.copies / fitting).map(_up).at_least(2 if self.apart else 1)


def needs(reckoning: Reckoning) -> Iterator[Need]:
    """Of everything that a plan runs itself, in one of its regions."""
    plan = reckoning.plan
    two, items = _at_least_two(plan), _promised_items(plan)
    for part in plan.parts:
        if isinstance(part, Service | Worker):
            yield _of_process(part, reckoning, part.name in two, items.get(part.name))
        elif isinstance(part, Temporal):
            yield _of(part, part.name, exactly(part.replicas), why=f"{part.replicas} × the engine")
    ending = [part for part in plan.parts if isinstance(part, Job | Schedule)]
    if ending:
        largest = max(ending, key=lambda part: (part.memory.bytes, part.cpu))
        yield _of(largest, ENDING, exactly(1), why=f"room for {largest.name}, the largest of {len(ending)}")


def _of(part: Process | Temporal, name: str, copies: Range, *, apart: bool = False, why: str) -> Need:
    gpus = part.gpus if isinstance(part, Process) else 0
    return Need(
        name=name,
        cores=Decimal(str(part.cpu)),
        gib=Decimal(part.memory.bytes) / 2**30,
        gpus=gpus,
        pool=part.host if gpus and isinstance(part.host, NodePool) else None,
        copies=copies,
        apart=apart,
        why=why,
    )


def _of_process(process: Service | Worker, reckoning: Reckoning, two: bool, promised: Decimal | None) -> Need:
    found = demand(reckoning, process, _promised(reckoning.plan, process))
    window = windows(reckoning)
    busy = Range(
        found.busy.low * MONTH / window.high,
        found.busy.likely * MONTH / window.likely,
        found.busy.high * MONTH / window.low,
    )
    words = found.formula
    if promised is not None:
        each = item_time(reckoning, process)
        busy = busy.with_(each * promised / len(reckoning.plan.regions), max)
        words = f"{counted(promised * 3600)} items an hour promised × {in_unit(each.likely, 'seconds')}"
    cpu = Decimal(str(process.cpu))
    cores = found.cores_of_requests + busy * cpu
    copies = (cores / (cpu * HEADROOM)).map(_up).at_least(max(process.replicas[0], 2 if two else 1))
    why = f"{counted(cores.likely)} cores at the peak, {words}"
    return _of(process, process.name, copies, apart=two, why=why)


def _up(number: Decimal) -> Decimal:
    return number.to_integral_value(ROUND_CEILING)


# -- what is promised -----------------------------------------------------------------------------------


def _promised(plan: Plan, process: Service | Worker) -> Decimal:
    """The most requests a second that a target promises to answer in time."""
    rates = (
        _a_second(target)
        for target in plan.targets
        if isinstance(target, Latency) and target.endpoint.service.name == process.name
    )
    return max(rates, default=Decimal(0))


def _promised_items(plan: Plan) -> dict[str, Decimal]:
    """Items a second, by process: of a rate of POST requests that is promised, through queues to the last."""
    rates: dict[str, Decimal] = {}
    processes = [part for part in plan.parts if isinstance(part, Process)]

    def follow(sender: Process, rate: Decimal, seen: frozenset[str]) -> None:
        sent = {queue.name for queue in sender.sends}
        for receiver in processes:
            if receiver.name not in seen and sent & {queue.name for queue in receiver.receives}:
                rates[receiver.name] = max(rate, rates.get(receiver.name, Decimal(0)))
                follow(receiver, rate, seen | {receiver.name})

    for target in plan.targets:
        if isinstance(target, Latency) and target.endpoint.method == "POST":
            service = target.endpoint.service
            follow(service, _a_second(target), frozenset({service.name}))
    return rates


def _a_second(target: Latency) -> Decimal:
    rate = target.at.per_second
    return Decimal(rate.numerator) / Decimal(rate.denominator)


def _at_least_two(plan: Plan) -> frozenset[str]:
    """What the world reaches, and what is promised to be available."""
    promised = [target.of for target in plan.targets if isinstance(target, Availability)]
    return frozenset({*entrances(plan), *(each.name for each in promised if each is not None)})
