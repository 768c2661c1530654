"""Whether the store is whole: each check counts what must not be, and a probe asks the index for known
items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql
from seatrial_kit.database import Row

__all__ = ["Finding", "verify"]

PROBES = 100
FEWEST_FOUND = 0.95
"""Of the probes that find themselves; an index that was carried over wrongly finds hardly any."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one check found."""

    what: str
    good: bool
    detail: str


_MUST_NOT_BE = {
    "one row for each (source, source_id)": """
        select source || ' ' || source_id from papers group by source, source_id having count(*) > 1
    """,
    "one row for each id": "select id from papers group by id having count(*) > 1",
    "every paper stands in the queue of enrichment": """
        select id from papers p where not exists (select from enrichment e where e.paper_id = p.id)
    """,
    "no enrichment without its paper": """
        select paper_id from enrichment e where not exists (select from papers p where p.id = e.paper_id)
    """,
    "enrichment knows the text that its paper has": """
        select p.id from papers p join enrichment e on e.paper_id = p.id
         where e.content_hash <> p.content_hash
    """,
    "no vector without its paper": """
        select paper_id from embedding v where not exists (select from papers p where p.id = v.paper_id)
    """,
    "what counts as embedded has its vector, of the text it has now": """
        select paper_id from enrichment e
         where embedded_by is not null
           and not exists (select from embedding v where v.model_id = e.embedded_by and v.paper_id =
           e.paper_id and v.content_hash = e.content_hash)
    """,
    "no point without its paper": """
        select paper_id from placement t where not exists (select from papers p where p.id = t.paper_id)
    """,
    "what counts as placed has its point": """
        select paper_id from enrichment e
         where placed_on is not null
           and not exists (select from placement t where t.map_id = e.placed_on and t.paper_id = e.paper_id)
    """,
    "every source, field and country of papers has its number": """
        select kind || ' ' || name from (
            select distinct 'source' as kind, source as name from papers
            union all select distinct 'field', field from papers where field is not null
            union all select distinct 'country', country from papers where country is not null
        ) used
         where not exists (select from term t where t.kind = used.kind and t.name = used.name)
           and (select count(*) from term t where t.kind = used.kind) < 65535
    """,
}

_COUNT = "select count(*), min(x::text) from ({}) as wrong (x)"

_SAMPLE = """
select paper_id, vector
  from {table} tablesample system
       (least(100, 2000.0 * {probes} / greatest(1, (select count(*) from {table}))))
 order by hashint8(paper_id) limit {probes}
"""
# Whole pages of twenty times the probes, mixed: one page alone may hold one kind of document.

_NEAREST = """
select paper_id, vector::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions}) from {table}
 order by vector::halfvec({dimensions}) <=> %(vector)s::halfvec({dimensions}) limit 1
"""


def verify(connection: psycopg.Connection[Row]) -> Iterator[Finding]:
    """Run every check, each on its own snapshot; nothing is changed."""
    for what, query in _MUST_NOT_BE.items():
        row = connection.execute(sql.SQL(_COUNT).format(sql.SQL(query))).fetchone()
        assert row is not None
        count, example = row
        yield Finding(what=what, good=count == 0, detail=f"{count:,}, such as {example}" if count else "")
    for model_id, dimensions in connection.execute(
        "select id, dimensions from embedding_model where active"
    ).fetchall():
        yield _probe(connection, model_id, dimensions)
    connection.rollback()


def _probe(connection: psycopg.Connection[Row], model_id: int, dimensions: int) -> Finding:
    """Let vectors of the store search for themselves through the index.

    One is found when it, or one with the same vector, comes first.
    """
    what = f"vectors of model {model_id} find themselves through the index"
    names = {"table": sql.Identifier(f"embedding_{model_id}"), "dimensions": sql.Literal(dimensions)}
    sample = connection.execute(sql.SQL(_SAMPLE).format(probes=sql.Literal(PROBES), **names)).fetchall()
    if not sample:
        return Finding(what=what, good=True, detail="no vectors yet")
    connection.execute("set local enable_seqscan = off")
    connection.execute("set local hnsw.ef_search = 100")
    found = 0
    for paper_id, vector in sample:
        nearest = connection.execute(sql.SQL(_NEAREST).format(**names), {"vector": vector}).fetchone()
        found += nearest is not None and (nearest[0] == paper_id or nearest[1] < 1e-3)
    good = found >= FEWEST_FOUND * len(sample)
    return Finding(what=what, good=good, detail=f"{found} of {len(sample)} found")
