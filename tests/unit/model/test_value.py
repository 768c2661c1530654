from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace

import pytest

from seatrial.model.value import Ordered, Value


class Point(Value):
    """A point of the plane."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False)
    tags: list[str] = field(default_factory=list, hash=False, repr=False)


class Length(Ordered, kw_only=False):
    """A length."""

    metres: int


class Place3(Point):
    """A point of space."""

    z: int = 0


def test_a_value_is_a_dataclass_to_all_who_ask() -> None:
    assert is_dataclass(Point)
    assert [each.name for each in fields(Place3)] == ["x", "y", "note", "tags", "z"]
    assert replace(Place3(x=1), z=3) == Place3(x=1, z=3)
    assert repr(Place3(x=1)) == "Place3(x=1, y=0, note='', z=0)"


def test_values_are_equal_by_class_and_compared_fields() -> None:
    assert Point(x=1, note="here") == Point(x=1, note="there")
    assert hash(Point(x=1, note="here")) == hash(Point(x=1, note="there"))
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Place3(x=1)
    assert Point(x=1) != (1, 0)


def test_a_default_is_made_anew_for_each_value() -> None:
    assert Point(x=1).tags is not Point(x=1).tags


def test_nothing_of_a_value_can_be_assigned_or_deleted() -> None:
    with pytest.raises(FrozenInstanceError):
        Point(x=1).x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del Point(x=1).x


def test_a_value_takes_its_fields_and_no_others() -> None:
    with pytest.raises(TypeError, match=r"Point\(\) lacks x"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Point\(\) has no w"):
        Point(x=1, w=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Point\(\) takes 0 positional arguments"):
        Point(1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="multiple values for metres"):
        Length(1, metres=2)  # type: ignore[misc]


def test_an_ordered_value_is_sorted_with_its_like_alone() -> None:
    assert sorted([Length(3), Length(1)]) == [Length(1), Length(3)]
    assert Length(1) <= Length(1)
    assert Length(2) > Length(1)
    assert Length(2) >= Length(1)
    with pytest.raises(TypeError, match="not supported between"):
        sorted([Length(1), 2])  # type: ignore[type-var]


def test_a_value_travels_between_processes() -> None:
    assert pickle.loads(pickle.dumps(Place3(x=1, z=2))) == Place3(x=1, z=2)
