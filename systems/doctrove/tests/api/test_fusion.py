"""Two rankings become one."""

from __future__ import annotations

import pytest
from doctrove.api.meaning import Near
from doctrove.api.search import fuse
from doctrove.api.words import WordHit


def test_what_both_signals_find_comes_before_what_one_finds_first():
    words = [WordHit(id=1, score=0.9), WordHit(id=2, score=0.8)]
    meaning = [Near(id=3, similarity=0.9), Near(id=2, similarity=0.7)]
    assert [paper for paper, _, _ in fuse(words, meaning)] == [2, 1, 3]


def test_the_score_is_the_sum_of_the_reciprocal_ranks_and_each_signal_is_told():
    ((paper, score, signals),) = fuse([WordHit(id=7, score=0.5)], [Near(id=7, similarity=0.25)])
    assert paper == 7
    assert score == pytest.approx(1 / 61 + 1 / 61)
    assert signals.words is not None
    assert (signals.words.rank, signals.words.score) == (1, 0.5)
    assert signals.meaning is not None
    assert (signals.meaning.rank, signals.meaning.similarity) == (1, 0.25)


def test_equals_come_in_the_order_of_their_ids():
    assert [paper for paper, _, _ in fuse([WordHit(id=9, score=1)], [Near(id=4, similarity=1)])] == [4, 9]


def test_a_signal_that_found_nothing_is_null():
    ((_, _, signals),) = fuse([], [Near(id=4, similarity=1)])
    assert signals.words is None
