"""Map versions: each has a partition of `placement`, and one row says which version is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from seatrial_kit.database import Row
from seatrial_kit.errors import Failure

__all__ = ["CannotUseMap", "activate_map", "create_map", "drop_map", "fail_map"]


class CannotUseMap(Failure):
    """There is no such map version, or it is not in a state for what was asked."""


def create_map(
    connection: psycopg.Connection[Row],
    kind: Literal["quick", "umap"],
    model_id: int,
    *,
    fitted_on: int | None = None,
    artefact: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> int:
    """The number of a new map version, 'building', with an empty partition for its points."""
    with connection.transaction():
        made = connection.execute(
            "insert into map_version (kind, model_id, status, fitted_on, artefact, parameters)"
            " values (%s, %s, 'building', %s, %s, %s) returning id",
            [kind, model_id, fitted_on, artefact, Jsonb(dict(parameters or {}))],
        ).fetchone()
        assert made is not None
        map_id = int(made[0])
        # Made apart and then attached: that waits for no reader of the other versions.
        connection.execute(
            sql.SQL(
                "create table {table} (like placement including defaults, check (map_id = {map}))"
            ).format(table=_table(map_id), map=sql.Literal(map_id))
        )
        connection.execute(
            sql.SQL("alter table placement attach partition {table} for values in ({map})").format(
                table=_table(map_id), map=sql.Literal(map_id)
            )
        )
    return map_id


def activate_map(connection: psycopg.Connection[Row], map_id: int) -> None:
    """Show this version and retire the one shown so far, in one step: no reader sees both or none.

    Raises:
        CannotUseMap: there is none of that number, or it has failed.
    """
    with connection.transaction():
        connection.execute("lock table map_version in share row exclusive mode")
        status = _status(connection, map_id)
        if status == "failed":
            raise CannotUseMap(f"map version {map_id} has failed", hint="activate another, or fit a new one")
        if status == "active":
            return
        connection.execute("update map_version set status = 'retired' where status = 'active'")
        connection.execute(
            "update map_version set status = 'active', activated_at = now(), stamp = stamp + 1 where id = %s",
            [map_id],
        )


def fail_map(connection: psycopg.Connection[Row], map_id: int, error: str) -> None:
    """Note why a version that was being built will not come; an active or retired one is left as it is."""
    connection.execute(
        "update map_version set status = 'failed', error = %s where id = %s and status = 'building'",
        [error, map_id],
    )


def drop_map(connection: psycopg.Connection[Row], map_id: int) -> None:
    """Delete a version with its points and labels. Its artefact in the blobs is the caller's to delete.

    Raises:
        CannotUseMap: it is the active one, or there is none of that number.
    """
    with connection.transaction():
        connection.execute("lock table map_version in share row exclusive mode")
        if _status(connection, map_id) == "active":
            raise CannotUseMap(f"map version {map_id} is being shown", hint="activate another one first")
        connection.execute("update enrichment set placed_on = null where placed_on = %s", [map_id])
        connection.execute(sql.SQL("drop table if exists {}").format(_table(map_id)))
        connection.execute("delete from map_version where id = %s", [map_id])


def _status(connection: psycopg.Connection[Row], map_id: int) -> str:
    row = connection.execute("select status from map_version where id = %s", [map_id]).fetchone()
    if row is None:
        raise CannotUseMap(f"there is no map version {map_id}")
    return str(row[0])


def _table(map_id: int) -> sql.Identifier:
    return sql.Identifier(f"placement_{map_id}")
