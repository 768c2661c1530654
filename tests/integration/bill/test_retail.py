"""The client of the price list against a real server: the whole answer, or none."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from email.utils import formatdate
from typing import Any

import pytest

from seatrial.bill.errors import PricesUnreadable
from seatrial.bill.pricelist.refresh import where
from seatrial.bill.pricelist.retail import PriceList

pytestmark = pytest.mark.integration
REQUESTS = where("Azure Container Apps", "eastus2")
Make = Callable[..., dict[str, Any]]


def fetched(listed: Any, asked: str = REQUESTS, currency: str = "USD", **how: Any) -> list[Any]:
    how = {"pause_seconds": 0.01, "timeout_seconds": 5, **how}
    with PriceList(currency, address=listed.address, **how) as prices:
        return list(prices(asked))


def refused(listed: Any, **how: Any) -> str:
    with pytest.raises(PricesUnreadable) as error:
        fetched(listed, **how)
    assert REQUESTS in str(error.value)
    return str(error.value)


def many(make_item: Make, count: int) -> list[dict[str, Any]]:
    return [make_item(meterName=f"meter {number}") for number in range(count)]


def test_it_asks_with_version_currency_and_filter(listed: Any, make_item: Make) -> None:
    listed.items = [make_item(), make_item(armRegionName="westus"), make_item(serviceName="Storage")]
    assert len(fetched(listed)) == 1
    assert listed.asked == [
        {
            "api-version": "2023-01-01-preview",
            "currencyCode": "'USD'",
            "$filter": "serviceName eq 'Azure Container Apps' and armRegionName eq 'eastus2'",
        }
    ]


def test_a_quote_in_a_name_is_doubled(listed: Any, make_item: Make) -> None:
    listed.items = [make_item(serviceName="Ada's & Bob's 100% Storage")]
    assert len(fetched(listed, where("Ada's & Bob's 100% Storage"))) == 1


@pytest.mark.parametrize("sizes", [[1000], [100], [7, 1, 500], [2500], [1]])
def test_all_pages_are_read_whatever_their_size(listed: Any, make_item: Make, sizes: list[int]) -> None:
    listed.items, listed.page_sizes = many(make_item, 120), sizes
    assert [item["meterName"] for item in fetched(listed)] == [f"meter {number}" for number in range(120)]
    assert all(asked["currencyCode"] == "'USD'" for asked in listed.asked)


def test_no_match_is_an_empty_answer(listed: Any) -> None:
    assert fetched(listed) == []


def test_prices_are_exact(listed: Any, make_item: Make) -> None:
    listed.items = [make_item(retailPrice=0.000024)]
    assert fetched(listed)[0]["retailPrice"] == Decimal("0.000024")


def test_progress_is_told(listed: Any, make_item: Make) -> None:
    listed.items, listed.page_sizes = many(make_item, 1500), [1000]
    told: list[str] = []
    fetched(listed, told=told.append)
    assert told == [f"{REQUESTS}: 1,000 prices", f"{REQUESTS}: 1,500 prices"]


def test_it_waits_as_long_as_it_is_told_to(listed: Any, make_item: Make) -> None:
    listed.items = [make_item()]
    listed.faults.append(lambda handler: handler.send(429, b"{}", Retry_After="1"))
    told: list[str] = []
    began = time.monotonic()
    assert len(fetched(listed, told=told.append)) == 1
    assert 1 <= time.monotonic() - began < 4
    assert told[0] == f"{REQUESTS}: HTTP 429; again in 1 s"


def test_it_waits_until_the_moment_it_is_told(listed: Any, make_item: Make) -> None:
    listed.items = [make_item()]
    until = time.time() + 2
    listed.faults.append(lambda handler: handler.send(429, b"", Retry_After=formatdate(until, usegmt=True)))
    assert len(fetched(listed)) == 1
    assert time.time() >= int(until)


def test_it_does_not_wait_longer_than_its_patience(listed: Any) -> None:
    listed.faults.append(lambda handler: handler.send(429, b"", Retry_After="3600"))
    began = time.monotonic()
    assert "HTTP 429, and the time is up" in refused(listed, patience_seconds=5)
    assert time.monotonic() - began < 3


def test_pauses_double_and_tries_end(listed: Any) -> None:
    listed.faults.extend([lambda handler: handler.send(503, b"busy")] * 9)
    told: list[str] = []
    began = time.monotonic()
    assert "HTTP 503, 4 times" in refused(listed, tries=4, pause_seconds=0.1, told=told.append)
    assert len(listed.asked) == 4
    # 0.1 + 0.2 + 0.4 s between four tries
    assert time.monotonic() - began >= 0.7
    assert len(told) == 3


def half(handler: Any) -> None:
    """Announces a page, and goes away in the middle of it."""
    handler.send(200, b'{"BillingCurrency":"USD","Items":[{"retailPr', length=5000)
    handler.close_connection = True
    handler.connection.close()


def hangs(handler: Any) -> None:
    handler.listed.released.wait(30)
    handler.close_connection = True


def drips(handler: Any) -> None:
    """Gives a byte now and then, so that no single wait is long."""
    handler.send(200, b"", length=10**6)
    while not handler.listed.released.wait(0.1):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            break
    handler.close_connection = True


FAULTS = {
    "half": half,
    "no JSON": lambda handler: handler.send(200, b"<html>Service unavailable</html>"),
    "no items": lambda handler: handler.send(200, b'{"BillingCurrency":"USD"}'),
    "a list": lambda handler: handler.send(200, b"[]"),
    "fewer than announced": lambda handler: handler.send(
        200, b'{"BillingCurrency":"USD","Items":[],"Count":3,"NextPageLink":null}'
    ),
    "an error of the server": lambda handler: handler.send(500, b""),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_page_that_did_not_come_whole_is_asked_for_again(listed: Any, make_item: Make, fault: Any) -> None:
    # Given an answer of three pages, of which the second fails twice
    listed.items, listed.page_sizes = many(make_item, 5), [2]
    listed.faults.extend([None, fault, fault])
    # Then all of it comes, each item once
    assert [item["meterName"] for item in fetched(listed)] == [f"meter {number}" for number in range(5)]
    assert len(listed.asked) == 5
    # and when it fails for ever, nothing comes
    listed.faults.extend([None, *[fault] * 6])
    refused(listed)


@pytest.mark.parametrize("fault", [hangs, drips])
def test_a_server_that_does_not_go_on_is_left(listed: Any, make_item: Make, fault: Any) -> None:
    listed.items = [make_item()]
    listed.faults.append(fault)
    began = time.monotonic()
    assert len(fetched(listed, timeout_seconds=0.4)) == 1
    assert time.monotonic() - began < 5


def test_a_server_that_is_not_there_is_said(listed: Any) -> None:
    with (
        PriceList(address="http://127.0.0.1:9/", tries=2, pause_seconds=0) as prices,
        pytest.raises(PricesUnreadable, match=r"refused, 2 times"),
    ):
        prices(REQUESTS)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/api/retail/prices?$skip=2",
        "ftp://127.0.0.1/api/retail/prices",
        "http://127.0.0.1:9/api/retail/prices?$skip=2",
        "/api/retail/prices?$skip=2",
        "http://[",
    ],
)
def test_it_does_not_follow_to_another_place(listed: Any, make_item: Make, link: str) -> None:
    listed.items, listed.page_sizes = many(make_item, 5), [2]
    listed.next_page = lambda _: link
    assert "the next page is said to be at" in refused(listed)
    assert len(listed.asked) == 1


def test_it_does_not_follow_to_another_scheme(listed: Any, make_item: Make) -> None:
    listed.items, listed.page_sizes = many(make_item, 5), [2]
    listed.next_page = lambda link: link.replace("http://", "https://")
    assert "the next page is said to be at 'https://127.0.0.1" in refused(listed)


def test_it_does_not_go_round_in_circles(listed: Any, make_item: Make) -> None:
    listed.items, listed.page_sizes = many(make_item, 5), [2]
    second: list[str] = []

    def circle(link: str) -> str:
        second.append(link)
        return second[0]

    listed.next_page = circle
    assert "circle" in refused(listed)


def test_an_answer_in_another_currency_is_refused(listed: Any, make_item: Make) -> None:
    listed.items, listed.currency = [make_item()], "USD"
    assert "the answer is in USD, not in EUR" in refused(listed, currency="EUR")
    assert listed.asked[0]["currencyCode"] == "'EUR'"


def test_a_link_past_the_last_row_is_the_end(listed: Any, make_item: Make) -> None:
    # Given a list that names a next page after its last, short one, and answers 400 there
    listed.items, listed.page_sizes = many(make_item, 5), [2]
    real = listed.page

    def with_link(asked: dict[str, str]) -> Any:
        page = real(asked)
        if page is not None and page["NextPageLink"] is None:
            page["NextPageLink"] = f"{listed.address}?$filter={REQUESTS}&$skip=5"
        return page

    listed.page = with_link
    assert len(fetched(listed)) == 5


def test_a_bad_request_in_the_middle_is_not_the_end(listed: Any, make_item: Make) -> None:
    listed.items, listed.page_sizes = many(make_item, 6), [2]
    listed.faults.extend([None, None, lambda handler: handler.send(400, b"no")])
    assert "HTTP 400 no" in refused(listed)


@pytest.mark.parametrize("status", [301, 403, 404])
def test_any_other_answer_is_refused_at_once(listed: Any, status: int) -> None:
    listed.faults.append(lambda handler: handler.send(status, b"elsewhere", Location="https://evil.example/"))
    assert f"HTTP {status} elsewhere" in refused(listed)
    assert len(listed.asked) == 1


def test_another_list_can_be_named(listed: Any, make_item: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    listed.items = [make_item()]
    monkeypatch.setenv("SEATRIAL_PRICE_LIST", listed.address)
    with PriceList() as prices:
        assert len(prices(REQUESTS)) == 1
        assert prices.source == "Azure Retail Prices API (127.0.0.1, api-version 2023-01-01-preview)"
