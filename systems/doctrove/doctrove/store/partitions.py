"""Papers by year: an ordinary table, or once `partition --by year` was run, one partition a year.

Documents without a date are in the partition `papers_undated`; a new year gets its partition from the
ingestor. Everything else reads and writes `papers` and need not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import psycopg
from psycopg import sql
from seatrial_kit.database import Row

__all__ = ["is_partitioned", "make_room", "partition_by_year"]

_NEW = "papers_by_year"
"""What the partitioned table is called until it takes the place of the old one."""

_ALONE = "select pg_advisory_xact_lock(hashtextextended('doctrove partitions', 0))"
_IS_PARTITIONED = "select relkind = 'p' from pg_class where oid = 'papers'::regclass"
_PARTITIONS = "select inhrelid::regclass::text from pg_inherits where inhparent = 'papers'::regclass"
_YEARS = """
select extract(year from primary_date)::integer, count(*) from papers group by 1 order by 1 nulls first
"""

_MAKE = f"""
create table {_NEW} (like papers including defaults including generated including constraints)
    partition by range (primary_date);
create sequence papers_id owned by {_NEW}.id;
alter table {_NEW} alter column id set default nextval('papers_id');
create unique index papers_one_id on {_NEW} (id, primary_date) nulls not distinct;
create unique index papers_one_source_id on {_NEW} (source, source_id, primary_date) nulls not distinct;
create table papers_undated partition of {_NEW} (check (primary_date is null)) default;
"""
# The check spares PostgreSQL from reading the undated ones whenever a new year is attached.

_OTHER_INDEXES = """
select c.relname, pg_get_indexdef(i.indexrelid)
  from pg_index i join pg_class c on c.oid = i.indexrelid
 where i.indrelid = 'papers'::regclass and not i.indisunique
 order by c.relname
"""
_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
 where attrelid = 'papers'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
"""

_GO_ON_COUNTING = "select setval('papers_id', coalesce((select max(id) from papers), 0) + 1, false)"
_MOVE = """
insert into {new} ({columns}) select {columns} from papers where {span} order by id
"""


def is_partitioned(connection: psycopg.Connection[Row]) -> bool:
    """Whether papers are partitioned by year."""
    return connection.execute(_IS_PARTITIONED).fetchone() == (True,)


def make_room(connection: psycopg.Connection[Row], years: Iterable[int]) -> list[int]:
    """Make the partitions that documents of these years need, and return the years that had none.

    Does nothing as long as papers are one table. Commit at once: readers of undated documents wait for it.
    """
    if not is_partitioned(connection):
        return []
    wanted = sorted(set(years))
    if not _missing(connection, wanted):
        return []
    connection.execute(_ALONE)
    missing = _missing(connection, wanted)  # another ingestor may have been faster
    for year in missing:
        _add_year(connection, year, "papers")
    return missing


def partition_by_year(
    connection: psycopg.Connection[Row], say: Callable[[str], None] = lambda _: None
) -> int | None:
    """Turn the table of papers into one partition a year; the number of papers moved, None if it was done
    before.

    All or nothing, in one transaction. Reading goes on meanwhile; the ingestor waits. Every row is written
    anew and indexed, some thousand a second, so it is best done before a large corpus is read.
    """
    with connection.transaction():
        connection.execute(_ALONE)
        if is_partitioned(connection):
            return None
        connection.execute("lock table papers in share row exclusive mode")
        years: list[tuple[int | None, int]] = connection.execute(_YEARS).fetchall()
        connection.execute(_MAKE)
        names = _copy_indexes(connection)
        moved, total = 0, sum(count for _, count in years)
        for year, count in years:
            _move(connection, year)
            moved += count
            say(f"{year or 'undated'}: {count:,} papers  ({moved:,} of {total:,})")
        _take_the_place(connection, names)
    return moved


def _missing(connection: psycopg.Connection[Row], years: list[int]) -> list[int]:
    there = {name for (name,) in connection.execute(_PARTITIONS)}
    return [year for year in years if f"papers_{year:04}" not in there]


def _add_year(connection: psycopg.Connection[Row], year: int, parent: str) -> None:
    # Made apart and then attached: that waits for no reader of the other years.
    names = {"table": sql.Identifier(f"papers_{year:04}"), "parent": sql.Identifier(parent)}
    connection.execute(sql.SQL("create table {table} (like {parent} including all)").format(**names))
    connection.execute(
        sql.SQL("alter table {parent} attach partition {table} for values from ({first}) to ({end})").format(
            **_span(year), **names
        )
    )


def _copy_indexes(connection: psycopg.Connection[Row]) -> list[str]:
    """Give the new table the indexes of the old one, also those that later migrations made."""
    names = []
    for name, definition in connection.execute(_OTHER_INDEXES).fetchall():
        columns = re.sub(r"^CREATE INDEX \S+ ON (ONLY )?\S+ ", "", definition)
        connection.execute(f"create index {name}_new on {_NEW} {columns}".encode())
        names.append(name)
    return names


def _move(connection: psycopg.Connection[Row], year: int | None) -> None:
    span: sql.Composable = sql.SQL("primary_date is null")
    if year is not None:
        _add_year(connection, year, _NEW)
        span = sql.SQL("primary_date >= {first} and primary_date < {end}").format(**_span(year))
    row = connection.execute(_COLUMNS).fetchone()
    assert row is not None
    names = {"new": sql.Identifier(_NEW), "columns": sql.SQL(row[0]), "span": span}
    connection.execute(sql.SQL(_MOVE).format(**names))


def _span(year: int) -> dict[str, sql.Literal]:
    return {"first": sql.Literal(f"{year:04}-01-01"), "end": sql.Literal(f"{year + 1:04}-01-01")}


def _take_the_place(connection: psycopg.Connection[Row], indexes: list[str]) -> None:
    connection.execute(_GO_ON_COUNTING)
    connection.execute("drop table papers")
    connection.execute(f"alter table {_NEW} rename to papers")
    for name in indexes:
        connection.execute(f"alter index {name}_new rename to {name}".encode())
    connection.execute("analyze papers")
