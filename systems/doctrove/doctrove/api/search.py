"""Search by words, by meaning, or by both: two rankings fused, and each told in the answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from fastapi import APIRouter
from seatrial_kit.embeddings.port import CannotEmbed
from seatrial_kit.problems import Problem, away, describe

from doctrove.api import asking, meaning, words
from doctrove.api.filters import Filter
from doctrove.api.meaning import Near
from doctrove.api.papers import cards
from doctrove.api.queries import Query
from doctrove.api.replies import Hit, MeaningSignal, SearchResult, Signals, WordsSignal
from doctrove.api.shared import Library, MapVersion, Model, Shared
from doctrove.api.words import WordHit, WordHits

__all__ = ["fuse", "router"]

router = APIRouter(tags=["search"])

RANK_CONSTANT = 60
"""Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet…" (2009)."""
DEPTH = 100
"""How many hits of each signal take part."""


@router.get("/search", summary="Find documents by words and by meaning", responses=describe(422, 503))
async def search(ask: asking.ask_search, shared: Shared) -> SearchResult:
    """The best hits of full text and of vectors, fused. `notes` say when one could not take part."""
    began = time.perf_counter()
    chosen = ask.filter()
    present = await shared.present()
    shown, model = present.active, present.model
    by_words, (by_meaning, notes) = await asyncio.gather(
        _by_words(shared, ask, chosen, shown), _by_meaning(shared, ask, chosen, shown, model)
    )
    if by_words.too_many:
        notes.append(f"more than {words.RANKED:,} documents hold these words; the first of them are ranked")
    best = fuse(by_words.hits, by_meaning or ())[: ask.limit]
    ids = [paper_id for paper_id, _, _ in best]
    async with shared.connection() as connection:
        papers = {paper.id: paper for paper in await cards(connection, ids, shown)}
        excerpts = await words.excerpts(connection, ask.q, ids)
    items = [
        Hit(paper=papers[paper_id], score=score, signals=signals, excerpt=excerpts.get(paper_id, ""))
        for paper_id, score, signals in best
        if paper_id in papers
    ]
    return SearchResult(
        query=ask.q,
        mode=ask.mode,
        model=model.name if model is not None and by_meaning is not None else None,
        items=items,
        notes=notes,
        took_ms=round((time.perf_counter() - began) * 1000, 1),
    )


def fuse(by_words: Sequence[WordHit], by_meaning: Sequence[Near]) -> list[tuple[int, float, Signals]]:
    """Documents by the sum of 1 / (60 + rank) over both signals, best first; equals by id."""
    found: dict[int, Signals] = {
        hit.id: Signals(words=WordsSignal(rank=rank, score=hit.score), meaning=None)
        for rank, hit in enumerate(by_words, start=1)
    }
    for rank, near in enumerate(by_meaning, start=1):
        signals = found.setdefault(near.id, Signals(words=None, meaning=None))
        signals.meaning = MeaningSignal(rank=rank, similarity=near.similarity)
    scored = [
        (paper_id, sum(1 / (RANK_CONSTANT + each.rank) for each in (s.words, s.meaning) if each), s)
        for paper_id, s in found.items()
    ]
    return sorted(scored, key=lambda hit: (-hit[1], hit[0]))


async def _by_words(
    shared: Library, ask: asking.AskSearch, chosen: Filter, shown: MapVersion | None
) -> WordHits:
    if ask.mode == "meaning":
        return WordHits(hits=(), too_many=False)
    async with shared.connection() as connection:
        return await words.matching(connection, ask.q, chosen, shown.id if shown else None, limit=DEPTH)


async def _by_meaning(
    shared: Library, ask: asking.AskSearch, chosen: Filter, shown: MapVersion | None, model: Model | None
) -> tuple[list[Near] | None, list[str]]:
    """The nearest documents and notes; None in place of documents when meaning took no part."""
    if ask.mode == "words":
        return None, []
    if model is None:
        return None, ["no document has a vector yet, so meaning takes no part"]
    try:
        query = await _query(shared, ask.q, model)
    except CannotEmbed as exc:
        if ask.mode == "meaning":
            raise _no_meaning(exc) from exc
        return None, [f"only the words were searched: {exc.what}"]
    async with shared.connection() as connection:
        found = await meaning.nearest(
            connection, model, query.vector, chosen, shown.id if shown else None, limit=DEPTH
        )
    cut = [] if query.cut_to is None else [f"the meaning is that of the query's first {query.cut_to} tokens"]
    return found, cut


async def _query(shared: Library, text: str, model: Model) -> Query:
    embedder = shared.queries.embedder
    if embedder is not None:
        asked = (embedder.name, embedder.provider, embedder.dimensions)
        if asked != (model.name, model.provider, model.dimensions):
            raise CannotEmbed(
                f"this service has the model {embedder.name} ({embedder.provider}), but the vectors of the"
                f" documents are by {model.name} ({model.provider}), and the two do not compare",
                hint="configure the API as the enrichment worker is",
            )
    return await shared.queries.embed(text)


def _no_meaning(error: CannotEmbed) -> Problem:
    return away(error.what, where="search by meaning", hint=error.hint or "mode=words works", retry=10)
