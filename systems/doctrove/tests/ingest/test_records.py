"""What fits the store, and what is kept aside with which reason."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest
from doctrove.ingest.records import Document, Rejected, document, parse_date
from doctrove.ingest.sources.arxiv import arxiv_document
from doctrove.ingest.sources.openalex import openalex_document
from hypothesis import given
from hypothesis import strategies as st


def test_white_space_is_made_single_and_the_hash_is_of_the_text_that_is_embedded():
    made = document(
        source_id=" a1 ", title=" On\n numbers ", abstract="  one\n\ttwo ", authors=[" A  B ", ""]
    )

    assert (made.source_id, made.title, made.abstract, made.authors) == (
        "a1",
        "On numbers",
        "one two",
        ["A B"],
    )
    assert made.content_hash == hashlib.sha256(b"On numbers\n\none two").digest()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source_id": None}, "no id"),
        ({"source_id": "  "}, "no id"),
        ({"source_id": 7}, "id is not text but int"),
        ({"source_id": "x" * 501}, "id is longer than 500 characters"),
        ({"title": None}, "empty title"),
        ({"title": " \n "}, "empty title"),
        ({"title": "a\0b"}, "NUL character in title"),
        ({"title": "half \ud83d"}, "title is not valid Unicode: character 5 is half of a pair"),
        ({"title": ["a"]}, "title is not text but list"),
        ({"abstract": "x" * 100_001}, "abstract is longer than 100,000 characters"),
        ({"abstract": "\0"}, "NUL character in abstract"),
        ({"authors": ["A", 3]}, "author is not text but int"),
        ({"field": "x" * 201}, "field is longer than 200 characters"),
        ({"country": {"a": 1}}, "country is not text but dict"),
        ({"links": {"doi": 5}}, "link is not text but int"),
    ],
)
def test_what_does_not_fit_says_why(changes, reason):
    with pytest.raises(Rejected) as rejected:
        document(**({"source_id": "a", "title": "b"} | changes))

    assert str(rejected.value) == reason


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-17", date(2024, 5, 17)),
        ("2024-05", date(2024, 5, 1)),
        ("2024", date(2024, 1, 1)),
        ("2024-05-17T10:00:00Z", date(2024, 5, 17)),
        ("1000-01-01", date(1000, 1, 1)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00",
        "0000-01-01",
        "0999-12-31",
        "9999-12-31",
        "10000-01-01",
        "2024-02-30",
        "soon",
        2024,
        "-5-1-1",
    ],
)
def test_dates_that_are_mistakes_are_refused(text):
    with pytest.raises(Rejected, match="date"):
        parse_date(text)


def test_a_date_two_years_ahead_is_believed_and_a_later_one_is_not():
    assert parse_date(str(date.today() + timedelta(days=700))) is not None
    with pytest.raises(Rejected, match="out of range"):
        parse_date(str(date.today() + timedelta(days=800)))


def test_an_arxiv_record_becomes_a_document(arxiv_record):
    made = arxiv_document(arxiv_record(1, doi="10.1/x 10.2/y"))

    assert made.title == "On the number 1"
    assert made.abstract == "We show that 1 is a number. It follows that it is none other."
    assert made.authors == ["Emmy Noether", "C. F. Gauss Jr."]
    assert made.primary_date == date(2007, 4, 2)
    assert made.field == "cs.LG"
    assert made.links == {"abstract": "https://arxiv.org/abs/0704.00001", "doi": "https://doi.org/10.1/x"}


def test_an_arxiv_record_without_versions_has_the_date_of_its_update(arxiv_record):
    assert arxiv_document(arxiv_record(1, versions=[])).primary_date == date(2008, 11, 26)


def test_authors_in_one_text_are_told_apart(arxiv_record):
    record = arxiv_record(1, authors_parsed=None, authors="A. Turing, J. von Neumann and G. Hopper")

    assert arxiv_document(record).authors == ["A. Turing", "J. von Neumann", "G. Hopper"]


WORK = {
    "id": "https://openalex.org/W42",
    "title": "On meaning",
    "abstract_inverted_index": {"words": [1, 4], "Two": [0], "are": [2], "more": [3]},
    "authorships": [
        {
            "author": {"display_name": "A. Lovelace"},
            "institutions": [{"country_code": "GB"}],
            "countries": ["FR"],
        },
        {"author": {"display_name": None}},
    ],
    "publication_date": "1843-09-01",
    "primary_topic": {"field": {"display_name": "Computer Science"}},
    "doi": "https://doi.org/10.1/42",
    "is_retracted": True,
}


def test_an_openalex_work_becomes_a_document_and_a_retraction_shows():
    made = openalex_document(WORK)

    assert made[:3] == ("W42", "On meaning", "Two words are more words")
    assert made[3:7] == (["A. Lovelace"], date(1843, 9, 1), "Computer Science", "GB")
    assert made.links["retracted"] == "https://openalex.org/W42"
    assert "retracted" not in openalex_document(WORK | {"is_retracted": False}).links


def test_a_huge_place_in_an_inverted_index_costs_nothing():
    assert openalex_document(WORK | {"abstract_inverted_index": {"b": [10**15], "a": [-1]}}).abstract == "a b"


PREPRINT = {
    "id": "1",
    "title": "t",
    "abstract": "",
    "versions": [{"created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "doi": "1",
    "authors_parsed": [["a", "b", ""]],
    "authors": "",
    "categories": "x",
    "update_date": "",
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("to_document", [arxiv_document, openalex_document])
@given(data=st.data())
def test_any_json_at_any_place_gives_a_document_or_a_reason(to_document, data):
    good = WORK if to_document is openalex_document else PREPRINT
    changed = data.draw(st.lists(st.sampled_from(sorted(good)), unique=True, max_size=4))
    record = good | {name: data.draw(JSON) for name in changed}

    try:
        made = to_document(record)
    except Rejected:
        return
    assert isinstance(made, Document)
    assert made.source_id
    assert made.title
    "".join([made.title, made.abstract, *made.authors, *made.links.values()]).encode()
