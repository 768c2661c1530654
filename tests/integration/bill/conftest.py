"""A price list on loopback that answers as Azure's does, with pages, filters, currencies and mishaps."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

Fault = Callable[["Handler"], None]


class Listed:
    """What is on the list, how it is cut into pages, and what happens to the next requests."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.page_sizes: list[int] = [1000]
        """Of the first page, the second and so on; the last of them for all that follow."""
        self.faults: deque[Fault | None] = deque()
        """Each meets one request; None lets it pass."""
        self.asked: list[dict[str, str]] = []
        self.currency: str | None = None
        """Of all answers, whatever was asked for."""
        self.next_page: Callable[[str], str | None] = lambda link: link
        self.released = threading.Event()
        """Ends what hangs."""
        self.address = ""

    def page(self, asked: dict[str, str]) -> dict[str, Any] | None:
        found = [item for item in self.items if matches(item, asked["$filter"])]
        skip, size = int(asked.get("$skip", 0)), self.page_sizes[0]
        at = 0
        for size in self._sizes():
            if at >= skip:
                break
            at += size
        if skip and skip >= len(found):
            return None
        items, after = found[skip : skip + size], skip + size
        link = None
        if after < len(found):
            query = {**asked, "$skip": str(after)}
            link = f"{self.address}?" + "&".join(f"{name}={quote(text)}" for name, text in query.items())
        currency = self.currency or asked["currencyCode"].strip("'")
        return {
            "BillingCurrency": currency,
            "CustomerEntityId": "Default",
            "CustomerEntityType": "Retail",
            "Items": [{**item, "currencyCode": currency} for item in items],
            "NextPageLink": self.next_page(link) if link else None,
            "Count": len(items),
        }

    def _sizes(self) -> Iterator[int]:
        yield from self.page_sizes
        while True:
            yield self.page_sizes[-1]


def matches(item: dict[str, Any], condition: str) -> bool:
    """Whether a filter of `field eq 'text'` joined by `and` holds, letter by letter."""
    parts = re.findall(r"(\w+) eq '((?:[^']|'')*)'", condition)
    assert " and ".join(f"{field} eq '{text}'" for field, text in parts) == condition
    return all(item[field] == text.replace("''", "'") for field, text in parts)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 2**16  # an answer leaves in one piece
    listed: Listed

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.listed.asked.append(asked)
        fault = self.listed.faults.popleft() if self.listed.faults else None
        if fault is not None:
            fault(self)
        else:
            self.answer(asked)

    def answer(self, asked: dict[str, str]) -> None:
        page = self.listed.page(asked)
        if page is None:
            self.send(400, b'{"Error":{"Code":"BadRequest"}}')
        else:
            self.send(200, json.dumps(page).encode())

    def send(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


def item(**changed: Any) -> dict[str, Any]:
    """As the API answers it; the price of requests to container apps in eastus2 unless told otherwise."""
    made = {
        "tierMinimumUnits": 0.0,
        "retailPrice": 0.4,
        "armRegionName": "eastus2",
        "location": "US East 2",
        "effectiveStartDate": "2022-06-01T00:00:00Z",
        "meterId": "04236b59-6a17-5e5a-bb6c-987078c6b272",
        "meterName": "Standard Requests",
        "productId": "DZH318Z0B0NC",
        "skuId": "DZH318Z0B0NC/0002",
        "productName": "Azure Container Apps",
        "skuName": "Standard",
        "serviceName": "Azure Container Apps",
        "serviceId": "DZH319F70F09",
        "serviceFamily": "Compute",
        "unitOfMeasure": "1M",
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": "",
        **changed,
    }
    made.setdefault("unitPrice", made["retailPrice"])
    return {name: value for name, value in made.items() if value is not None}


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listed]:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    made = Listed()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"listed": made}))
    made.address = f"http://127.0.0.1:{server.server_port}/api/retail/prices"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def make_item() -> Callable[..., dict[str, Any]]:
    return item
