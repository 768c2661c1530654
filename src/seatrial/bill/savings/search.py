"""Which of many steps to take to save enough while giving up least: branch and bound."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence

from seatrial.model.value import Value

__all__ = ["Option", "best_sets", "largest_set"]

MOST_NODES = 30_000
"""How much is looked at before the best found so far counts: a fraction of a second."""

MOST_TOGETHER = 14
"""Of so many steps that exclude or overlap each other every set is tried, 16,384 at most; of more only those
that save most one after another. The changes of one part are some ten."""

Overlaps = Mapping[tuple[int, int], int]
"""By two indexes, the smaller first: what two steps together save less than each alone."""


class Option(Value):
    """One step that may be taken."""

    saves: int
    """In cents, more than nothing."""
    weight: int
    """How much it gives up; more than nothing."""
    excludes: frozenset[str] = frozenset()
    """Of steps that have a key in common only one may be taken."""


def best_sets(
    options: Sequence[Option], needed: int, overlaps: Overlaps | None = None, most: int = 20
) -> list[tuple[int, ...]]:
    """The sets that save at least so much, by their indexes: at most so many, the best first.

    The least weight first, then the fewest steps, then the most saved. No step in a set could be left out.
    Nothing needed is one set, the empty one.
    """
    search = _Search(options, overlaps or {}, most)
    search.look((), frozenset(), 0, 0, max(needed, 0))
    return [chosen for _, chosen in sorted(search.found, reverse=True)]


def largest_set(
    options: Sequence[Option], overlaps: Overlaps | None = None, among: Sequence[int] | None = None
) -> tuple[int, ...]:
    """The set that saves most, whatever it gives up; of those among them, by their indexes."""
    known = overlaps or {}
    chosen: list[int] = []
    for group in _groups(options, known, range(len(options)) if among is None else among):
        if len(group) > MOST_TOGETHER:
            chosen.extend(_greedy(options, group, known))
        else:
            best = max(_allowed(options, group), key=lambda each: (_saved(options, each, known), -len(each)))
            chosen.extend(best)
    return tuple(sorted(chosen))


class _Search:
    """Walks the steps from the one that saves most for what it gives up; keeps the best sets in a heap."""

    def __init__(self, options: Sequence[Option], overlaps: Overlaps, most: int) -> None:
        self.options = options
        self.overlaps = overlaps
        self.most = most
        self.order = sorted(
            range(len(options)), key=lambda index: -options[index].saves / options[index].weight
        )
        self.found: list[tuple[tuple[int, int, int], tuple[int, ...]]] = []
        """A heap, the worst on top: each set with its weight, its steps and what it still needs, all turned
        round."""
        self.nodes = 0

    def look(
        self, chosen: tuple[int, ...], taken: frozenset[str], place: int, weight: int, needed: int
    ) -> None:
        """All sets that hold what is chosen, and otherwise only steps from this place in the order on."""
        self.nodes += 1
        if needed <= 0:
            self._keep(chosen, weight, needed)
            return
        if self.nodes > MOST_NODES or place == len(self.order):
            return
        least = self._least_weight(place, needed)
        if least is None or self._is_worse(weight + least, len(chosen) + 1):
            return
        index = self.order[place]
        option = self.options[index]
        if taken.isdisjoint(option.excludes):
            saves = option.saves - sum(self._overlap(index, other) for other in chosen)
            rest = needed - saves
            self.look((*chosen, index), taken | option.excludes, place + 1, weight + option.weight, rest)
        self.look(chosen, taken, place + 1, weight, needed)

    def _least_weight(self, place: int, needed: int) -> int | None:
        """No set from here on that saves so much gives up less; None: none saves so much."""
        weight, left = 0, needed
        for index in self.order[place:]:
            option = self.options[index]
            if option.saves >= left:
                return weight + -(-option.weight * left // option.saves)
            weight, left = weight + option.weight, left - option.saves
        return None

    def _is_worse(self, weight: int, steps: int) -> bool:
        if len(self.found) < self.most:
            return False
        return (-weight, -steps) < self.found[0][0][:2]

    def _keep(self, chosen: tuple[int, ...], weight: int, needed: int) -> None:
        if not self._is_minimal(chosen, needed):
            return
        each = ((-weight, -len(chosen), -needed), tuple(sorted(chosen)))
        if len(self.found) < self.most:
            heapq.heappush(self.found, each)
        else:
            heapq.heappushpop(self.found, each)

    def _is_minimal(self, chosen: tuple[int, ...], needed: int) -> bool:
        for index in chosen:
            others = sum(self._overlap(index, other) for other in chosen if other != index)
            if self.options[index].saves - others <= -needed:
                return False
        return True

    def _overlap(self, one: int, other: int) -> int:
        return self.overlaps.get((min(one, other), max(one, other)), 0)


def _groups(options: Sequence[Option], overlaps: Overlaps, among: Sequence[int]) -> Iterator[list[int]]:
    """Steps that exclude or overlap each other, directly or through others, together."""
    left = list(among)
    while left:
        group, edge = [], [left.pop(0)]
        while edge:
            index = edge.pop()
            group.append(index)
            near = [
                other
                for other in left
                if options[index].excludes & options[other].excludes
                or (min(index, other), max(index, other)) in overlaps
            ]
            edge.extend(near)
            left = [other for other in left if other not in near]
        yield group


def _allowed(options: Sequence[Option], group: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every set of a group in which none excludes another, the empty one included."""

    def beyond(start: int, chosen: tuple[int, ...], taken: frozenset[str]) -> Iterator[tuple[int, ...]]:
        yield chosen
        for at in range(start, len(group)):
            option = options[group[at]]
            if taken.isdisjoint(option.excludes):
                yield from beyond(at + 1, (*chosen, group[at]), taken | option.excludes)

    return beyond(0, (), frozenset())


def _greedy(options: Sequence[Option], group: Sequence[int], overlaps: Overlaps) -> tuple[int, ...]:
    """One after another what saves most beside those before it, as long as it saves anything."""
    chosen: tuple[int, ...] = ()
    while True:
        taken = frozenset(key for index in chosen for key in options[index].excludes)
        left = [each for each in group if each not in chosen and taken.isdisjoint(options[each].excludes)]
        now = _saved(options, chosen, overlaps)
        best = max(left, key=lambda each: _saved(options, (*chosen, each), overlaps), default=None)
        if best is None or _saved(options, (*chosen, best), overlaps) <= now:
            return chosen
        chosen = (*chosen, best)


def _saved(options: Sequence[Option], chosen: Sequence[int], overlaps: Overlaps) -> int:
    lost = sum(
        overlaps.get((min(one, other), max(one, other)), 0)
        for at, one in enumerate(chosen)
        for other in chosen[at + 1 :]
    )
    return sum(options[index].saves for index in chosen) - lost
