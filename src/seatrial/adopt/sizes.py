"""Sizes, times and numbers as Compose writes them, in the words of a system file.

Source: https://docs.docker.com/reference/compose-file/extension/#specifying-byte-values
"""

from __future__ import annotations

import re

__all__ = ["cores", "memory", "number", "seconds", "size"]

_UNITS = {"": 1, "b": 1, "k": 2**10, "kb": 2**10, "m": 2**20, "mb": 2**20, "g": 2**30, "gb": 2**30}
"""Compose's `gb` counts by 1,024."""
_STEPS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def size(text: str) -> int | None:
    """Bytes. None: it is no size."""
    found = re.fullmatch(r"([\d.]+)\s*([a-z]*?)i?(b?)", text.strip().lower())
    if found is None or (unit := _UNITS.get(found[2] + found[3], _UNITS.get(found[2]))) is None:
        return None
    try:
        return int(float(found[1]) * unit)
    except ValueError:
        return None


def memory(bytes_: int) -> str:
    """In the largest unit in which it is a number with few digits: `1.5 GiB`."""
    for unit, step in _STEPS:
        if bytes_ >= step and bytes_ * 4 % step == 0:
            return f"{bytes_ / step:g} {unit}"
    return f"{max(1, bytes_ // 2**20)} MiB"


def cores(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if 0 < found < 10_000 else None


def number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text.strip()) else None


def seconds(text: str) -> float | None:
    """Of `1m30s`, `40s`, `1h`. None: it is no time."""
    pieces = re.findall(r"([\d.]+)(us|ms|s|m|h)", text)
    if not pieces or "".join(a + b for a, b in pieces) != text.strip():
        return None
    unit = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
    try:
        return float(sum(float(amount) * unit[each] for amount, each in pieces))
    except ValueError:
        return None
