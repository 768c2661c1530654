"""All of enrichment's SQL on vectors: which documents wait for one, storing them, reading them back fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray
from seatrial_kit.database import Row

__all__ = [
    "MAX_ATTEMPTS",
    "Text",
    "Vectors",
    "any_to_claim",
    "claim",
    "claim_of_other_models",
    "fail",
    "give_back",
    "known",
    "read",
    "release",
    "store",
    "texts_of",
]

MAX_ATTEMPTS = 5
"""After these a text waits for a change of its content, or for a person."""

_CLAIM = """
update enrichment e set retry_at = now() + make_interval(secs => %(lease)s)
  from (select paper_id from enrichment
         where embedded_by is null and (retry_at is null or retry_at <= now()) and attempts < %(attempts)s
         order by hashint8(paper_id) limit %(most)s for update skip locked) free
 where e.paper_id = free.paper_id
returning e.paper_id
"""

_CLAIM_OTHERS = """
update enrichment e set retry_at = now() + make_interval(secs => %(lease)s)
  from (select paper_id from enrichment
         where paper_id > %(after)s and embedded_by <> %(model)s
           and (retry_at is null or retry_at <= now()) and attempts < %(attempts)s
         order by paper_id limit %(most)s for update skip locked) free
 where e.paper_id = free.paper_id
returning e.paper_id
"""

_STORE = """
with current as (
    select f.paper_id, f.content_hash, f.vector
      from fresh f join enrichment e using (paper_id)
     where e.content_hash = f.content_hash and e.embedded_by is distinct from %(model)s
     order by f.paper_id
       for update of e
), stored as (
    insert into embedding (model_id, paper_id, content_hash, vector)
    select %(model)s, paper_id, content_hash, vector from current
    on conflict (model_id, paper_id) do update
       set content_hash = excluded.content_hash, vector = excluded.vector
)
update enrichment e
   set embedded_by = %(model)s, attempts = 0, error = null, retry_at = null, changed_at = now()
  from current c where e.paper_id = c.paper_id
"""

Matrix = NDArray[np.float32]


class Text(NamedTuple):
    """What is embedded of a document."""

    paper_id: int
    content_hash: bytes
    text: str


class Vectors(NamedTuple):
    """Documents and their vectors, row by row."""

    paper_ids: NDArray[np.int64]
    hashes: list[bytes]
    matrix: Matrix


def any_to_claim(connection: psycopg.Connection[Row], model_id: int) -> bool:
    """Whether a claim would find something; looks beyond the queue only while models are being switched."""
    queued = connection.execute(
        "select exists (select from enrichment where embedded_by is null"
        " and (retry_at is null or retry_at <= now()) and attempts < %s)"
        " or not (select active from embedding_model where id = %s)",
        [MAX_ATTEMPTS, model_id],
    ).fetchone()
    return queued == (True,)


def claim(connection: psycopg.Connection[Row], *, most: int, lease_seconds: float) -> list[int]:
    """Documents without a vector, for this worker alone until the lease ends.

    They come in the order of a hash, so that those embedded so far are always a fair sample of all.
    """
    rows = connection.execute(_CLAIM, {"most": most, "lease": lease_seconds, "attempts": MAX_ATTEMPTS})
    return sorted(paper_id for (paper_id,) in rows)


def claim_of_other_models(
    connection: psycopg.Connection[Row], model_id: int, *, after: int, most: int, lease_seconds: float
) -> list[int]:
    """Documents that have another model's vector, in the order of their ids from `after` on."""
    rows = connection.execute(
        _CLAIM_OTHERS,
        {"model": model_id, "after": after, "most": most, "lease": lease_seconds, "attempts": MAX_ATTEMPTS},
    )
    return sorted(paper_id for (paper_id,) in rows)


def give_back(connection: psycopg.Connection[Row], paper_ids: Sequence[int]) -> None:
    """End the leases of documents that could not be embedded through no fault of theirs."""
    connection.execute(
        "update enrichment set retry_at = null where paper_id = any(%s) and error is null", [list(paper_ids)]
    )


