"""What can be wrong in a system file, and how it is told.

ModelError
├── Mistakes      a system file has mistakes: all of them at once
├── NoSuchPart    a plan was asked for a part it does not have
└── NoSuchVariant a system was asked for a variant it does not have
Wrong             one value cannot be read; whoever knows where it stands makes a Mistake of it
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import field, replace
from itertools import islice
from typing import Any

from seatrial.model.value import Value

__all__ = [
    "Call",
    "Doubt",
    "Mistake",
    "Mistakes",
    "ModelError",
    "NoSuchPart",
    "NoSuchVariant",
    "Place",
    "Shown",
    "Wrong",
    "calling_place",
    "did_you_mean",
    "nearest",
    "show",
]


class Place(Value, kw_only=False):
    """Where something was written: a file and a line, counted from 1; line 0 is the whole file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Call(Value, kw_only=False):
    """The text of one call in a source file: lines count from 1, columns are UTF-8 bytes from 0."""

    file: str
    line: int
    end_line: int
    column: int
    end_column: int

    @property
    def place(self) -> Place:
        return Place(self.file, self.line)


class Mistake(Value):
    """One mistake: where, what, and the way out."""

    place: Place
    what: str
    hint: str
    call: Call | None = field(default=None, compare=False)
    """The call it stands in: with `path`, enough to find the exact line in the source."""
    path: tuple[str | int, ...] = field(default=(), compare=False)
    """The argument, then the key or index in it: `("uses", 1)`."""

    def at(self, place: Place) -> Mistake:
        """The same mistake, better located."""
        return replace(self, place=place)

    def text(self, colour: bool = False) -> str:
        bold, yellow, plain = ("\033[1m", "\033[33m", "\033[0m") if colour else ("", "", "")
        return f"{bold}{self.place}{plain}  {self.what}\n  {yellow}hint:{plain} {self.hint}"


class ModelError(Exception):
    """Any complaint of the model."""


class Mistakes(ModelError):
    """Everything that is wrong in a system file, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        unique = dict.fromkeys(mistakes)
        self.mistakes = tuple(sorted(unique, key=lambda mistake: (mistake.place.file, mistake.place.line)))
        super().__init__(self.report())

    def report(self, colour: bool = False) -> str:
        """One mistake a line, each with its hint below it."""
        return "\n".join(mistake.text(colour) for mistake in self.mistakes)


class NoSuchPart(ModelError, LookupError):
    """A plan has no part of that name."""


class NoSuchVariant(ModelError, LookupError):
    """A system has no variant of that name."""


class Wrong(ValueError):
    """A value that cannot be: what is wrong with it, and the way out."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.path: tuple[str | int, ...] = ()
        self.shown: str | None = None

    def within(self, shown: str, key: str | int) -> Wrong:
        """The same, said about `shown`, which stands at `key` of something larger."""
        self.shown = self.shown or shown
        self.path = (key, *self.path)
        return self


class Doubt:
    """Stands for a value whose own line had a mistake.

    Whatever is made of it is in doubt too, and no mistake is told about it: that would be the first one
    told twice.
    """

    def __getattr__(self, name: str) -> Doubt:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Doubt:
        return self

    def __getitem__(self, key: Any) -> Doubt:
        return self

    def __iter__(self) -> Iterator[Doubt]:
        return iter(())


class Shown:
    """A value that says itself how it stands in a system file."""

    def shown(self) -> str:
        return f'"{self}"'


def calling_place() -> Call:
    """The call outside this package that is being answered."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("seatrial.model"):
        frame = frame.f_back
    positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None), (None,) * 4)
    line, end_line, column, end_column = positions
    start = frame.f_lineno if line is None else line
    return Call(frame.f_code.co_filename, start, end_line or start, column or 0, end_column or 0)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    from difflib import get_close_matches

    words = {each.casefold(): each for each in known}
    close = get_close_matches(word.casefold(), words, n=1, cutoff=0.6)
    return words[close[0]] if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The hint for an unknown word: the nearest one, and all there are."""
    words = list(known)
    meant = nearest(word, words)
    return (f'did you mean "{meant}"? ' if meant else "") + f"known: {', '.join(words)}"


def show(value: object) -> str:
    """A value as it would stand in a system file, cut when long."""
    if isinstance(value, str):
        text = value if len(value) <= 60 else f"{value[:57]}…"
        return '"' + repr(text)[1:-1].replace("\\'", "'").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        text = ", ".join(show(each) for each in value)
        return f"[{text}]" if isinstance(value, list) else f"({text})"
    if isinstance(value, Shown):
        return value.shown()
    try:
        return repr(value)
    except Exception:  # a value whose repr fails, or a number too long to print
        return f"a {type(value).__name__}"
