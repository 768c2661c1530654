"""Which model's vectors are searched. A new one's are built up beside the old, then all switch at once."""

from __future__ import annotations

import psycopg
from seatrial_kit.database import Row
from seatrial_kit.embeddings import Embedder

from doctrove.store.models import activate_model, create_model

__all__ = ["adopt", "switch_when_complete"]


def adopt(connection: psycopg.Connection[Row], embedder: Embedder) -> int:
    """The number of this model in the store. The first model ever is active at once."""
    with connection.transaction():
        model_id = create_model(connection, embedder.name, embedder.provider, embedder.dimensions)
        if active(connection) is None:
            activate_model(connection, model_id)
    return model_id


def active(connection: psycopg.Connection[Row]) -> int | None:
    row = connection.execute("select id from embedding_model where active").fetchone()
    return None if row is None else int(row[0])


def switch_when_complete(connection: psycopg.Connection[Row], model_id: int, *, attempts: int) -> bool:
    """Make a model the active one, if it is not and every document that another has embedded has its vector.

    A text that this model refused `attempts` times is not waited for; it counts as failed from then on.
    """
    with connection.transaction():
        if active(connection) == model_id:
            return False
        connection.execute("lock table enrichment in share row exclusive mode")
        missing = connection.execute(
            "select exists (select from enrichment where embedded_by <> %s and attempts < %s)",
            [model_id, attempts],
        ).fetchone()
        if missing != (False,):
            return False
        connection.execute(
            "update enrichment set embedded_by = null, placed_on = null where embedded_by <> %s", [model_id]
        )
        # The map shown is the old model's: everybody waits for one of the new model's.
        connection.execute("update enrichment set placed_on = null where placed_on is not null")
        activate_model(connection, model_id)
    return True
