"""Service Bus: one namespace in each region, with a queue or a topic for each part.

The namespace is of the standard tier, at $10 a month. Only premium, at some $677 for its smallest size, knows
private endpoints. So it answers at a public address, over TLS 1.2, to identities only: there is no key that
could leak, and each identity may only send to, or receive from, what its process names.
Source: https://learn.microsoft.com/azure/service-bus-messaging/private-link-service and
https://azure.microsoft.com/pricing/details/service-bus
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import access
from seatrial.azure.access import Use, use_of
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.periods import iso8601
from seatrial.azure.reach import users_of
from seatrial.azure.roles import Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref, Text, join
from seatrial.model import Process, Queue

__all__ = ["host", "namespace", "ref", "resources", "rights", "subscription", "variables"]


def namespace(at: Stamp) -> Ref:
    """The namespace of a region."""
    return Ref(type="Microsoft.ServiceBus/namespaces", name=at.worldwide(f"{at.plan.name}-bus", 50))


def ref(part: Queue, at: Stamp) -> Ref:
    """The queue, or the topic."""
    return namespace(at).child("topics" if part.topic else "queues", part.name)


def subscription(part: Queue, process: str, at: Stamp) -> Ref:
    """What a process receives of a topic: a copy of each message, kept until it has been dealt with."""
    return ref(part, at).child("subscriptions", process)


def host(at: Stamp) -> Text:
    """The name under which the namespace answers."""
    return join(namespace(at).name, ".servicebus.windows.net")


def variables(part: Queue, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: namespace and queue, or namespace and topic. Whoever receives from a topic
    has a subscription of its own name.
    """
    return {f"{part.name.upper().replace('-', '_')}_URL": join("sb://", host(at), f"/{part.name}")}


def rights(part: Queue, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it. Who may receive may count what waits, as a scale rule does."""
    if use in ("all", "sends"):
        why = f"{process.name} sends to {part.name}"
        role: Role = "Azure Service Bus Data Sender"
        yield access.assign(role, ref(part, at), process.name, at, why, part.name)
    if use in ("all", "receives"):
        source = subscription(part, process.name, at) if part.topic else ref(part, at)
        why = f"{process.name} receives from {part.name}"
        role = "Azure Service Bus Data Receiver"
        yield access.assign(role, source, process.name, at, why, part.name)


def resources(part: Queue, at: Stamp) -> Iterator[Resource]:
    yield Resource(
        ref=namespace(at),
        module="data",
        region=at.region,
        symbol="bus",
        why="Carries messages between processes; opened by identity only",
        location=at.region,
        body={
            "sku": {"name": "Standard", "tier": "Standard"},
            "properties": {
                "disableLocalAuth": True,
                "minimumTlsVersion": "1.2",
                "publicNetworkAccess": "Enabled",
            },
        },
    )
    if not part.topic:
        why = f"Holds {part.name} until dealt with; after {part.attempts} attempts, or when too old, apart"
        properties = {**_of_all(part), **_of_receivers(part)}
        yield _made(ref(part, at), camel(part.name, "queue"), why, properties, part, at)
        return
    why = f"Gives each message of {part.name} to every process that receives"
    yield _made(ref(part, at), camel(part.name, "topic"), why, _of_all(part), part, at)
    for process in users_of(part, at.plan):
        if use_of(process, part) in ("all", "receives"):
            source = subscription(part, process.name, at)
            why = f"Holds what {process.name} has not dealt with yet of {part.name}"
            symbol = camel(part.name, "to", process.name)
            yield _made(source, symbol, why, _of_receivers(part), part, at)


def _made(
    ref: Ref, symbol: str, why: str, properties: Mapping[str, object], part: Queue, at: Stamp
) -> Resource:
    return Resource(
        ref=ref,
        module="data",
        region=at.region,
        symbol=symbol,
        why=why,
        part=part.name,
        tagged=False,
        body={"properties": properties},
    )


def _of_all(part: Queue) -> dict[str, object]:
    """What a queue and a topic know. Whether duplicates are dropped cannot be changed later."""
    if part.duplicates_within is None:
        return {"defaultMessageTimeToLive": iso8601(part.keeps), "requiresDuplicateDetection": False}
    return {
        "defaultMessageTimeToLive": iso8601(part.keeps),
        "requiresDuplicateDetection": True,
        "duplicateDetectionHistoryTimeWindow": iso8601(part.duplicates_within),
    }


def _of_receivers(part: Queue) -> dict[str, object]:
    """What a queue and a subscription know."""
    return {
        "lockDuration": iso8601(part.lock),
        "maxDeliveryCount": part.attempts,
        "defaultMessageTimeToLive": iso8601(part.keeps),
        "deadLetteringOnMessageExpiration": True,
    }
