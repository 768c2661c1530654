"""What there is to do in a month: requests and items, how long each takes, and when they come."""

from __future__ import annotations

from decimal import Decimal

from seatrial.azure.access import use_of
from seatrial.azure.reach import edges_before, users_of
from seatrial.bill.range import NOTHING, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.scaling import DAY, MONTH
from seatrial.bill.traffic import answered
from seatrial.bill.usage import said
from seatrial.model import (
    ApplicationGateway,
    Backlog,
    FrontDoor,
    Queue,
    QueueLength,
    Service,
    Worker,
)

__all__ = [
    "core_seconds",
    "item_seconds",
    "item_time",
    "items",
    "messages",
    "probes",
    "request_cpu",
    "request_time",
    "windows",
    "works_on_items",
]


def windows(reckoning: Reckoning) -> Range:
    """The working hours of a month, in seconds."""
    return reckoning.figure("busy").at_least(1).at_most(DAY) * (MONTH / DAY)


def request_time(reckoning: Reckoning, service: Service) -> Range:
    """Seconds that a request is under way."""
    assumed = Range(Decimal("0.02"), Decimal("0.1"), Decimal("0.5"))
    return reckoning.figure("request_time", service, assumed=assumed, why="a few queries of a database")


def request_cpu(reckoning: Reckoning, service: Service) -> Range:
    """Seconds of one core that a request takes."""
    assumed = Range(Decimal("0.005"), Decimal("0.02"), Decimal("0.1"))
    return reckoning.figure("request_cpu", service, assumed=assumed, why="an answer in JSON, or a light page")


PROBED_EACH = Decimal(30)
"""Seconds, as both gateways and Front Door are told."""

EDGES = Range(Decimal(1), Decimal(100), Decimal(300))
"""Places of Front Door that ask an origin, where it has several: those that have traffic to bring.
Sources: https://learn.microsoft.com/azure/frontdoor/health-probes tells of two requests a minute from each;
some 600 a minute in all were seen in https://github.com/MicrosoftDocs/azure-docs/issues/82741"""


def probes(reckoning: Reckoning, service: Service) -> Range:
    """Requests a month, of edges before a service in one region, that ask whether it is well.

    Each machine of a gateway asks by itself; Front Door asks only where it can choose between regions.
    Source: https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview
    """
    asking = NOTHING
    for edge in edges_before(service, reckoning.plan):
        match edge:
            case ApplicationGateway(capacity=(fewest, most)):
                machines = Decimal(max(1, fewest))
                asking += Range(machines, machines, max(machines, Decimal(most)))
            case FrontDoor() if len(reckoning.plan.regions) > 1:
                asking += EDGES
            case _:
                pass
    return asking * (MONTH / PROBED_EACH)


def core_seconds(reckoning: Reckoning, service: Service) -> Range:
    """Seconds of one core that all requests of a month take, over all regions."""
    return answered(reckoning, service) * request_cpu(reckoning, service)


def item_seconds(reckoning: Reckoning, process: Service | Worker) -> Range:
    """Seconds of a replica that all items of a month take, over all regions."""
    if not works_on_items(reckoning, process):
        return NOTHING
    return items(reckoning, process) * item_time(reckoning, process)


def items(reckoning: Reckoning, process: Service | Worker) -> Range:
    """What a process works on: each message of the queues that it waits for, else each new record."""
    queues = {rule.queue.name: rule.queue for rule in process.scale if isinstance(rule, QueueLength)}
    known = [reckoning.usage.known("messages", each) for each in queues.values()]
    assumed, why = reckoning.figure("new_records"), "each new record is worked on once"
    if told := [each for each in known if each is not None]:
        assumed, why = total(told), "one for each message that it waits for"
    return reckoning.figure("items", process, assumed=assumed, why=why)


def messages(reckoning: Reckoning, queue: Queue) -> Range:
    """What is sent to a queue: one for each item of those who receive it, or else of those who send it."""
    assumed, why = reckoning.figure("new_records"), "one for each new record"
    for verb in ("receives", "sends"):
        who = [] if verb == "receives" and queue.topic else _workers(reckoning, queue, verb)
        if any(reckoning.usage.known("items", each) is not None for each in who):
            assumed = total(items(reckoning, each) for each in who)
            why = f"one for each item of what {verb} them"
            break
    return reckoning.figure("messages", queue, assumed=assumed, why=why)


def _workers(reckoning: Reckoning, queue: Queue, verb: str) -> list[Service | Worker]:
    """Those that send to a queue or receive from it, and whose items can be counted."""
    return [
        each
        for each in users_of(queue, reckoning.plan)
        if isinstance(each, Service | Worker)
        and use_of(each, queue) in (verb, "all")
        and works_on_items(reckoning, each)
    ]


def item_time(reckoning: Reckoning, process: Service | Worker) -> Range:
    assumed = Range(Decimal("0.5"), Decimal(2), Decimal(10))
    why = "something is fetched, worked on and written"
    return reckoning.figure("item_time", process, assumed=assumed, why=why)


def works_on_items(reckoning: Reckoning, process: Service | Worker) -> bool:
    """Whether it takes work from a queue or a store: its rules say so, or the plan tells of its items."""
    if any(isinstance(rule, Backlog | QueueLength) for rule in process.scale):
        return True
    stated = reckoning.once("said", lambda: said(reckoning.plan))
    return f"{process.name}.items" in stated or f"{process.name}.item_time" in stated
