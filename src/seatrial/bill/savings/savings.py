"""Whether a plan keeps inside its budget, and the way under it that gives up least, computed.

Every change is priced by itself; of several on one part, each two are priced together as well. The best sets
are found by these figures, and the best of them is priced whole before it is offered: changes meddle with
each other (free shares, tiers, rounding), so nothing is told that was only added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations

from seatrial.azure.compile import graph
from seatrial.bill.bill import bill
from seatrial.bill.book import Book
from seatrial.bill.meters import Term
from seatrial.bill.savings.advised import Advice, Saved, Saving, Verdict, Way
from seatrial.bill.savings.change import Change, variable
from seatrial.bill.savings.search import Option, best_sets, largest_set
from seatrial.bill.savings.trials import Trials, by_term, cents
from seatrial.bill.usage import Usage
from seatrial.model import Plan

__all__ = ["Advice", "Saved", "Saving", "Verdict", "Way", "advice"]

MOST_VERIFIED = 20
"""How many sets of changes are priced whole at most; the first part of them in search of the best."""
MOST_SEARCHED = 14

MOST_CANDIDATES = 60
"""Under each commitment, the best sets by what was added up."""

WORTH = Decimal("0.002")
"""The share of a bill below which a change is no part of the cheapest: nobody gives up copies for cents."""

NEVER = 10**15
"""Cents that nothing ever saves."""


def advice(
    plan: Plan,
    book: Book,
    limit: Decimal,
    usage: Callable[[Plan], Usage] = Usage,
    *,
    commitment: Term | None = None,
    progress: Callable[[str], None] | None = None,
    called: Callable[[str], str] = variable,
) -> Advice:
    """Whether a plan costs no more than that, and what to change if it does.

    Args:
        limit: for a month, in the currency of the book.
        usage: what a month brings to a plan: the same load for each that is priced.
        commitment: what is bought already for all that turns steadily; then no other is offered.
        progress: is told what is being priced.
        called: the variable that holds a part in the system file, by the name of the part.

    Raises:
        PricesMissing: the plan itself cannot be priced.
        Refused: Azure refuses the plan itself.
    """
    now = bill(graph(plan), book, usage(plan), commitment)
    if now.total.likely <= limit:
        return Advice(bill=now, limit=limit, savings=(), way=None, cheapest=None, notes=())
    trials = Trials(now, book, usage, progress or (lambda _: None), called)
    trials.pair_up(now.total.likely - limit)
    way, cheapest = _ways(trials, limit)
    return Advice(
        bill=now,
        limit=limit,
        savings=tuple(trials.savings),
        way=way,
        cheapest=cheapest,
        notes=tuple(trials.notes()),
    )


def _ways(trials: Trials, limit: Decimal) -> tuple[Way | None, Way | None]:
    """The way under the limit that gives up least, if there is one; and the cheapest of all."""
    found, cheapest = _first_under(trials, limit), _cheapest(trials)
    if found is None and cheapest is not None and cheapest.total.likely <= limit:
        found = _lighter(cheapest, trials, limit)
    if found is not None and (cheapest is None or found.total.likely < cheapest.total.likely):
        cheapest = found
    return found, cheapest


def _first_under(trials: Trials, limit: Decimal) -> Way | None:
    """Tries sets, the best first, until one is under the limit in truth."""
    short: dict[frozenset[str], int] = {}  # by the keys of changes: what they save less than was added up
    for changes, term, beyond in _candidates(trials, limit):
        keys = frozenset(each.key for each in changes)
        if any(keys >= known and beyond < missing for known, missing in short.items()):
            continue  # what some of them lack, all of them lack
        if trials.verified == MOST_SEARCHED:
            return None
        way = trials.way(changes, term)
        if way is not None and way.total.likely <= limit:
            return way
        short[keys] = NEVER if way is None else beyond + cents(way.total.likely - limit)
    return None


def _candidates(trials: Trials, limit: Decimal) -> Iterator[tuple[list[Change], Term | None, int]]:
    """Sets that should be enough, with their commitment and the cents that they save beyond that.

    What gives up least first, then the fewest changes, then the cheapest.
    """
    found = []
    whole = by_term(trials.now)
    for term, bought in trials.terms.items():
        needed = whole[term] - cents(limit)
        for chosen in best_sets(_options(trials, term), needed, trials.overlaps[term], MOST_CANDIDATES):
            changes = [trials.steps[index].change for index in chosen]
            changes += [bought.change] if bought is not None else []
            beyond = _saves(trials, chosen, term) - needed
            weight = sum(each.weight for each in changes)
            found.append((weight, len(changes), -beyond, [each.key for each in changes], changes, term))
    for _, _, less, _, changes, term in sorted(found, key=lambda each: each[:4]):
        yield changes, term, -less


def _options(trials: Trials, term: Term | None) -> list[Option]:
    """The steps as the search takes them; one that saves nothing under a commitment saves a cent of it."""
    return [
        Option(saves=max(saved[term], 1), weight=step.change.weight, excludes=step.change.excludes)
        for step, saved in zip(trials.steps, trials.under, strict=True)
    ]


def _saves(trials: Trials, chosen: tuple[int, ...], term: Term | None) -> int:
    known = trials.overlaps[term]
    lost = sum(known.get(pair, 0) for pair in combinations(sorted(chosen), 2))
    return sum(trials.under[index][term] for index in chosen) - lost


def _cheapest(trials: Trials) -> Way | None:
    """All that save most together; without the least of them, while Azure refuses that."""
    found: list[tuple[int, list[Change], Term | None]] = []
    for term, total in by_term(trials.now).items():
        if term not in trials.terms:
            continue
        options = _options(trials, term)
        worth = [index for index, each in enumerate(options) if each.saves >= WORTH * total]
        chosen = largest_set(options, trials.overlaps[term], worth)
        changes = [trials.steps[index].change for index in chosen]
        bought = trials.terms[term]
        changes += [bought.change] if bought is not None else []
        found.append((total - _saves(trials, chosen, term), changes, term))
    _, changes, term = min(found, key=lambda each: each[0])
    alone = {each.change.key: each.saved.likely for each in trials.savings}
    changes.sort(key=lambda each: -alone[each.key])
    while changes:
        way = trials.way(changes, term)
        if way is not None:
            return way
        changes.pop()
    return None


def _lighter(way: Way, trials: Trials, limit: Decimal) -> Way:
    """The way without all that is not needed, what gives up most first."""
    alone = {each.change.key: each.saved.likely for each in trials.savings}
    while trials.verified < MOST_VERIFIED:
        spare, kept = limit - way.total.likely, []
        for each in sorted(way.changes, key=lambda each: (-each.weight, alone[each.key])):
            if alone[each.key] <= spare:
                spare -= alone[each.key]
            else:
                kept.append(each)
        term = next((each.commitment for each in kept if each.commitment), trials.now.commitment)
        less = trials.way(kept, term) if len(kept) < len(way.changes) else None
        if less is None or less.total.likely > limit:
            break
        way = less
    return way
