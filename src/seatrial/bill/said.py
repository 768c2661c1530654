"""What the plans said a month costs, beside what it costs: a page in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from seatrial.azure.kinds import kind_of
from seatrial.bill.bill import Bill, Line, summed
from seatrial.bill.book import Book
from seatrial.bill.claimed import KINDS, Addition, Amount, Claim, Claimed, Claims, Table
from seatrial.bill.range import Range
from seatrial.bill.words import money, spanned
from seatrial.model.value import Value

__all__ = ["Told", "page", "summary"]


class Told(Value):
    """One system: what its plan says, and its bills."""

    claims: Claims
    bills: Mapping[str, Bill]
    """By variant; the system itself is `base`. All of one region, whose prices are all known."""
    computed: tuple[str, ...] = ()
    """What stands against the plan's other statements: costs of units, the same load on machines."""


def page(systems: Sequence[Told], book: Book) -> str:
    """The whole page, one chapter a system."""
    lines = [
        "# What the plans said",
        "",
        "Each system was first a plan on paper with its own table of costs. Here every row of it stands",
        "beside the lines of our bill for the same thing, with the reason for the difference. Written by",
        "`make said` from the `claims.toml` beside each system and the bills: list prices before tax, a",
        f"month of 730 hours, prices read {book.made_on.isoformat()} or earlier, ranges where the usage is",
        "not known.",
        "",
        "| kind of difference | meaning |",
        "|---|---|",
        *(f"| {kind} | {meaning} |" for kind, meaning in KINDS.items()),
    ]
    for told in systems:
        lines += ["", *_system(told, book)]
    return "\n".join(lines) + "\n"


def summary(told: Told, book: Book) -> str:
    """What each variant costs a month, as a table for the README of a system."""
    lines = ["| | a month | least to most | its budget | for |", "|---|--:|--:|--:|---|"]
    for name, bill in told.bills.items():
        between = "" if bill.total.exact else f"{_whole(bill.total.low)} to {_whole(bill.total.high)}"
        budget = "" if bill.plan.budget is None else str(bill.plan.budget.limit).removesuffix("/month")
        row = (name, f"**{_whole(bill.total.likely)}**", between, budget, _load(bill))
        lines.append(f"| {' | '.join(row)} |")
    regions = ", ".join(dict.fromkeys(region for bill in told.bills.values() for region in bill.plan.regions))
    read = f"read {book.made_on.isoformat()} or earlier"
    return "\n".join([*lines, "", f"List prices in {regions} before tax, {read}; written by `make said`."])


def _whole(amount: Decimal) -> str:
    """In whole dollars."""
    return f"${amount.quantize(Decimal(1), ROUND_HALF_UP):,}"


def _system(told: Told, book: Book) -> Iterator[str]:
    base = next(iter(told.bills.values()))
    yield f"## {base.plan.name}: {base.plan.title[0].lower()}{base.plan.title[1:]}"
    for table in told.claims.tables:
        yield ""
        yield from _table(table, told.bills[table.variant])
    if told.claims.claims:
        yield ""
        yield "### What else it says"
        yield ""
        for claim in told.claims.claims:
            yield from _claim(claim, book)
    if told.computed:
        yield ""
        yield "### Computed"
        yield ""
        yield from (f"- {sentence}" for sentence in told.computed)


def _table(table: Table, bill: Bill) -> Iterator[str]:
    where = f"; the plan is for {table.region}" if table.region else ""
    yield f"### {table.title}"
    yield ""
    yield f"Priced in {', '.join(bill.plan.regions)}{where}. Load: {_load(bill)}."
    yield ""
    yield "| the plan's row | it says | the bill says | difference | why |"
    yield "|---|--:|--:|--:|---|"
    by_row, rest = _matched(table, bill)
    for row in table.lines:
        yield _row(row, by_row[row.what], bill)
    if rest:
        yield _rest(rest, bill)
    yield _totals(table, bill)
    for addition in table.additions:
        if not addition.adds_up:
            yield ""
            yield _does_not_add_up(addition)


