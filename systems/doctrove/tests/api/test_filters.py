"""A filter in SQL lets through what the same filter in plain Python does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from doctrove.api.filters import Box, Filter, on_papers, on_placements
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

pytestmark = pytest.mark.integration

ATTACK = "it's; drop table papers --"
PLACED = 90
names = st.sampled_from(
    ["python-docs", "arxiv", ATTACK, "library", "outdoors", "NO", "SE", "DK", "nowhere", "%s"]
)
several = st.lists(names, max_size=3).map(tuple)
days = st.none() | st.dates(date(1995, 1, 1), date(2012, 1, 1)) | st.sampled_from([date.min, date.max])
numbers = st.floats(-1, 1, width=32) | st.floats(allow_nan=False, allow_infinity=False)
boxes = st.none() | st.builds(Box.between, numbers, numbers, numbers, numbers)
words = st.none() | st.sampled_from(["rice", "wind", "pattern", "thread"])
filters = st.builds(
    Filter, sources=several, fields=several, countries=several, first=days, last=days, box=boxes, text=words
)


def passes(each, chosen: Filter) -> bool:
    return (
        (not chosen.sources or each.source in chosen.sources)
        and (not chosen.fields or each.field in chosen.fields)
        and (not chosen.countries or each.country in chosen.countries)
        and (chosen.first is None or (each.date is not None and each.date >= chosen.first))
        and (chosen.last is None or (each.date is not None and each.date <= chosen.last))
        and (chosen.text is None or chosen.text in f"{each.title} {each.abstract}".lower())
        and (chosen.box is None or (each.id <= PLACED and inside(each, chosen.box)))
    )


def inside(each, box: Box) -> bool:
    return box.left <= each.x <= box.right and box.bottom <= each.y <= box.top


@pytest.fixture(scope="module")
def connection(library_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(library_url, autocommit=True) as connection:
        yield connection


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(chosen=filters)
def test_papers_pass_in_sql_as_they_do_in_python(chosen, connection, seeded_documents):
    condition = on_papers(chosen, 2)
    query = sql.SQL("select id from papers p where {}").format(condition.sql)
    found = {row[0] for row in connection.execute(query, condition.values)}
    assert found == {each.id for each in seeded_documents if passes(each, chosen)}


@many
@given(chosen=filters)
def test_points_pass_in_sql_as_they_do_in_python(chosen, connection, seeded_documents):
    condition = on_placements(chosen)
    query = sql.SQL("select paper_id from placement_2 pt where {}").format(condition.sql)
    found = {row[0] for row in connection.execute(query, condition.values)}
    assert found == {each.id for each in seeded_documents if each.id <= PLACED and passes(each, chosen)}


@many
@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40)
)
def test_whatever_is_written_in_a_filter_is_only_text(text, connection):
    for chosen in (
        Filter(sources=(text,)),
        Filter(fields=(text,)),
        Filter(countries=(text,)),
        Filter(text=text),
    ):
        for condition, rows in (
            (on_papers(chosen, 2), "papers p"),
            (on_placements(chosen), "placement_2 pt"),
        ):
            query = sql.SQL("select count(*) from {} where {}").format(sql.SQL(rows), condition.sql)
            connection.execute(query, condition.values)
    assert connection.execute("select count(*) from papers").fetchone() == (96,)


def test_a_box_without_a_map_holds_nothing(connection):
    condition = on_papers(Filter(box=Box.between(-1, -1, 1, 1)), None)
    query = sql.SQL("select count(*) from papers p where {}").format(condition.sql)
    assert connection.execute(query, condition.values).fetchone() == (0,)


@given(numbers, numbers, numbers, numbers)
def test_the_corners_of_a_box_may_come_in_any_order(x1, y1, x2, y2):
    turned = [Box.between(*corners) for corners in ((x1, y1, x2, y2), (x2, y1, x1, y2), (x1, y2, x2, y1))]
    assert turned[0] == turned[1] == turned[2] == Box.between(x2, y2, x1, y1)
