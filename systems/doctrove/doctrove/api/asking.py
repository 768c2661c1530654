"""What may be asked: the parameters of every route, typed. One that is not known is refused, so that a
slip of the pen in a filter does not quietly answer everything."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from seatrial_kit import paging
from starlette.requests import Request

from doctrove.api.filters import Box, Filter

__all__ = [
    "Filters",
    "MapId",
    "Mode",
    "NoParameters",
    "Order",
    "PaperId",
    "Polygon",
    "ask_neighbours",
    "ask_papers",
    "ask_rejects",
    "ask_search",
    "ask_selection",
    "ask_tile",
    "bad_parameter",
]

Mode = Literal["hybrid", "words", "meaning"]
Order = Literal["newest", "oldest", "id"]

_LAST_ID = 2**63 - 1
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = r"[-+]?[0-9]{1,9}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,2})?"


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("the character NUL cannot be stored, so nothing can hold it; leave it out")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("there is nothing but white space in it")
    return text


def _day(value: Any) -> date:
    # Pydantic's own reading of a date takes `2024` for seconds since 1970.
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError as exc:
            raise ValueError(f"{exc}; the years are 0001 to 9999") from None
    raise ValueError("a date is written YYYY-MM-DD, for example 2024-05-31")


def _box(text: str) -> str:
    _corners(text)
    return text


def _corners(text: str) -> Box:
    try:
        x1, y1, x2, y2 = (float(number) for number in text.split(","))
    except ValueError:
        raise ValueError("a box is four numbers x1,y1,x2,y2, for example -0.5,-0.5,0.25,0.1") from None
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        raise ValueError("every corner of a box is a finite number; the map is the square from -1 to 1")
    return Box.between(x1, y1, x2, y2)


_PRINTABLE = {"pattern": "^[^\\u0000]*$"}
Name = Annotated[
    str, Field(min_length=1, max_length=500, json_schema_extra=_PRINTABLE), AfterValidator(_no_nul)
]
Day = Annotated[
    date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "minLength": 10})
]
BoxText = Annotated[
    str,
    AfterValidator(_box),
    WithJsonSchema({"type": "string", "pattern": f"^{_NUMBER}(?:,{_NUMBER}){{3}}$", "maxLength": 200}),
]
PaperId = Annotated[int, Path(ge=1, le=_LAST_ID, description="The document's number.", examples=[1])]


MapId = Annotated[int, Path(ge=1, le=2**31 - 1, description="The map's version.", examples=[1])]


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersOnMap(Nothing):
    """Filters of a part of the map, which is a place of its own: without `box`."""

    source: list[Name] = Field([], max_length=100, description="One of these sources.")
    field: list[Name] = Field([], max_length=100, description="One of these fields.")
    country: list[Name] = Field([], max_length=300, description="One of these countries.")
    from_: Day | None = Field(
        None,
        alias="from",
        description="Primary date, this day or later. A document without a date never matches.",
        examples=["2020-01-01"],
    )
    to: Day | None = Field(None, description="Primary date, this day or earlier.", examples=["2024-12-31"])
    text: (
        Annotated[str, Field(max_length=1_000, json_schema_extra=_PRINTABLE), AfterValidator(_no_nul)] | None
    ) = Field(
        None,
        description='Full text, in web search syntax: `"exact words"`, `or`, `-not`.',
        examples=['"event loop" -windows'],
    )

    def filter(self) -> Filter:
        """As a value, in one form whatever the order of writing."""
        return Filter(
            sources=tuple(sorted(set(self.source))),
            fields=tuple(sorted(set(self.field))),
            countries=tuple(sorted(set(self.country))),
            first=self.from_,
            last=self.to,
            text=self.text,
        )


class Filters(FiltersOnMap):
    box: BoxText | None = Field(
        None,
        description="`x1,y1,x2,y2` on the active map, edges included; the corners may come in any order.",
        examples=["-0.5,-0.5,0.25,0.1"],
    )

    def filter(self) -> Filter:
        rest = super().filter()
        if self.box is None:
            return rest
        return Filter(
            sources=rest.sources,
            fields=rest.fields,
            countries=rest.countries,
            first=rest.first,
            last=rest.last,
            text=rest.text,
            box=_corners(self.box),
        )


Cursor = Annotated[
    str | None,
    Field(max_length=paging.MAX_LENGTH, description="`next` of the page before, as it is."),
]


class AskPapers(Filters):
    limit: int = Field(50, ge=1, le=200, description="The most documents of a page.")
    cursor: Cursor = None
    order: Order = Field("newest", description="By primary date (documents without one last), or by id.")


class AskSearch(Filters):
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=10_000,
            description="What is looked for: words, a question, or a whole paragraph.",
            examples=["graph neural networks"],
            json_schema_extra={"pattern": "^[^\\u0000]*[^\\u0000\\s][^\\u0000]*$"},
        ),
        AfterValidator(_no_nul),
        AfterValidator(_not_blank),
    ]
    mode: Mode = Field("hybrid", description="By the words, by the meaning, or by both with ranks fused.")
    limit: int = Field(20, ge=1, le=100, description="The most hits.")


class AskSelection(Filters):
    limit: int = Field(50, ge=1, le=200, description="The most documents of a page.")
    cursor: Cursor = None


class AskNeighbours(Nothing):
    limit: int = Field(10, ge=1, le=50, description="The most neighbours.")


class AskRejects(Nothing):
    limit: int = Field(50, ge=1, le=200, description="The most records of a page.")
    cursor: Cursor = None


Coordinate = Annotated[float, Field(ge=-1e6, le=1e6, allow_inf_nan=False)]


class Polygon(BaseModel):
    """An outline on the map; the last corner joins the first."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"polygon": [[-1, -1], [1, -1], [0, 1]]}]},
    )

    polygon: list[tuple[Coordinate, Coordinate]] = Field(
        min_length=3, max_length=1_000, description="Its corners `[x, y]`, in order."
    )


def bad_parameter(name: str, what: str) -> RequestValidationError:
    """A mistake in a parameter that only the route can see."""
    return RequestValidationError(
        [{"type": "value_error", "loc": ("query", name), "msg": what, "input": None}]
    )


async def _no_parameters(request: Request) -> None:
    unknown = [{"type": "extra_forbidden", "loc": ("query", name)} for name in request.query_params]
    if unknown:
        raise RequestValidationError(unknown)


NoParameters = Depends(_no_parameters)
"""For a route that takes none."""

ask_papers = Annotated[AskPapers, Query()]
ask_search = Annotated[AskSearch, Query()]
ask_selection = Annotated[AskSelection, Query()]
ask_tile = Annotated[FiltersOnMap, Query()]
ask_neighbours = Annotated[AskNeighbours, Query()]
ask_rejects = Annotated[AskRejects, Query()]
