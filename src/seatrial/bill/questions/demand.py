"""What each process has to do in the hours in which the work comes, in cores and in replicas that are busy.

    cores of requests = requests a month × seconds of one core each ÷ seconds of working hours in the month
    at once           = requests a month × seconds under way each   ÷ the same              (Little's law)
    busy with items   = items a month × seconds each ÷ seconds of the month   (a queue is worked off by night)

All of one region; every region takes an equal share. The longer the working hours, the less there is to do in
each: the least of a range goes with the longest, the most with the shortest.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.bill.range import NOTHING, Range
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import MONTH
from seatrial.bill.traffic import answered
from seatrial.bill.words import counted, in_unit
from seatrial.bill.work import (
    core_seconds,
    item_time,
    items,
    request_cpu,
    request_time,
    windows,
    works_on_items,
)
from seatrial.model import Service, Worker
from seatrial.model.value import Value

__all__ = ["Demand", "demand", "demands"]


class Demand(Value):
    """What one process has to do in one region, in working hours."""

    process: Service | Worker
    rate: Range
    """Requests a second."""
    cores_of_requests: Range
    at_once: Range
    """Requests under way."""
    busy: Range
    """Replicas that are never done with items."""
    formula: str
    """How the most likely number of cores came about."""

    @property
    def cores(self) -> Range:
        """In use; an item keeps all cores of a replica busy."""
        return self.cores_of_requests + self.busy * Decimal(str(self.process.cpu))


def demands(reckoning: Reckoning) -> Iterator[Demand]:
    """Of every service and worker of the plan."""
    for part in reckoning.plan.parts:
        if isinstance(part, Service | Worker):
            yield demand(reckoning, part)


def demand(reckoning: Reckoning, process: Service | Worker, promised: Decimal = Decimal(0)) -> Demand:
    """Of one process.

    Args:
        promised: requests a second, over all regions, that it must answer however few a month brings.
    """
    share = 1 / Decimal(len(reckoning.plan.regions))
    rate = cores = at_once = busy = NOTHING
    words = []
    if isinstance(process, Service):
        window = windows(reckoning)
        per_second = _spread(answered(reckoning, process), window)
        rate = per_second.at_least(promised) * share
        cpu = request_cpu(reckoning, process)
        # what a month takes of the cores, unless more is promised than it brings
        cores = _spread(core_seconds(reckoning, process), window).with_(cpu * promised, max) * share
        at_once = rate * request_time(reckoning, process)
        if rate.high:
            each = in_unit(cpu.likely, "seconds")
            words.append(f"{counted(rate.likely)} requests a second × {each} of a core")
    if works_on_items(reckoning, process):
        each_item = item_time(reckoning, process)
        busy = items(reckoning, process) * each_item * share / MONTH
        if busy.high:
            number = counted((items(reckoning, process) * share).likely)
            words.append(f"{number} items × {in_unit(each_item.likely, 'seconds')} in 730 h")
    return Demand(
        process=process,
        rate=rate,
        cores_of_requests=cores,
        at_once=at_once,
        busy=busy,
        formula=" + ".join(words) or "nothing to do",
    )


def _spread(amount: Range, seconds: Range) -> Range:
    """So much for each second: the least over the longest, the most over the shortest."""
    return Range(amount.low / seconds.high, amount.likely / seconds.likely, amount.high / seconds.low)
