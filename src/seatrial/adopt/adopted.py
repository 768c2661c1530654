"""What an import gives back, whatever it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from seatrial.adopt import disk
from seatrial.adopt.notes import Note, Notes
from seatrial.adopt.sketch import Sketch
from seatrial.adopt.writing import system_file
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["Adopted", "Wishes", "adopted"]


class Wishes(Value):
    """What whoever imports says himself."""

    name: str | None = None
    """Of the system; None: as the source calls it."""
    title: str | None = None
    region: str | None = None
    """None: a guess."""
    folder: Path | None = None
    """Where the system file is to be; None: `systems/<name>`."""
    profiles: frozenset[str] = frozenset()
    """Of Compose: what starts only when asked for, and is wanted."""

    def folder_of(self, name: str) -> Path:
        return self.folder or Path("systems", name)


class Adopted(Value):
    """A system file, and all that is to be said about it."""

    name: str
    folder: Path
    """Where it is to be written."""
    text: str
    """Of `system.py`."""
    notes: tuple[Note, ...]
    sources: tuple[str, ...]
    """The files that it was made of, as messages name them."""

    def count(self, kind: str) -> int:
        return sum(note.kind == kind for note in self.notes)


def adopted(sketch: Sketch, files: Sequence[Path], notes: Notes, wishes: Wishes) -> Adopted:
    sources = tuple(disk.shown(file) for file in files)
    if sketch.region_is_guess:
        what = f'region="{sketch.region}": the source names no region'
        notes.guessed("region", Place(sources[0], 1), what, "say --region, as westeurope")
    several = " and ".join(Path(each).name for each in sources)
    return Adopted(
        name=sketch.name,
        folder=wishes.folder_of(sketch.name),
        text=system_file(sketch, several),
        notes=notes.told(),
        sources=sources,
    )
