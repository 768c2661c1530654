"""Which shape of a system a load needs, and why: the cheapest that carries it.

A shape carries a load when nothing that `capacity` knows stands in the way of what is most likely. What may
stand in the way of the most that can come is told beside, and what each shape says it is meant for, the
load of its budget: the border that a plan draws is not always the one its figures have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from seatrial.azure.graph import Graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.meters import Term
from seatrial.bill.questions.capacity import Obstacle, obstacles, stopped
from seatrial.bill.questions.load import LOADS, same_load
from seatrial.bill.savings.given_up import given_up
from seatrial.bill.usage import said
from seatrial.bill.words import money, short, spanned
from seatrial.model import Plan, Postgres, Stated
from seatrial.model.value import Value

__all__ = ["Choice", "Shape", "choose"]


class Shape(Value):
    """One shape under the load."""

    name: str
    title: str
    bill: Bill
    obstacles: tuple[Obstacle, ...]
    """What stands in the way, or may; the sure ones first."""
    stopped: tuple[str, ...]
    """Why it cannot carry what is most likely, each a sentence; empty: it can."""
    budget: Decimal | None
    """What a month may cost by the shape's own plan, in USD."""
    meant_for: tuple[tuple[str, Decimal], ...]
    """The load that the shape says it is for: records, requests."""
    load: tuple[tuple[str, Decimal], ...]
    """The load that it is asked to carry."""
    gives_up: tuple[str, ...]
    """What another of the shapes has that this one goes without, beside what carries load."""

    @property
    def carries(self) -> bool:
        return not self.stopped

    @property
    def sure(self) -> bool:
        """Whether it carries even the most that can come."""
        return not self.stopped and not self.obstacles

    @property
    def over_budget(self) -> bool | None:
        """Of what is most likely; None: it has none, or in another currency than the bill."""
        if self.budget is None or self.bill.currency != "USD":
            return None
        return self.bill.total.likely > self.budget

    @property
    def beyond(self) -> tuple[str, ...]:
        """The loads that are more than the shape says it is for."""
        asked = dict(self.load)
        return tuple(name for name, amount in self.meant_for if asked.get(name, Decimal(0)) > amount)


class Choice(Value):
    """All shapes under one load, and the one to take."""

    system: str
    load: tuple[tuple[str, Decimal], ...]
    shapes: tuple[Shape, ...]
    """As they were given."""
    chosen: str | None
    """The cheapest that carries what is most likely; None: none does."""
    safe: str | None
    """The cheapest that carries even the most that can come."""
    by_the_plan: str | None
    """The cheapest that says it is meant for a load like this; None: none does."""
    not_judged: tuple[str, ...]
    """What a load may be stopped by and no figure tells of, each a sentence."""

    def shape(self, name: str) -> Shape:
        return next(each for each in self.shapes if each.name == name)

    def sentences(self) -> tuple[str, ...]:
        """The choice and its reasons; then each shape that was not chosen, and why."""
        return tuple(self._sentences())

    def _sentences(self) -> Iterator[str]:
        load = _told(self.load) or "this load"
        if self.chosen is None:
            yield f"no shape carries {load} a month"
        else:
            chosen = self.shape(self.chosen)
            yield f"{load} a month: {chosen.name}, the cheapest that carries it, {_cost(chosen)}"
            if chosen.gives_up:
                yield f"{chosen.name} goes without {', '.join(chosen.gives_up)}"
        for shape in self.shapes:
            yield from self._about(shape)
        if self.chosen is not None and self.safe != self.chosen:
            yield (
                "none is sure to carry the most that can come"
                if self.safe is None
                else f"to be sure of the most that can come: {self.safe}, {_cost(self.shape(self.safe))}"
            )
        if self.by_the_plan != self.chosen:
            yield from self._border()
        yield from self.not_judged

    def _about(self, shape: Shape) -> Iterator[str]:
        for sentence in shape.stopped:
            yield f"{shape.name} cannot: {sentence}"
        for each in shape.obstacles:
            if not each.sure:
                yield f"{shape.name} may not: {each.sentence}"
        if shape.carries and self.chosen not in (None, shape.name):
            more = shape.bill.total.likely - self.shape(str(self.chosen)).bill.total.likely
            yield f"{shape.name} carries it too, for {money(more, shape.bill.currency)} more: {_cost(shape)}"
        if shape.over_budget and shape.budget is not None:
            over = shape.bill.total.likely - shape.budget
            yield (
                f"{shape.name} is {money(over, shape.bill.currency)} over its budget of "
                f"{money(shape.budget, 'USD')}"
            )

    def _border(self) -> Iterator[str]:
        """Where the plan draws another border than its figures."""
        told = [f"{each.name} for up to {_told(each.meant_for)}" for each in self.shapes if each.meant_for]
        if told:
            wanted = "none of them" if self.by_the_plan is None else self.by_the_plan
            yield f"by its own words the plan would take {wanted} here: {', '.join(told)}"


