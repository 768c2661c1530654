"""Rows of the CSV files of collected prices, under the names of Azure's price list.

Most rows have them already. Those that were computed from what another program printed have the words of that
program, and are put to the meter they were computed from, by the table `printed.tsv`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path

from seatrial.bill.meters import Sure, Term
from seatrial.bill.pricelist.rows import Row, plainly

__all__ = ["free_before", "from_fact"]

TERMS: Mapping[str, Term | None] = {
    "payg": None,
    "spot": "spot",
    "sp-1y": "sp-1y",
    "sp-3y": "sp-3y",
    "ri-1y-total": "ri-1y",
    "ri-3y-total": "ri-3y",
}
REMARK = re.compile(r"\s*\((two meters exist|renamed product|highest tier|internet egress|Linux)[^)]*\)")
"""What collectors wrote behind the name of a meter."""


def from_fact(fact: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows that one line of a file of collected prices stands for; none of what the book leaves out.

    Raises:
        ValueError: a column holds what was never in it; names it.
    """
    read_on, undated = _day(fact["as_of"])
    source = fact["source"] + (f" ({undated})" if undated else "")
    service, product, name, sku_name, unit, above, effective = _names(fact)
    if not product:
        return ()
    if fact["reservation"] not in TERMS:
        raise ValueError(f"reservation: {fact['reservation']!r}")
    arm_sku = ""
    if found := re.fullmatch(r"(.*) \[(.*)\]", sku_name):
        sku_name, arm_sku = found[1], found[2]
    row = Row(
        service=service,
        product=product,
        name=REMARK.sub("", name),
        sku_name=sku_name,
        arm_sku=arm_sku,
        region="Global" if service == "Azure DNS" and fact["region"] == "westus" else fact["region"],
        unit=unit,
        above=Decimal(above),
        price=_price(fact),
        term=TERMS[fact["reservation"]],
        effective=effective,
        read_on=read_on,
        source=source,
        sure=_sure(fact["confidence"]),
    )
    plain = plainly(row)
    return () if plain is None or plain.region == "not stated" else (plain,)


def free_before(rows: Iterable[Row]) -> Iterator[Row]:
    """First tiers that readers did not tell: of meters that all other regions have free up to that border."""
    tiers: dict[tuple[str, ...], dict[str, dict[Decimal, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        if row.term is None:
            tiers[row.service, row.product, row.name, row.sku_name][row.region][row.above] = row
    for by_region in tiers.values():
        whole = [found for found in by_region.values() if Decimal(0) in found]
        for found in by_region.values():
            if Decimal(0) in found or not whole:
                continue
            border = min(found)
            if all(sorted(other)[1:2] == [border] and other[Decimal(0)].price == 0 for other in whole):
                more = "as in all other regions known, free up to there"
                yield Row(
                    **{
                        **found[border].__dict__,
                        "above": Decimal(0),
                        "price": Decimal(0),
                        "source": f"{found[border].source}; {more}",
                        "sure": min(found[border].sure, "medium", key=("low", "medium", "high").index),
                    }
                )


def _names(fact: Mapping[str, str]) -> tuple[str, str, str, str, str, str, date | None]:
    """Service, product, meter, SKU, unit, tier, and since when; no product where it cannot be told."""
    service, sku, unit = fact["service"], fact["sku"], fact["unit"]
    parts = [part.strip() for part in fact["meter"].split(" | ")]
    above, effective = "0", None
    while len(parts) > 1 and (found := re.fullmatch(r"from ([\d.e+]+) units|effective (\S+)", parts[-1])):
        above = found[1] or above
        effective = date.fromisoformat(found[2]) if found[2] else effective
        parts.pop()
    if len(parts) == 2 and "(no meter)" not in parts[1]:
        return service, parts[0], parts[1], sku, unit, above, effective
    if service == "Virtual Machines":
        return service, service, "Linux", sku, unit, above, effective
    if service == "Azure Container Apps":
        return service, service, parts[0], sku, unit, above, effective
    for printed in _printed():
        if service == printed[0] and (found := re.fullmatch(printed[1], parts[0])):
            if printed[2] and not re.fullmatch(printed[2], sku):
                continue
            of, product, meter, sku, unit, above = (found.expand(each) for each in printed[3:])
            return of, product, meter, sku, unit, above, None
    return service, "", parts[0], sku, unit, above, effective


@cache
def _printed() -> tuple[tuple[str, ...], ...]:
    text = (Path(__file__).parent / "printed.tsv").read_text("utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if not line.startswith("#"))


def _price(fact: Mapping[str, str]) -> Decimal:
    """As it was read; or, of what was printed in cents, the shortest number that prints so."""
    price = Decimal(fact["price_usd"])
    found = re.search(r"printed monthly amount ([\d.e+]+)/([\d.e+]+)", fact["confidence"])
    if not found:
        return price
    amount, quantity = Decimal(found[1]), Decimal(found[2])
    if not abs(amount / quantity - price) < price / 100:
        return price  # of another unit than what was printed
    low, high = ((amount + side) / quantity for side in (Decimal("-0.005"), Decimal("0.005")))
    for digits in range(12):
        step = Decimal(1).scaleb(-digits)
        shortest = (high / step).to_integral_value(ROUND_FLOOR) * step
        if low <= shortest:
            return shortest
    return price


def _day(as_of: str) -> tuple[date, str]:
    """The day, or the first day of what is told of it; and what is said about that."""
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(/\d+)?(?: \((.*)\))?$", as_of)
    if not found:
        raise ValueError(f"as_of: {as_of!r}")
    day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    return day, "" if found[3] and not found[5] else f"read {as_of}"


def _sure(confidence: str) -> Sure:
    if confidence.startswith("high"):
        return "high"
    return "medium" if confidence.startswith("medium") and "rounded to cents" not in confidence else "low"
