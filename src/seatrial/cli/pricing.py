"""From what was asked on the command line to bills: the plan, its usage, and the price book."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NoReturn

import click

from seatrial.cli import exits
from seatrial.cli.systems import leave, plan_of, refuse
from seatrial.model.mistakes import Wrong

if TYPE_CHECKING:
    from seatrial.azure.graph import Graph
    from seatrial.bill.bill import Bill
    from seatrial.bill.book import Book
    from seatrial.bill.errors import PricesMissing
    from seatrial.bill.meters import Term
    from seatrial.bill.usage import Usage
    from seatrial.model import Plan, Stated, System

__all__ = ["BASE", "Pricing", "missing", "old_prices", "verdicts"]

BASE = "base"
"""Stands for the system itself where a variant is asked for."""


@dataclass(frozen=True, kw_only=True)
class Pricing:
    """What was asked for. Whatever is wrong with it ends the program, with the way out."""

    system: System
    variant: str | None
    region: str | None
    scale: str | None
    assumptions: tuple[str, ...]
    commitment: Term | None
    currency: str

    @cached_property
    def book(self) -> Book:
        from seatrial.bill.book import Book
        from seatrial.bill.errors import NoBook

        try:
            book = Book.current(self.currency.upper())
        except NoBook as error:
            leave(str(error), exits.FAILED)
        if book.remark:
            click.echo(f"note: {book.remark}", err=True)
        return book

    def plan(self, variant: str | None) -> Plan:
        """The plan of a variant, in the region that was asked for."""
        plan = plan_of(self.system, None if variant == BASE else variant)
        if self.region is None:
            return plan
        from seatrial.bill.elsewhere import moved
        from seatrial.model import readers

        try:
            region = readers.region(self.region)
        except Wrong as wrong:
            _usage_error("--region", wrong)
        return moved(plan, region)

    def graph(self, variant: str | None) -> Graph:
        from seatrial.azure.compile import graph
        from seatrial.azure.errors import Refused

        try:
            return graph(self.plan(variant))
        except Refused as refused:
            refuse(refused)

    def usage(self, plan: Plan) -> Usage:
        """What the month brings, by the system file and the command line."""
        from seatrial.bill.usage import Usage

        return Usage(plan, self.asked(plan), self.factors(plan))

    def asked(self, plan: Plan) -> tuple[Stated, ...]:
        """The figures that were set on the command line."""
        from seatrial.bill.asked import assumed

        try:
            return tuple(assumed(plan, text) for text in self.assumptions)
        except Wrong as wrong:
            _usage_error("--assume", wrong)

    def factors(self, plan: Plan) -> Mapping[str, Decimal]:
        """By what the load is multiplied that the system file says."""
        from seatrial.bill.asked import load
        from seatrial.bill.questions.load import NoLoad, scale_to

        if self.scale is None:
            return {}
        try:
            return scale_to(plan, load(self.scale))
        except Wrong as wrong:
            _usage_error("--scale", wrong)
        except NoLoad as error:
            leave(f"--scale: {error}", exits.USAGE)

    def bill(self, variant: str | None, fixed: Stated | None = None) -> Bill:
        """The bill of a variant; `fixed` is a figure more than those that were set on the command line."""
        from seatrial.bill.bill import bill
        from seatrial.bill.errors import PricesMissing
        from seatrial.bill.usage import Usage

        graph = self.graph(variant)
        asked = self.asked(graph.plan) + (() if fixed is None else (fixed,))
        try:
            return bill(graph, self.book, Usage(graph.plan, asked, self.factors(graph.plan)), self.commitment)
        except PricesMissing as error:
            missing(error, self.book)


def missing(error: PricesMissing, book: Book) -> NoReturn:
    """End the program with every price that is not known."""
    from seatrial.cli.bill_page import missing_in_words

    way_out = (
        "seatrial bill --refresh takes today's prices from Azure's price list; or ask for another --region"
    )
    click.echo(missing_in_words(error, way_out, book), err=True)
    sys.exit(exits.NO_PRICE)


def verdicts(bill: Bill, again: Callable[[Stated], Bill]) -> Iterator[str]:
    """Whether the month is inside its budget, and each unit inside its limit."""
    from seatrial.bill.questions.unit_costs import unit_costs
    from seatrial.bill.words import money

    budget = bill.plan.budget
    if budget is not None:
        limit, low, high = budget.limit.amount, bill.total.low, bill.total.high
        rest = limit - bill.total.likely
        if bill.currency != "USD":
            yield f"Budget {budget.limit}: not compared with a total in {bill.currency}"
        else:
            word = "inside, with {} left" if rest >= 0 else "over by {}"
            sure = "" if high <= limit or low > limit else "; not sure within the range of the total"
            yield f"Budget {budget.limit}: {word.format(money(abs(rest), bill.currency))}{sure}"
    for cost in unit_costs(bill, again):
        yield cost.in_words()


def old_prices(bill: Bill, today: date, most_days: int) -> Iterator[str]:
    """A warning where a line stands on a price that was read too long ago."""
    from seatrial.bill.words import money

    old = [line for line in bill.lines if (today - line.price.read_on).days > most_days]
    if old:
        oldest = min(line.price.read_on for line in old)
        of = ", ".join(sorted({line.price.meter.service for line in old}))
        lines = "1 line stands" if len(old) == 1 else f"{len(old)} lines stand"
        amount = money(sum((line.amount.likely for line in old), Decimal(0)), bill.currency)
        yield (
            f"warning: {lines} on prices read more than {most_days} days ago, since {oldest}, "
            f"{amount} of the total: {of}"
        )
        yield "  hint: seatrial bill --refresh takes today's prices from Azure's price list"


def _usage_error(option: str, wrong: Wrong) -> NoReturn:
    leave(f"{option}: {wrong.what}", exits.USAGE, hint=wrong.hint)