def _told(load: Iterable[tuple[str, Decimal]]) -> str:
    return " and ".join(f"{short(amount)} {name}" for name, amount in load)


def _cost(shape: Shape) -> str:
    return spanned(shape.bill.total, shape.bill.currency)


def choose(
    graphs: Mapping[str, Graph],
    book: Book,
    load: Mapping[str, Decimal] | None = None,
    *,
    asked: Iterable[Stated] = (),
    commitment: Term | None = None,
) -> Choice:
    """Prices every shape under the same load and takes the cheapest that carries it; of equals the first.

    Args:
        graphs: the shapes by name; the first says what else a month brings.
        load: `records`, `requests` or both; what is left out stays as the first shape has it.
        asked: figures that stand in the place of what the systems say, as in `Usage`.

    Raises:
        NoLoad: the first shape does not state what is to be scaled.
        PricesMissing: some price is not in the book.
        ValueError: there is no shape.
    """
    if not graphs:
        raise ValueError("there is no shape to choose from")
    reference = next(iter(graphs.values())).plan
    whole = _whole(reference, load or {})
    asked = tuple(asked)
    plans = [graph.plan for graph in graphs.values()]
    shapes = tuple(
        _shape(name, graph, plans, book, whole, load or {}, asked, commitment)
        for name, graph in graphs.items()
    )
    carrying = [shape for shape in shapes if shape.carries]
    meant = [shape for shape in shapes if shape.meant_for and not shape.beyond]
    return Choice(
        system=reference.name,
        load=whole,
        shapes=shapes,
        chosen=_cheapest(carrying),
        safe=_cheapest([shape for shape in shapes if shape.sure]),
        by_the_plan=_cheapest(meant),
        not_judged=tuple(_not_judged(graph.plan for graph in graphs.values())),
    )


def _shape(
    name: str,
    graph: Graph,
    plans: Sequence[Plan],
    book: Book,
    whole: tuple[tuple[str, Decimal], ...],
    load: Mapping[str, Decimal],
    asked: tuple[Stated, ...],
    commitment: Term | None,
) -> Shape:
    usage = same_load(graph.plan, plans[0], load, asked)
    made = bill(graph, book, usage, commitment)
    budget = graph.plan.budget
    found = obstacles(graph, usage)
    return Shape(
        name=name,
        title=graph.plan.title,
        bill=made,
        obstacles=found,
        stopped=stopped(made, found),
        budget=None if budget is None else budget.limit.amount,
        meant_for=_whole(graph.plan, {}),
        load=whole,
        gives_up=tuple(dict.fromkeys(each for other in plans for each in given_up(graph.plan, other))),
    )


def _whole(plan: Plan, load: Mapping[str, Decimal]) -> tuple[tuple[str, Decimal], ...]:
    """Records and requests: what is asked for, else what the plan states."""
    stated = {name: each.likely for name, each in said(plan).items() if name in LOADS} | dict(load)
    return tuple((name, stated[name]) for name in LOADS if name in stated)


def _cheapest(shapes: Iterable[Shape]) -> str | None:
    found = min(shapes, key=lambda shape: shape.bill.total.likely, default=None)
    return None if found is None else found.name


def _not_judged(plans: Iterable[Plan]) -> Iterator[str]:
    stores = dict.fromkeys(store.name for plan in plans for store in plan.of(Postgres))
    if stores:
        yield f"not judged: what a query takes of the cores and the memory of {' and '.join(stores)}"
