from typing import Any

from seatrial.azure import compile, queue
from seatrial.azure.graph import Graph
from seatrial.azure.roles import ROLES
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import plain
from seatrial.model import Queue, System

BUS = "Microsoft.ServiceBus/namespaces"
SENDER, RECEIVER = ROLES["Azure Service Bus Data Sender"], ROLES["Azure Service Bus Data Receiver"]


def shop(also_in: tuple[str, ...] = (), **said: Any) -> Graph:
    """A queue that one process sends to, one receives from, and one does both with."""
    system = System("shop", region="eastus2", also_in=also_in)
    orders = system.queue("orders", **said)
    system.service("web", "serve", port=8000, health="/health", sends=[orders])
    system.worker("packer", "pack", receives=[orders])
    system.worker("auditor", "audit", uses=[orders])
    return compile.graph(system.plan())


def properties(graph: Graph, kind: str) -> dict[str, Any]:
    [made] = graph.of(f"{BUS}/{kind}")
    return dict(made.body["properties"])


def rights(graph: Graph) -> set[tuple[str, str, str]]:
    return {
        (str(each.body["properties"]["principalId"].of.name), str(each.scope.name), each.ref.name.pieces[2])  # type: ignore[union-attr]
        for each in graph.of("Microsoft.Authorization/roleAssignments")
        if each.scope is not None and each.scope.type.startswith(BUS)
    }


def test_a_namespace_has_no_keys_and_speaks_tls_only() -> None:
    [bus] = shop().of(BUS)
    assert bus.body["sku"] == {"name": "Standard", "tier": "Standard"}
    assert bus.body["properties"]["disableLocalAuth"] is True
    assert bus.body["properties"]["minimumTlsVersion"] == "1.2"


def test_a_queue_becomes_what_it_says_and_what_is_too_old_goes_to_the_dead_letters() -> None:
    graph = shop(lock="5 min", attempts=5, keeps="36 h")
    assert properties(graph, "queues") == {
        "lockDuration": "PT5M",
        "maxDeliveryCount": 5,
        "defaultMessageTimeToLive": "P1DT12H",
        "deadLetteringOnMessageExpiration": True,
        "requiresDuplicateDetection": False,
    }


def test_duplicates_are_dropped_for_as_long_as_asked() -> None:
    said = properties(shop(duplicates_within="10 min"), "queues")
    assert said["requiresDuplicateDetection"] is True
    assert said["duplicateDetectionHistoryTimeWindow"] == "PT10M"


def test_who_sends_may_send_and_who_receives_may_receive() -> None:
    assert rights(shop()) == {
        ("web-identity", "orders", SENDER),
        ("packer-identity", "orders", RECEIVER),
        ("auditor-identity", "orders", SENDER),
        ("auditor-identity", "orders", RECEIVER),
    }


def test_of_a_topic_each_receiver_has_a_subscription_and_the_right_to_that_alone() -> None:
    graph = shop(topic=True, attempts=7)
    assert not graph.of(f"{BUS}/queues")
    held = {str(each.ref.name): each.body["properties"] for each in graph.of(f"{BUS}/topics/subscriptions")}
    assert held.keys() == {"packer", "auditor"}
    assert {each["maxDeliveryCount"] for each in held.values()} == {7}
    assert rights(graph) == {
        ("web-identity", "orders", SENDER),
        ("packer-identity", "packer", RECEIVER),
        ("auditor-identity", "orders", SENDER),
        ("auditor-identity", "auditor", RECEIVER),
    }


def test_a_topic_drops_duplicates_and_leaves_locks_to_its_subscriptions() -> None:
    said = properties(shop(topic=True, duplicates_within="1 h"), "topics")
    assert said["requiresDuplicateDetection"] is True
    assert "lockDuration" not in said


def test_several_queues_of_a_region_share_a_namespace_and_each_region_has_one() -> None:
    system = System("shop", region="eastus2", also_in=["westeurope"])
    queues = [system.queue("orders"), system.queue("bills"), system.queue("news", topic=True)]
    system.worker("packer", "pack", receives=queues)
    graph = compile.graph(system.plan())
    assert {each.region for each in graph.of(BUS)} == {"eastus2", "westeurope"}
    assert len(graph.of(BUS)) == 2
    assert len(graph.of(f"{BUS}/queues")) == 4
    assert not [need for each in graph.resources for need in each.needs if need not in graph.by_ref]


def test_the_address_names_the_namespace_and_the_queue() -> None:
    graph = shop()
    at = Stamp(plan=graph.plan, region="eastus2")
    [part] = graph.plan.of(Queue)
    [(name, url)] = queue.variables(part, at).items()
    assert (name, plain(url, "abc123")) == (
        "ORDERS_URL",
        "sb://shop-bus-abc123.servicebus.windows.net/orders",
    )
