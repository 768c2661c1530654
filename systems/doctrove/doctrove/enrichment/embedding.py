"""Texts to vectors, batch by batch: a durable workflow that claims documents, then embeds and stores them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import numpy as np
import psycopg
from dbos import DBOS, DBOSConfiguredInstance
from seatrial_kit.database import Row
from seatrial_kit.embeddings import CannotEmbed, Embedder, TextsRefused

from doctrove.enrichment import vectors

__all__ = ["Embedding"]

log = logging.getLogger(__name__)

BATCH = 128
"""About two seconds of the local model on two cores."""
LEASE_SECONDS = {"local": 60.0}
"""How long a claimed batch is left alone; a remote model may have to wait for its quota."""
LEASE_SECONDS_REMOTE = 900.0


@DBOS.dbos_class()
class Embedding(DBOSConfiguredInstance):
    """The part of a worker that embeds."""

    def __init__(
        self,
        embedder: Embedder,
        model_id: int,
        connect: Callable[[], AbstractContextManager[psycopg.Connection[Row]]],
    ) -> None:
        self.embedder, self.model_id = embedder, model_id
        self.lease_seconds = LEASE_SECONDS.get(embedder.provider, LEASE_SECONDS_REMOTE)
        self._connect = connect
        self._after = 0  # documents up to here have no other model's vector left, or are claimed
        super().__init__(config_name=f"model-{model_id}")

    @DBOS.workflow(name="embed_batch")
    def batch(self) -> int:
        """Claim a batch and embed it; how many documents were claimed.

        Raises:
            CannotEmbed: the model does not answer; the documents are free again.
        """
        paper_ids = self._claim()
        if paper_ids:
            try:
                self._embed(paper_ids)
            except CannotEmbed:
                self._give_back(paper_ids)
                raise
        return len(paper_ids)

    @DBOS.step(name="claim")
    def _claim(self) -> list[int]:
        with self._connect() as connection:
            found = vectors.claim(connection, most=BATCH, lease_seconds=self.lease_seconds)
            if not found:
                found = vectors.claim_of_other_models(
                    connection,
                    self.model_id,
                    after=self._after,
                    most=BATCH,
                    lease_seconds=self.lease_seconds,
                )
                self._after = found[-1] if found else 0
            return found

    @DBOS.step(name="give_back")
    def _give_back(self, paper_ids: Sequence[int]) -> None:
        with self._connect() as connection:
            vectors.give_back(connection, paper_ids)

    @DBOS.step(name="embed")
    def _embed(self, paper_ids: Sequence[int]) -> None:
        """Runs again after a crash: what is stored by then is not asked for again."""
        with self._connect() as connection:
            texts = vectors.texts_of(connection, paper_ids, self.model_id)
            cached = vectors.known(connection, self.model_id, [text.content_hash for text in texts])
            connection.commit()  # no transaction stays open while the model works
            new = {text.content_hash: text.text for text in texts if text.content_hash not in cached}
            refused: dict[bytes, str] = {}
            try:
                made = self.embedder.embed(list(new.values()))
            except TextsRefused as exc:
                made = exc.vectors
                refused = {list(new)[position]: reason for position, reason in exc.reasons.items()}
            found = cached | dict(zip(new, made, strict=True))
            good = [text for text in texts if text.content_hash not in refused]
            if good:
                matrix = np.stack([found[text.content_hash] for text in good])
                vectors.store(connection, self.model_id, good, matrix)
            if refused:
                vectors.fail(
                    connection,
                    {t.paper_id: refused[t.content_hash] for t in texts if t.content_hash in refused},
                )
