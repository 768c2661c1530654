"""How many replicas of a process run in a month, and what they can carry.

From the figures of the usage; how replicas follow from them stands in `seatrial.bill.scaling`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from seatrial.bill.range import NOTHING, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import DAY, MONTH, Load, Rules, above, active, at_work, awake_at_once, ranged
from seatrial.bill.traffic import answered
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted, in_unit
from seatrial.model import AppServicePlan, Requests, Service, Worker
from seatrial.model.value import Value

__all__ = ["Running", "capacity", "core_seconds", "running", "windows"]

DEFAULT_RULES = (Requests(concurrent=10),)
"""Of a container app with requests, where no rule is written.
Source: https://learn.microsoft.com/azure/container-apps/scale-app#default-scale-rule"""


class Running(Value):
    """The replicas of one process in one region, in a month."""

    fewest: int
    at_work: Range
    """Replicas in the working hours."""
    active: Range
    """Seconds of the fewest replicas in which they have something to do."""
    above: Range
    """Seconds of replicas beyond the fewest; all of them count as active."""
    load: str
    """What makes them run, in words: `1.52 requests a second in 365 of 730 h`."""

    @property
    def idle(self) -> Range:
        """Seconds of the fewest replicas in which they wait: falls as the load grows."""
        whole, at_work = self.fewest * MONTH, self.active
        return Range(whole - at_work.high, whole - at_work.likely, whole - at_work.low)


def running(reckoning: Reckoning, process: Service | Worker, cores: Decimal, share: Decimal) -> Running:
    """The replicas of a process in one of the regions.

    Args:
        cores: of one replica.
        share: what falls to the region, of all there is to do.
    """
    key = ("running", process.name, cores, share)
    return reckoning.once(key, partial(_running, reckoning, process, cores, share))


def _running(reckoning: Reckoning, process: Service | Worker, cores: Decimal, share: Decimal) -> Running:
    rules = _rules(process, cores)
    loads, window = _loads(reckoning, process, rules, share), windows(reckoning)

    def in_range(of: Of, least: Of | None = None) -> Range:
        return ranged(
            window,
            loads,
            lambda load, span: of(load, rules, span),
            None if least is None else lambda load, span: least(load, rules, span),
        )

    _warn(reckoning, process, cores)
    return Running(
        fewest=rules.fewest,
        at_work=in_range(at_work),
        active=_busy_always(rules) if isinstance(process, Worker) else in_range(active),
        above=in_range(above, awake_at_once),
        load=_in_words(process, loads[1], window.likely),
    )


Of = Callable[[Load, Rules, Decimal], Decimal]


def windows(reckoning: Reckoning) -> Range:
    """The working hours of a month, in seconds."""
    return reckoning.figure("busy").at_least(1).at_most(DAY) * (MONTH / DAY)


def _rules(process: Service | Worker, cores: Decimal) -> Rules:
    fewest, most = process.replicas
    rules = process.scale or (DEFAULT_RULES if isinstance(process, Service) else ())
    return Rules(fewest=fewest, most=most, cores=cores, rules=rules)


def _busy_always(rules: Rules) -> Range:
    """A worker looks for work all the time: with that it is over 0.01 cores, and never counts as idle.

    Source: https://learn.microsoft.com/azure/container-apps/billing
    """
    return exactly(rules.fewest * MONTH)


# -- what there is to do --------------------------------------------------------------------------------


def _loads(
    reckoning: Reckoning, process: Service | Worker, rules: Rules, share: Decimal
) -> tuple[Load, Load, Load]:
    """At least, most likely, at most, of one region."""
    requests, time, cpu = NOTHING, NOTHING, NOTHING
    if isinstance(process, Service):
        requests = answered(reckoning, process) * share
        time, cpu = request_time(reckoning, process), request_cpu(reckoning, process)
    items, item_time = NOTHING, NOTHING
    if rules.counts_items:
        items, item_time = _items(reckoning, process) * share, _item_time(reckoning, process)
    low, likely, high = (
        Load(requests=a, time=b, cpu=c, items=d, item_time=e)
        for a, b, c, d, e in zip(
            requests.triple, time.triple, cpu.triple, items.triple, item_time.triple, strict=True
        )
    )
    return low, likely, high


