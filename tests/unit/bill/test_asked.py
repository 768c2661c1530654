"""What is asked for on the command line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from seatrial import System
from seatrial.bill.asked import assumed, load, span
from seatrial.model import Plan
from seatrial.model.mistakes import Wrong


@pytest.fixture
def plan() -> Plan:
    shop = System("shop")
    shop.blobs("papers")
    return shop.plan()


def test_an_assumption_reads_as_in_a_system_file(plan: Plan) -> None:
    stored = assumed(plan, "papers.stored=1 TiB..4 TiB")

    assert (stored.part, stored.name, stored.low, stored.high) == ("papers", "stored", 2**40, 2**42)
    assert assumed(plan, "requests=5M").likely == 5_000_000
    assert assumed(plan, "requests=1/s").likely == 730 * 3600
    assert assumed(plan, "records=1,500").likely == 1500


def test_logs_are_those_of_the_system_where_no_part_keeps_them(plan: Plan) -> None:
    # Given a bill that rests on how much is written to the logs, under the key "logs"
    logs = assumed(plan, "logs=13 GB")
    assert (logs.key, logs.likely) == ("logs", 13 * 10**9)
    # And one of a system with a part for them, whose figure it is then
    shop = System("shop")
    shop.logs("diary")
    assert assumed(shop.plan(), "diary.logs=13 GB").key == "diary.logs"
    with pytest.raises(Wrong, match="said of a part"):
        assumed(shop.plan(), "logs=13 GB")


def test_the_registry_that_no_system_names_has_images_too(plan: Plan) -> None:
    assert assumed(plan, "registry.images=20 GiB").key == "registry.images"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stored", "no figure and amount"),
        ("shelf.stored=1 GiB", 'no part "shelf"'),
        ("papers.stored=5", "no unit"),
        ("papers.size=5", "not a figure"),
        ("requests=many", "no number"),
        ("papers.stored=4 TiB..1 TiB", "not in order"),
    ],
)
def test_an_assumption_that_cannot_be_read_is_told(plan: Plan, text: str, told: str) -> None:
    with pytest.raises(Wrong) as raised:
        assumed(plan, text)
    assert told in f"{raised.value.what}: {raised.value.hint}"


def test_a_load_is_of_records_and_requests() -> None:
    assert load("records=10M, requests=2M/month") == {
        "records": Decimal(10**7),
        "requests": Decimal(2 * 10**6),
    }
    with pytest.raises(Wrong, match="users"):
        load("users=5")


def test_a_span_goes_from_less_to_more() -> None:
    assert (span("requests=100k..100M").least, span("requests=100k..100M").most) == (10**5, 10**8)
    for wrong in ("requests=5", "requests=5..1", "requests=0..4", "tokens=1..2"):
        with pytest.raises(Wrong):
            span(wrong)
