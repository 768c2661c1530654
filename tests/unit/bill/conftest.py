"""Bills of small systems, at the prices that come with Seatrial."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Protocol

import pytest

from seatrial import System
from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, Line, bill
from seatrial.bill.book import Book
from seatrial.bill.usage import Usage


class Priced(Protocol):
    """Prices a system, or one of its variants, at another load where one is given."""

    def __call__(
        self, system: System, variant: str | None = None, scale: Mapping[str, Decimal] | None = None
    ) -> Bill: ...


@pytest.fixture(scope="session")
def book() -> Book:
    return Book()


@pytest.fixture(scope="session")
def priced(book: Book) -> Priced:
    def price(system: System, variant: str | None = None, scale: Mapping[str, Decimal] | None = None) -> Bill:
        plan = system.plan(variant)
        return bill(graph(plan), book, Usage(plan, scale=scale))

    return price


@pytest.fixture(scope="session")
def line() -> Callable[..., Line]:
    """The one line of a bill for something: `line(bill, "gateway", type="natGateways")`."""

    def find(bill: Bill, what: str, type: str = "", region: str = "", resource: str = "") -> Line:
        (found,) = (
            each
            for each in bill.lines
            if each.what == what
            and each.type.endswith(type)
            and (not region or each.region == region)
            and (not resource or each.resource == resource)
        )
        return found

    return find
