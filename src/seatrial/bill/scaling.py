"""How many replicas follow from a load, in closed form.

Requests and items come in the working hours of each day, evenly spread over them and independent of each
other (Poisson), λ in a second. From that:

- The rule `requests(n)` counts the requests of 15 seconds, over 15: each counts as one second, or for as long
  as it takes. It wants λ × max(time, 1 s) / n replicas.
- The rule `cpu(p)` wants as many as have λ × seconds of a core / (cores × p) to do; an item keeps all cores
  of a replica at work.
- What is taken from a queue or a database wants as many as are at work on it: λ × time of an item.
- What is wanted most counts, rounded up, never fewer or more than the process says. A rule for memory wants
  nothing: memory follows the program, not the load.
- Of the fewest replicas, each has something to do in a second with the chance
  1 − exp(−λ / replicas × (time + 1 s)).
- Edges that ask whether it is well do so day and night, in next to no time.
- Items that jobs and schedules bring come in goes, as often and for as long as those run.
- A process without fewest replicas stays awake for the cool-down after its last request or item: one replica
  for the share 1 − exp(−λ × (time + cool-down)) of the working hours, which is what windows of that length
  cover together when they begin at random.

Sources: https://learn.microsoft.com/azure/container-apps/scale-app (15 seconds, 300 s of cool-down) and
https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details (rounding up)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

from seatrial.azure.scale import COOLDOWN_SECONDS
from seatrial.bill.range import Range
from seatrial.bill.usage import HOURS
from seatrial.model import Backlog, Cpu, QueueLength, Requests
from seatrial.model.scaling import ScaleRule
from seatrial.model.value import Value

__all__ = [
    "COOLDOWN",
    "DAY",
    "MONTH",
    "Load",
    "Rules",
    "above",
    "active",
    "at_work",
    "awake_at_once",
    "awake_in_goes",
    "ranged",
]

T = TypeVar("T")

DAY = Decimal(86_400)
MONTH = Decimal(HOURS * 3600)
"""In seconds."""

SECOND = Decimal(1)
"""Azure counts by the second: one with a request in it is one of work.
Source: https://learn.microsoft.com/azure/container-apps/billing"""

COOLDOWN = Decimal(COOLDOWN_SECONDS)
WHOLE = Decimal(1)


class Load(Value):
    """What one process in one region has to do in a month."""

    requests: Decimal
    time: Decimal
    """Seconds that a request is under way."""
    cpu: Decimal
    """Seconds of one core that a request takes."""
    items: Decimal
    item_time: Decimal
    """Seconds that an item is worked on."""
    probes: Decimal = Decimal(0)
    """Requests a second, by day and by night, of edges that ask whether it is well."""


class Rules(Value):
    """How a process scales."""

    fewest: int
    most: int
    cores: Decimal
    """Of one replica."""
    rules: tuple[ScaleRule, ...]
    items: bool = False
    """Whether it takes work from a queue or a store."""
    cooldown: Decimal = COOLDOWN
    """Seconds that the last replica stays after its work, of a process without fewest replicas."""


def ranged(
    window: Range,
    loads: tuple[T, T, T],
    of: Callable[[T, Decimal], Decimal],
    least: Callable[[T, Decimal], Decimal] | None = None,
    most_likely: Callable[[T, Decimal], Decimal] | None = None,
) -> Range:
    """What comes of three loads, the least, the most likely and the most, each in a window of working hours.

    It grows with the load. With longer working hours it may fall as well as grow: so both ends of them count.

    Args:
        least: what comes of the least load, where it may be less than `of` says.
        most_likely: the same of the most likely load.
    """
    low, likely, high = loads
    spans = set(window.triple)
    return Range(
        min((least or of)(low, span) for span in spans),
        (most_likely or of)(likely, window.likely),
        max(of(high, span) for span in spans),
    )