def release(connection: psycopg.Connection[Row], *, claimed_before: object, lease_seconds: float) -> None:
    """End the leases that were given before a moment; to be called only when no other worker lives."""
    connection.execute(
        "update enrichment set retry_at = null"
        " where embedded_by is null and error is null and retry_at <= %s + make_interval(secs => %s)",
        [claimed_before, lease_seconds],
    )


def texts_of(connection: psycopg.Connection[Row], paper_ids: Sequence[int], model_id: int) -> list[Text]:
    """The texts of those documents that still wait for this model's vector."""
    rows = connection.execute(
        "select p.id, e.content_hash, p.title || E'\\n\\n' || p.abstract"
        "  from enrichment e join papers p on p.id = e.paper_id and p.content_hash = e.content_hash"
        " where e.paper_id = any(%s) and e.embedded_by is distinct from %s order by p.id",
        [list(paper_ids), model_id],
    )
    return [Text(*row) for row in rows]


def known(
    connection: psycopg.Connection[Row], model_id: int, hashes: Sequence[bytes]
) -> dict[bytes, NDArray[np.float32]]:
    """Vectors that this model has made of the same contents before."""
    rows = connection.execute(
        "select distinct on (content_hash) content_hash, halfvec_send(vector) from embedding"
        " where model_id = %s and content_hash = any(%s) order by content_hash",
        [model_id, list(hashes)],
    ).fetchall()
    return {content_hash: _matrix([sent])[0] for content_hash, sent in rows}


def store(connection: psycopg.Connection[Row], model_id: int, texts: Sequence[Text], matrix: Matrix) -> int:
    """Vectors and the documents' state, in one transaction; how many were stored.

    A document whose content has changed meanwhile is left out, and stays in the queue.
    """
    with connection.transaction():
        connection.execute(
            "create temporary table if not exists fresh"
            " (paper_id bigint, content_hash bytea, vector halfvec) on commit delete rows"
        )
        with (
            connection.cursor() as cursor,
            cursor.copy("copy fresh from stdin") as copy,
        ):
            for text, vector in zip(texts, matrix, strict=True):
                numbers = ",".join(map(str, vector.astype(np.float16).tolist()))
                copy.write_row((text.paper_id, text.content_hash, f"[{numbers}]"))
        return connection.execute(_STORE, {"model": model_id}).rowcount


def fail(connection: psycopg.Connection[Row], reasons: Mapping[int, str]) -> None:
    """Note why documents have no vector; each is tried again later and later, up to `MAX_ATTEMPTS` times."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.executemany(
            "update enrichment set attempts = attempts + 1, error = %s,"
            " retry_at = now() + interval '30 seconds' * power(4, attempts) where paper_id = %s",
            [(reason[:1000], paper_id) for paper_id, reason in sorted(reasons.items())],
        )


def read(
    connection: psycopg.Connection[Row],
    model_id: int,
    paper_ids: Sequence[int] | None = None,
    *,
    at_once: int = 5_000,
) -> Iterator[Vectors]:
    """A model's vectors (of these documents, or all) with a constant use of memory, in order of the ids."""
    query = "select paper_id, content_hash, halfvec_send(vector) from embedding where model_id = %s"
    parameters: list[object] = [model_id]
    if paper_ids is not None:
        query += " and paper_id = any(%s)"
        parameters.append(list(paper_ids))
    with connection.transaction(), connection.cursor(name="vectors", binary=True) as cursor:
        cursor.execute(query + " order by paper_id", parameters)
        while rows := cursor.fetchmany(at_once):
            ids, hashes, sent = zip(*rows, strict=True)
            yield Vectors(np.array(ids, np.int64), list(hashes), _matrix(sent))


def _matrix(sent: Sequence[bytes]) -> Matrix:
    """From pgvector's wire format: two 16-bit words, then the halves, all big-endian."""
    words = np.frombuffer(b"".join(sent), ">f2").reshape(len(sent), -1)
    return words[:, 2:].astype(np.float32)
