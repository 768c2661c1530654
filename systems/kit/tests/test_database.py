"""Connections that are named, bounded, and come back."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql
from seatrial_kit.database import DatabaseAway, connect, pool

pytestmark = pytest.mark.integration


def test_a_connection_shows_its_name_and_is_in_a_transaction(empty_database):
    with connect(empty_database, name="visitor") as connection:
        assert connection.execute("show application_name").fetchone() == ("visitor",)
        assert not connection.autocommit


def test_a_server_that_is_not_there_is_named_without_the_password():
    with pytest.raises(DatabaseAway) as failure:
        connect("postgresql://u:hunter2@127.0.0.1:1/shop")

    assert "shop on 127.0.0.1:1" in str(failure.value)
    assert "hint: " in str(failure.value)
    assert "hunter2" not in str(failure.value)


async def test_a_statement_of_the_pool_is_ended_after_its_time(empty_database):
    async with (
        pool(empty_database, 1, 2, statement_timeout_seconds=0.2) as connections,
        connections.connection() as connection,
    ):
        with pytest.raises(psycopg.errors.QueryCanceled):
            await connection.execute("select pg_sleep(5)")


async def test_the_pool_outlives_its_connections(empty_database):
    async with pool(empty_database, 2, 2, name="patient") as connections:
        await connections.wait()
        with connect(empty_database, autocommit=True) as other:
            killed = other.execute(
                sql.SQL(
                    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = {}"
                ).format(sql.Literal("patient"))
            ).fetchall()
        assert len(killed) == 2

        async with connections.connection() as connection:
            cursor = await connection.execute("select 1")
            assert await cursor.fetchone() == (1,)
