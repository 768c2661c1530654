"""How much passes to and from each part in a month, in both directions and over all regions.

What is stated is the figure `through` of the part. What is assumed of it stands here, so that whoever charges
for traffic means the same: private endpoints, peerings, the way out of the network.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from seatrial.azure import reach
from seatrial.bill.range import NOTHING, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.work import messages
from seatrial.model import (
    Blobs,
    Cache,
    Documents,
    ModelApi,
    Network,
    Part,
    Postgres,
    Process,
    Queue,
    Service,
    Worker,
)

__all__ = ["added", "images_pulled", "of_each_store", "sent_in", "through", "told"]

MIB = 2**20
VECTOR = 1_536 * 4
"""The bytes of one embedding: 1,536 numbers.
Source: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/models#embeddings"""


def through(reckoning: Reckoning, part: Part) -> Range:
    """What passes to and from a part."""
    match part:
        case Cache():  # nothing can be stated about it
            return _answers_made_with(reckoning, part)
        case Postgres() | Documents():
            assumed = _answers_made_with(reckoning, part) + _records(reckoning) * 2
            why = "it is asked for what its services answer; each new record is written, and read once more"
        case Blobs():
            assumed, why = added(reckoning, part) * 2, "what is added is written, and read once"
        case ModelApi():
            assumed = _records(reckoning) + reckoning.figure("new_records") * VECTOR
            why = "each new record is sent there once, and a vector comes back"
        case Queue():
            assumed = messages(reckoning, part) * Range(Decimal(256), Decimal(1024), Decimal(4096)) * 2
            why = "messages of 1 KiB, sent and received"
        case Network():
            return _out_and_back(reckoning, part)
        case Service():
            assumed = answered(reckoning, part) * reckoning.figure("answer_size")
            why = "its answers"
        case _:
            return NOTHING
    return reckoning.figure("through", part, assumed=assumed, why=why)


def _out_and_back(reckoning: Reckoning, network: Network) -> Range:
    """By the way out of a network: what is brought from outside, queues, what is told to Azure Monitor.

    Queues answer at public addresses. What workers, jobs and schedules are said to exchange with others
    stands in the place of the new records that they would fetch.
    """
    plan, known = reckoning.plan, reckoning.usage.known
    said = [known("through", each) for each in plan.of(Process) if not isinstance(each, Service)]
    brought = [each for each in said if each is not None] or [_records(reckoning)]
    out = total(brought) + total(through(reckoning, each) for each in plan.of(Queue)) + told(reckoning)
    why = "new records are fetched from outside, messages go to queues and logs to Azure Monitor"
    if not reach.private_registry(plan):
        out, why = out + images_pulled(reckoning), why + ", and images are pulled"
    return reckoning.figure("through", network, assumed=out, why=why)


def told(reckoning: Reckoning) -> Range:
    """What processes tell Azure Monitor: something of each request, and of each item of work."""
    plan = reckoning.plan
    requests = total(answered(reckoning, service) for service in plan.of(Service))
    items = total(_items(reckoning, worker) for worker in plan.of(Worker))
    return (requests + items) * reckoning.figure("log_size")


def added(reckoning: Reckoning, part: Blobs) -> Range:
    """The bytes that are added to a store of blobs in a month."""
    mine, of_all = of_each_store(reckoning)
    assumed, why = _records(reckoning) * mine, f"what new records bring{of_all}"
    return reckoning.figure("added", part, assumed=assumed, why=why)


def of_each_store(reckoning: Reckoning) -> tuple[Range, str]:
    """What share of the records lies in each store of blobs, and why; from none of them to all."""
    stores = len(reckoning.plan.of(Blobs))
    words = "" if stores == 1 else f", by equal shares over {stores} stores"
    return Range(Decimal(0), Decimal(1) / stores, Decimal(1)), words


def sent_in(reckoning: Reckoning, services: Collection[Service]) -> Range:
    """What the world sends to some services besides its questions: new records, or what they add to blobs."""
    stores = {used.name: used for each in services for used in each.uses if isinstance(used, Blobs)}
    if not services:
        return NOTHING
    blobs = total(added(reckoning, each) for each in stores.values())
    return _records(reckoning).with_(blobs, max)


def images_pulled(reckoning: Reckoning) -> Range:
    """What is pulled from the registry: the layers that changed, by each process, with each new version."""
    processes = len(reckoning.plan.of(Process))
    changed = Range(Decimal(50 * MIB), Decimal(200 * MIB), Decimal(1024 * MIB))
    return reckoning.figure("deployments") * processes * changed


def _items(reckoning: Reckoning, worker: Worker) -> Range:
    """What a worker works on: each new record once, where it is not said."""
    return reckoning.usage.known("items", worker) or reckoning.figure("new_records")


def _answers_made_with(reckoning: Reckoning, store: Part) -> Range:
    """As many bytes as are answered by the services that use a store."""
    users = reach.users_of(store, reckoning.plan)
    services = (each for each in users if isinstance(each, Service))
    return total(answered(reckoning, each) for each in services) * reckoning.figure("answer_size")


def _records(reckoning: Reckoning) -> Range:
    """The bytes of all new records."""
    return reckoning.figure("new_records") * reckoning.figure("record_size")
