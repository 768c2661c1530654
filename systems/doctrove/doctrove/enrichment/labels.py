"""Names for the neighbourhoods of a map, from the words of their documents; no network, no language model.

A good name has words that many documents of the neighbourhood share and few others have (class-based TF-IDF
on the number of documents, so that one long text does not decide). Inside a larger neighbourhood what sets a
smaller one apart from the rest of the larger counts as well, and no two on a level have one name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from doctrove.enrichment.clusters import Neighbourhoods, centre_of, density, outline
from doctrove.enrichment.projection import Matrix

__all__ = ["CHARACTERS", "Label", "label"]

CHARACTERS = 400
"""Of an abstract that are read: what a text is about stands at its beginning."""

_WORDS = 3
_TERMS = 8
_STOP = frozenset(ENGLISH_STOP_WORDS) | set(
    Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split()
)
"""English ones, and those of code and of papers that tell nothing about a subject."""
_ADDRESS = re.compile(r"\w+://\S+")
_TOKEN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True, kw_only=True)
class Label:
    """A named neighbourhood: one row of `map_label`."""

    level: int
    cluster: int
    parent: int | None
    label: str
    terms: tuple[str, ...]
    x: float
    y: float
    papers: int
    region: list[list[float]]


def label(
    places: Neighbourhoods,
    positions: Matrix,
    fine: NDArray[np.int64],
    texts: Mapping[int, tuple[str, str]],
) -> list[Label]:
    """Labels of all levels for a map.

    `fine`: the fine cluster of each point; `texts`: title and abstract of some of the points, by row.
    """
    terms = _Terms(texts, fine, len(places.centroids))
    crowd = density(positions)
    made: list[Label] = []
    for level, clusters in enumerate(places.levels):
        of_point = clusters[fine - 1]
        above = places.levels[level - 1] if level else None
        best = terms.best(clusters, above)
        titles = terms.titles(best)
        for cluster in np.unique(of_point).tolist():
            rows = np.flatnonzero(of_point == cluster)
            x, y = centre_of(positions[rows], crowd[rows])
            made.append(
                Label(
                    level=level,
                    cluster=cluster,
                    parent=None if above is None else int(above[clusters == cluster][0]),
                    label=titles[cluster - 1],
                    terms=tuple(best[cluster - 1]),
                    x=x,
                    y=y,
                    papers=len(rows),
                    region=outline(positions[rows]),
                )
            )
    return made


class _Terms:
    """In how many documents of each fine cluster each word or pair of words stands."""

    def __init__(self, texts: Mapping[int, tuple[str, str]], fine: NDArray[np.int64], clusters: int) -> None:
        rows = sorted(texts)
        self._sizes = np.bincount(fine[rows] - 1, minlength=clusters).astype(float)
        self._names: list[str] = []
        self._counts = np.zeros((clusters, 0))
        self._spelled: Counter[str] = Counter()
        vectorizer = CountVectorizer(analyzer=self._analyse, min_df=3 if len(rows) > 300 else 1)
        try:
            found = vectorizer.fit_transform(texts[row] for row in rows).tocoo()
        except ValueError:  # no word is left of any text
            return
        self._names = [str(name) for name in vectorizer.get_feature_names_out()]
        self._counts = np.zeros((clusters, len(self._names)))
        np.add.at(self._counts, (fine[rows][found.row] - 1, found.col), 1)

    def _analyse(self, text: tuple[str, str]) -> set[str]:
        words = list(_words(" \n ".join(text)))
        self._spelled.update({word for word in words if word})
        return set(_terms(words))

    def best(self, clusters: NDArray[np.int64], above: NDArray[np.int64] | None) -> list[list[str]]:
        """The most telling terms of each cluster, best first, none saying what another says already."""
        counts, share = self._shares(clusters)
        everywhere = self._counts.sum(axis=0) / max(self._sizes.sum(), 1)
        score = share * _surprise(share, everywhere)
        if above is not None:
            larger = self._shares(above)[1]
            of_cluster = np.zeros(len(share), np.int64)
            of_cluster[clusters - 1] = above - 1
            score *= 0.35 + _surprise(share, larger[of_cluster])
        score *= np.where([" " in name for name in self._names], 1.2, 1.0)
        score[counts < 2] *= 0.1
        return [self._pick(row) for row in score]

    def titles(self, best: Sequence[Sequence[str]]) -> list[str]:
        """Two or three terms each; a name that is taken gets another last term."""
        taken: set[str] = set()
        made = []
        for number, terms in enumerate(best, start=1):
            choices = [[*terms[:2], last] for last in terms[2:]] or [list(terms)]
            titles = [self._title(choice) for choice in choices if choice]
            title = next((title for title in titles if title not in taken), f"Area {number}")
            taken.add(title)
            made.append(title)
        return made

    def _shares(self, clusters: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """In how many documents of each cluster each term stands, and in what part of them."""
        number = int(clusters.max())
        counts, sizes = np.zeros((number, len(self._names))), np.zeros(number)
        np.add.at(counts, clusters - 1, self._counts)
        np.add.at(sizes, clusters - 1, self._sizes)
        return counts, counts / np.maximum(sizes, 1)[:, None]

    def _pick(self, score: NDArray[np.float64]) -> list[str]:
        picked: list[str] = []
        for column in np.argsort(-score, kind="stable")[: 10 * _TERMS].tolist():
            name = self._names[column]
            if score[column] <= 0 or len(picked) == _TERMS:
                break
            if not any(_overlap(name, other) for other in picked):
                picked.append(name)
        return picked

    def _title(self, terms: Sequence[str]) -> str:
        """Abbreviations as they are mostly written, and a capital to begin with."""
        words = [[self._spell(word) for word in term.split()] for term in terms]
        text = ", ".join(" ".join(term) for term in words)
        return text[:1].upper() + text[1:]

    def _spell(self, word: str) -> str:
        upper = word.upper()
        often = self._spelled[upper] > 0.3 * (self._spelled[word] + self._spelled[word.capitalize()])
        return upper if often and len(word) <= 5 else word


def _surprise(share: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    ratio = np.maximum(share, 1e-9) / np.maximum(usual, 1e-9)
    return np.asarray(np.log(ratio).clip(min=0))


def _words(text: str) -> Iterator[str]:
    """The telling words as they are written, identifiers taken apart; empty where others stood between."""
    for match in _TOKEN.finditer(_ADDRESS.sub(" ", text)):
        word = match[0]
        yield "" if len(word) < 3 or word.lower() in _STOP else word


def _terms(words: Sequence[str]) -> Iterator[str]:
    """Words and pairs of neighbouring words, in lower case."""
    before = ""
    for word in (word.lower() for word in words):
        if word:
            yield word
        if word and before and before != word:
            yield f"{before} {word}"
        before = word


def _overlap(one: str, other: str) -> bool:
    joined = sorted((one.replace(" ", ""), other.replace(" ", "")), key=len)
    same_words = {_stem(word) for word in one.split()} & {_stem(word) for word in other.split()}
    return bool(same_words) or joined[0] in joined[1]


def _stem(word: str) -> str:
    """Enough to see that plural and singular are one word."""
    for ending in ("ies", "es", "s", "ing", "ed", "er", "or", "ion"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
