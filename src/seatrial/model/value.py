"""Frozen values.

They are dataclasses in every respect (`dataclasses.replace`, `fields`, matching, type checkers), except that
no code is generated for each class: making forty of them takes 2 ms, not the 30 of `@dataclass(frozen=True)`,
and every command of seatrial begins by importing them.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

__all__ = ["PLAIN", "Ordered", "Value"]

PLAIN = frozenset({str, int, float, bool, type(None)})
"""Types with nothing inside: whoever looks for something in a value passes these over, and they are most."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Value:
    """A frozen value, equal to another of its class when all compared fields are equal.

    `class Size(Value, kw_only=False)` may be made without naming its fields.
    """

    __slots__ = (
        "_hash",
    )  # kept, since graphs ask for it thousands of times; beside the fields, not among them

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Any]]
        _hash: int
        _defaults: ClassVar[dict[str, Any]]
        _names_by_position: ClassVar[tuple[str, ...]]
        _names_compared: ClassVar[tuple[str, ...]]
        _names_hashed: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, *, kw_only: bool = True) -> None:
        dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
        fields = cls.__dataclass_fields__.items()
        cls._defaults = {name: each.default for name, each in fields}
        cls._names_by_position = tuple(name for name, each in fields if not each.kw_only)
        cls._names_compared = tuple(name for name, each in fields if each.compare)
        cls._names_hashed = tuple(
            name for name, each in fields if (each.compare if each.hash is None else each.hash)
        )

    def __init__(self, *args: Any, **given: Any) -> None:
        if args:
            given = self._by_position(args, given)
        values, lacking = self.__dict__, 0
        for name, default in self._defaults.items():
            if name in given:
                values[name] = given[name]
            else:
                lacking += 1
                values[name] = self._made_anew(name) if default is MISSING else default
        if len(given) + lacking > len(self._defaults):
            unknown = given.keys() - self._defaults
            raise TypeError(f"{type(self).__name__}() has no {', '.join(sorted(unknown))}")

    def _by_position(self, args: tuple[Any, ...], given: dict[str, Any]) -> dict[str, Any]:
        """The fields that were given without their names, and those with."""
        by_position = self._names_by_position
        if len(args) > len(by_position):
            raise TypeError(f"{type(self).__name__}() takes {len(by_position)} positional arguments")
        values = dict(zip(by_position, args, strict=False))
        if twice := values.keys() & given.keys():
            raise TypeError(f"{type(self).__name__}() got multiple values for {', '.join(sorted(twice))}")
        return values | given

    def _made_anew(self, name: str) -> Any:
        """What a field without a default of its own begins with."""
        make = self.__dataclass_fields__[name].default_factory
        if make is MISSING:
            raise TypeError(f"{type(self).__name__}() lacks {name}")
        return make()

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__  # a hash holds in one process only

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _compared(self) -> tuple[Any, ...]:
        values = self.__dict__
        return tuple([values[name] for name in self._names_compared])

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        mine, others = self.__dict__, other.__dict__
        for name in self._names_compared:  # most differ in their first field: the rest is not looked at
            one, two = mine[name], others[name]
            if one is not two and one != two:
                return False
        return True

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            values = map(self.__dict__.__getitem__, self._names_hashed)
            found = hash((type(self).__name__, *values))
            object.__setattr__(self, "_hash", found)
            return found

    def __repr__(self) -> str:
        shown = (f"{n}={getattr(self, n)!r}" for n, each in self.__dataclass_fields__.items() if each.repr)
        return f"{type(self).__name__}({', '.join(shown)})"


class Ordered(Value):
    """A value that comes before or after others of its class."""

    def __lt__(self, other: Self) -> bool:
        return self._compared() < other._compared() if type(other) is type(self) else NotImplemented

    def __le__(self, other: Self) -> bool:
        return self._compared() <= other._compared() if type(other) is type(self) else NotImplemented

    def __gt__(self, other: Self) -> bool:
        return self._compared() > other._compared() if type(other) is type(self) else NotImplemented

    def __ge__(self, other: Self) -> bool:
        return self._compared() >= other._compared() if type(other) is type(self) else NotImplemented
