"""Azure's Retail Prices API: list prices, open to everybody.

It answers in pages, each with the address of the next. Nothing is taken for the end of an answer but the end:
a page that is late, cut short or in another currency is asked for again, and in the end refused.

Source: https://learn.microsoft.com/en-us/rest/api/cost-management/retail-prices/azure-retail-prices
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx

from seatrial.bill.errors import PricesUnreadable

__all__ = ["ADDRESS", "API_VERSION", "PriceList"]

ADDRESS = "https://prices.azure.com/api/retail/prices"
API_VERSION = "2023-01-01-preview"
"""The first that tells savings plans."""
LARGEST_PAGE = 64 * 2**20
"""In bytes. A page of 1,000 items has about one million."""


class _Again(Exception):
    """It may go better later."""

    def __init__(self, why: str, after_seconds: float | None = None) -> None:
        super().__init__(why)
        self.after_seconds = after_seconds


class PriceList:
    """The list in one currency. To be closed: `with PriceList("USD") as prices: prices(where("Storage"))`.

    `address` is that of Azure unless `SEATRIAL_PRICE_LIST` names another. `told` gets a sentence for each
    page and each pause. All answers together may take `patience_seconds`; each page is asked for `tries`
    times, with pauses that begin at `pause_seconds` and double, or as long as the list asks for.
    """

    def __init__(
        self,
        currency: str = "USD",
        *,
        address: str | None = None,
        told: Callable[[str], None] = lambda _: None,
        tries: int = 6,
        pause_seconds: float = 1,
        timeout_seconds: float = 30,
        patience_seconds: float = 1_800,
    ) -> None:
        self.currency = currency
        self._address = httpx.URL(address or os.environ.get("SEATRIAL_PRICE_LIST") or ADDRESS)
        self._told = told
        self._tries = tries
        self._pause_seconds = pause_seconds
        self._timeout_seconds = timeout_seconds
        self._until = time.monotonic() + patience_seconds
        self._client = httpx.Client(timeout=timeout_seconds, headers={"Accept": "application/json"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def source(self) -> str:
        """What a price that was read here says of its origin."""
        return f"Azure Retail Prices API ({self._address.host}, api-version {API_VERSION})"

    def __call__(self, asked: str) -> list[Mapping[str, Any]]:
        """All items for which a filter holds; none is an answer as well.

        Raises:
            PricesUnreadable: a page did not come whole, in spite of all tries.
        """
        items: list[Mapping[str, Any]] = []
        next_page: httpx.URL | None = self._complete(self._address.copy_add_param("$filter", asked))
        sizes: list[int] = []
        seen = set()
        while next_page is not None:
            if next_page in seen:
                raise PricesUnreadable(f"{asked}: the pages go round in a circle")
            seen.add(next_page)
            page = self._page(asked, next_page, sizes)
            if page is None:
                break
            items += page["Items"]
            sizes.append(len(page["Items"]))
            self._told(f"{asked}: {len(items):,} prices")
            next_page = self._next(asked, page.get("NextPageLink"))
        return items

    def _complete(self, url: httpx.URL) -> httpx.URL:
        given = url.params
        for name, text in (("api-version", API_VERSION), ("currencyCode", f"'{self.currency}'")):
            if name not in given:
                url = url.copy_add_param(name, text)
        return url

    def _next(self, asked: str, link: object) -> httpx.URL | None:
        if link is None or link == "":
            return None
        try:
            url = httpx.URL(link) if isinstance(link, str) else None
        except httpx.InvalidURL:
            url = None
        here = self._address  # Azure's links name port 443, which is none to httpx where the scheme has it
        if url is None or (url.scheme, url.host, url.port) != (here.scheme, here.host, here.port):
            raise PricesUnreadable(f"{asked}: the next page is said to be at {link!r}, not at {here.host}")
        return self._complete(url)

    def _page(self, asked: str, url: httpx.URL, sizes: list[int]) -> dict[str, Any] | None:
        """One page; None where there is none any more."""
        pause = self._pause_seconds
        for tried in range(1, self._tries + 1):
            try:
                return self._once(asked, url, sizes)
            except _Again as exc:
                why, wait = str(exc), exc.after_seconds
            if wait is None:
                wait, pause = pause, pause * 2
            if tried == self._tries:
                raise PricesUnreadable(f"{asked}: {why}, {tried} times")
            if time.monotonic() + wait > self._until:
                raise PricesUnreadable(f"{asked}: {why}, and the time is up")
            self._told(f"{asked}: {why}; again in {wait:.0f} s")
            time.sleep(wait)
        raise AssertionError("a page is tried at least once")

    def _once(self, asked: str, url: httpx.URL, sizes: list[int]) -> dict[str, Any] | None:
        try:
            with self._client.stream("GET", url) as reply:
                # Past the last row the list answers 400; a page shorter than the first was the last one.
                past_the_end = len(sizes) > 1 and sizes[-1] < sizes[0]
                if reply.status_code == httpx.codes.BAD_REQUEST and past_the_end:
                    return None
                text = self._read(reply)
        except httpx.TransportError as exc:
            raise _Again(str(exc) or type(exc).__name__) from exc
        if reply.status_code == httpx.codes.TOO_MANY_REQUESTS or reply.status_code >= 500:
            raise _Again(f"HTTP {reply.status_code}", _seconds(reply.headers.get("Retry-After")))
        if reply.status_code != httpx.codes.OK:
            raise PricesUnreadable(f"{asked}: HTTP {reply.status_code} {text[:200].decode(errors='replace')}")
        return self._whole(asked, text)

    def _whole(self, asked: str, text: bytes) -> dict[str, Any]:
        """The page, when it is one and complete."""
        try:
            page = json.loads(text, parse_float=Decimal)
        except ValueError as exc:
            raise _Again("an answer that is no JSON") from exc
        if not isinstance(page, dict) or not isinstance(page.get("Items"), list):
            raise _Again("an answer without items")
        if page.get("Count", len(page["Items"])) != len(page["Items"]):
            raise _Again(f"{len(page['Items'])} items where {page['Count']} were announced")
        if page.get("BillingCurrency") != self.currency:
            currency = page.get("BillingCurrency")
            raise PricesUnreadable(f"{asked}: the answer is in {currency}, not in {self.currency}")
        return page

    def _read(self, reply: httpx.Response) -> bytes:
        """The body, unless it drips so slowly, or grows so large, that it cannot be a page."""
        until = min(time.monotonic() + self._timeout_seconds * 4, self._until)
        body = bytearray()
        for piece in reply.iter_bytes():
            body += piece
            if len(body) > LARGEST_PAGE:
                raise PricesUnreadable(f"an answer of more than {LARGEST_PAGE:,} bytes")
            if time.monotonic() > until:
                raise _Again("an answer that does not end")
        return bytes(body)


def _seconds(retry_after: str | None) -> float | None:
    """How long to wait, told in seconds or as a moment; None when it is not told, or in other words."""
    if retry_after is None:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return None
