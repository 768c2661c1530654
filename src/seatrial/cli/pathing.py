"""Places as a person reads them."""

from __future__ import annotations

import os
from pathlib import Path

from seatrial.model import Place

__all__ = ["nearby", "relative", "shown"]


def shown(place: Place) -> str:
    """With the file relative to the working folder, where it lies below it."""
    return str(nearby(place))


def nearby(place: Place) -> Place:
    """The same place, with its file relative to the working folder, where it lies below it."""
    file = Path(place.file)
    if file.is_absolute() and file.is_relative_to(Path.cwd()):
        return Place(file.relative_to(Path.cwd()).as_posix(), place.line)
    return place


def relative(place: Place) -> Place:
    """The same place, with its file relative to the working folder, wherever it lies: `../main.json`.

    For what is read on other machines, where no path of this one means anything.
    """
    try:
        return Place(Path(os.path.relpath(place.file)).as_posix(), place.line)
    except ValueError:  # on another drive of Windows, to which no relative path leads
        return Place(Path(place.file).name, place.line)
