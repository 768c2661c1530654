"""Prices what could be changed about a plan: every change by itself, some in pairs, some sets whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from seatrial.azure.compile import graph
from seatrial.bill.bill import Bill, bill
from seatrial.bill.book import Book
from seatrial.bill.errors import PricesMissing
from seatrial.bill.meters import Term
from seatrial.bill.range import Range
from seatrial.bill.savings.advised import Saved, Saving, Way
from seatrial.bill.savings.change import Change, applied, code
from seatrial.bill.savings.changes import is_sound, possible
from seatrial.bill.savings.changes_ground import TERMS, commitment
from seatrial.bill.usage import Usage
from seatrial.model import Plan
from seatrial.model.changing import StillNamed

__all__ = ["Trials", "by_term", "cents"]

TELLING = Decimal("0.05")
"""The share of what is needed from which on two changes of one part are priced together as well."""


class Trials:
    """What every change of one plan saves, alone and beside others."""

    def __init__(
        self,
        now: Bill,
        book: Book,
        usage: Callable[[Plan], Usage],
        progress: Callable[[str], None],
        called: Callable[[str], str],
    ) -> None:
        self.now = now
        self.plan = now.plan
        self.savings: list[Saving] = []
        """Of every change that saves by itself."""
        self.steps: list[Saving] = []
        """Those that build otherwise, and are no commitment."""
        self.under: list[dict[Term | None, int]] = []
        """Of each step: the cents that it saves under each commitment."""
        self.terms: dict[Term | None, Saving | None] = {now.commitment: None}
        """What may be bought for all that turns steadily: what is bought now, and what saves."""
        self.overlaps: dict[Term | None, dict[tuple[int, int], int]] = {}
        """The cents that two steps save less together than each alone, under each commitment."""
        self.verified = 0
        """How many sets have been priced whole."""
        self._book = book
        self._usage = usage
        self._progress = progress
        self._called = called
        self._unpriced: list[Change] = []
        self._singles()

    def _singles(self) -> None:
        whole = by_term(self.now)
        regions = [each for each in self._book.regions if each.islower()]  # neither Global nor zones
        for change in possible(self.plan, self.now, regions):
            if change.commitment is not None and self.now.commitment is not None:
                continue
            self._progress(change.what)
            made = self._priced(change.plan, change.commitment)
            if made is None:
                self._unpriced.append(change)
                continue
            saved = _less(self.now.total, made.total)
            if saved.likely <= 0:
                continue
            if new := _new_warnings(self.now, made):
                change = change.beyond(new)
            saving = Saving(change=change, saved=saved, total=made.total)
            self.savings.append(saving)
            if change.commitment is not None:
                self.terms[change.commitment] = saving
            else:
                after = by_term(made)
                self.steps.append(saving)
                self.under.append({term: whole[term] - after[term] for term in whole})
        self.savings.sort(key=lambda each: (-each.saved.likely, each.change.key))

    def pair_up(self, needed: Decimal) -> None:
        """Prices each two changes of one part together, where that may matter for what is needed."""
        whole = by_term(self.now)
        self.overlaps = {term: {} for term in whole}
        for one, other in combinations(range(len(self.steps)), 2):
            pair = (self.steps[one], self.steps[other])
            first, second = (each.change for each in pair)
            telling = all(each.saved.likely >= needed * TELLING for each in pair)
            if not telling or first.excludes & second.excludes or not first.parts & second.parts:
                continue
            made = self._together((first, second), None)
            if made is None:
                continue
            after = by_term(made)
            for term, overlaps in self.overlaps.items():
                apart = self.under[one][term] + self.under[other][term]
                overlaps[one, other] = max(apart - (whole[term] - after[term]), 0)

    def way(self, changes: Iterable[Change], term: Term | None) -> Way | None:
        """These changes, priced together; None where they cannot be made together, or not priced."""
        self.verified += 1
        alone = {each.change.key: each.saved.likely for each in self.savings}
        chosen = sorted(changes, key=lambda each: (-alone[each.key], each.key))
        self._progress(" + ".join(each.what for each in chosen))
        made = self._together(chosen, term)
        if made is None:
            return None
        bought = (commitment(made, each.commitment) for each in chosen if each.commitment is not None)
        built = [each for each in chosen if each.commitment is None]
        return Way(
            changes=(*bought, *built),
            bill=made,
            saved=_less(self.now.total, made.total),
            code=self._code(built),
        )

    def notes(self) -> Iterator[str]:
        """What was not looked at."""
        regions = [each.region for each in self._unpriced if each.region is not None]
        others = [each.what for each in self._unpriced if each.region is None]
        if regions:
            one = "one region has" if len(regions) == 1 else f"{len(regions)} regions have"
            yield (
                f"{one} not every price that this needs, so nothing is said of {', '.join(regions)}: "
                "seatrial bill --refresh fetches what is missing"
            )
        if others:
            yield f"without a price, and so not looked at: {'; '.join(others)}"

    def _together(self, changes: Sequence[Change], term: Term | None) -> Bill | None:
        edits = [each for change in changes for each in change.edits]
        region = next((each.region for each in changes if each.region), None)
        try:
            plan = applied(self.plan, edits, region)
        except StillNamed:
            return None
        return self._priced(plan, term) if is_sound(plan) else None

    def _priced(self, plan: Plan, term: Term | None) -> Bill | None:
        try:
            return bill(graph(plan), self._book, self._usage(plan), term or self.now.commitment)
        except PricesMissing:
            return None

    def _code(self, built: Sequence[Change]) -> str | None:
        edits = [each for change in built for each in change.edits]
        region = next((each.region for each in built if each.region), None)
        lines = list(code(self.plan, edits, region, self._called))
        if not lines:
            return None
        if region is None:
            lines.insert(0, f'cheaper = {self._called(self.plan.name)}.variant("cheaper")')
        if self.plan.variant is not None:
            lines.insert(1, f'# and all that the variant "{self.plan.variant}" says otherwise than this')
        return "\n".join(lines)


def by_term(bill: Bill) -> Mapping[Term | None, int]:
    """The cents of a bill under every commitment that may be taken: what is steady, at that price.

    Under the one that is taken already no other.
    """
    total = bill.total.likely
    found: dict[Term | None, int] = {bill.commitment: cents(total)}
    for term in TERMS if bill.commitment is None else ():
        saved = sum(
            (
                line.amount.likely - line.paid.likely / line.price.each * line.price.terms[term]
                for line in bill.lines
                if line.steady and line.term is None and term in line.price.terms
            ),
            Decimal(0),
        )
        found[term] = cents(total - saved)
    return found


def _new_warnings(before: Bill, after: Bill) -> list[str]:
    """What only the changed plan warns of: that a part does not carry its load, or fills up."""
    warned = {each.part for each in before.warnings}
    return [each.sentence for each in after.warnings if each.part is not None and each.part not in warned]


def cents(amount: Decimal) -> int:
    """To the nearest cent."""
    return round(amount * 100)


def _less(before: Range, after: Range) -> Saved:
    return Saved(before.low - after.low, before.likely - after.likely, before.high - after.high)
