"""The loader: from a source into the store, batch by batch, so that it can be stopped at any moment.

A batch, its rejects and the run's position are one transaction. Whatever ends the process, the next one
over the same input goes on right after the last batch that is in. Reading and parsing go on in a thread of
their own while the database works on the batch before.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
from seatrial_kit import migrations
from seatrial_kit.database import DatabaseAway, Row, connect
from seatrial_kit.errors import Failure

from doctrove.ingest import runs
from doctrove.ingest.merge import Merged, Term, merge, prepare
from doctrove.ingest.records import InputBroken, Kept, Progress, Reject, Source
from doctrove.store import MIGRATIONS, partitions

__all__ = ["InputBusy", "StoreBehind", "load"]

BATCH_RECORDS = 2_000
BATCH_CHARACTERS = 8_000_000
"""A batch is full at whichever comes first; three of them are in memory at most."""
BUSY_WAIT_SECONDS = 20
"""How long the server may take to notice that the process before us was killed."""


_REFUSED = (psycopg.DataError, psycopg.IntegrityError, psycopg.errors.ProgramLimitExceeded)
_AWAY = {"08", "40", "53", "57", "58"}
"""Classes of errors that pass: connection, deadlock, resources, shutdown and start, the system's own."""


class StoreBehind(Failure):
    """The store's schema is older than this code."""


class InputBusy(Failure):
    """Another process is reading the same input into the same store."""


@dataclass(kw_only=True)
class Batch:
    """Records that go in together; `line` and `position` are those of the last."""

    kept: list[Kept] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    characters: int = 0
    position: int = 0
    line: int = 0
    progress: Progress = field(default_factory=lambda: Progress(done=0, total=0))

    @property
    def read(self) -> int:
        return len(self.kept) + len(self.rejects)

    @property
    def full(self) -> bool:
        return self.read >= BATCH_RECORDS or self.characters >= BATCH_CHARACTERS

    def add(self, item: Kept | Reject) -> None:
        self.position, self.line = item.position, item.line
        if isinstance(item, Kept):
            self.kept.append(item)
            self.characters += len(item.document.title) + len(item.document.abstract)
        else:
            self.rejects.append(item)
            self.characters += len(item.content)


def load(
    url: str,
    source: Source,
    *,
    again: bool = False,
    stop: threading.Event | None = None,
    report: Callable[[runs.Run, Progress], None] = lambda *_: None,
    notice: Callable[[str], None] = lambda _: None,
    away_seconds: float = 300,
) -> runs.Run:
    """Read a source into the store and return the run, 'done' or, when `stop` was set, 'stopped'.

    A source that is all in already is not read again, unless `again`. A database that goes away in the
    middle is tried again for `away_seconds`.

    Raises:
        DatabaseAway: it stayed away; the run goes on when started again.
        InputBroken: see there.
        InputBusy, StoreBehind: see there.
    """
    stop = stop or threading.Event()
    writer = _Writer(url, source, stop=stop, away_seconds=away_seconds, notice=notice)
    try:
        run = writer.open_run(again=again)
        if run.status == "done":
            return run
        if run.position:
            notice(f"going on after {run.read:,} records")
        for batch in _ahead(source, run, stop):
            run = writer.write(batch)
            report(run, batch.progress)
            if stop.is_set():
                break
        return writer.end("stopped" if stop.is_set() else "done")
    except InputBroken as failure:
        writer.end("failed", error=failure.what)
        raise
    finally:
        writer.close()


