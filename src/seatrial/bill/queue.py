"""What a Service Bus namespace is charged for: a base price, operations, and connections.

An operation is any call: to send, to receive, to say that a message is dealt with, and to ask how many wait,
as a scale rule does. In the standard tier the base price is paid once in a subscription, by the month or by
the hour (the price list has both: one is charged), and 13 million operations and 1,000 connections are in it.
Storage costs nothing.

Sources: https://azure.microsoft.com/pricing/details/service-bus/,
https://learn.microsoft.com/azure/service-bus-messaging/service-bus-faq (2021-01-20) and, for operations and
connections, the earlier page "Service Bus pricing and billing" (2017-12-21) in
https://github.com/MicrosoftDocs/azure-docs
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.access import use_of
from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.reach import users_of
from seatrial.azure.scale import POLLING_SECONDS
from seatrial.bill import work
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import ONE, Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import many, one_or_more, shared, whole_month
from seatrial.bill.usage import HOURS
from seatrial.model import Plan, Process, Queue, QueueLength, Service, Worker

__all__ = ["namespace"]

MINUTES = HOURS * 60
POLLS = HOURS * 3600 // POLLING_SECONDS
"""How often a scale rule asks in a month."""


def namespace(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Of a namespace: its base price, and what each of its queues and topics brings."""
    body = Body(resource.body)
    tier = str(body.at("sku.name"))
    if tier == "Premium":
        units = int(body.at("sku.capacity") or 1)
        yield Charge(
            what="messaging units",
            meter=_meter("Premium Messaging Unit", tier, resource.region),
            quantity=exactly(units * HOURS),
            formula=whole_month(units, "unit"),
            steady=True,
        )
        return
    if tier == "Standard":
        yield _base(resource, reckoning)
    for part in reckoning.plan.of(Queue):
        yield from _operations(part, tier, resource, reckoning)
    if tier == "Standard":
        yield _connections(resource, reckoning)


def _meter(name: str, tier: str, region: str) -> Meter:
    return Meter(service="Service Bus", product="Service Bus", name=name, sku=tier, region=region)


def _base(resource: Resource, reckoning: Reckoning) -> Charge | Free:
    if reckoning.graph.of(resource.type)[0] != resource:
        return Free(what="base price", why="paid once in a subscription, with the first namespace")
    return Charge(
        what="base price",
        meter=_meter("Standard Base Unit", "Standard", resource.region),
        quantity=ONE,
        formula="once a month, whatever the number of namespaces",
        steady=True,
    )


# -- operations -----------------------------------------------------------------------------------------


def _operations(part: Queue, tier: str, resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    meter = _meter(f"{tier} Messaging Operations", tier, resource.region)
    quantity, formula = _messages(part, resource, reckoning)
    yield Charge(what="messages", part=part.name, meter=meter, quantity=quantity, formula=formula)
    rules = _rules(part, reckoning.plan)
    if rules:
        yield Charge(
            what="counting what waits",
            part=part.name,
            meter=meter,
            quantity=exactly(rules * POLLS),
            formula=f"{one_or_more(rules, 'scale rule')} × {HOURS} h, asking every {POLLING_SECONDS} s",
        )
    idle, formula = _idle(part, reckoning.plan)
    if idle.high:
        yield Charge(what="waiting receivers", part=part.name, meter=meter, quantity=idle, formula=formula)


def _messages(part: Queue, resource: Resource, reckoning: Reckoning) -> tuple[Range, str]:
    """A message is sent once; whoever receives it gets it and says that it is dealt with. To keep it longer
    than its lock, or to try again, takes more: up to as much."""
    messages = work.messages(reckoning, part)
    receivers = len(tuple(_receivers(part, reckoning.plan)))
    deliveries = receivers if part.topic else min(receivers, 1)
    each = exactly(deliveries) * Range(Decimal(2), Decimal(2), Decimal(4)) + 1
    share = reckoning.share(resource)
    dealt = f" and for {deliveries} received and dealt with" if part.topic else ", received and dealt with"
    how = f"sent{dealt}" if deliveries else "sent"
    formula = f"{many(messages)} messages × {many(each)} operations{shared(share)}: {how}"
    return messages * each * share, formula


def _receivers(part: Queue, plan: Plan) -> Iterator[Process]:
    for process in users_of(part, plan):
        if use_of(process, part) in ("all", "receives"):
            yield process


def _rules(part: Queue, plan: Plan) -> int:
    """How many scale rules count what waits in it."""
    scaled: tuple[Service | Worker, ...] = (*plan.of(Service), *plan.of(Worker))
    rules = (rule for each in scaled for rule in each.scale if isinstance(rule, QueueLength))
    return sum(rule.queue.name == part.name for rule in rules)


def _idle(part: Queue, plan: Plan) -> tuple[Range, str]:
    """A receiver for whom nothing comes asks again, in most clients after a minute: assumed of the replicas
    that always run, up to all that may; of none at least, as an open link over AMQP need not ask."""
    running = [each.replicas for each in _receivers(part, plan) if isinstance(each, Service | Worker)]
    fewest, most = sum(low for low, _ in running), sum(high for _, high in running)
    idle = Range(Decimal(0), Decimal(fewest), Decimal(most)) * MINUTES
    return idle, f"{one_or_more(fewest, 'replica')} × {HOURS} h × 60 times an hour"


# -- connections ----------------------------------------------------------------------------------------


def _connections(resource: Resource, reckoning: Reckoning) -> Charge:
    """One for each replica and queue that it uses."""
    fewest = most = 0
    for part in reckoning.plan.of(Queue):
        for process in users_of(part, reckoning.plan):
            low, high = process.replicas if isinstance(process, Service | Worker) else (0, 1)
            fewest, most = fewest + low, most + high
    return Charge(
        what="connections",
        meter=_meter("Standard Brokered Connection", "Standard", resource.region),
        quantity=Range(Decimal(fewest), Decimal(fewest), Decimal(most)),
        formula=f"{one_or_more(fewest, 'connection')} of replicas that always run, up to {most:,}",
    )
