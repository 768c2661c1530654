"""The worker: embeds what is not embedded, places what is not placed, and keeps the map right."""

from __future__ import annotations

import logging
import threading
import time

from dbos import DBOS, WorkflowHandle
from seatrial_kit.blobs import Blobs
from seatrial_kit.database import connect, pool_for_threads
from seatrial_kit.embeddings import CannotEmbed, Embedder

from doctrove.enrichment import durable, models, vectors
from doctrove.enrichment.embedding import Embedding
from doctrove.enrichment.mapping import Mapping
from doctrove.enrichment.placing import Placer

__all__ = ["Worker"]

log = logging.getLogger(__name__)

_UNDER_WAY = ["PENDING", "ENQUEUED"]
_LEADER = 0x0D0C_0003
_IDLE_SECONDS = 5.0
"""Between looks at the queue when no word of new documents comes."""
_LOOK_SECONDS = 2.0
"""Between looks at the map while there is other work."""
_SWEEP_SECONDS = 600.0
_LONGEST_PAUSE_SECONDS = 60.0


class Worker:
    """One process. Everything it knows is in the store: it may be killed at any moment."""

    def __init__(self, *, url: str, embedder: Embedder, blobs: Blobs) -> None:
        self._url, self._embedder, self._blobs = url, embedder, blobs
        self.stopping = threading.Event()
        self._fit: WorkflowHandle[int | None] | None = None
        self._looked = 0.0
        self._swept = time.monotonic()
        self._leading = self._tidied = False

    def run(self) -> None:
        """Work until `stopping` is set. A fit that is under way then goes on in the next process.

        Raises:
            psycopg.OperationalError: the database went away; a new process takes up where this one was.
        """
        with (
            connect(self._url, name="enrichment", autocommit=True) as self._own,
            pool_for_threads(self._url, name="enrichment") as pool,
        ):
            slot, alone = durable.take_slot(self._own)
            began = self._own.execute("select clock_timestamp()").fetchone()
            self._own.execute("listen doctrove_ingest")
            with pool.connection() as connection:
                model_id = models.adopt(connection, self._embedder)
            self._embedding = Embedding(self._embedder, model_id, pool.connection)
            self._mapping = Mapping(model_id, self._blobs, pool.connection, leads=self._leads)
            self._placer = Placer(self._blobs, model_id)
            self._pool, self._model_id, self._slot = pool, model_id, slot
            durable.launch(self._url, slot)
            durable.finish_what_was_begun("embed_batch", self._embedding.config_name)
            if alone and began is not None:
                with pool.connection() as connection:
                    vectors.release(
                        connection,
                        claimed_before=began[0],
                        lease_seconds=self._embedding.lease_seconds,
                    )
            log.info("worker %d is ready: %s (%s)", slot, self._embedder.name, self._embedder.provider)
            self._work()

    def _work(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            try:
                embedded = self._embed()
                failures = 0
            except CannotEmbed as exc:
                # Only this stops: what is embedded is still placed, and no other model steps in.
                failures += 1
                embedded = 0
                log.error("%s", exc)
            if self._leads() and not self._tidied:
                self._resume_fit()
                self._tidied = True
            placed = self._place() if self._leads() else 0
            drained = embedded == 0 and not failures
            look = self._leads() and (drained or time.monotonic() - self._looked > _LOOK_SECONDS)
            if look and self._see_to_the_map(drained=drained and not self._more_is_coming()):
                continue
            if embedded == 0 and placed == 0:
                if durable.adopt_orphans(self._own, self._slot, self._embedding.config_name):
                    continue
                self._sweep()
                self._wait(min(_LONGEST_PAUSE_SECONDS, _IDLE_SECONDS * 2 ** max(0, failures - 1)))

    def _embed(self) -> int:
        if not vectors.any_to_claim(self._own, self._model_id):
            return 0
        began = time.perf_counter()
        count = self._embedding.batch()
        if count:
            took = time.perf_counter() - began
            log.info("embedded %d  %.0f/s  %s", count, count / took, self._remaining())
        elif self._switch():
            log.info("all documents have vectors of %s: it is searched from now on", self._embedder.name)
        return count

    def _remaining(self) -> str:
        row = self._own.execute("select count(*) from enrichment where embedded_by is null").fetchone()
        assert row is not None
        return f"{row[0]:,} left"

    def _switch(self) -> bool:
        with self._pool.connection() as connection:
            return models.switch_when_complete(connection, self._model_id, attempts=vectors.MAX_ATTEMPTS)

    def _place(self) -> int:
        total = 0
        while not self.stopping.is_set():
            with self._pool.connection() as connection:
                count = self._placer.place(connection)
            if not count:
                break
            total += count
        return total

    def _see_to_the_map(self, *, drained: bool) -> bool:
        """Make the map that is wanted, if any; whether one was made, so that the next may be wanted."""
        self._looked = time.monotonic()
        if self._fit is not None:
            status = self._fit.get_status()
            if status.status in _UNDER_WAY:
                return False
            if status.status == "ERROR":
                log.error("the map could not be made: %s", status.error)
                self._mapping.pause()
                self._mapping.clear_abandoned()
            self._fit = None
        wanted = self._mapping.next(drained=drained)
        if wanted is None:
            self._mapping.relabel_when_grown()
        elif wanted.kind == "quick":
            self._mapping.quick()
            return True
        else:
            log.info("fitting a map: %s", wanted.reason)
            self._fit = DBOS.start_workflow(self._mapping.fitted)
        return False

    def _sweep(self) -> None:
        if time.monotonic() - self._swept > _SWEEP_SECONDS:
            self._swept = time.monotonic()
            durable.forget_old_workflows()

    def _resume_fit(self) -> None:
        """See to a fit that is under way, whoever began it; what was left half made is cleared away."""
        begun = [
            status
            for status in DBOS.list_workflows(
                status=_UNDER_WAY, name="fit_map", app_version=durable.VERSION, load_input=False
            )
            if status.config_name == self._mapping.config_name
        ]
        if begun:
            self._fit = DBOS.retrieve_workflow(begun[0].workflow_id)
        else:
            self._mapping.clear_abandoned()

    def _leads(self) -> bool:
        """Whether this worker makes the maps: one of all does, and another takes over when it is gone."""
        if not self._leading:
            row = self._own.execute("select pg_try_advisory_lock(%s, 0)", [_LEADER]).fetchone()
            self._leading = row == (True,)
        return self._leading

    def _more_is_coming(self) -> bool:
        """Whether other workers still embed, or an ingest is running."""
        row = self._own.execute(
            "select exists (select from enrichment where embedded_by is null and error is null)"
            " or exists (select from ingest_run"
            " where status = 'running' and updated_at > now() - interval '1 minute')"
        ).fetchone()
        return row == (True,)

    def _wait(self, seconds: float) -> None:
        """Until somebody has put documents into the store, or the time is over, or it is time to stop."""
        until = time.monotonic() + seconds
        while not self.stopping.is_set() and (left := until - time.monotonic()) > 0:
            if any(True for _ in self._own.notifies(timeout=min(left, 0.5), stop_after=1)):
                return
