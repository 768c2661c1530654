"""Signing in by identity: the token of the endpoint is the password of a role in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
import time

import psycopg
import pytest
from psycopg import sql
from psycopg_pool import PoolTimeout
from seatrial_kit import identity
from seatrial_kit.database import DatabaseAway, connect, connector, pool, pool_for_threads

FIRST, SECOND = "first-token-0123456789", "second-token-0123456789"


PASSWORD_IS = sql.SQL("alter role {} password {}")


@pytest.fixture
def visitor(empty_database, identity_endpoint, monkeypatch):
    """The address of a database without a user in it; an identity has a role there, and its token opens."""
    role = f"{empty_database.rpartition('/')[2]}-identity"
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        connection.execute(PASSWORD_IS.format(sql.Identifier(role), sql.Literal(FIRST)))
    identity_endpoint.token = FIRST
    monkeypatch.setenv("PGUSER", role)
    monkeypatch.delenv("PGPASSFILE")
    yield empty_database.replace("seatrial@", "")
    monkeypatch.undo()
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))


@pytest.mark.integration
def test_the_token_is_the_password_and_asked_for_once(visitor, identity_endpoint):
    for _ in range(5):
        with connect(visitor) as connection:
            assert connection.execute("select current_user").fetchone()[0].endswith("-identity")

    assert identity_endpoint.resources == ["https://ossrdbms-aad.database.windows.net"]


@pytest.mark.integration
def test_a_token_that_is_about_to_end_is_not_used_again(visitor, identity_endpoint):
    identity_endpoint.holds_seconds = 200
    with connect(visitor) as connection:
        connection.execute(PASSWORD_IS.format(sql.SQL("current_user"), sql.Literal(SECOND)))
    identity_endpoint.token = SECOND

    with connect(visitor) as connection:
        assert connection.info.password == SECOND
    assert len(identity_endpoint.resources) == 2


@pytest.mark.integration
async def test_a_pool_takes_the_new_token_for_its_new_connections(visitor, identity_endpoint):
    identity_endpoint.holds_seconds = 200
    async with pool(visitor, 1, 1) as connections:
        async with connections.connection() as connection:
            first = connection.info.backend_pid
            await connection.execute(PASSWORD_IS.format(sql.SQL("current_user"), sql.Literal(SECOND)))
        identity_endpoint.token = SECOND
        async with connections.connection() as connection:
            await connection.close()
        async with connections.connection() as connection:
            assert connection.info.backend_pid != first
            assert connection.info.password == SECOND


@pytest.mark.integration
def test_threads_share_one_token(visitor, identity_endpoint):
    identity_endpoint.waits_seconds = 0.2
    with pool_for_threads(visitor, 4, 4) as connections:
        connections.wait(10)

    assert len(identity_endpoint.resources) == 1


@pytest.mark.integration
async def test_while_a_slow_endpoint_is_waited_for_the_service_goes_on(visitor, identity_endpoint):
    identity_endpoint.waits_seconds = 1
    async with pool(visitor, 1, 1) as connections:
        longest, ended = 0.0, time.monotonic() + 0.8
        while time.monotonic() < ended:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)
        await connections.wait(10)

    assert longest < 0.5


@pytest.mark.integration
@pytest.mark.timeout(60)
async def test_a_pool_outlives_an_endpoint_that_fails(visitor, identity_endpoint):
    identity_endpoint.status = 500
    async with pool(visitor, 1, 1) as connections:
        with pytest.raises(PoolTimeout):
            await connections.getconn(timeout=0.5)
        identity_endpoint.status = 200

        answer = None
        while answer is None:  # until the test's own time is over
            with contextlib.suppress(PoolTimeout):
                async with connections.connection(timeout=1) as connection:
                    answer = await (await connection.execute("select 1")).fetchone()

    assert answer == (1,)


@pytest.mark.integration
def test_an_endpoint_that_fails_is_told_with_the_way_out(visitor, identity_endpoint):
    identity_endpoint.status = 500

    with pytest.raises(DatabaseAway, match=r"gets no token for https://ossrdbms-aad") as failure:
        connect(visitor)

    assert "hint: " in str(failure.value)
    with pytest.raises(psycopg.OperationalError):  # what a library that makes its own connections waits out
        connector(visitor)()


@pytest.mark.timeout(60)
def test_an_endpoint_that_never_answers_is_given_up(identity_endpoint, monkeypatch):
    monkeypatch.setattr(identity, "_ANSWER_WITHIN_SECONDS", 0.3)
    identity_endpoint.waits_seconds = 30
    began = time.monotonic()

    with pytest.raises(identity.IdentityAway, match="gets no token"):
        identity.token(identity.MODELS)

    assert time.monotonic() - began < 10


def test_an_identity_that_is_not_there_is_named(identity_endpoint, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_ID", "11111111-0000-0000-0000-000000000000")

    with pytest.raises(identity.IdentityAway, match=r"identity 11111111-.*gets no token"):
        identity.token(identity.MODELS)


@pytest.mark.integration
def test_a_token_stands_in_no_log_and_no_error(visitor, identity_endpoint, caplog):
    caplog.set_level(logging.DEBUG)
    with connect(visitor) as connection:
        assert FIRST not in repr(connection)
        assert FIRST not in connection.info.dsn
    identity_endpoint.token, identity_endpoint.holds_seconds = "a-token-of-somebody-else", 200
    identity._credential.cache_clear()

    with pytest.raises(DatabaseAway) as failure:
        connect(visitor)

    for told in (str(failure.value), repr(failure.value.__cause__), caplog.text):
        assert FIRST not in told
        assert "a-token-of-somebody-else" not in told
        assert identity_endpoint.header not in told


@pytest.mark.integration
@pytest.mark.parametrize("given", ["a user in the address", "PGPASSFILE"])
def test_who_has_a_password_needs_no_identity(
    empty_database, postgres_server, identity_endpoint, monkeypatch, given
):
    if given == "PGPASSFILE":
        monkeypatch.setenv("PGUSER", "seatrial")
        empty_database = empty_database.replace("seatrial@", "")

    with connect(empty_database) as connection:
        assert connection.info.user == "seatrial"

    assert identity_endpoint.resources == []


@pytest.mark.integration
def test_a_password_for_another_server_does_not_stand_in_the_way(visitor, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "of-the-server-whose-address-names-a-user")

    with connect(visitor) as connection:
        assert connection.info.user.endswith("-identity")


def test_without_an_identity_its_library_is_not_loaded():
    code = (
        "import sys; from seatrial_kit import database, migrations, roles;"
        "from seatrial_kit.database import connector;"
        "\ntry: connector('postgresql://u@127.0.0.1:1/x')()"
        "\nexcept Exception: pass"
        "\nprint([name for name in sys.modules if name.startswith(('azure', 'msal'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)

    assert ran.stdout == "[]\n", ran.stderr
