"""What an import tells beside the system file: nothing of the source is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from itertools import groupby
from typing import Any, Literal

from seatrial.adopt.tree import Node
from seatrial.model import Place
from seatrial.model.value import Value

__all__ = ["Kind", "Note", "Notes", "markdown"]

Kind = Literal["left out", "changed", "guessed"]
"""Nothing in the system file stands for it; it is there in other words; only the system file has it."""

_ABOUT: dict[Kind, str] = {
    "left out": "Left out: nothing in the system file stands for it",
    "changed": "Changed: it is there, in other words or from elsewhere",
    "guessed": "Guessed: the source does not say it, and a system must",
}


class Note(Value):
    """One key of the source, and what became of it."""

    kind: Kind
    path: str
    """From the top of the file: `services.db.ports[0]`."""
    place: Place = field(compare=False)
    why: str
    hint: str
    """What to do about it; empty: nothing."""
    also: tuple[str, ...] = ()
    """Further keys that stand at the same place, repeated by an alias or a file."""

    @property
    def where(self) -> str:
        return ", ".join((self.path, *self.also))

    def text(self) -> str:
        told = f"{self.kind}  {self.where} ({self.place})\n    {self.why}"
        return f"{told}\n    hint: {self.hint}" if self.hint else told

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "path": self.path,
            "also": list(self.also),
            "file": self.place.file,
            "line": self.place.line,
            "why": self.why,
            "hint": self.hint,
        }


class Notes:
    """Takes notes while a source is read. One note for a key of a kind."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str, str], Note] = {}

    def left(self, path: str, at: Node | Place, why: str, hint: str = "") -> None:
        self._add("left out", path, at, why, hint)

    def changed(self, path: str, at: Node | Place, why: str, hint: str = "") -> None:
        self._add("changed", path, at, why, hint)

    def guessed(self, path: str, at: Node | Place, why: str, hint: str = "") -> None:
        self._add("guessed", path, at, why, hint)

    def _add(self, kind: Kind, path: str, at: Node | Place, why: str, hint: str) -> None:
        place = at.place if isinstance(at, Node) else at
        note = Note(kind=kind, path=path, place=place, why=why, hint=hint)
        self._notes.setdefault((kind, path, why), note)

    def told(self) -> tuple[Note, ...]:
        """By kind, then in the order of the files."""
        kinds = list(_ABOUT)
        once: dict[tuple[str, Place, str], Note] = {}
        for note in self._notes.values():
            key = (note.kind, note.place, note.why)
            first = once.setdefault(key, note)
            if first is not note:
                once[key] = replace(first, also=(*first.also, note.path))
        return tuple(
            sorted(
                once.values(),
                key=lambda note: (kinds.index(note.kind), note.place.file, note.place.line),
            )
        )


def markdown(notes: Iterable[Note], source: str, system: str) -> str:
    """The notes as a page with boxes to tick, to be kept beside the system file until it is done."""
    return "\n".join(_page(notes, source, system)) + "\n"


def _page(notes: Iterable[Note], source: str, system: str) -> Iterator[str]:
    yield f"# What `seatrial import` made of {source}"
    yield ""
    yield f"Beside `{system}`. Tick what is dealt with; when all is, this page can go. Nothing reads it."
    for kind, group in groupby(notes, key=lambda note: note.kind):
        yield ""
        yield f"## {_ABOUT[kind]}"
        for note in group:
            yield f"- [ ] `{note.where}` ({note.place}): {note.why}"
            if note.hint:
                yield f"      {note.hint[0].upper()}{note.hint[1:]}."