class _Writer:
    """The database's side: holds the input, merges batches, and comes back when the database was away."""

    def __init__(
        self,
        url: str,
        source: Source,
        *,
        stop: threading.Event,
        away_seconds: float,
        notice: Callable[[str], None],
    ) -> None:
        self._url = url
        self._source = source
        self._stop = stop
        self._away_seconds = away_seconds
        self._notice = notice
        self._terms: set[Term] = set()
        self._connection = self._connect()
        self._run: runs.Run | None = None

    def open_run(self, *, again: bool) -> runs.Run:
        self._run = runs.open_run(self._connection, self._source, again=again)
        return self._run

    def write(self, batch: Batch) -> runs.Run:
        return self._persistently(lambda: self._write(batch))

    def end(self, status: str, *, error: str | None = None) -> runs.Run:
        return self._persistently(lambda: self._end(status, error))

    def close(self) -> None:
        self._connection.close()

    def _write(self, batch: Batch) -> runs.Run:
        before = self._run
        assert before is not None
        now = runs.find(self._connection, before.id)
        if now.position != before.position:
            return now  # the connection broke between the commit and its answer: the batch is in
        partitions.make_room(
            self._connection, {day.year for item in batch.kept if (day := item.document.primary_date)}
        )
        self._connection.commit()
        terms = set(self._terms)
        with self._connection.transaction():
            merged, refused = self._merge(batch.kept, terms)
            run = runs.advance(
                self._connection,
                before,
                position=batch.position,
                line=batch.line,
                total=self._source.total,
                read=batch.read,
                merged=merged,
                rejected=[*batch.rejects, *refused],
            )
            self._connection.execute("notify doctrove_ingest")
        self._terms = terms
        return run

    def _merge(self, kept: list[Kept], terms: set[Term]) -> tuple[Merged, list[Reject]]:
        """Merge, and find the records that PostgreSQL refuses by halving: our own checks may not know all."""
        attempt = set(terms)
        try:
            with self._connection.transaction():
                merged = merge(self._connection, self._source.name, [item.document for item in kept], attempt)
        except _REFUSED as exc:
            if len(kept) == 1:
                [item] = kept
                reason = f"the store refused it: {_first_line(exc)}"
                content = f"{item.document.source_id} {item.document.title}"
                return Merged(0, 0, 0), [Reject(item.position, item.line, reason, content)]
            half = len(kept) // 2
            (first, aside), (second, also) = self._merge(kept[:half], terms), self._merge(kept[half:], terms)
            return Merged(*(a + b for a, b in zip(first, second, strict=True))), aside + also
        terms |= attempt
        return merged, []

    def _end(self, status: str, error: str | None) -> runs.Run:
        assert self._run is not None
        runs.end(self._connection, self._run, status, error=error)
        run = runs.find(self._connection, self._run.id)
        self._connection.commit()
        return run

    def _persistently(self, step: Callable[[], runs.Run]) -> runs.Run:
        """Do a step; when the connection is lost, again on a new one."""
        deadline: float | None = None
        pause = 0.2
        while True:
            try:
                if self._connection.closed:
                    self._connection = self._connect()
                self._run = step()
                return self._run
            except (psycopg.OperationalError, DatabaseAway) as exc:
                if isinstance(exc, psycopg.Error) and (exc.sqlstate or "08")[:2] not in _AWAY:
                    raise
                self._connection.close()
                now = time.monotonic()
                if deadline is None:
                    deadline = now + self._away_seconds
                if now + pause > deadline or self._stop.wait(pause):
                    raise DatabaseAway(
                        f"the database is away, since {now - deadline + self._away_seconds:.0f} s:"
                        f" {_first_line(exc)}",
                        hint="start it, then give the same command again: it goes on after the last batch",
                    ) from exc
                self._notice(f"the database is away, trying again: {_first_line(exc)}")
                pause = min(pause * 2, 5)

    def _connect(self) -> psycopg.Connection[Row]:
        connection = connect(self._url, name="ingest")
        try:
            # Plans are made for each batch: one made on an empty table would stay for a full one.
            connection.prepare_threshold = None
            if pending := migrations.lacking(connection, MIGRATIONS):
                raise StoreBehind(
                    f"the store lacks migration {', '.join(migration.version for migration in pending)}",
                    hint="python -m doctrove.store migrate",
                )
            prepare(connection)
            deadline = time.monotonic() + BUSY_WAIT_SECONDS
            while not runs.hold(connection, self._source):
                if time.monotonic() > deadline:
                    raise InputBusy(
                        f"another process is reading {self._source.location} into this store",
                        hint="wait for it; `select * from ingest_run` shows how far it is",
                    )
                time.sleep(0.2)
        except BaseException:
            connection.close()
            raise
        return connection


def _ahead(source: Source, run: runs.Run, stop: threading.Event) -> Iterator[Batch]:
    """The batches of a source, read one ahead by a thread."""
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(maxsize=1)
    abandoned = threading.Event()

    def put(item: Batch | BaseException | None) -> None:
        while not abandoned.is_set():
            try:
                ready.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def read() -> None:
        try:
            for batch in _batches(source, run, stop):
                put(batch)
                if abandoned.is_set():
                    return
            put(None)
        except BaseException as exc:  # handed over to the thread that asked
            put(exc)

    reader = threading.Thread(target=read, name="reader", daemon=True)
    reader.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        abandoned.set()
        reader.join(timeout=5)


def _batches(source: Source, run: runs.Run, stop: threading.Event) -> Iterator[Batch]:
    batch = Batch()
    try:
        for item in source.records(run.position, run.line):
            batch.add(item)
            if batch.full or stop.is_set():
                batch.progress = source.progress()
                yield batch
                if stop.is_set():
                    return
                batch = Batch()
    except InputBroken:
        # What came before the break is good.
        if batch.read:
            batch.progress = source.progress()
            yield batch
        raise
    if batch.read:
        batch.progress = source.progress()
        yield batch


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