def request_time(reckoning: Reckoning, service: Service) -> Range:
    """Seconds that a request is under way."""
    assumed = Range(Decimal("0.02"), Decimal("0.1"), Decimal("0.5"))
    return reckoning.figure("request_time", service, assumed=assumed, why="a few queries of a database")


def request_cpu(reckoning: Reckoning, service: Service) -> Range:
    """Seconds of one core that a request takes."""
    assumed = Range(Decimal("0.005"), Decimal("0.02"), Decimal("0.1"))
    return reckoning.figure("request_cpu", service, assumed=assumed, why="an answer in JSON, or a light page")


def core_seconds(reckoning: Reckoning, service: Service) -> Range:
    """Seconds of one core that all requests of a month take, over all regions."""
    return answered(reckoning, service) * request_cpu(reckoning, service)


def _items(reckoning: Reckoning, process: Service | Worker) -> Range:
    records = reckoning.figure("new_records")
    return reckoning.figure("items", process, assumed=records, why="each new record is worked on once")


def _item_time(reckoning: Reckoning, process: Service | Worker) -> Range:
    assumed = Range(Decimal("0.5"), Decimal(2), Decimal(10))
    why = "something is fetched, worked on and written"
    return reckoning.figure("item_time", process, assumed=assumed, why=why)


def _in_words(process: Service | Worker, load: Load, window: Decimal) -> str:
    hours = f"in {counted(window / 3600)} of {HOURS} h"
    pieces = []
    if load.requests:
        pieces.append(f"{counted(load.requests)} requests of {in_unit(load.time, 'seconds')} {hours}")
    if load.items:
        pieces.append(f"{counted(load.items)} items of {in_unit(load.item_time, 'seconds')} {hours}")
    return " and ".join(pieces) or ("always at work" if isinstance(process, Worker) else "no requests")


# -- what can be carried --------------------------------------------------------------------------------


def capacity(reckoning: Reckoning, process: Service | Worker, cores: Decimal | None = None) -> Range | None:
    """Requests of a service, or items of a worker, that it can carry in a month with its most replicas.

    A service carries what its cores do in the working hours, and what its rule lets each replica answer at
    once. A worker goes on at night with what it has not finished. None: nothing limits it that is known.

    Args:
        cores: of one replica; left out, what was asked for.
    """
    each = Decimal(str(process.cpu)) if cores is None else cores
    most = _most(process) * len(reckoning.plan.regions)
    if isinstance(process, Worker):
        rules = _rules(process, each)
        if not rules.counts_items:
            return None
        return _divided(exactly(most * MONTH), _item_time(reckoning, process))
    window = windows(reckoning)
    limits = [_divided(window * (most * each), request_cpu(reckoning, process))]
    for rule in process.scale:
        if isinstance(rule, Requests):
            at_once = most * rule.concurrent
            limits.append(_divided(window * at_once, request_time(reckoning, process)))
    known = [limit for limit in limits if limit is not None]
    if not known:
        return None
    return Range(*(min(each) for each in zip(*(limit.triple for limit in known), strict=True)))


def _most(process: Service | Worker) -> int:
    """Replicas at most: of a service on machines of App Service, one on each of them; of a group of Container
    Instances, those that always run."""
    if isinstance(process.host, AppServicePlan):
        return process.host.instances[1]
    return process.replicas[0 if process.hosted_by == "container instances" else 1]


def _divided(amount: Range, by: Range) -> Range | None:
    """At least of the least and the longest."""
    if not by.low:
        return None
    return Range(amount.low / by.high, amount.likely / by.likely, amount.high / by.low)


def _warn(reckoning: Reckoning, process: Service | Worker, cores: Decimal) -> None:
    carried = capacity(reckoning, process, cores)
    if carried is None:
        return
    if isinstance(process, Service):
        what, load = "requests", answered(reckoning, process)
    else:
        what, load = "items", _items(reckoning, process)
    if load.likely > carried.likely:
        reckoning.warn(
            process,
            f"{counted(load.likely)} {what} a month are more than its most replicas, "
            f"{_most(process)} in each region, carry: about {counted(carried.likely.quantize(Decimal(1)))}",
        )
