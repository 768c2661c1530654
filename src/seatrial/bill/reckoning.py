"""What every charge is reckoned from: the graph, the plan, and the usage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from seatrial.azure.graph import Graph, Resource
from seatrial.bill.range import Range
from seatrial.bill.usage import Reads, Usage
from seatrial.model import Part, Plan
from seatrial.model.value import Value

__all__ = ["Reckoning", "Warned"]

T = TypeVar("T")
P = TypeVar("P", bound=Part)


class Warned(Value):
    """Something that whoever reads a bill must know: a load that cannot be carried, a store that fills up."""

    part: str | None
    sentence: str
    """Without a full stop, with the figures it rests on."""
    stops: bool = False
    """Whether the load, as it is most likely, cannot be carried because of it. What `questions.capacity`
    judges by itself is not marked."""


class Reckoning:
    """One graph under one usage."""

    def __init__(self, graph: Graph, usage: Usage) -> None:
        self.graph = graph
        self.plan: Plan = graph.plan
        self.usage = usage
        self._kept: dict[Hashable, tuple[Any, Reads]] = {}
        self._warned: dict[Warned, None] = {}

    def part_named(self, name: str | None) -> Part | None:
        """The part of that name; None, where the name is that of no part."""
        return None if name is None else self._parts.get(name)

    def part_of(self, resource: Resource, kind: type[P]) -> P:
        """The part that a resource stands for. Raises TypeError when it is of another kind, or nobody's."""
        part = None if resource.part is None else self._parts.get(resource.part)
        if not isinstance(part, kind):
            raise TypeError(f"{resource.symbol} is no {kind.__name__}")
        return part

    def figure(
        self, name: str, part: Part | None = None, *, assumed: Range | None = None, why: str = ""
    ) -> Range:
        """One figure of the usage, of the whole system or of one part over all regions; see `Usage.of`."""
        return self.usage.of(name, part, assumed=assumed, why=why)

    def warn(self, part: Part | None, sentence: str, *, stops: bool = False) -> None:
        """Says something that the bill must not hide; the same only once.

        Args:
            stops: whether the most likely load cannot be carried because of it.
        """
        name = None if part is None else part.name
        self._warned[Warned(part=name, sentence=sentence, stops=stops)] = None

    def warn_again(self, warnings: tuple[Warned, ...]) -> None:
        """Says what was said before, of something that is still the same."""
        self._warned |= dict.fromkeys(warnings)

    @property
    def warnings(self) -> tuple[Warned, ...]:
        return tuple(self._warned)

    def share(self, resource: Resource) -> Decimal:
        """What falls to this one of the resources that do the same in several regions: equal shares."""
        return 1 / Decimal(self._alike[resource.type, resource.symbol])

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made the first time it was asked for under this key: the same, whoever asks.

        Whoever asks for it rests on the figures that it rests on.
        """
        if key not in self._kept:
            before = self.usage.watch()
            made = make()
            reads = self.usage.watch(before)
            self._kept[key] = made, reads
        found: T
        found, reads = self._kept[key]
        self.usage.note(reads)
        return found

    @cached_property
    def _parts(self) -> dict[str, Part]:
        return {part.name: part for part in self.plan.parts}

    @cached_property
    def _alike(self) -> Counter[tuple[str, str]]:
        return Counter((resource.type, resource.symbol) for resource in self.graph.resources)
