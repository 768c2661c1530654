"""Reads what is asked for on the command line: other figures, another load, a span of loads."""

from __future__ import annotations

import re
from decimal import Decimal

from seatrial.azure.defaults import ground
from seatrial.model import FIGURES, Logs, NoSuchPart, Part, Plan, Rate, Registry, Stated
from seatrial.model.mistakes import Wrong
from seatrial.model.usage import Figure, figure_of, read_amount
from seatrial.model.value import Value

__all__ = ["Span", "assumed", "load", "span"]


class Span(Value):
    """From one load to another."""

    figure: str
    least: Decimal
    most: Decimal


def assumed(plan: Plan, text: str) -> Stated:
    """`requests=5M/month`, `videos.stored="1 TiB..4 TiB"` as a figure of the usage. Raises Wrong."""
    key, amount = _halves(text, 'write "requests=5M/month" or "papers.stored=1 TiB..4 TiB"')
    about, _, name = key.rpartition(".")
    part = _part(plan, about) if about else None
    # without a part for them, logs are those of the whole system
    of_all = key == "logs" and not plan.of(Logs)
    figure = FIGURES[name] if of_all else figure_of(name, part)
    pieces = [piece.strip() for piece in amount.split("..")]
    values = [_count(piece) if figure.unit == "count" else _monthly(figure, piece) for piece in pieces]
    low, likely, high = read_amount(figure, values[0] if len(values) == 1 else tuple(values))
    return Stated(part=about or None, name=name, low=low, likely=likely, high=high)


def load(text: str) -> dict[str, Decimal]:
    """`records=10M,requests=2M` as how many in a month. Raises Wrong."""
    found: dict[str, Decimal] = {}
    for piece in text.split(","):
        key, amount = _halves(piece, 'write "records=10M"')
        found[_driver(key)] = _count(amount.removesuffix("/month"))
    return found


def span(text: str) -> Span:
    """`requests=100k..100M` as a span of loads. Raises Wrong."""
    key, amounts = _halves(text, 'write "requests=100k..100M"')
    pieces = [piece.strip().removesuffix("/month") for piece in amounts.split("..")]
    if len(pieces) != 2:
        raise Wrong(f'"{amounts}": not from one load to another', 'write "requests=100k..100M"')
    least, most = map(_count, pieces)
    if not 0 < least < most:
        raise Wrong(f'"{amounts}": not from less to more', "the smaller load first, above nothing")
    return Span(figure=_driver(key), least=least, most=most)


def _halves(text: str, hint: str) -> tuple[str, str]:
    key, equals, amount = (piece.strip() for piece in text.partition("="))
    if not (key and equals and amount):
        raise Wrong(f'"{text}": no figure and amount', hint)
    return key, amount


def _driver(key: str) -> str:
    if key not in ("records", "requests"):
        raise Wrong(f'"{key}": nothing that a load is told in', "write records or requests")
    return key


def _part(plan: Plan, name: str) -> Part:
    """A part by its name; or the registry that a plan has without naming one."""
    registry: Registry = ground(Registry, plan)
    if registry.name == name:
        return registry
    try:
        return plan.part(name)
    except NoSuchPart as error:
        raise Wrong(str(error), "name a part of the system file") from None


def _count(text: str) -> Decimal:
    """`10M`, `1,500` or `0.5` as a number."""
    rate = Rate.parse(f"{text}/month")
    return rate.count


def _monthly(figure: Figure, text: str) -> str:
    """A rate may leave its month out: `requests=5M`."""
    return f"{text}/month" if figure.unit == "a month" and not re.search("/", text) else text
