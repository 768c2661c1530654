"""A batch into the store: COPY into a temporary table, then one statement that adds, changes and queues.

All of ingest's SQL on documents is here. One source is merged by one process at a time (an advisory lock
held to the end of the transaction), because with partitions by year no unique index can tell two rows of one
(source, source_id) with different dates apart.
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

_INCOMING = """
create temporary table if not exists incoming (
    source_id text, title text, abstract text, authors text[], primary_date date, field text, country text,
    links jsonb, content_hash bytea
) on commit delete rows
"""

_COPY = """
copy incoming (source_id, title, abstract, authors, primary_date, field, country, links, content_hash)
from stdin
"""

_ALONE = "select pg_advisory_xact_lock(hashtextextended('doctrove merge ' || %s, 0))"

_MERGE = """
with changed as (
    update papers p
       set title = i.title, abstract = i.abstract, authors = i.authors, primary_date = i.primary_date,
           field = i.field, country = i.country, links = i.links, content_hash = i.content_hash,
           changed_at = now()
      from incoming i
     where p.source = %(source)s and p.source_id = i.source_id
       and (p.content_hash, p.authors, p.primary_date, p.field, p.country, p.links)
           is distinct from (i.content_hash, i.authors, i.primary_date, i.field, i.country, i.links)
 returning p.id, p.content_hash
), added as (
    insert into papers (source, source_id, title, abstract, authors, primary_date, field, country, links,
                        content_hash)
    select %(source)s, i.source_id, i.title, i.abstract, i.authors, i.primary_date, i.field, i.country,
           i.links, i.content_hash
      from incoming i
     where not exists (select from papers p where p.source = %(source)s and p.source_id = i.source_id)
 returning id, content_hash
), queued as (
    insert into enrichment (paper_id, content_hash)
    select id, content_hash from changed union all select id, content_hash from added
    on conflict (paper_id) do update
       set content_hash = excluded.content_hash, embedded_by = null, placed_on = null,
           attempts = 0, error = null, retry_at = null, changed_at = now()
)
select (select count(*) from added), (select count(*) from changed)
"""
# Neither half sees the other's rows, and a row is never in both: the update needs what the insert excludes.

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
    # A batch is small against the table: looking rows up always beats reading all of it, also on disks.
    connection.execute("set random_page_cost = 1.1")
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
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for document in latest.values():
            copy.write_row((*document[:7], orjson.dumps(document.links).decode(), document.content_hash))
    counts = connection.execute(_MERGE, {"source": source}).fetchone()
    assert counts is not None
    added, changed = counts
    return Merged(added=added, changed=changed, unchanged=len(documents) - added - changed)


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
