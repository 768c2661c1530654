"""Reads a file of claims: what a plan says its system costs, in TOML beside `system.py`.

    [[table]]                       a cost table of the plan
    variant = "base"                the variant of the system file that it stands for
    title = "…"
    region = "eastus"               where the plan names one

    [[table.total]]                 a total as the plan writes it
    where = "last row"
    claimed = "335"                 or claimed_least and claimed_most; claimed_least alone is "or more"
    group = "…"                     only for the total of a block

    [[table.line]]                  a row
    what = "…"
    size = "2 vCPU, 8 GB"
    claimed = "75"
    lines = ["webserver", "Microsoft.Network/natGateways", "news:storage"]
    kind = "not counted"
    why = "…"

    [[claim]]                       a statement in no table
    what = "…"
    claimed = "0.99"
    unit = "USD a TB and month"
    kind = "price"
    why = "…"
    [[claim.check]]                 a meter that has something to say to it
    of = "…"                        and service, product, name, sku, region, times, term

Amounts are text, so that they are decimals as they were written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

from seatrial.bill.claimed import (
    KINDS,
    Amount,
    Check,
    Claim,
    Claimed,
    Claims,
    Implied,
    Kind,
    Selector,
    Stated,
    Table,
)
from seatrial.bill.meters import Meter, Term
from seatrial.model.mistakes import Mistake, Mistakes, Place, did_you_mean, show

__all__ = ["read"]

UNPRICED: frozenset[Kind] = frozenset({"missing", "added"})
"""Rows that are there because the plan gives no price for what they stand for."""

_DECIMAL = re.compile(r"\d+(\.\d+)?")
_TYPE = re.compile(r"[A-Za-z]+\.[A-Za-z.]+(/[A-Za-z]+)+")


def read(text: str, file: str = "claims.toml") -> Claims:
    """The claims that a text holds. `file` is only named in messages.

    Raises:
        Mistakes: everything that is wrong in it, at once.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        line = re.search(r"at line (\d+)", str(exc))
        place = Place(file, int(line[1]) if line else 0)
        what = f"is not TOML: {exc}"
        raise Mistakes([Mistake(place=place, what=what, hint="mend the line; see https://toml.io")]) from exc
    mistakes: list[Mistake] = []
    whole = _Entry(data, "the file", Place(file, 0), mistakes)
    claims = Claims(
        tables=tuple(_table(each) for each in whole.entries("table", "title")),
        claims=tuple(_claim(each) for each in whole.entries("claim", "what")),
    )
    whole.done()
    _each_once(whole, "variant", [each.variant for each in claims.tables])
    if mistakes:
        raise Mistakes(mistakes)
    return claims