def at_work(load: Load, rules: Rules, window: Decimal) -> Decimal:
    """Replicas in the working hours, `window` seconds a month: a whole number between fewest and most."""
    wanted = max(_wanted(load, rules, window)).to_integral_value(ROUND_CEILING)
    return max(Decimal(rules.fewest), min(wanted, Decimal(rules.most)))


def active(load: Load, rules: Rules, window: Decimal) -> Decimal:
    """Seconds of the fewest replicas in which they have something to do.

    While there are more than the fewest, all are charged as active, with or without a request.
    Source: https://learn.microsoft.com/azure/container-apps/billing
    """
    fewest = Decimal(rules.fewest)
    if not fewest:
        return fewest
    by_night = fewest * (MONTH - window) * _covered(load.probes * SECOND / fewest)
    if at_work(load, rules, window) > fewest:
        return fewest * window + by_night
    return fewest * window * _covered(_rates(load, window, SECOND) / fewest) + by_night


def above(load: Load, rules: Rules, window: Decimal) -> Decimal:
    """Seconds of replicas beyond the fewest.

    What `most` replicas do not finish of a queue in the working hours is done after them.
    """
    number, most = at_work(load, rules, window), MONTH * (rules.most - rules.fewest)
    # without fewest replicas, probes keep one awake; else the fewest answer them
    awake = _covered(Decimal(0) if rules.fewest else load.probes * rules.cooldown)
    by_night = (MONTH - window) * awake
    if rules.fewest == 0 and number <= 1:
        by_day = window * _covered(_rates(load, window, rules.cooldown))
        return min(max(by_day, _of_items(load, rules)) + by_night, most)
    left = _of_items(load, rules) - window * number
    return min(window * (number - rules.fewest) + max(Decimal(0), left) + by_night, most)


def awake_at_once(load: Load, rules: Rules, window: Decimal) -> Decimal:
    """The least that `above` can be: all items of the month come in one go, so it cools down but once.

    Requests come evenly as ever.
    """
    if rules.fewest or load.requests or load.probes or not load.items:
        return above(load, rules, window)
    return min(above(load, rules, window), _of_items(load, rules) + rules.cooldown)


def awake_in_goes(load: Load, rules: Rules, window: Decimal, goes: Decimal, each: Decimal) -> Decimal:
    """What `above` is when all items come in so many goes, each so many seconds long.

    As many replicas as are at work are awake for as long as a go, and cool down after each.
    """
    if rules.fewest or load.requests or load.probes or not load.items:
        return above(load, rules, window)
    work, goes, each = _of_items(load, rules), max(goes, WHOLE), max(each, SECOND)
    wanted = (work / (goes * each)).to_integral_value(ROUND_CEILING)
    replicas = max(WHOLE, min(wanted, Decimal(rules.most)))
    awake = max(work, replicas * goes * each) + replicas * goes * rules.cooldown
    return min(above(load, rules, window), awake)


def _wanted(load: Load, rules: Rules, window: Decimal) -> Iterator[Decimal]:
    yield Decimal(0)
    if rules.fewest == 0 and (load.requests or load.items or load.probes):
        yield WHOLE
    rate = load.requests / window
    for rule in rules.rules:
        match rule:
            case Requests(concurrent=concurrent):
                yield (rate * max(load.time, SECOND) + load.probes * SECOND) / concurrent
            case Cpu(percent=percent):
                busy = rate * load.cpu / rules.cores + load.items / window * load.item_time
                yield busy * 100 / percent
            case Backlog() | QueueLength():
                yield load.items / window * load.item_time
            case _:
                pass


def _of_items(load: Load, rules: Rules) -> Decimal:
    return load.items * load.item_time if rules.items else Decimal(0)


def _rates(load: Load, window: Decimal, stays: Decimal) -> Decimal:
    """How many are under way at once, when each stays for so many seconds longer than it takes."""
    of_requests = load.requests * (load.time + stays)
    return (of_requests + load.items * (load.item_time + stays)) / window + load.probes * stays


def _covered(at_once: Decimal) -> Decimal:
    """The share of time with at least one under way, when there are so many on average."""
    return 1 - (-at_once).exp()
