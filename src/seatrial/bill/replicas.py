"""How many replicas of a process run in a month, and what they can carry.

From the figures of the usage; how replicas follow from them stands in `seatrial.bill.scaling`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from seatrial.bill.range import NOTHING, Range, exactly, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.runs import bringing, run_time, runs_of
from seatrial.bill.scaling import (
    COOLDOWN,
    MONTH,
    Load,
    Rules,
    above,
    active,
    at_work,
    awake_at_once,
    awake_in_goes,
    ranged,
)
from seatrial.bill.traffic import answered
from seatrial.bill.units import many
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted, in_unit
from seatrial.bill.work import item_time, items, probes, request_cpu, request_time, windows, works_on_items
from seatrial.model import AppServicePlan, Job, Requests, Schedule, Service, Worker
from seatrial.model.value import Value

__all__ = ["Running", "capacity", "running", "warn_of_load"]

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


def running(
    reckoning: Reckoning,
    process: Service | Worker,
    cores: Decimal,
    share: Decimal,
    waits: Decimal = Decimal(0),
) -> Running:
    """The replicas of a process in one of the regions.

    Args:
        cores: of one replica.
        share: what falls to the region, of all there is to do.
        waits: seconds that what the last replica runs on stays when it has gone.
    """
    key = ("running", process.name, cores, share, waits)
    return reckoning.once(key, partial(_running, reckoning, process, cores, share, waits))


def _running(
    reckoning: Reckoning, process: Service | Worker, cores: Decimal, share: Decimal, waits: Decimal
) -> Running:
    rules = _rules(reckoning, process, cores, waits)
    loads, window = _loads(reckoning, process, rules, share), windows(reckoning)

    bring = bringing(reckoning, process) if rules.items else ()
    goes = total(runs_of(each, reckoning) for each in bring).likely * share
    each_go = max((run_time(each, reckoning).likely for each in bring), default=Decimal(0))

    def in_range(of: Of, least: Of | None = None, most_likely: Of | None = None) -> Range:
        return ranged(
            window,
            loads,
            lambda load, span: of(load, rules, span),
            None if least is None else lambda load, span: least(load, rules, span),
            None if most_likely is None else lambda load, span: most_likely(load, rules, span),
        )

    def in_goes(load: Load, rules: Rules, span: Decimal) -> Decimal:
        return awake_in_goes(load, rules, span, goes, each_go)

    warn_of_load(reckoning, process, cores)
    return Running(
        fewest=rules.fewest,
        at_work=in_range(at_work),
        active=_busy_always(rules) if isinstance(process, Worker) else in_range(active),
        above=in_range(above, awake_at_once, in_goes if bring else None),
        load=_in_words(process, loads[1], window.likely, _goes_in_words(bring, goes)),
    )


Of = Callable[[Load, Rules, Decimal], Decimal]


def _rules(reckoning: Reckoning, process: Service | Worker, cores: Decimal, waits: Decimal) -> Rules:
    fewest, most = process.replicas
    unsaid = isinstance(process, Service) and process.hosted_by == "container apps"
    rules = process.scale or (DEFAULT_RULES if unsaid else ())
    items = works_on_items(reckoning, process)
    return Rules(fewest=fewest, most=most, cores=cores, rules=rules, items=items, cooldown=COOLDOWN + waits)


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
    requests, time, cpu, probed = NOTHING, NOTHING, NOTHING, NOTHING
    if isinstance(process, Service):
        probed = probes(reckoning, process) / MONTH
    if isinstance(process, Service) and (requests := answered(reckoning, process) * share).high:
        time, cpu = request_time(reckoning, process), request_cpu(reckoning, process)
    many, each = NOTHING, NOTHING
    if rules.items:
        many, each = items(reckoning, process) * share, item_time(reckoning, process)
    low, likely, high = (
        Load(requests=a, time=b, cpu=c, items=d, item_time=e, probes=f)
        for a, b, c, d, e, f in zip(
            requests.triple, time.triple, cpu.triple, many.triple, each.triple, probed.triple, strict=True
        )
    )
    return low, likely, high


def _goes_in_words(bring: Sequence[Job | Schedule], goes: Decimal) -> str:
    """How items come, where jobs and schedules bring them: `in 1 run of ingest`."""
    if not bring:
        return ""
    names, number = " and ".join(each.name for each in bring), max(goes, Decimal(1))
    return f"in {counted(number)} run{'' if number == 1 else 's'} of {names}"


def _in_words(process: Service | Worker, load: Load, window: Decimal, goes: str) -> str:
    hours = f"in {counted(window / 3600)} of {HOURS} h"
    pieces = []
    if load.requests:
        rate = load.requests / window
        at_once = f", {counted(rate)} a second" if rate >= 1 else ""
        number = many(exactly(load.requests))
        pieces.append(f"{number} requests of {in_unit(load.time, 'seconds')} {hours}{at_once}")
    if load.items:
        number = many(exactly(load.items))
        pieces.append(f"{number} items of {in_unit(load.item_time, 'seconds')} {goes or hours}")
    if load.probes:
        pieces.append(f"{counted((load.probes * MONTH).quantize(Decimal(1)))} probes")
    return " and ".join(pieces) or ("always at work" if isinstance(process, Worker) else "no requests")


# -- what can be carried --------------------------------------------------------------------------------


def capacity(reckoning: Reckoning, process: Service | Worker, cores: Decimal | None = None) -> Range | None:
    """Requests, or items of what answers none, that a process can carry in a month with its most replicas.

    A service carries what its cores do in the working hours, and what its rule lets each replica answer at
    once. Items that are not finished are worked on at night. None: nothing limits it that is known.

    Args:
        cores: of one replica; left out, what was asked for.
    """
    most = _most(process) * len(reckoning.plan.regions)
    if not _answers(reckoning, process):
        if not works_on_items(reckoning, process):
            return None
        return _divided(exactly(most * MONTH), item_time(reckoning, process))
    assert isinstance(process, Service)
    window, each = windows(reckoning), Decimal(str(process.cpu)) if cores is None else cores
    limits = [_divided(window * (most * each), request_cpu(reckoning, process))]
    for rule in process.scale:
        if isinstance(rule, Requests):
            limits.append(_divided(window * (most * rule.concurrent), request_time(reckoning, process)))
    known = [limit.triple for limit in limits if limit is not None]
    return Range(*(min(each) for each in zip(*known, strict=True))) if known else None


def _answers(reckoning: Reckoning, process: Service | Worker) -> bool:
    return isinstance(process, Service) and answered(reckoning, process).high > 0


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


def warn_of_load(reckoning: Reckoning, process: Service | Worker, cores: Decimal | None = None) -> None:
    """Says it when there is more to do than can be carried."""
    carried = capacity(reckoning, process, cores)
    if carried is None:
        return
    if isinstance(process, Service) and _answers(reckoning, process):
        what, load = "requests", answered(reckoning, process)
    else:
        what, load = "items", items(reckoning, process)
    if load.likely > carried.likely:
        reckoning.warn(
            process,
            f"{counted(load.likely)} {what} a month are more than it carries: about "
            f"{counted(carried.likely.quantize(Decimal(1)))}, with {_most(process)} at most in each region",
        )
