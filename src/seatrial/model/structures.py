"""Readers of values with an inner order: routes, products, measures, charts, addresses of networks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Any

from seatrial.model.mistakes import Doubt, Wrong, did_you_mean, show
from seatrial.model.parts import TIERS, Chart, Host, Log, Machines, Metric, Part, Product
from seatrial.model.parts.watch import ChartKind, Measure
from seatrial.model.quantities import Duration, Rate, Size
from seatrial.model.readers import (
    Reader,
    each,
    flag,
    one_of,
    optional,
    part,
    quantity,
    text,
    whole,
)

__all__ = [
    "capacity",
    "charts",
    "domain",
    "host",
    "hosts",
    "limit",
    "mail",
    "measured",
    "named",
    "networks",
    "of_kind",
    "pattern",
    "products",
    "routes",
    "space",
    "subnets",
]


def of_kind(*kinds: type[Part], what: str) -> Reader[Any]:
    """A part of one of these kinds; `what` says in words which."""

    def read(value: Any) -> Part:
        found = part(value)
        if not isinstance(found, kinds):
            raise Wrong(f"not {what}", f"name {what}")
        return found

    return read


def host(value: Any) -> Any:
    """A kind of host, or machines that are shared."""
    return value if isinstance(value, Machines) else one_of(Host)(value)


def capacity(least: int, least_most: int) -> Reader[tuple[int, int]]:
    """A pair of fewest and most, the most at least `least_most`."""

    def read(value: Any) -> tuple[int, int]:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise Wrong("not a pair of fewest and most", "write (1, 3)")
        fewest, most = (whole(least)(each) for each in value)
        if most < least_most:
            raise Wrong(
                f"the most is at least {least_most}", f"write ({min(fewest, least_most)}, {least_most})"
            )
        if fewest > most:
            raise Wrong("fewest is more than most", f"write ({most}, {fewest})")
        return fewest, most

    return read


# -- the edge -------------------------------------------------------------------------------------------


def routes(reader: Reader[Part], key: Reader[str]) -> Reader[Mapping[str, Any]]:
    """What answers for each path."""

    def read(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise Wrong("not paths with what answers", 'write {"/*": web}')
        if not value:
            raise Wrong("nothing that answers", 'write {"/*": web}')
        found, wrongs = {}, []
        for path, target in value.items():
            if isinstance(target, Doubt):
                continue
            try:
                found[_within(path, key, path)] = _within(path, reader, target)
            except Wrong as wrong:
                wrongs.append(wrong)
        if wrongs:
            raise ExceptionGroup("", wrongs)
        return MappingProxyType(found)

    return read


def pattern(value: Any) -> str:
    """A path with at most one star, at its end."""
    line = text(value)
    if not re.fullmatch(r"/[A-Za-z0-9/._~-]*\*?", line):
        raise Wrong("not a pattern of paths", 'write "/*", or "/api/*": a star stands at the end only')
    return line


def named(value: Any) -> str:
    """The first part of a path."""
    line = text(value)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,62}", line):
        raise Wrong("not the first part of a path", 'write it without slashes: "classify"')
    return line


def domain(value: Any) -> str:
    line = text(value)
    if not re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", line):
        raise Wrong("not a name of a host", 'write it as "map.example.org"')
    return line


def _product(value: Any) -> Product:
    if not isinstance(value, Product):
        raise Wrong("not a product", 'write product("free", calls="10/min")')
    rate = quantity(Rate, "10/min")
    _within("name", named, value.name)
    _within("approval", flag, value.approval)
    calls = _within("calls", rate, value.calls)
    return replace(value, calls=calls, quota=_within("quota", optional(rate), value.quota))


products = each(_product, same=lambda one, other: one.name == other.name)


# -- the ground -----------------------------------------------------------------------------------------


def space(value: Any) -> str:
    """Addresses of a network, in the ranges that are private.

    Source: https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq
    """
    network = _network(value)
    if not any(network.subnet_of(private) for private in _PRIVATE):
        raise Wrong("addresses that belong to others", 'write a private range: "10.0.0.0/16"')
    if not 8 <= network.prefixlen <= 24:
        raise Wrong(
            "too small for the tiers" if network.prefixlen > 24 else "too large",
            f'write "{network.network_address}/16"',
        )
    return str(network)


_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_SMALLEST_SUBNET = 29
"""Azure keeps five addresses of every subnet. Source: as above."""


def _network(value: Any) -> IPv4Network:
    line = text(value)
    try:
        return IPv4Network(line)
    except ValueError:
        pass
    try:
        meant = IPv4Network(line, strict=False)
    except ValueError:
        raise Wrong("not addresses of a network", 'write them as "10.0.0.0/16"') from None
    raise Wrong("the address has more bits than the length says", f'write "{meant}"')


def networks(value: Any) -> tuple[str, ...]:
    return each(lambda item: str(_network(item)))(value)


def subnets(value: Any) -> Mapping[Any, str]:
    """Addresses by tier."""
    if not isinstance(value, Mapping):
        raise Wrong("not addresses by tier", 'write {"apps": "10.0.10.0/23"}')
    found: dict[str, str] = {}
    wrongs = []
    for tier, addresses in value.items():
        try:
            if tier not in TIERS:
                raise Wrong("not a tier of the network", did_you_mean(str(tier), TIERS))
            found[tier] = str(_subnet(addresses))
        except Wrong as wrong:
            wrongs.append(wrong.within(show(addresses), tier))
    if wrongs:
        raise ExceptionGroup("", wrongs)
    return MappingProxyType(found)


def _subnet(value: Any) -> IPv4Network:
    network = _network(value)
    if network.prefixlen > _SMALLEST_SUBNET:
        hint = f'write "{network.supernet(new_prefix=_SMALLEST_SUBNET)}" or larger'
        raise Wrong("too small for a subnet", hint)
    return network


def hosts(value: Any) -> tuple[str, ...]:
    return each(domain)(value)


# -- the watch ------------------------------------------------------------------------------------------


def mail(value: Any) -> str:
    line = text(value)
    if not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", line):
        raise Wrong("not an address of mail", 'write it as "team@example.org"')
    return line


def measured(value: Any) -> Metric | Log:
    match value:
        case Metric(part=of, measure=measure):
            _within("part", part, of)
            _within("measure", one_of(Measure), measure)
        case Log(query=query):
            _within("query", text, query)
        case _:
            raise Wrong("nothing that is measured", 'write metric(papers, "cpu") or log("…")')
    return value  # type: ignore[no-any-return]  # it is one of the two


def limit(value: Any) -> float:
    """A number, or a quantity in its unit: seconds or bytes."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Size | Duration):
        raise Wrong("not a limit", 'write a number, "5 s" or "10 GiB"')
    if isinstance(value, int | float):
        if not 0 <= value < float("inf"):
            raise Wrong("not a number that can be reached", "write 0 or more")
        return float(value)
    if isinstance(value, Size):
        return float(value.bytes)
    if isinstance(value, Duration):
        return value.seconds
    kind: type[Size | Duration] = Size if value.rstrip().endswith("B") else Duration
    try:
        return limit(kind.parse(value))
    except Wrong:
        raise Wrong("not a limit", 'write a number, "5 s" or "10 GiB"') from None


def _chart(value: Any) -> Chart:
    if not isinstance(value, Chart):
        raise Wrong("not a chart", 'write chart("Database", metric(papers, "cpu"))')
    _within("title", text, value.title)
    _within("kind", one_of(ChartKind), value.kind)
    if isinstance(value.of, Log):
        measured(value.of)
    elif not value.of or not all(isinstance(metric, Metric) for metric in value.of):
        hint = "write metrics, or one log(…), and no mixture of both"
        raise Wrong("nothing that can be drawn together", hint).within(show(value.title), "of")
    else:
        for metric in value.of:
            measured(metric)
    return value


charts = each(_chart, same=lambda one, other: one is other)


def _within(field: str, reader: Callable[[Any], Any], value: Any) -> Any:
    try:
        return value if isinstance(value, Doubt) else reader(value)
    except Wrong as wrong:
        raise wrong.within(show(value), field) from None
