"""Which documents are meant: a `Filter`, and its one form as SQL, with every value bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from psycopg import sql

__all__ = ["Box", "Condition", "Filter", "on_papers", "on_placements"]

_EPOCH = date(1970, 1, 1)
_EDGE = 2.0
"""The map is the square from -1 to 1: what lies farther out than this makes no difference."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """A rectangle on the map, edges included."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def between(cls, x1: float, y1: float, x2: float, y2: float) -> Box:
        """The box with these two opposite corners, in any order."""
        x1, y1, x2, y2 = (min(max(number, -_EDGE), _EDGE) for number in (x1, y1, x2, y2))
        return cls(left=min(x1, x2), bottom=min(y1, y2), right=max(x1, x2), top=max(y1, y2))


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Documents that meet every one of these; an empty one lets all through."""

    sources: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    box: Box | None = None
    text: str | None = None
    """In web search syntax."""

    def __bool__(self) -> bool:
        return self != _EVERYTHING


_EVERYTHING = Filter()


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A piece of SQL that is true or false, and the values of its placeholders (all begin with `f_`)."""

    sql: sql.SQL | sql.Composed = field(default_factory=lambda: sql.SQL("true"))
    values: Mapping[str, object] = field(default_factory=dict)


def _names_of(chosen: Filter) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns that are chosen by name, and the names."""
    return (("source", chosen.sources), ("field", chosen.fields), ("country", chosen.countries))


def on_papers(chosen: Filter, map_id: int | None) -> Condition:
    """The filter over `papers p`; a box is one on the map `map_id`, and without a map holds nothing."""
    tests: list[sql.Composable] = []
    values: dict[str, object] = {}
    for column, names in _names_of(chosen):
        if names:
            tests.append(
                sql.SQL("p.{} = any({})").format(sql.Identifier(column), sql.Placeholder(f"f_{column}"))
            )
            values[f"f_{column}"] = list(names)
    if chosen.first is not None:
        tests.append(sql.SQL("p.primary_date >= {}").format(sql.Placeholder("f_first")))
        values["f_first"] = chosen.first
    if chosen.last is not None:
        tests.append(sql.SQL("p.primary_date <= {}").format(sql.Placeholder("f_last")))
        values["f_last"] = chosen.last
    if chosen.text is not None:
        tests.append(
            sql.SQL("p.words @@ websearch_to_tsquery('english', {})").format(sql.Placeholder("f_text"))
        )
        values["f_text"] = chosen.text
    if chosen.box is not None:
        if map_id is None:
            tests.append(sql.SQL("false"))
        else:
            inside, corners = _inside(chosen.box)
            tests.append(
                sql.SQL("exists (select from {} b where b.paper_id = p.id and b.{})").format(
                    sql.Identifier(f"placement_{map_id}"), inside
                )
            )
            values |= corners
    return _all(tests, values)


def on_placements(chosen: Filter) -> Condition:
    """The same filter over one map's points `pt`, by their codes and days; `papers` only for a text."""
    tests: list[sql.Composable] = []
    values: dict[str, object] = {}
    for column, names in _names_of(chosen):
        if names:
            tests.append(
                sql.SQL(
                    "pt.{} = any(array(select code from term where kind = {} and name = any({})))"
                ).format(sql.Identifier(column), sql.Literal(column), sql.Placeholder(f"f_{column}"))
            )
            values[f"f_{column}"] = list(names)
    if chosen.first is not None or chosen.last is not None:
        # Documents without a date have the smallest day there is, which lies outside of every range.
        tests.append(
            sql.SQL("pt.day between {} and {}").format(
                sql.Placeholder("f_first_day"), sql.Placeholder("f_last_day")
            )
        )
        values["f_first_day"] = ((chosen.first or date.min) - _EPOCH).days
        values["f_last_day"] = ((chosen.last or date.max) - _EPOCH).days
    if chosen.box is not None:
        inside, corners = _inside(chosen.box)
        tests.append(sql.SQL("pt.{}").format(inside))
        values |= corners
    if chosen.text is not None:
        tests.append(
            sql.SQL(
                "pt.paper_id in (select id from papers where words @@ websearch_to_tsquery('english', {}))"
            ).format(sql.Placeholder("f_text"))
        )
        values["f_text"] = chosen.text
    return _all(tests, values)


def _inside(box: Box) -> tuple[sql.Composable, dict[str, object]]:
    corners: dict[str, object] = {
        "f_left": box.left,
        "f_bottom": box.bottom,
        "f_right": box.right,
        "f_top": box.top,
    }
    left, bottom, right, top = (
        sql.SQL("{}::float8").format(sql.Placeholder(name))
        for name in ("f_left", "f_bottom", "f_right", "f_top")
    )
    # Written as for a row's column: the caller puts the name of the row before it.
    inside = sql.SQL("position <@ box(point({}, {}), point({}, {}))").format(left, bottom, right, top)
    return inside, corners


def _all(tests: list[sql.Composable], values: dict[str, object]) -> Condition:
    return Condition(sql=sql.SQL(" and ").join(tests), values=values) if tests else Condition()