class _Entry:
    """A table of TOML that is taken apart key by key; what is wrong with it is written down, not raised."""

    def __init__(self, data: Mapping[str, Any], name: str, place: Place, mistakes: list[Mistake]) -> None:
        self._left, self._asked = dict(data), list[str]()
        self.name, self._place, self._mistakes = name, place, mistakes

    def wrong(self, what: str, hint: str) -> None:
        self._mistakes.append(Mistake(place=self._place, what=f"{self.name}: {what}", hint=hint))

    def take(self, key: str) -> Any:
        self._asked.append(key)
        return self._left.pop(key, None)

    def text(self, key: str, *, needed: bool = True) -> str:
        value = self.take(key)
        if value is None and not needed:
            return ""
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(f"{key} is {'missing' if value is None else show(value)}", f'write {key} = "…"')
        return ""

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if not isinstance(value, bool | None):
            self.wrong(f"{key} is {show(value)}", "write true or false, or leave it out")
        return value is True

    def choice(self, key: str, known: Sequence[str], *, needed: bool = True) -> Any:
        value = self.text(key, needed=needed)
        if value and value not in known:
            self.wrong(f"there is no {key} {show(value)}", did_you_mean(value, known))
        return value or None

    def decimal(self, key: str) -> Decimal | None:
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, str) and _DECIMAL.fullmatch(value):
            return Decimal(value)
        self.wrong(f"{key} is {show(value)}", f'write a decimal between quotes: {key} = "0.15"')
        return Decimal(0)

    def amount(self) -> Amount | None:
        """From `claimed`, or from `claimed_least` and `claimed_most`."""
        exactly, least, most = (self.decimal(key) for key in ("claimed", "claimed_least", "claimed_most"))
        if exactly is not None and (least is not None or most is not None):
            self.wrong("claimed stands beside claimed_least or claimed_most", "keep one, or the other two")
        if least is not None and most is not None and least > most:
            self.wrong(f"claimed_least {least} is more than claimed_most {most}", "swap the two")
        if exactly is not None:
            least = most = exactly
        written = [each for each in (least, most) if each is not None]
        if not written:
            return None
        return Amount(least=least, most=most, step=min(_step(each) for each in written))

    def selectors(self, key: str) -> tuple[Selector, ...]:
        value = self.take(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            shown = "missing" if value is None else show(value)
            self.wrong(f"{key} is {shown}", f'write a list of text, as {key} = ["papers"]; [] for none')
            return ()
        _each_once(self, key, value)
        return tuple(self._selector(each) for each in value)

    def _selector(self, written: str) -> Selector:
        pieces = [piece.strip() for piece in written.split(":")]
        part = None if "/" in pieces[0] else pieces.pop(0)
        kind = pieces.pop(0) if pieces and "/" in pieces[0] else None
        what = pieces.pop(0) if pieces else None
        if pieces or "" in (part, kind, what) or (kind and not _TYPE.fullmatch(kind)):
            hint = "write a part, a resource type, or part:type, and :what behind it; * is any part"
            self.wrong(f"{show(written)} selects nothing", hint)
        return Selector(part=None if part == "*" else part, type=kind, what=what)

    def entries(self, key: str, named_by: str) -> Iterator[_Entry]:
        value = self.take(key) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.wrong(f"{key} is {show(value)}", f"write [[{key}]], once for each")
            value = []
        for number, each in enumerate(value, start=1):
            title = each.get(named_by)
            name = f"{key} {show(title) if isinstance(title, str) else number}"
            path = name if self.name == "the file" else f"{self.name}, {name}"
            entry = _Entry(each, path, self._place, self._mistakes)
            yield entry
            entry.done()

    def done(self) -> None:
        """Complains of the keys that nobody asked for."""
        for key in self._left:
            self.wrong(f"there is no key {key}", did_you_mean(key, self._asked))


def _step(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "only digits are read"
    return Decimal(1).scaleb(exponent)


def _each_once(entry: _Entry, key: str, words: Sequence[str]) -> None:
    for word in dict.fromkeys(each for each in words if words.count(each) > 1):
        entry.wrong(f"{key} says {show(word)} twice", "keep one of the two")


def _table(entry: _Entry) -> Table:
    table = Table(
        variant=entry.text("variant"),
        title=entry.text("title"),
        region=entry.text("region", needed=False) or None,
        totals=tuple(_stated(each) for each in entry.entries("total", "where")),
        lines=tuple(_line(each) for each in entry.entries("line", "what")),
    )
    _each_once(entry, "what", [each.what for each in table.lines])
    _each_once(entry, "lines", [str(selector) for each in table.lines for selector in each.lines])
    groups = list(dict.fromkeys(each.group for each in table.lines if each.group))
    for stated in table.totals:
        if stated.group and stated.group not in groups:
            entry.wrong(f"no line is of the group {show(stated.group)}", did_you_mean(stated.group, groups))
    return table


def _stated(entry: _Entry) -> Stated:
    amount = entry.amount()
    if amount is None:
        entry.wrong("it has no amount", 'write claimed = "335"')
    return Stated(
        where=entry.text("where"),
        amount=amount or Amount(least=None, most=None),
        group=entry.text("group", needed=False) or None,
        why=entry.text("why", needed=False),
    )


def _line(entry: _Entry) -> Claimed:
    line = Claimed(
        what=entry.text("what"),
        kind=entry.choice("kind", list(KINDS)),
        why=entry.text("why"),
        lines=entry.selectors("lines"),
        amount=entry.amount(),
        size=entry.text("size", needed=False),
        group=entry.text("group", needed=False) or None,
        carried=entry.flag("carried"),
        source=entry.text("source", needed=False),
    )
    if (line.amount is None) != (line.kind in UNPRICED) and line.kind in KINDS:
        unpriced = " or ".join(show(kind) for kind in sorted(UNPRICED))
        has = f"no amount, and its kind is {show(line.kind)}"
        if line.amount is not None:
            has = f"an amount, though {show(line.kind)} is what has none"
        entry.wrong(f"it has {has}", f'write claimed = "…", or make it {unpriced}: what has no price there')
    return line


def _claim(entry: _Entry) -> Claim:
    implies = [
        Implied(
            times=each.decimal("times") or Decimal(1),
            unit=each.text("unit"),
            why=each.text("why"),
        )
        for each in entry.entries("implies", "unit")
    ]
    return Claim(
        what=entry.text("what"),
        kind=entry.choice("kind", list(KINDS)),
        why=entry.text("why"),
        unit=entry.text("unit"),
        amount=entry.amount(),
        checks=tuple(_check(each) for each in entry.entries("check", "of")),
        implies=implies[0] if implies else None,
        source=entry.text("source", needed=False),
    )


def _check(entry: _Entry) -> Check:
    names = {key: entry.text(key) for key in ("service", "product", "name", "sku", "region")}
    times = entry.decimal("times")
    return Check(
        of=entry.text("of"),
        meter=Meter(**names),
        times=Decimal(1) if times is None else times,
        term=entry.choice("term", get_args(Term), needed=False),
    )
