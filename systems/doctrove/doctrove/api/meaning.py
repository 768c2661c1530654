"""Search by meaning: the nearest vectors of one model, exact among few documents, by HNSW among many.

The vectors of model n are the table `embedding_n`. Its index is on `vector::halfvec(dimensions)`, so an order
by that expression uses it, and an order by the bare column does not: that is how either way is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pgvector import HalfVector
from psycopg import sql
from seatrial_kit.embeddings.port import Vectors

from doctrove.api.filters import Condition, Filter, on_papers
from doctrove.api.shared import Connection, Model

__all__ = ["EXACT_UP_TO", "Near", "ef_search", "nearest", "nearest_to"]

EXACT_UP_TO = 20_000
"""With a filter that lets no more documents than this through, comparing them all is fast and misses none."""
MAX_SCAN_TUPLES = 100_000
"""How far a filtered search reads on, to find as many as were asked for."""

_SET_LOCAL = "select set_config(name, value, true) from unnest(%s::text[], %s::text[]) as wanted(name, value)"
_FOR_HNSW = {
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": str(MAX_SCAN_TUPLES),
    # A sort of all distances would be exact, and far too slow where this is used.
    "enable_sort": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


@dataclass(frozen=True, kw_only=True)
class Near:
    """A document and how near it is: the cosine of the two vectors."""

    id: int
    similarity: float


def ef_search(vectors: int) -> int:
    """How many candidates HNSW keeps among so many vectors: a thousandth of them, 200 to 1,000.

    By bench/search.py: at 100,000 vectors, 100 give a recall@10 of .94, 150 .96, 200 .97, each 0.7 ms over
    the last. At 1,000,000, 200 give .65, and 1,000, the most that pgvector takes, .91 for 5 ms more.
    """
    return min(1_000, max(200, vectors // 1_000))


async def nearest(
    connection: Connection, model: Model, vector: Vectors, chosen: Filter, map_id: int | None, *, limit: int
) -> list[Near]:
    """The documents nearest to a vector among those that meet the filter: `limit`, if there are as many."""
    values: dict[str, object] = {"limit": limit, "vector": HalfVector(vector).to_text()}
    if not chosen:
        return await _indexed(connection, model, Condition(), values)
    condition = on_papers(chosen, map_id)
    values |= condition.values
    passing = await _count(connection, condition, values)
    if passing == 0:
        return []
    if passing > EXACT_UP_TO:
        found = await _indexed(connection, model, condition, values)
        if len(found) == limit:
            return found
    return await _exact(connection, model, condition, values)


async def nearest_to(connection: Connection, model: Model, paper_id: int, *, limit: int) -> list[Near]:
    """The neighbours of a document; none while it has no vector."""
    row = await (
        await connection.execute(
            sql.SQL("select vector::text from {} where paper_id = %s").format(_table(model)), [paper_id]
        )
    ).fetchone()
    if row is None:
        return []
    values: dict[str, object] = {"limit": limit + 1, "vector": row[0]}
    found = await _indexed(connection, model, Condition(), values)
    return [near for near in found if near.id != paper_id][:limit]


async def _indexed(
    connection: Connection, model: Model, condition: Condition, values: dict[str, object]
) -> list[Near]:
    """By HNSW, reading on until enough of what it yields meets the condition."""
    near = sql.SQL("(e.vector::halfvec({0})) <=> %(vector)s::halfvec({0})").format(
        sql.Literal(model.dimensions)
    )
    meets: sql.Composable = sql.SQL("true")
    if condition.values:
        meets = sql.SQL("exists (select from papers p where p.id = e.paper_id and {})").format(condition.sql)
    statement = sql.SQL(
        "select e.paper_id as id, 1 - ({near}) as similarity from {table} e where {meets}"
        " order by {near} limit %(limit)s"
    ).format(near=near, table=_table(model), meets=meets)
    async with connection.transaction():
        wanted = _FOR_HNSW | {"hnsw.ef_search": str(ef_search(model.vectors))}
        await connection.execute(_SET_LOCAL, [list(wanted), list(wanted.values())])
        return _in_order(await (await connection.execute(statement, values)).fetchall())


async def _exact(
    connection: Connection, model: Model, condition: Condition, values: dict[str, object]
) -> list[Near]:
    """By comparing every document that meets the condition."""
    statement = sql.SQL(
        "select e.paper_id as id, 1 - (e.vector <=> %(vector)s::halfvec) as similarity"
        " from papers p join {table} e on e.paper_id = p.id where {meets}"
        " order by e.vector <=> %(vector)s::halfvec, e.paper_id limit %(limit)s"
    ).format(table=_table(model), meets=condition.sql)
    return _in_order(await (await connection.execute(statement, values)).fetchall())


async def _count(connection: Connection, condition: Condition, values: dict[str, object]) -> int:
    """How many documents meet the condition; counting stops when there are too many for the exact way."""
    statement = sql.SQL("select count(*) from (select from papers p where {} limit {}) counted").format(
        condition.sql, sql.Literal(EXACT_UP_TO + 1)
    )
    row = await (await connection.execute(statement, values)).fetchone()
    assert row is not None
    return int(row[0])


def _in_order(rows: list[Any]) -> list[Near]:
    """Nearest first, equals by id: an iterative scan yields them only roughly in order."""
    found = [Near(id=row.id, similarity=row.similarity) for row in rows]
    return sorted(found, key=lambda near: (-near.similarity, near.id))


def _table(model: Model) -> sql.Identifier:
    return sql.Identifier(f"embedding_{model.id}")
