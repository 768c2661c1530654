"""Names for the neighbourhoods of a map, from the words of their documents; no network, no language model.

A good name has words that many documents of the neighbourhood share and few others have (class-based TF-IDF
on the number of documents, so that one long text does not decide).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from doctrove.enrichment.clusters import Neighbourhoods, centre_of, density, outline
from doctrove.enrichment.projection import Matrix

__all__ = ["CHARACTERS", "Label", "label"]

CHARACTERS = 400
"""Of an abstract that are read: what a text is about stands at its beginning."""

_WORDS = 3
_STOP = frozenset(ENGLISH_STOP_WORDS) | frozenset(
    [
        "self",
        "cls",
        "args",
        "kwargs",
        "arg",
        "kwarg",
        "param",
        "params",
        "parameter",
        "parameters",
        "return",
        "returns",
        "returned",
        "returning",
        "none",
        "true",
        "false",
        "null",
        "default",
        "defaults",
        "optional",
        "raise",
        "raises",
        "raised",
        "example",
        "examples",
        "see",
        "also",
        "note",
        "notes",
        "use",
        "used",
        "using",
        "uses",
        "user",
        "value",
        "values",
        "type",
        "types",
        "object",
        "objects",
        "class",
        "classes",
        "function",
        "functions",
        "method",
        "methods",
        "instance",
        "instances",
        "argument",
        "arguments",
        "attribute",
        "attributes",
        "called",
        "calls",
        "given",
        "specified",
        "specify",
        "set",
        "sets",
        "setting",
        "get",
        "gets",
        "getting",
        "new",
        "name",
        "names",
        "named",
        "int",
        "str",
        "bool",
        "float",
        "list",
        "dict",
        "tuple",
        "string",
        "strings",
        "number",
        "numbers",
        "make",
        "makes",
        "create",
        "creates",
        "created",
        "return",
        "result",
        "results",
        "data",
        "result",
        "given",
        "provide",
        "provides",
        "provided",
        "available",
        "based",
        "following",
        "like",
        "just",
        "does",
        "doing",
        "instead",
        "support",
        "supports",
        "supported",
        "implementation",
        "implement",
        "implements",
        "representing",
        "represents",
        "represent",
        "currently",
        "current",
        "contains",
        "contain",
        "containing",
        "containing",
        "used",
        "abstract",
        "base",
        "helper",
        "internal",
        "module",
        "modules",
        "package",
        "packages",
        "python",
        "code",
        "way",
        "allow",
        "allows",
        "allowed",
        "way",
        "ways",
        "want",
        "possible",
        "different",
        "similar",
        "simple",
        "simply",
        "version",
        "versions",
        "versionadded",
        "versionchanged",
        "deprecated",
        "added",
        "changed",
        "case",
        "cases",
        "time",
        "init",
        "repr",
        "eq",
        "hash",
        "len",
        "iter",
        "dunder",
        "func",
        "obj",
        "val",
        "idx",
        "typing",
        "any",
        "union",
        "callable",
        "foo",
        "bar",
        "baz",
        "spam",
        "eggs",
        "paper",
        "study",
        "work",
        "propose",
        "proposed",
        "approach",
        "show",
        "results",
        "method",
        "methods",
        "problem",
    ]
)
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
        for cluster in range(1, int(clusters.max()) + 1):
            rows = np.flatnonzero(of_point == cluster)
            if not len(rows):
                continue
            x, y = centre_of(positions[rows], crowd[rows])
            made.append(
                Label(
                    level=level,
                    cluster=cluster,
                    parent=None if above is None else int(above[clusters == cluster][0]),
                    label=_title(best[cluster - 1][:_WORDS]) or f"Area {cluster}",
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
        vectorizer = CountVectorizer(
            analyzer=lambda row: set(_terms(*texts[row])), min_df=3 if len(rows) > 300 else 1
        )
        try:
            found = vectorizer.fit_transform(rows).tocsr()
        except ValueError:  # no word is left of any text
            self._names, self._counts = np.zeros(0, object), np.zeros((clusters, 0))
            return
        self._names = vectorizer.get_feature_names_out()
        self._counts = np.zeros((clusters, len(self._names)))
        coo = found.tocoo()
        np.add.at(self._counts, (fine[rows][coo.row] - 1, coo.col), 1)

    def best(
        self, clusters: NDArray[np.int64], above: NDArray[np.int64] | None, count: int = 8
    ) -> list[list[str]]:
        """The most telling terms of each cluster, best first, none saying what another says already."""
        number = int(clusters.max())
        counts, sizes = np.zeros((number, len(self._names))), np.zeros(number)
        np.add.at(counts, clusters - 1, self._counts)
        np.add.at(sizes, clusters - 1, self._sizes)
        share = counts / np.maximum(sizes, 1)[:, None]
        everywhere = self._counts.sum(axis=0) / max(self._sizes.sum(), 1)
        score = share * np.log(np.maximum(share, 1e-9) / np.maximum(everywhere, 1e-9)).clip(min=0)
        score *= np.where([" " in name for name in self._names], 1.25, 1.0)
        score[counts < 2] *= 0.1
        return [self._pick(row, count) for row in score]

    def _pick(self, score: NDArray[np.float64], count: int) -> list[str]:
        picked: list[str] = []
        for column in np.argsort(-score, kind="stable")[: 10 * count]:
            name = str(self._names[column])
            if score[column] <= 0 or len(picked) == count:
                break
            if not any(_overlap(name, other) for other in picked):
                picked.append(name)
        return picked


def _terms(title: str, abstract: str) -> Iterator[str]:
    """Words and pairs of neighbouring words, in lower case, of a text in any case."""
    for text in (title, abstract):
        before = ""
        for match in _TOKEN.finditer(text):
            word = match[0].lower()
            if len(word) < 3 or word in _STOP:
                before = ""
                continue
            yield word
            if before and before != word:
                yield f"{before} {word}"
            before = word


def _overlap(one: str, other: str) -> bool:
    return bool({_stem(word) for word in one.split()} & {_stem(word) for word in other.split()})


def _stem(word: str) -> str:
    """Enough to see that plural and singular are one word."""
    for ending in ("ies", "es", "s", "ing", "ed", "er", "or", "ion"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _title(terms: Sequence[str]) -> str:
    text = ", ".join(terms)
    return text[:1].upper() + text[1:]
