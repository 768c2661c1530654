"""What every part has. A part says what is wanted, never how a laptop or a cloud provides it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field

from seatrial.model.mistakes import Place, Shown
from seatrial.model.value import PLAIN, Value

__all__ = ["Part", "references"]


class Part(Shown, Value):
    """What every part has."""

    name: str
    """Lower case letters, digits and single hyphens, 2 to 32 characters, starting with a letter."""
    system: str
    """The name of the system that the part belongs to."""
    place: Place = field(compare=False)

    def shown(self) -> str:
        return self.name


def references(value: Value) -> Iterator[tuple[tuple[str | int, ...], Part]]:
    """The parts that a part, or another value, names, each with its path: field, then keys and indexes."""
    for name, each in vars(value).items():
        if type(each) not in PLAIN:
            yield from _inside(each, (name,))


def _inside(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Part]]:
    match value:
        case Part():
            yield path, value
        case Value():
            for within, part in references(value):
                yield (*path, *within), part
        case tuple() | list():
            for index, each in enumerate(value):
                if type(each) not in PLAIN:
                    yield from _inside(each, (*path, index))
        case Mapping():
            for key, each in value.items():
                if type(each) not in PLAIN:
                    yield from _inside(each, (*path, key))
        case _:
            pass
