"""Embedding models: each has a partition of `embedding` and an HNSW index of its own, so two never mix."""

from __future__ import annotations

import psycopg
from psycopg import sql
from seatrial_kit.database import Row
from seatrial_kit.errors import Failure

__all__ = ["UnknownModel", "activate_model", "create_model"]

HNSW_M = 16
HNSW_EF_CONSTRUCTION = 64
"""pgvector's defaults; recall@10 of .96 at ef_search 40 on 60,000 MiniLM vectors."""


class UnknownModel(Failure):
    """There is no embedding model of that number."""


def create_model(connection: psycopg.Connection[Row], name: str, provider: str, dimensions: int) -> int:
    """The number of this model; made, with its partition and index, when it is not there yet.

    `dimensions` is 2 to 4000, the most that an index on half-precision vectors takes.
    """
    with connection.transaction():
        # Two workers that start at once would make one model twice.
        connection.execute("lock table embedding_model in share row exclusive mode")
        found = connection.execute(
            "select id from embedding_model where (name, provider, dimensions) = (%s, %s, %s)",
            [name, provider, dimensions],
        ).fetchone()
        if found is not None:
            return int(found[0])
        made = connection.execute(
            "insert into embedding_model (name, provider, dimensions) values (%s, %s, %s) returning id",
            [name, provider, dimensions],
        ).fetchone()
        assert made is not None
        model_id = int(made[0])
        _create_partition(connection, model_id, dimensions)
    return model_id


def activate_model(connection: psycopg.Connection[Row], model_id: int) -> None:
    """Let searches use this model from the next transaction on; the one before is kept, but no longer used.

    Raises:
        UnknownModel: there is none of that number.
    """
    with connection.transaction():
        connection.execute("lock table embedding_model in share row exclusive mode")
        connection.execute("update embedding_model set active = false where active and id <> %s", [model_id])
        if not connection.execute(
            "update embedding_model set active = true where id = %s", [model_id]
        ).rowcount:
            raise UnknownModel(f"there is no embedding model {model_id}", hint="create_model makes one")


def _create_partition(connection: psycopg.Connection[Row], model_id: int, dimensions: int) -> None:
    # Made apart and then attached: that waits for no reader of the other models, `partition of` would.
    connection.execute(
        sql.SQL(
            "create table {table} (like embedding including defaults,"
            " check (model_id = {model}), check (vector_dims(vector) = {dimensions}))"
        ).format(table=_table(model_id), model=sql.Literal(model_id), dimensions=sql.Literal(dimensions))
    )
    connection.execute(
        sql.SQL("alter table embedding attach partition {table} for values in ({model})").format(
            table=_table(model_id), model=sql.Literal(model_id)
        )
    )
    connection.execute(
        sql.SQL(
            "create index {index} on {table} using hnsw ((vector::halfvec({dimensions})) halfvec_cosine_ops)"
            " with (m = {m}, ef_construction = {ef})"
        ).format(
            index=sql.Identifier(f"embedding_{model_id}_hnsw"),
            table=_table(model_id),
            dimensions=sql.Literal(dimensions),
            m=sql.Literal(HNSW_M),
            ef=sql.Literal(HNSW_EF_CONSTRUCTION),
        )
    )


def _table(model_id: int) -> sql.Identifier:
    return sql.Identifier(f"embedding_{model_id}")
