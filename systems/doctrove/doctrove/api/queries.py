"""Queries as vectors: by the one configured model, outside the event loop, the last ones remembered."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from seatrial_kit.embeddings.port import CannotEmbed, Embedder, Vectors
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

__all__ = ["Queries", "Query"]

REMEMBERED = 512
AT_ONCE = 2
"""More at once than cores make every one slower and none faster."""
WITHIN_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Query:
    """A query's vector (unit length), and how many of its tokens the model did not read."""

    vector: Vectors
    cut_to: int | None
    """The number of tokens that were read, when there were more."""


class Queries:
    """`embedder` None: no model could be loaded, for the reason `missing`."""

    def __init__(self, embedder: Embedder | None, *, missing: str | None = None) -> None:
        self.embedder = embedder
        self.missing = missing
        self._known: OrderedDict[str, Query] = OrderedDict()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def warm(self) -> None:
        """Run the model once, so that the first search is as fast as the next."""
        if self.embedder is not None and self.embedder.provider == "local":
            # One query is too short to share: with a second thread it takes as long on an idle machine, and
            # up to fifty times as long on a busy one, where either waits for the other.
            threadpool_limits(1, user_api="blas")
            await self.embed("the first words a model reads take longer than all others")

    async def embed(self, text: str) -> Query:
        """
        Raises:
            CannotEmbed: there is no model, or it does not answer.
        """
        if text in self._known:
            self._known.move_to_end(text)
            return self._known[text]
        if self.embedder is None:
            raise CannotEmbed(self.missing or "no model is configured")
        try:
            async with asyncio.timeout(WITHIN_SECONDS), self._turns:
                query = await asyncio.to_thread(_embed, self.embedder, text)
        except TimeoutError:
            raise CannotEmbed(f"{self.embedder.name} gave no answer within {WITHIN_SECONDS:g} s") from None
        self._known[text] = query
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return query


def _embed(embedder: Embedder, text: str) -> Query:
    tokens = embedder.tokens([text])[0]
    vector = embedder.embed([text])[0]
    return Query(vector=vector, cut_to=embedder.max_tokens if tokens > embedder.max_tokens else None)
