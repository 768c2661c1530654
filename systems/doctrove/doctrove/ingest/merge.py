"""A batch into the store: new documents by COPY straight into the table, known ones compared and changed.

All of ingest's SQL on documents is here. One source is merged by one process at a time (an advisory lock
held to the end of the transaction), so what is looked up stays true; with partitions by year no unique index
could tell two rows of one (source, source_id) with different dates apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import orjson
import psycopg
from seatrial_kit.database import Row

from doctrove.ingest.records import Document

__all__ = ["Merged", "merge", "prepare"]

MAX_CODE = 65535
"""The browser gets names as 16-bit numbers; a name that comes after these has none and shows as 0."""

_COLUMNS = "source_id, title, abstract, authors, primary_date, field, country, links, content_hash"

_INCOMING = """
create temporary table if not exists incoming (
    source_id text, title text, abstract text, authors text[], primary_date date, field text, country text,
    links jsonb, content_hash bytea
) on commit delete rows
"""

_ALONE = "select pg_advisory_xact_lock(hashtextextended('doctrove merge ' || %s, 0))"

# "offset 0" keeps the look-up a look-up: on a table that grew since it was last analysed the planner would
# otherwise read all of a source for every batch.
_KNOWN = """
select wanted.source_id from unnest(%(ids)s::text[]) wanted (source_id)
 where exists (select from papers p where p.source = %(source)s and p.source_id = wanted.source_id offset 0)
"""

_COPY_NEW = f"copy papers (source, {_COLUMNS}) from stdin"
_COPY_KNOWN = f"copy incoming ({_COLUMNS}) from stdin"

_QUEUE_NEW = """
insert into enrichment (paper_id, content_hash)
select p.id, p.content_hash
  from unnest(%(ids)s::text[]) added (source_id)
 cross join lateral (
       select id, content_hash from papers p
        where p.source = %(source)s and p.source_id = added.source_id offset 0) p
    on conflict (paper_id) do nothing
"""

_CHANGE = """
with found as materialized (
    select i.*, p.id, p.differs
      from incoming i
     cross join lateral (
           select id, (p.content_hash, p.authors, p.primary_date, p.field, p.country, p.links)
                      is distinct from
                      (i.content_hash, i.authors, i.primary_date, i.field, i.country, i.links) as differs
             from papers p where p.source = %(source)s and p.source_id = i.source_id offset 0) p
), changed as (
    update papers p
       set title = f.title, abstract = f.abstract, authors = f.authors, primary_date = f.primary_date,
           field = f.field, country = f.country, links = f.links, content_hash = f.content_hash,
           changed_at = now()
      from found f
     where f.differs and p.id = f.id
 returning p.id, p.content_hash
), queued as (
    insert into enrichment (paper_id, content_hash)
    select id, content_hash from changed
    on conflict (paper_id) do update
       set content_hash = excluded.content_hash, embedded_by = null, placed_on = null,
           attempts = 0, error = null, retry_at = null, changed_at = now()
)
select count(*) from changed
"""

_LOCK_TERMS = "select pg_advisory_xact_lock(hashtextextended('doctrove terms', 0))"

_NEW_TERMS = """
insert into term (kind, code, name)
select kind, code, name from (
    select w.kind, w.name, row_number() over (partition by w.kind order by w.name)
           + coalesce((select max(t.code) from term t where t.kind = w.kind), 0) as code
      from unnest(%(kinds)s::text[], %(names)s::text[]) w (kind, name)
     where not exists (select from term t where t.kind = w.kind and t.name = w.name)
) numbered
where code <= %(max_code)s
"""

Term = tuple[str, str]
"""Kind ('source', 'field' or 'country') and name."""


class Merged(NamedTuple):
    """What a batch did."""

    added: int
    changed: int
    unchanged: int


def prepare(connection: psycopg.Connection[Row]) -> None:
    """Make a fresh connection ready for `merge`, and commit that."""
    # A batch is small against the table: looking rows up always beats reading all of it.
    for setting in ("random_page_cost = 1.1", "enable_hashjoin = off", "enable_mergejoin = off", "jit = off"):
        connection.execute(f"set {setting}")
    connection.execute("set client_min_messages = warning")
    connection.execute(_INCOMING)
    connection.commit()


def merge(
    connection: psycopg.Connection[Row], source: str, documents: Sequence[Document], known: set[Term]
) -> Merged:
    """Bring the store to these documents, in the caller's transaction; of two with one id the last wins.

    `known` are terms that have their number already; those of this batch are added to it.
    """
    latest = {document.source_id: document for document in documents}
    connection.execute(_ALONE, [source])
    _number_terms(connection, _terms(source, latest.values()) - known, known)
    wanted = {"source": source, "ids": list(latest)}
    known_ids = {name for (name,) in connection.execute(_KNOWN, wanted)}
    new = [document for name, document in latest.items() if name not in known_ids]
    changed = 0
    if new:
        _copy(connection, _COPY_NEW, ((source, *_row(document)) for document in new))
        connection.execute(_QUEUE_NEW, wanted | {"ids": [document.source_id for document in new]})
    if known_ids:
        _copy(connection, _COPY_KNOWN, (_row(latest[name]) for name in known_ids))
        row = connection.execute(_CHANGE, {"source": source}).fetchone()
        assert row is not None
        changed = row[0]
    return Merged(added=len(new), changed=changed, unchanged=len(documents) - len(new) - changed)


def _copy(connection: psycopg.Connection[Row], statement: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _row(document: Document) -> tuple[object, ...]:
    return (*document[:7], orjson.dumps(document.links).decode(), document.content_hash)


def _terms(source: str, documents: Iterable[Document]) -> set[Term]:
    found: set[Term] = {("source", source)}
    for document in documents:
        if document.field is not None:
            found.add(("field", document.field))
        if document.country is not None:
            found.add(("country", document.country))
    return found


def _number_terms(connection: psycopg.Connection[Row], new: set[Term], known: set[Term]) -> None:
    if not new:
        return
    connection.execute(_LOCK_TERMS)
    kinds, names = zip(*sorted(new), strict=True)
    connection.execute(
        _NEW_TERMS,
        {
            "kinds": list(kinds),
            "names": list(names),
            "max_code": MAX_CODE,
        },
    )
    known |= new
