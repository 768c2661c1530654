"""Papers by year: an ordinary table, or once `partition --by year` was run, one partition per year.

Documents without a date are in the partition `papers_undated`; a new year gets its partition from the
ingestor.
"""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from psycopg import sql
from seatrial_kit.database import Row

__all__ = ["is_partitioned", "make_room"]

_IS_PARTITIONED = "select relkind = 'p' from pg_class where oid = 'papers'::regclass"
_PARTITIONS = "select inhrelid::regclass::text from pg_inherits where inhparent = 'papers'::regclass"


def is_partitioned(connection: psycopg.Connection[Row]) -> bool:
    """Whether papers are partitioned by year."""
    return connection.execute(_IS_PARTITIONED).fetchone() == (True,)


def make_room(connection: psycopg.Connection[Row], years: Iterable[int]) -> list[int]:
    """Make the partitions that documents of these years need, and return the years that had none.

    Does nothing as long as papers are one table. Best committed at once: readers of undated documents wait
    for it.
    """
    if not is_partitioned(connection):
        return []
    there = {name for (name,) in connection.execute(_PARTITIONS)}
    missing = [year for year in sorted(set(years)) if f"papers_{year}" not in there]
    for year in missing:
        add_year(connection, year)
    return missing


def add_year(connection: psycopg.Connection[Row], year: int, parent: str = "papers") -> None:
    """Make one year's partition, unless another process has just made it."""
    table = sql.Identifier(f"papers_{year}")
    connection.execute(
        sql.SQL(
            "create table if not exists {table} partition of {parent} for values from ({first}) to ({end})"
        ).format(
            table=table,
            parent=sql.Identifier(parent),
            first=sql.Literal(f"{year:04}-01-01"),
            end=sql.Literal(f"{year + 1:04}-01-01"),
        )
    )
