"""Reads what stands inside a resource, where some of it only the deployment knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seatrial.azure.body import Body
from seatrial.azure.regions import has_zones, is_region
from seatrial.check.thing import Thing, Things

__all__ = ["each_in", "every", "minutes", "number", "region_without_zones", "size", "text", "texts_in"]


def each_in(holder: Any, path: str) -> Iterator[Body]:
    """What stands in the list at a path, of a thing or a body; nothing, where it is not known."""
    found = holder.at(path)
    if isinstance(found, list | tuple):
        yield from (Body(each) for each in found if isinstance(each, Mapping))


def texts_in(holder: Any, path: str) -> set[str]:
    """The texts in the list at a path; what is not known is left out."""
    found = holder.at(path)
    return {each for each in found if isinstance(each, str)} if isinstance(found, list | tuple) else set()


def size(holder: Any, path: str) -> int:
    """How many stand in the list at a path, known or not; 0: there is no list, or it is not known."""
    found = holder.at(path)
    return len(found) if isinstance(found, list | tuple) else 0


def number(holder: Any, path: str) -> int | float | None:
    """The number at a path; None: absent, not known, or no number. A number written as text counts."""
    found = holder.at(path)
    if isinstance(found, str) and re.fullmatch(r"\d+(\.\d+)?", found):
        return float(found) if "." in found else int(found)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def text(holder: Any, path: str) -> str:
    """The text at a path; empty: absent or not known."""
    found = holder.at(path)
    return found if isinstance(found, str) and not found.startswith("[") else ""


def region_without_zones(location: str | None) -> str:
    """The region, when it is known and has no availability zones; empty otherwise."""
    region = (location or "").replace(" ", "").lower()
    return region if is_region(region) and not has_zones(region) else ""


def every(things: Things, type: str, holds: Callable[[Thing], bool]) -> bool:
    """Whether there are resources of the type and it holds for each of them.

    So it holds for the one that a child belongs to, or that another names, whichever that is.
    """
    found = tuple(things.of(type))
    return bool(found) and all(map(holds, found))


_PERIOD = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?")


def minutes(period: str) -> float | None:
    """How long a period of ISO 8601 is, as `PT5M`; None: it is none."""
    found = _PERIOD.fullmatch(period)
    if found is None or not any(found.groups()):
        return None
    days, hours, said, seconds = (int(each or 0) for each in found.groups())
    return days * 1440 + hours * 60 + said + seconds / 60
