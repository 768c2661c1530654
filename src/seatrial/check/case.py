"""What the rules read: a plan, what it becomes, and what a month of it costs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Graph
from seatrial.check.thing import Things, things_of
from seatrial.model import Acceptance, Place, Plan, Postgres, System

if TYPE_CHECKING:
    from seatrial.bill.bill import Bill, Line
    from seatrial.bill.book import Book
    from seatrial.bill.claimed import Claims
    from seatrial.bill.questions.capacity import Obstacle
    from seatrial.bill.reckoning import Reckoning

__all__ = ["Case"]


class Case:
    """One plan under check. Everything is made when the first rule asks for it."""

    def __init__(
        self,
        plan: Plan,
        source: str = "",
        claims: Claims | None = None,
        system: System | None = None,
        tests: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """
        Args:
            source: the text of the system file.
            claims: what the plan on paper says it costs.
            system: whose plan it is, for rules that set its shapes side by side.
            tests: by the id of a rule, the test of the system that tries what it is about.
        """
        self.plan = plan
        self.source = source
        self.claims = claims
        self._system = system
        self.tests = tests

    @cached_property
    def _compiled(self) -> Graph | Refused:
        try:
            return graph(self.plan)
        except Refused as refused:
            return refused

    @property
    def graph(self) -> Graph | None:
        """What the plan becomes; None, where Azure would refuse it."""
        return self._compiled if isinstance(self._compiled, Graph) else None

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What Azure would refuse."""
        return self._compiled.troubles if isinstance(self._compiled, Refused) else ()

    @cached_property
    def things(self) -> Things:
        """The resources; none, where Azure would refuse the plan."""
        return Things(all=()) if self.graph is None else things_of(self.graph)

    @cached_property
    def prices(self) -> Book:
        """The embedded ones."""
        from seatrial.bill.book import Book

        return Book()

    @cached_property
    def bill(self) -> Bill | None:
        """A month by the embedded prices; None, where it cannot be priced."""
        from seatrial.bill.bill import bill
        from seatrial.bill.errors import BillError

        if self.graph is None:
            return None
        try:
            return bill(self.graph, self.prices)
        except BillError:
            return None

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the bill; where some prices are missing, those of all resources that can be priced.

        So a sum over them is right or too low, never too high.
        """
        from dataclasses import replace

        from seatrial.bill.bill import bill
        from seatrial.bill.errors import BillError, PricesMissing

        if self.bill is not None or self.graph is None:
            return () if self.bill is None else self.bill.lines
        graph = self.graph
        for _ in range(3):  # what is left out may be what others were reckoned from
            try:
                return bill(graph, self.prices).lines
            except PricesMissing as unknown:
                named = {each.resource for each in unknown.missing}
                rest = (each for each in graph.resources if f"{each.type} {each.symbol}" not in named)
                graph = replace(graph, resources=tuple(rest))
            except BillError:
                break
        return ()

    @cached_property
    def reckoning(self) -> Reckoning | None:
        """From which loads are reckoned, without prices; None, where Azure would refuse the plan."""
        from seatrial.bill.reckoning import Reckoning
        from seatrial.bill.usage import Usage

        return None if self.graph is None else Reckoning(self.graph, Usage(self.plan))

    @cached_property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """What stands in the way of the load that the plan states, or may.

        Of a database that does not say how much it keeps, every record is taken to be in it once.
        """
        from seatrial.bill.questions.capacity import obstacles

        if self.reckoning is None:
            return ()
        figure = self.reckoning.figure
        for store in self.plan.of(Postgres):
            records = figure("records") * figure("record_size")
            figure("stored", store, assumed=records, why="every record once")
        return obstacles(self.reckoning.graph, self.reckoning.usage)

    @cached_property
    def variants(self) -> tuple[Plan, ...]:
        """The other shapes of the system, where the plan is the system itself; else none."""
        if self._system is None or self.plan.variant is not None:
            return ()
        return tuple(self._system.plan(name) for name in self._system.variants)

    @cached_property
    def accepted_by_base(self) -> frozenset[Acceptance]:
        """Of a variant, what the system itself accepts, which may be about its other shapes alone."""
        if self._system is None or self.plan.variant is None:
            return frozenset()
        return frozenset(self._system.plan().accepted)

    def place_of(self, part: str | None) -> Place:
        """Where a part is written; the system's own line for the rest."""
        return next((each.place for each in self.plan.parts if each.name == part), self.plan.place)
