"""Is the description itself sound: budgets, what is said of a month, and what the plan on paper claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import FIGURES, UnitCost

if TYPE_CHECKING:
    from seatrial.bill.bill import Line
    from seatrial.bill.claimed import Claim, Claimed, Table

LEARN = "https://learn.microsoft.com/azure/"

_BUDGETS = f"{LEARN}cost-management-billing/costs/tutorial-acm-create-budgets"
_MODEL = f"{LEARN}well-architected/cost-optimization/cost-model"

_SHOP = """
from seatrial import System, unit_cost

shop = System("shop")
orders = shop.postgres("orders", cores=2)
web = shop.service("web", "serve", port=8000, health="/health", public=True, uses=[orders])
"""


def _money(amount: Decimal) -> str:
    return f"${amount:,.2f}"


@rule(
    "budget-without-load",
    severity="warning",
    family="sound",
    title="A budget is set for a load that nobody states",
    why="What a month may cost says nothing without the records and requests that it is for: the bill "
    "assumes them.",
    source=_MODEL,
    bad=_SHOP + 'shop.budget("$900/month")\n',
    good=_SHOP + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
)
def budget_without_load(case: Case) -> Iterator[Found]:
    """A load may stand with the budget, or in `usage`, of the whole system or of its parts."""
    from seatrial.bill.usage import said

    if case.plan.budget is None:
        return
    names = {each.name for each in said(case.plan).values()}
    if not names & {"records", "requests", "items", "messages", "new_records", "runs", "sessions"}:
        limit = case.plan.budget.limit
        what = f"{limit}, and neither records nor requests are said"
        yield Found(what=what, fix=f'budget("{limit}", records=…, requests="…/month")')


@rule(
    "no-budget",
    severity="note",
    family="sound",
    title="A system has no budget",
    why="Nobody is told when a month costs more than it should: Azure stops nothing by itself.",
    source=_BUDGETS,
    bad=_SHOP,
    good=_SHOP + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
)
def no_budget(case: Case) -> Iterator[Found]:
    if case.plan.budget is None and case.plan.parts and case.bill is not None and case.bill.total.likely:
        likely = case.bill.total.likely
        suggested = -(-int(likely * 12 // 10) // 10) * 10 or 10
        what = f"about {_money(likely)} a month, and nobody is told of more"
        yield Found(
            what=what, fix=f'budget("${suggested}/month", records=…, requests="…/month", tell=[team])'
        )


@rule(
    "budget-exceeded",
    severity="warning",
    family="sound",
    title="The bill is above the budget",
    why="At list prices and the load that is said, a month costs more than it may.",
    source=f"{LEARN}cost-management-billing/costs/cost-mgt-best-practices",
    bad=_SHOP + 'shop.budget("$50/month", records=10_000, requests="100k/month")\n',
    good=_SHOP + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
)
def budget_exceeded(case: Case) -> Iterator[Found]:
    """By the most likely month; that it may be more in a busy one is told by the bill.

    Where some prices are missing, the rest is held against the budget: it is never too much.
    """
    from seatrial.bill.bill import summed

    if case.plan.budget is None or not case.lines:
        return
    limit, total = case.plan.budget.limit.amount, summed(case.lines)
    if total.likely > limit:
        span = "" if total.exact else f" ({_money(total.low)} to {_money(total.high)})"
        if case.bill is None:
            span = " at least, for some prices are missing"
        dear = ", ".join(
            f"{part or 'the ground'} {_money(amount)}" for part, amount in _dearest(case.lines)[:3]
        )
        whose = f"{case.plan.variant}: " if case.plan.variant else ""
        over = f"{_money(total.likely)} a month{span}, where {_money(limit)} are meant"
        what = f"{whose}{over}; the most goes to {dear}"
        yield Found(what=what, fix="`seatrial bill --budget` finds the cheapest way under it")


def _dearest(lines: Iterable[Line]) -> list[tuple[str | None, Decimal]]:
    """Every part with what it costs, the dearest first; the ground is None."""
    sums: dict[str | None, Decimal] = {}
    for line in lines:
        sums[line.part] = sums.get(line.part, Decimal()) + line.amount.likely
    return sorted(sums.items(), key=lambda each: -each[1])


@rule(
    "unit-cost-exceeded",
    severity="warning",
    family="sound",
    title="One of the things that a system does costs more than it may",
    why="The whole bill, shared out over all of them, is above the promise even in the cheapest month.",
    source=_MODEL,
    bad=_SHOP
    + 'shop.expects(unit_cost("orders", "$0.001", figure="requests"))\n'
    + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
    good=_SHOP
    + 'shop.expects(unit_cost("orders", "$0.10", figure="requests"))\n'
    + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
)
def unit_cost_exceeded(case: Case) -> Iterator[Found]:
    from seatrial.bill.questions.unit_costs import unit_costs

    if case.bill is not None and any(isinstance(each, UnitCost) for each in case.plan.targets):
        for cost in unit_costs(case.bill):
            if cost.target is not None and cost.verdict == "over":
                fix = "`seatrial bill` shows what it is made of: save there, or promise what it costs"
                yield Found(part=cost.target.of, what=cost.in_words(), fix=fix)


@rule(
    "unit-cost-uncounted",
    severity="warning",
    family="sound",
    title="A cost per unit is promised, and nobody says how many units there are",
    why="The number is assumed, so the promise is kept or broken by an assumption.",
    source=_MODEL,
    bad=_SHOP
    + 'shop.expects(unit_cost("orders", "$0.10", figure="new_records"))\n'
    + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
    good=_SHOP
    + 'shop.expects(unit_cost("orders", "$0.10", figure="new_records"))\n'
    + 'shop.usage(new_records="10k/month")\n'
    + 'shop.budget("$900/month", records=10_000, requests="100k/month")\n',
)
def unit_cost_uncounted(case: Case) -> Iterator[Found]:
    """What a service answers is not assumed from nothing where the requests of the system are said."""
    from seatrial.bill.usage import said

    stated = said(case.plan)
    for target in case.plan.targets:
        if not isinstance(target, UnitCost):
            continue
        key = target.figure if target.of is None else f"{target.of.name}.{target.figure}"
        if key not in stated and not (target.figure == "requests" and "requests" in stated):
            about = "" if target.of is None else f"{target.of.name.replace('-', '_')}, "
            yield Found(
                part=target.of,
                what=f"{target.what} at {target.at_most} each, and {key} is not said",
                fix=f'usage({about}{target.figure}="…/month")',
            )


@rule(
    "figure-unused",
    severity="note",
    family="sound",
    title="A figure of a month is stated, and nothing on the bill rests on it",
    why="Either the part does not cost by it, or something that should be said of the part is missing.",
    source=_MODEL,
    bad=_SHOP + 'shop.usage(shop.blobs("photos"), retrieved="5 GiB")\n',
    good=_SHOP + 'shop.usage(shop.blobs("photos", cool_after="30 days"), retrieved="5 GiB")\n',
)
def figure_unused(case: Case) -> Iterator[Found]:
    """How long something takes also tells how much is carried; what counts units of a cost is used there."""
    if case.bill is None:
        return
    used = {each.key for each in case.bill.assumptions}
    for target in case.plan.targets:
        if isinstance(target, UnitCost):
            used.add(target.figure if target.of is None else f"{target.of.name}.{target.figure}")
    for each in case.plan.usage:
        if each.key not in used and FIGURES[each.name].unit != "seconds":
            what = f"{each.key} is said, and no price depends on it here"
            yield Found(part=each.part, what=what, fix="leave it out, or say of the part what makes it count")


# -- what the plan on paper claims ----------------------------------------------------------------------


def _tables(case: Case) -> Iterator[Table]:
    """Of a variant, its own table; of the system, all of them."""
    if case.claims is not None:
        for table in case.claims.tables:
            if case.plan.variant in (None, table.variant):
                yield table


_ROWS = """
# claims.toml
[[table]]
variant = "base"
title = "A month"
[[table.total]]
where = "last row"
claimed = "{total}"
[[table.line]]
what = "Database"
claimed = "{database}"
lines = ["orders"]
kind = "price"
why = "Two cores alone cost $129.94."
[[table.line]]
what = "Containers"
claimed = "75"
lines = ["web"]
kind = "usage"
why = "It depends on how much is asked."
"""


@rule(
    "claims-do-not-add-up",
    severity="warning",
    family="sound",
    title="A total of the plan on paper is not the sum of its rows",
    why="One of the figures is wrong, and whoever agrees to the total agrees to something that it is not.",
    source=_MODEL,
    bad=_SHOP + _ROWS.format(total="300", database="175"),
    good=_SHOP + _ROWS.format(total="250", database="175"),
)
def claims_do_not_add_up(case: Case) -> Iterator[Found]:
    for table in _tables(case):
        for each in table.additions:
            if not each.adds_up:
                rows, all_rows = each.written.words(), each.complete.words()
                sums = rows if rows == all_rows else f"{rows}, or {all_rows} with what stands elsewhere"
                total = f"{each.stated.where} {each.stated.amount.words()}"
                what = f'"{table.title}": {total}, the rows {sums}'
                yield Found(what=what, fix=f"{rows} in the plan, or the row that is missing")


@rule(
    "claim-below-price",
    severity="note",
    family="sound",
    title="A row of the plan on paper is below what Azure asks",
    why="The price is another, or something that belongs to it was left out; the bill has what it costs.",
    source=_MODEL,
    bad=_SHOP + _ROWS.format(total="150", database="75"),
    good=_SHOP + _ROWS.format(total="350", database="275"),
)
def claim_below_price(case: Case) -> Iterator[Found]:
    """Rows whose figure is about the price itself, not about size or use, and below even the least month.

    Where the book lacks the prices of a row, what was found out about the row is told without a figure.
    """
    variant = case.plan.variant or "base"
    for table in _tables(case):
        if table.variant != variant:
            continue
        least = _least(table, case.lines)
        for row in table.lines:
            if row.kind not in ("price", "not counted") or row.amount is None or row.amount.most is None:
                continue
            claimed, why = f"{row.what} for {row.amount.words()}", row.why.rstrip(".")
            amount = least.get(row.what)
            if amount is not None and amount >= row.amount.most + row.amount.step:
                what = f"{claimed}, where the bill has {_money(amount)} at least: {why}"
                yield Found(part=_only_part(row), what=what, fix=f"{_money(amount)} or more in the plan")
            elif amount is None and case.bill is None and case.lines:
                fix = "what the price list asks, in the plan"
                yield Found(part=_only_part(row), what=f"{claimed}: {why}", fix=fix)


def _least(table: Table, lines: Iterable[Line]) -> dict[str, Decimal]:
    """What the lines of the bill that belong to each row come to, at least; some prices may be missing."""
    found: dict[str, Decimal] = {}
    for line in lines:
        row = table.line_for(line.part, line.type, line.what)
        if row is not None:
            found[row.what] = found.get(row.what, Decimal()) + line.amount.low
    return found


def _only_part(row: Claimed) -> str | None:
    parts = {each.part for each in row.lines}
    return parts.pop() if len(parts) == 1 else None


@rule(
    "claim-against-prices",
    severity="note",
    family="sound",
    title="A statement of the plan on paper about cost is not what the price list says",
    why="Whoever decides by it decides by a price that Azure does not ask, or by a sum that is none.",
    source=_MODEL,
    bad=_SHOP
    + """
