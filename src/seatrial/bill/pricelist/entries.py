"""What the price book says of one meter: made of all rows that were read of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from seatrial.bill.errors import Gone
from seatrial.bill.meters import Meter, Sure, Term, Tier
from seatrial.bill.pricelist.rows import Row
from seatrial.model.value import Value

__all__ = ["HOURS", "Entry", "entries"]

HOURS: Mapping[Term, int] = {"ri-1y": 8_760, "ri-3y": 26_280}
"""Of the terms for which the price list gives the price of all hours together."""


class Entry(Value):
    """All that the book knows of one meter in one region."""

    service: str
    product: str
    name: str
    sku: str
    other_sku: str
    """By which it is found as well; may be empty."""
    region: str
    unit: str
    tiers: tuple[Tier, ...]
    terms: Mapping[Term, Decimal]
    read_on: date
    source: str
    """Where the price was read, and after `; ` each place where a term was read, unless it is the same."""
    sure: Sure

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.region, self.service, self.product, self.name, self.sku

    @property
    def meter(self) -> Meter:
        return Meter(
            service=self.service, product=self.product, name=self.name, sku=self.sku, region=self.region
        )


def entries(rows: Iterable[Row], today: date | None = None) -> tuple[tuple[Entry, ...], tuple[Gone, ...]]:
    """What the book says of the meters of these rows, sorted; and those that had to be left out.

    Of several readings of a meter the most trusted counts, and of those the newest. Of several prices in one
    reading the one that came into force last counts: by `today`, or by the day it was read.
    """
    by_meter: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row.effective is not None and row.effective > (today or row.read_on):
            continue
        if row.ends is not None and row.ends < (today or row.read_on):
            continue
        by_meter[row.region, row.service, row.product, row.name, row.arm_sku or row.sku_name].append(row)
    made: list[Entry] = []
    left_out: list[Gone] = []
    for key, found in _joined(by_meter):
        try:
            entry = _entry(key[4], found)
        except ValueError as exc:
            meter = Meter(region=key[0], service=key[1], product=key[2], name=key[3], sku=key[4])
            left_out.append(Gone(meter=meter, why=str(exc)))
        else:
            made.append(entry)
    return tuple(sorted(made, key=lambda entry: entry.key)), tuple(left_out)


def _joined(by_meter: dict[tuple[str, ...], list[Row]]) -> Iterable[tuple[tuple[str, ...], list[Row]]]:
    """Readers that do not tell the ARM name of a size, put to those that do: all regions have the same."""
    arm_names: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, rows in by_meter.items():
        for row in rows:
            if row.arm_sku:
                arm_names[*key[1:4], row.sku_name].add(row.arm_sku)
    joined: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for key, rows in by_meter.items():
        known = arm_names.get(key[1:], ())
        joined[(*key[:4], *known) if len(known) == 1 else key] += rows
    return sorted(joined.items())


def _entry(sku: str, rows: list[Row]) -> Entry:
    if any(row.price < 0 for row in rows):
        raise ValueError("has a price below zero")
    tiers, sources, sure, best = _tiers(rows)
    terms = {}
    highest = max(tier.price for tier in tiers)
    for term, found in sorted(_terms(rows).items()):
        price = found.price
        if hours := HOURS.get(term):
            price = (price / hours).quantize(Decimal("1e-10"))
        if not 0 < price <= highest:
            continue  # nothing is saved, or a small price was rounded to nothing
        terms[term] = _short(price)
        if found.source != best.source:
            sources.append(f"{term}: {found.source}, read {found.read_on}")
    names = {row.sku_name for row in rows} - {sku}
    return Entry(
        service=best.service,
        product=best.product,
        name=best.name,
        sku=sku,
        other_sku=names.pop() if len(names) == 1 else "",
        region=best.region,
        unit=best.unit,
        tiers=tiers,
        terms=terms,
        read_on=best.read_on,
        source="; ".join(sources),
        sure=sure,
    )


def _trust(row: Row) -> tuple[int, date, bool]:
    return _SURE.index(row.sure), row.read_on, row.primary


_SURE: tuple[Sure, ...] = ("low", "medium", "high")


def _tiers(rows: list[Row]) -> tuple[tuple[Tier, ...], list[str], Sure, Row]:
    """The tiers of the best reading, the places they were read, how sure all are, and the first of its rows.

    Some readers tell the first tier only, or the others only: another that contradicts nothing adds its own.
    """
    readings: dict[tuple[date, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.term is None:
            readings[row.read_on, row.source].append(row)
    if not readings:
        raise ValueError("has a price under a commitment only")
    ordered = sorted(readings.values(), key=lambda reading: max(map(_trust, reading)), reverse=True)
    in_force, broken = [], None
    for reading in ordered:
        try:
            in_force.append(_in_force(reading))
        except ValueError as exc:
            broken = broken or exc
    best = next((reading for reading in in_force if Decimal(0) in reading), None)
    if best is None:
        raise broken or ValueError("has no price for the first unit")
    first = best[Decimal(0)]
    sources, sure, whole = [first.source], first.sure, dict(best)
    for other in in_force:
        unknown = sorted(other.keys() - whole.keys())
        if unknown and all(
            row.unit == first.unit and (above not in whole or whole[above].price == row.price)
            for above, row in other.items()
        ):
            whole |= {above: other[above] for above in unknown}
            also = other[unknown[0]]
            sources.append(f"from {unknown[0]} units: {also.source}, read {also.read_on}")
            sure = min(sure, also.sure, key=_SURE.index)
    return (
        tuple(Tier(_short(above), _short(whole[above].price)) for above in sorted(whole)),
        sources,
        sure,
        first,
    )


def _in_force(reading: list[Row]) -> dict[Decimal, Row]:
    """By the units they begin above, the prices of one reading that came into force last."""
    # Service Bus is asked for by the hour and by the month: one base price, to be charged once. The month is.
    unit = next((row.unit for row in reading if row.unit.endswith("/Month")), reading[0].unit)
    in_force: dict[Decimal, Row] = {}
    for row in reading:
        if row.unit != unit:
            continue
        other = in_force.setdefault(row.above, row)
        if _rank(row) > _rank(other) or (row.price == other.price and _trust(row) > _trust(other)):
            in_force[row.above] = row
        elif _rank(row) == _rank(other) and row.price != other.price:
            raise ValueError(f"has two prices at once, {other.price} and {row.price}")
    return in_force


def _rank(row: Row) -> tuple[bool, date]:
    return row.primary, row.effective or date.min


def _terms(rows: list[Row]) -> dict[Term, Row]:
    best: dict[Term, Row] = {}
    for row in rows:
        if row.term is not None:
            known = best.setdefault(row.term, row)
            # Where each tier has its own price under a plan, the highest: a saving is never overstated.
            if (_trust(row), _rank(row), row.price) > (_trust(known), _rank(known), known.price):
                best[row.term] = row
    return best


def _short(number: Decimal) -> Decimal:
    """Without zeros at its end, and never as `1E+1`."""
    return Decimal(format(number.normalize(), "f"))
