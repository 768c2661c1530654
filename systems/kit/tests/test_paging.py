"""Cursors come back as they were given out, and only to the question they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seatrial_kit.paging import BadCursor, decode, encode

integers = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(integers, texts, st.text(max_size=20))
def test_a_position_comes_back_as_it_was(number, text, question):
    question = question.encode(errors="replace").decode()
    cursor = encode([number, text, None], question=question)
    assert decode(cursor, int, str, (str, type(None)), question=question) == (number, text, None)


@given(integers, st.data())
def test_an_edited_cursor_is_refused(number, data):
    cursor = encode([number], question="q")
    at = data.draw(st.integers(0, len(cursor) - 2))  # the last character has bits that stand for nothing
    letter = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda each: each != cursor[at]))
    with pytest.raises(BadCursor):
        decode(cursor[:at] + letter + cursor[at + 1 :], int, question="q")


@given(st.text(max_size=60))
def test_what_is_no_cursor_is_refused(text):
    with pytest.raises(BadCursor):
        decode(text, int, question="q")


def test_a_cursor_of_another_question_or_shape_is_refused():
    cursor = encode([1], question="papers by date")
    with pytest.raises(BadCursor, match="this question"):
        decode(cursor, int, question="papers by id")
    with pytest.raises(BadCursor, match="older release"):
        decode(cursor, str, question="papers by date")
    with pytest.raises(BadCursor, match="older release"):
        decode(cursor, int, int, question="papers by date")


def test_a_cursor_fits_an_address_without_escapes():
    cursor = encode(["2024-05-31", 2**63 - 1], question="q" * 1000)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert len(cursor) < 80