# claims.toml
[[claim]]
what = "Archive"
claimed = "0.99"
unit = "USD a TB and month"
kind = "price"
why = "That is the price of another region."
[[claim.check]]
of = "archive in one zone, East US 2"
service = "Storage"
product = "General Block Blob v2"
name = "Archive LRS Data Stored"
sku = "Archive LRS"
region = "eastus2"
times = "1000"
""",
    good=_SHOP
    + """
# claims.toml
[[claim]]
what = "Archive"
claimed = "2.00"
unit = "USD a TB and month"
kind = "agrees"
why = "So it is."
[[claim.check]]
of = "archive in one zone, East US 2"
service = "Storage"
product = "General Block Blob v2"
name = "Archive LRS Data Stored"
sku = "Archive LRS"
region = "eastus2"
times = "1000"
""",
)
def claim_against_prices(case: Case) -> Iterator[Found]:
    """What stands in no table, once for the system; where a meter says the same, nothing is told of that."""
    if case.claims is None or case.plan.variant is not None:
        return
    for claim in case.claims.claims:
        if claim.kind not in ("price", "arithmetic") or claim.amount is None:
            continue
        said = f'"{claim.what}": {claim.amount.words("")} {claim.unit}'
        if implied := claim.implied:
            said += f", which is {implied.words('')} {claim.implies.unit if claim.implies else ''}"
        other = [
            f"{_plainly(worth)} for {of}" for of, worth in _worths(claim, case) if claim.holds(worth) is False
        ]
        if other:
            said += f"; by the price list {', '.join(other)}"
        if other or claim.kind == "arithmetic":
            fix = "the figure of the price list in the plan, or without the statement"
            yield Found(what=f"{said}: {claim.why.rstrip('.')}", fix=fix)


def _worths(claim: Claim, case: Case) -> Iterator[tuple[str, Decimal]]:
    for check in claim.checks:
        price = case.prices.price(check.meter)
        worth = None if price is None else check.worth(price)
        if worth is not None:
            yield check.of, worth


def _plainly(number: Decimal) -> str:
    """Without the noughts at its end."""
    return f"{number.normalize():,f}"
