"""The journal of ingest: what was read how far, and what was kept aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg.rows import kwargs_row
from seatrial_kit.database import Row

from doctrove.ingest.merge import Merged
from doctrove.ingest.records import MAX_CONTENT, Reject, Source

__all__ = ["Run", "advance", "end", "find", "hold", "open_run", "rejects"]

_LATEST = """
select id, status from ingest_run where source = %s and fingerprint = %s order by id desc limit 1
"""
_START = """
insert into ingest_run (source, location, fingerprint, status) values (%s, %s, %s, 'running') returning id
"""
_GO_ON = """
update ingest_run set status = 'running', error = null, ended_at = null, updated_at = now() where id = %s
"""
_RUN = """
select id, status, position, line, read, added, changed, unchanged, rejected from ingest_run where id = %s
"""
_ADVANCE = """
update ingest_run
   set position = %(position)s, line = %(line)s, total = %(total)s, read = read + %(read)s,
       added = added + %(added)s, changed = changed + %(changed)s, unchanged = unchanged + %(unchanged)s,
       rejected = rejected + %(rejected)s, updated_at = now()
 where id = %(run)s
"""
_REJECT = """
insert into ingest_reject (run_id, line, reason, content) values (%s, %s, %s, %s)
on conflict (run_id, line) do update set reason = excluded.reason, content = excluded.content, at = now()
"""
_END = "update ingest_run set status = %s, error = %s, ended_at = now(), updated_at = now() where id = %s"
_REJECTS = """
select r.line, r.reason, r.content from ingest_reject r
 where r.run_id = (select max(id) from ingest_run where source = %s and fingerprint = %s)
 order by r.line
"""
_HOLD = "select pg_try_advisory_lock(hashtextextended('doctrove ingest ' || %s || %s, 0))"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One reading of one input, possibly by several processes one after the other."""

    id: int
    status: str
    position: int
    line: int
    read: int
    added: int
    changed: int
    unchanged: int
    rejected: int


def hold(connection: psycopg.Connection[Row], source: Source) -> bool:
    """Claim this input until the connection ends; False: another process is reading it."""
    held = connection.execute(_HOLD, [source.name, source.fingerprint()]).fetchone() == (True,)
    connection.commit()
    return held


def open_run(connection: psycopg.Connection[Row], source: Source, *, again: bool) -> Run:
    """The run to go on with: the unfinished one over the same input, else a new one.

    A finished one is returned as it is, unless `again`.
    """
    latest = connection.execute(_LATEST, [source.name, source.fingerprint()]).fetchone()
    if latest is None or (again and latest[1] == "done"):
        started = [source.name, source.location, source.fingerprint()]
        latest = connection.execute(_START, started).fetchone()
        assert latest is not None
    elif latest[1] != "done":
        connection.execute(_GO_ON, [latest[0]])
    run = find(connection, latest[0])
    connection.commit()
    return run


def find(connection: psycopg.Connection[Row], run_id: int) -> Run:
    """The run as the database has it."""
    with connection.cursor(row_factory=kwargs_row(Run)) as cursor:
        run = cursor.execute(_RUN, [run_id]).fetchone()
    assert run is not None
    return run


def advance(
    connection: psycopg.Connection[Row],
    run: Run,
    *,
    position: int,
    line: int,
    total: int | None,
    read: int,
    merged: Merged,
    rejected: Sequence[Reject],
) -> Run:
    """Note a batch, in the transaction that merged it."""
    if rejected:
        aside = [(run.id, r.line, r.reason, _storable(r.content)) for r in rejected]
        connection.cursor().executemany(_REJECT, aside)
    counts = merged._asdict() | {"read": read, "rejected": len(rejected)}
    place = {"position": position, "line": line, "total": total}
    connection.execute(_ADVANCE, counts | place | {"run": run.id})
    return find(connection, run.id)


def end(connection: psycopg.Connection[Row], run: Run, status: str, *, error: str | None = None) -> None:
    """Note that the input is all in ('done'), or why it is not ('stopped', 'failed'); each can be gone on
    with."""
    connection.execute(_END, [status, error, run.id])
    connection.commit()


def rejects(connection: psycopg.Connection[Row], source: Source) -> Iterator[Reject]:
    """What the latest run over this input kept aside, by line; read as it is asked for."""
    with connection.cursor("rejects") as cursor:
        for line, reason, content in cursor.execute(_REJECTS, [source.name, source.fingerprint()]):
            yield Reject(0, line, reason, content)


def _storable(content: str) -> str:
    """The beginning, without what PostgreSQL cannot hold in a text."""
    return content[:MAX_CONTENT].replace("\0", "\ufffd").encode(errors="replace").decode()
