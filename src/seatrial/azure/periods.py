"""Lengths of time as Azure writes them: ISO 8601, `P14D`, `PT5M`, `P1DT12H`."""

from __future__ import annotations

from seatrial.model import Duration

__all__ = ["iso8601"]


def iso8601(duration: Duration) -> str:
    """A length of time in days, hours, minutes and seconds. A fraction of a second is left out."""
    minutes, seconds = divmod(duration.microseconds // 1_000_000, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    date = f"{days}D" if days else ""
    time = "".join(f"{n}{unit}" for n, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if n)
    return f"P{date}T{time}" if time else f"P{date or 'T0S'}"
