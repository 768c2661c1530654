"""All of enrichment's SQL on maps: who waits for a place, writing points and labels, old versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.types.json import Jsonb
from seatrial_kit.database import Row

from doctrove.enrichment.labels import Label
from doctrove.enrichment.projection import Matrix

__all__ = [
    "Map",
    "Points",
    "active",
    "alone",
    "count_embedded",
    "label_texts",
    "mark_placed",
    "mortons",
    "superfluous",
    "touch",
    "waiting",
    "write_labels",
    "write_points",
]

_WRITE = """
insert into placement (map_id, paper_id, position, morton, priority, level,
                       source, field, country, day, cluster)
select %(map)s, n.paper_id, point(n.x, n.y), n.morton, n.priority, n.level,
       coalesce(s.code, 0), coalesce(f.code, 0), coalesce(c.code, 0),
       coalesce(p.primary_date - date '1970-01-01', -2147483648), n.cluster
  from points n
  join papers p on p.id = n.paper_id
  left join term s on s.kind = 'source'  and s.name = p.source
  left join term f on f.kind = 'field'   and f.name = p.field
  left join term c on c.kind = 'country' and c.name = p.country
on conflict (map_id, paper_id) do update
   set position = excluded.position, morton = excluded.morton, level = excluded.level,
       source = excluded.source, field = excluded.field, country = excluded.country,
       day = excluded.day, cluster = excluded.cluster
"""

_MAP = "select id, kind, model_id, status, artefact, parameters from map_version"

_KEPT_RETIRED, _KEPT_FAILED = 3, 1


class Map(NamedTuple):
    """A map version."""

    map_id: int
    kind: str
    model_id: int
    status: str
    artefact: str
    parameters: dict[str, Any]


class Points(NamedTuple):
    """Points on their way into a map, row by row."""

    paper_ids: NDArray[np.int64]
    hashes: Sequence[bytes]
    positions: Matrix
    mortons: NDArray[np.int64]
    priorities: NDArray[np.float32]
    levels: NDArray[np.int16]
    clusters: NDArray[np.int64]


def alone(connection: psycopg.Connection[Row]) -> None:
    """Wait until nobody else places or switches, and keep it so to the end of the transaction."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended('doctrove placing', 0))")


def active(connection: psycopg.Connection[Row]) -> Map | None:
    return _one(connection.execute(_MAP + " where status = 'active'"))


def of_artefact(connection: psycopg.Connection[Row], key: str) -> Map | None:
    return _one(connection.execute(_MAP + " where artefact = %s", [key]))


def _one(found: psycopg.Cursor[Row]) -> Map | None:
    row = found.fetchone()
    return None if row is None else Map(*row)


def count_embedded(connection: psycopg.Connection[Row], model_id: int) -> int:
    row = connection.execute("select count(*) from embedding where model_id = %s", [model_id]).fetchone()
    assert row is not None
    return int(row[0])


def waiting(connection: psycopg.Connection[Row], model_id: int, most: int) -> list[int]:
    """Documents with a vector of this model and no place."""
    rows = connection.execute(
        "select paper_id from enrichment"
        " where embedded_by is not null and placed_on is null and embedded_by = %s"
        " order by paper_id limit %s",
        [model_id, most],
    )
    return [paper_id for (paper_id,) in rows]


def mortons(connection: psycopg.Connection[Row], map_id: int) -> NDArray[np.int64]:
    """The Morton numbers of all points of a map, sorted."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute("select morton from placement where map_id = %s", [map_id]).fetchall()
    return np.sort(np.fromiter((morton for (morton,) in rows), np.int64, len(rows)))


def write_points(connection: psycopg.Connection[Row], map_id: int, points: Points) -> None:
    """Put points on a map; one that is on it already moves. In the caller's transaction."""
    connection.execute(
        "create temporary table points (paper_id bigint, content_hash bytea, x float8, y float8,"
        " morton bigint, priority real, level smallint, cluster integer) on commit drop"
    )
    with connection.cursor() as cursor, cursor.copy("copy points from stdin") as copy:
        for row in zip(
            points.paper_ids.tolist(),
            points.hashes,
            *points.positions.T.tolist(),
            points.mortons.tolist(),
            points.priorities.tolist(),
            points.levels.tolist(),
            points.clusters.tolist(),
            strict=True,
        ):
            copy.write_row(row)
    connection.execute("analyze points")
    connection.execute(_WRITE, {"map": map_id})


def mark_placed(connection: psycopg.Connection[Row], map_id: int, model_id: int) -> int:
    """Note of the points just written that they stand on this map; how many.

    Not of those whose content changed since their vector was read: they stay in the queue.
    """
    return connection.execute(
        "update enrichment e set placed_on = %s from points n"
        " where e.paper_id = n.paper_id and e.content_hash = n.content_hash and e.embedded_by = %s",
        [map_id, model_id],
    ).rowcount


def unmark_others(connection: psycopg.Connection[Row], map_id: int) -> None:
    """Whoever stands only on an older map waits for a place again. Nobody else may write meanwhile."""
    connection.execute("update enrichment set placed_on = null where placed_on <> %s", [map_id])


def touch(connection: psycopg.Connection[Row], map_id: int, parameters: Mapping[str, Any]) -> None:
    """A new stamp for a map that got new points, with parameters to replace, and word to those who listen."""
    connection.execute(
        "update map_version set stamp = stamp + 1, parameters = parameters || %s where id = %s",
        [Jsonb(dict(parameters)), map_id],
    )
    connection.execute("notify doctrove_map")


def label_texts(
    connection: psycopg.Connection[Row], paper_ids: Sequence[int], characters: int
) -> dict[int, tuple[str, str]]:
    """Titles and the beginnings of abstracts."""
    rows = connection.execute(
        "select id, title, left(abstract, %s) from papers where id = any(%s)", [characters, list(paper_ids)]
    )
    return {paper_id: (title, abstract) for paper_id, title, abstract in rows}


def write_labels(connection: psycopg.Connection[Row], map_id: int, labels: Iterable[Label]) -> None:
    """Replace the labels of a map."""
    connection.execute("delete from map_label where map_id = %s", [map_id])
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into map_label (map_id, level, cluster, parent, label, terms, x, y, papers, region)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    map_id,
                    label.level,
                    label.cluster,
                    label.parent,
                    label.label,
                    list(label.terms),
                    label.x,
                    label.y,
                    label.papers,
                    Jsonb(label.region),
                )
                for label in labels
            ],
        )


def recluster(connection: psycopg.Connection[Row], map_id: int, clusters: Mapping[int, int]) -> None:
    """Give the points of a map their new fine clusters."""
    connection.execute(
        "update placement p set cluster = n.cluster"
        " from unnest(%s::bigint[], %s::integer[]) n (paper_id, cluster)"
        " where p.map_id = %s and p.paper_id = n.paper_id and p.cluster <> n.cluster",
        [list(clusters), list(clusters.values()), map_id],
    )


def superfluous(connection: psycopg.Connection[Row]) -> list[tuple[int, str]]:
    """Versions that may go, with their artefacts: all but the newest of those retired or failed."""
    rows = connection.execute(
        "select id, coalesce(artefact, '') from ("
        "  select id, artefact, status, row_number() over (partition by status order by id desc) as age"
        "    from map_version where status in ('retired', 'failed')) old"
        " where age > case status when 'retired' then %s else %s end",
        [_KEPT_RETIRED, _KEPT_FAILED],
    ).fetchall()
    return [(map_id, artefact) for map_id, artefact in rows]