def _load(bill: Bill) -> str:
    stated = [each for each in bill.assumptions if each.key in ("records", "requests") and each.stated]
    return " and ".join(f"{each.amount.likely:,.0f} {each.key}" for each in stated) or "none stated"


def _matched(table: Table, bill: Bill) -> tuple[dict[str, list[Line]], list[Line]]:
    """The lines of the bill by the row that they belong to, and those that belong to none."""
    by_row: dict[str, list[Line]] = {row.what: [] for row in table.lines}
    rest: list[Line] = []
    for line in bill.lines:
        row = table.line_for(line.part, line.type, line.what)
        (by_row[row.what] if row is not None else rest).append(line)
    return by_row, rest


def _row(row: Claimed, lines: Sequence[Line], bill: Bill) -> str:
    ours = summed(lines)
    claimed = row.amount.words() if row.amount else "nothing"
    size = f" ({row.size})" if row.size else ""
    source = f" [source]({row.source})" if row.source.startswith("https://") else ""
    why = f"**{row.kind}**: {row.why}{source}"
    return f"| {row.what}{size} | {claimed} | {_ours(ours, bill)} | {_difference(row.amount, ours)} | {why} |"


def _ours(ours: Range, bill: Bill) -> str:
    return spanned(ours, bill.currency)


def _difference(claimed: Amount | None, ours: Range) -> str:
    """Of the most likely amount against the nearest end of what was claimed."""
    low = Decimal(0) if claimed is None or claimed.least is None else claimed.least
    high = low if claimed is None else claimed.most
    if ours.likely < low:
        return money(ours.likely - low, "USD")
    if high is not None and ours.likely > high:
        return f"+{money(ours.likely - high, 'USD')}"
    return "none"


def _rest(lines: Sequence[Line], bill: Bill) -> str:
    sums: dict[str, Decimal] = {}
    for line in lines:
        words = kind_of(line.type).words
        sums[words] = sums.get(words, Decimal(0)) + line.amount.likely
    named = ", ".join(
        f"{words} {money(amount, bill.currency)}" for words, amount in sorted(sums.items(), key=_by_amount)
    )
    ours = summed(lines)
    return (
        f"| what the plan has no row for | nothing | {_ours(ours, bill)} | {_difference(None, ours)} "
        f"| **missing**: {named} |"
    )


def _by_amount(item: tuple[str, Decimal]) -> tuple[Decimal, str]:
    return -item[1], item[0]


def _totals(table: Table, bill: Bill) -> str:
    said = table.total or table.sum()
    claimed = said.words() if said else "nothing"
    difference = _difference(said, bill.total)
    return f"| **total** | **{claimed}** | **{_ours(bill.total, bill)}** | **{difference}** | |"


def _does_not_add_up(addition: Addition) -> str:
    stated, rows = addition.stated, addition.written
    why = f" {stated.why}" if stated.why else ""
    return f"The plan's {stated.where} says {stated.amount.words()}; its rows come to {rows.words()}.{why}"


def _claim(claim: Claim, book: Book) -> Iterator[str]:
    said = "" if claim.amount is None else f", {claim.amount.words('', '')} {claim.unit}"
    yield f"- **{claim.what}**{said}: {claim.kind}. {claim.why}"
    if claim.implied is not None and claim.implies is not None:
        implied = f"{claim.implied.words('', '')} {claim.implies.unit}"
        yield f"  Taken at its word: {implied} ({claim.implies.why})."
    for words in _checks(claim, book):
        yield f"  {words}"


def _checks(claim: Claim, book: Book) -> Iterable[str]:
    for check in claim.checks:
        price = book.price(check.meter)
        worth = None if price is None else check.worth(price)
        if price is None or worth is None:
            yield f"Not checked: the book has no such price for {check.of}."
            continue
        verdict = {True: "holds", False: "does not hold", None: "is"}[claim.holds(worth)]
        yield (
            f"By the price list it {verdict}: {check.of}, {worth.normalize():f} {claim.unit} "
            f"(read {price.read_on.isoformat()})."
        )
