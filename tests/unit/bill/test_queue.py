"""What Service Bus namespaces are charged for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from seatrial import System, queue_length
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line
from seatrial.bill.book import Book
from seatrial.bill.charges import Charge
from seatrial.bill.queue import namespace
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.usage import Usage

BUSES = "Microsoft.ServiceBus/namespaces"
Find = Callable[..., Line]
Price = Callable[..., Bill]


def post(
    messages: Any = "10M/month",
    also_in: tuple[str, ...] = (),
    replicas: tuple[int, int] = (0, 10),
    scaled: bool = True,
) -> System:
    """Letters that one worker sends and another sorts."""
    system = System("post", region="eastus2", also_in=also_in)
    letters = system.queue("letters")
    system.worker("writer", "write", sends=[letters])
    scale = [queue_length(letters)] if scaled else []
    system.worker("sorter", "sort", receives=[letters], replicas=replicas, scale=scale)
    system.usage(letters, messages=messages)
    return system


def on_bus(bill: Bill) -> list[Line]:
    return [line for line in bill.lines if line.type == BUSES]


def test_the_base_price_is_paid_once_a_month(priced: Price, line: Find) -> None:
    base = line(priced(post()), "base price")

    assert base.amount == exactly(Decimal("10.00"))
    assert base.part is None
    assert base.steady
    assert base.price.unit == "1/Month"


def test_the_base_price_is_paid_once_for_all_regions(priced: Price) -> None:
    bill = priced(post(also_in=("westeurope", "southeastasia")))

    assert [line.region for line in on_bus(bill) if line.what == "base price"] == ["eastus2"]
    free = [each for each in bill.free if each.type == BUSES]
    assert [each.region for each in free] == ["westeurope", "southeastasia"]
    assert {each.why for each in free} == {"paid once in a subscription, with the first namespace"}


def test_a_message_is_sent_received_and_dealt_with(priced: Price, line: Find) -> None:
    messages = line(priced(post()), "messages")

    # 10 M × 3 operations; 10 M × 5 at most. 13 M are free, 0.80 a million up to 100 M
    assert messages.part == "letters"
    assert messages.used == Range(Decimal(30_000_000), Decimal(30_000_000), Decimal(50_000_000))
    assert messages.amount == Range(Decimal("13.60"), Decimal("13.60"), Decimal("29.60"))
    assert messages.formula == "10,000,000 messages × 3 operations: sent, received and dealt with"


def test_the_first_thirteen_million_operations_are_free(priced: Price, line: Find) -> None:
    assert line(priced(post("4M/month")), "messages").amount.likely == 0


def test_a_scale_rule_asks_twice_a_minute_how_many_wait(priced: Price, line: Find) -> None:
    asked = line(priced(post()), "counting what waits")

    assert asked.used == exactly(87_600)  # 730 h × 3,600 s ÷ 30 s
    unscaled = priced(post(replicas=(1, 1), scaled=False))
    assert not [each for each in on_bus(unscaled) if each.what == "counting what waits"]


def test_a_receiver_that_always_runs_asks_once_a_minute(priced: Price, line: Find) -> None:
    asked = line(priced(post(replicas=(2, 10))), "waiting receivers")

    # of none at least, of two most likely, of ten at most: each 730 h × 60
    assert asked.used == Range(Decimal(0), Decimal(87_600), Decimal(438_000))


def test_connections_are_free_up_to_a_thousand(priced: Price, line: Find) -> None:
    few = line(priced(post(replicas=(2, 10))), "connections")
    many = line(priced(post(replicas=(1_000, 1_000))), "connections")

    # the writer's 1 and the sorter's; beyond 1,000 each costs 0.03
    assert (few.used.likely, few.amount.likely) == (Decimal(3), Decimal(0))
    assert (many.used.likely, many.amount.likely) == (Decimal(1_001), Decimal("0.03"))


def test_a_topic_gives_each_message_to_everybody_who_receives(priced: Price, line: Find) -> None:
    system = System("post", region="eastus2")
    news = system.queue("news", topic=True)
    system.worker("writer", "write", sends=[news])
    for name in ("paper", "radio", "web"):
        system.worker(name, "tell", receives=[news])
    system.usage(news, messages="10M/month")

    # 10 M × (1 sent + 3 × (received + dealt with))
    assert line(priced(system), "messages").used.likely == 70_000_000


def test_what_nobody_receives_is_only_sent(priced: Price, line: Find) -> None:
    system = System("post", region="eastus2")
    letters = system.queue("letters")
    system.worker("writer", "write", sends=[letters])
    system.usage(letters, messages="10M/month")

    assert line(priced(system), "messages").used == exactly(10_000_000)


def test_regions_share_the_messages_and_each_counts_for_itself(priced: Price) -> None:
    lines = on_bus(priced(post("30M/month", also_in=("westeurope", "southeastasia"))))

    assert [each.used.likely for each in lines if each.what == "messages"] == 3 * [30_000_000]  # 10 M × 3
    assert [each.used.likely for each in lines if each.what == "counting what waits"] == 3 * [87_600]


def test_a_message_for_each_item_of_those_who_receive_it_is_assumed(priced: Price) -> None:
    system = System("post", region="eastus2")
    letters, stamps = system.queue("letters"), system.queue("stamps")
    scale = [queue_length(letters)]
    sorter = system.worker("sorter", "sort", receives=[letters], sends=[stamps], replicas=(0, 9), scale=scale)
    system.usage(sorter, items="2M/month")
    system.usage(new_records="1k/month")

    used = {each.part: each.used.likely for each in on_bus(priced(system)) if each.what == "messages"}

    # 2 M × (sent, received, dealt with); what the sorter sends on is only sent, as nobody receives it
    assert used == {"letters": 6_000_000, "stamps": 2_000_000}


def test_an_item_for_each_message_that_is_waited_for_is_assumed(priced: Price) -> None:
    used = {each.key: each.amount.likely for each in priced(post("10M/month")).assumptions}

    assert used["sorter.items"] == 10_000_000


def test_a_message_for_each_new_record_is_assumed(priced: Price, line: Find) -> None:
    system = System("post", region="eastus2")
    system.queue("letters")
    system.usage(new_records="5M/month")

    assert line(priced(system), "messages").used == exactly(5_000_000)


@pytest.mark.parametrize(
    ("sku", "expected"),
    [
        ({"name": "Premium", "capacity": 2}, {"messaging units": exactly(1_460)}),  # 2 × 730 h
        ({"name": "Premium"}, {"messaging units": exactly(730)}),
    ],
)
def test_premium_is_paid_by_the_unit_and_hour_whatever_passes(
    book: Book, sku: dict[str, Any], expected: dict[str, Range]
) -> None:
    found = charges_of(sku)

    assert {each.what: each.quantity for each in found} == expected
    assert all(each.steady and book.price(each.meter) is not None for each in found)


def test_basic_is_paid_by_the_operation_alone(book: Book) -> None:
    found = charges_of({"name": "Basic"})

    assert {each.what for each in found} == {"messages", "counting what waits", "waiting receivers"}
    prices = [book.price(each.meter) for each in found]
    assert all(price is not None and price.tiers[0].price == Decimal("0.05") for price in prices)


def charges_of(sku: dict[str, Any]) -> list[Charge]:
    """Of a namespace of a tier that we do not make."""
    made = graph(post().plan())
    [found] = made.of(BUSES)
    other = replace(found, body={**found.body, "sku": sku})
    return [each for each in namespace(other, Reckoning(made, Usage(made.plan))) if isinstance(each, Charge)]


def test_more_of_anything_never_costs_less(priced: Price) -> None:
    totals = [priced(post(f"{number}M/month")).total.triple for number in (1, 4, 30, 500, 3_000)]

    for each in zip(*totals, strict=True):  # at least, most likely, at most
        assert list(each) == sorted(each)
