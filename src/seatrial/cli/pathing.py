"""Places as a person reads them."""

from __future__ import annotations

from pathlib import Path

from seatrial.model import Place

__all__ = ["nearby", "shown"]


def shown(place: Place) -> str:
    """With the file relative to the working folder, where it lies below it."""
    return str(nearby(place))


def nearby(place: Place) -> Place:
    """The same place, with its file relative to the working folder, where it lies below it."""
    file = Path(place.file)
    if file.is_absolute() and file.is_relative_to(Path.cwd()):
        return Place(file.relative_to(Path.cwd()).as_posix(), place.line)
    return place
