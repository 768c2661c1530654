"""Will Azure take it: queues and topics of Service Bus."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.reading import each_in, every, minutes, number, text, texts_in
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

NAMESPACE = "Microsoft.ServiceBus/namespaces"
QUEUE = f"{NAMESPACE}/queues"
TOPIC = f"{NAMESPACE}/topics"
SUBSCRIPTION = f"{TOPIC}/subscriptions"

REFUSED = "https://learn.microsoft.com/azure/service-bus-messaging/service-bus-resource-manager-exceptions"


def _system(line: str) -> str:
    """A system file with one part."""
    return f"""
from seatrial import System

shop = System("shop")
{line}
"""


refusal(
    "queue-lock",
    title="A receiver is to have a message to itself for more than five minutes",
    why="Service Bus locks for five minutes at most; work that takes longer renews the lock.",
    source=REFUSED,
    matches=r"^lock=",
    bad=_system('shop.queue("orders", lock="10 min")'),
    good=_system('shop.queue("orders", lock="5 min")'),
)

refusal(
    "queue-attempts",
    title="A message is to be delivered more often than Azure delivers it",
    why="After 1 to 2,000 attempts it goes to the dead letters.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas",
    matches=r"^attempts=",
    bad=_system('shop.queue("orders", attempts=5000)'),
    good=_system('shop.queue("orders", attempts=20)'),
)

refusal(
    "queue-duplicates",
    title="Messages are to be compared with those of more than a week ago",
    why="Service Bus remembers the ids of messages for 20 seconds to 7 days.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection",
    matches=r"^duplicates_within=",
    bad=_system('shop.queue("orders", duplicates_within="30 days")'),
    good=_system('shop.queue("orders", duplicates_within="7 days")'),
)


def _tier(namespace: Thing) -> str:
    return (text(namespace, "sku.tier") or text(namespace, "sku.name")).lower()


def _basic(namespace: Thing) -> bool:
    return _tier(namespace) == "basic"


def _not_premium(namespace: Thing) -> bool:
    return _tier(namespace) in ("basic", "standard")


def _in(tier: str, type: str, body: str) -> str:
    """A template with a namespace and something in it."""
    return (
        f'[{{"type": "{NAMESPACE}", "name": "shop-bus", "sku": {{"name": "{tier}", "tier": "{tier}"}}}}, '
        f'{{"type": "{type}", "name": "shop-bus/orders", "properties": {{{body}}}}}]'
    )


_STANDARD = '"sku": {"name": "Standard", "tier": "Standard"}'


@thing_rule(
    "bus-basic-topic",
    types=(TOPIC,),
    severity="error",
    family="takes",
    title="A topic is to stand in a namespace of the basic tier",
    why="The basic tier has queues only.",
    source=REFUSED,
    bad=_in("Basic", TOPIC, ""),
    good=_in("Standard", TOPIC, ""),
)
def bus_basic_topic(thing: Thing, things: Things) -> Iterator[Found]:
    if every(things, NAMESPACE, _basic):
        yield Found(what="a topic in a basic namespace", fix=_STANDARD)


_NOT_BASIC = {
    "requiresSession": "sessions",
    "requiresDuplicateDetection": "dropping of duplicates",
    "forwardTo": "forwarding",
    "autoDeleteOnIdle": "deletion when idle",
    "defaultMessageTimeToLive": "time to live",
    "duplicateDetectionHistoryTimeWindow": "memory for duplicates",
}
"""What a queue of the basic tier has not."""


@thing_rule(
    "bus-basic-queue",
    types=(QUEUE,),
    severity="error",
    family="takes",
    title="A queue of the basic tier asks for what only the dearer tiers have",
    why="Sessions, dropped duplicates, forwarding and times to live begin with the standard tier.",
    source=REFUSED,
    bad=_in("Basic", QUEUE, '"requiresSession": true'),
    good=_in("Standard", QUEUE, '"requiresSession": true'),
)
def bus_basic_queue(thing: Thing, things: Things) -> Iterator[Found]:
    """Where it is said that a feature is off, it is not asked for."""
    if not every(things, NAMESPACE, _basic):
        return
    asked = [
        words for name, words in _NOT_BASIC.items() if thing.at(f"properties.{name}") not in (None, False)
    ]
    if asked:
        yield Found(what=f"{', '.join(asked)} in a basic namespace", fix=_STANDARD)


@thing_rule(
    "bus-lock",
    types=(QUEUE, SUBSCRIPTION),
    severity="error",
    family="takes",
    title="A queue of a template locks a message for more than five minutes",
    why="Service Bus refuses the queue; work that takes longer renews the lock while it goes on.",
    source=REFUSED,
    bad=_in("Standard", QUEUE, '"lockDuration": "PT10M"'),
    good=_in("Standard", QUEUE, '"lockDuration": "PT5M"'),
)
def bus_lock(thing: Thing, things: Things) -> Iterator[Found]:
    locked = minutes(text(thing, "properties.lockDuration"))
    if locked is not None and locked > 5:
        yield Found(what=f"locked for {locked:g} min, 5 min at most", fix='"lockDuration": "PT5M"')


@thing_rule(
    "bus-endpoint",
    types=("Microsoft.Network/privateEndpoints",),
    severity="error",
    family="takes",
    title="A private endpoint leads to a namespace that is not premium",
    why="Only the premium tier of Service Bus knows private endpoints, at some $677 a month.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/private-link-service",
    bad=_in(
        "Standard",
        "Microsoft.Network/privateEndpoints",
        '"privateLinkServiceConnections": [{"properties": {"groupIds": ["namespace"]}}]',
    ),
    good=_in(
        "Premium",
        "Microsoft.Network/privateEndpoints",
        '"privateLinkServiceConnections": [{"properties": {"groupIds": ["namespace"]}}]',
    ),
)
def bus_endpoint(thing: Thing, things: Things) -> Iterator[Found]:
    """Event Hubs and Relay call their endpoints `namespace` too: with one of them in the template it is
    not known whose it is."""
    if any(things.of("Microsoft.EventHub/namespaces", "Microsoft.Relay/namespaces")):
        return
    for connection in each_in(thing, "properties.privateLinkServiceConnections"):
        groups = texts_in(connection, "properties.groupIds")
        if "namespace" in groups and every(things, NAMESPACE, _not_premium):
            yield Found(
                what="the namespace is not premium",
                fix='"sku": {"name": "Premium", "tier": "Premium", "capacity": 1}, or no endpoint',
            )


@thing_rule(
    "bus-large-messages",
    types=(QUEUE, TOPIC),
    severity="error",
    family="takes",
    title="Messages above 256 KB are to go through a namespace that is not premium",
    why="The size of a message can be set in the premium tier only; elsewhere 256 KB is the end.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/service-bus-premium-messaging",
    bad=_in("Standard", QUEUE, '"maxMessageSizeInKilobytes": 1024'),
    good=_in("Premium", QUEUE, '"maxMessageSizeInKilobytes": 1024'),
)
def bus_large_messages(thing: Thing, things: Things) -> Iterator[Found]:
    size = number(thing, "properties.maxMessageSizeInKilobytes")
    if size is not None and size > 256 and every(things, NAMESPACE, _not_premium):
        yield Found(
            what=f"messages of {size:g} KB in a namespace that is not premium",
            fix="send the address of a blob instead, or take the premium tier",
        )
