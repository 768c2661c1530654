"""PostgreSQL, its migrations and what is kept from one run to the next."""

from __future__ import annotations

import os
import signal

import pytest

pytestmark = pytest.mark.integration

MIGRATE = """
import os, psycopg
with psycopg.connect(os.environ["PAPERS_URL"]) as connection:
    connection.execute("create table if not exists visits (at timestamptz default now(), v vector(3))")
print("migrated")
"""
VISIT = """
import os, psycopg
with psycopg.connect(os.environ["PAPERS_URL"]) as connection:
    connection.execute("insert into visits (v) values ('[1,2,3]')")
    print("visits:", connection.execute("select count(*) from visits").fetchone()[0])
"""


@pytest.fixture
def database(trial):
    trial.write("migrate.py", MIGRATE)
    trial.write("visit.py", VISIT)
    trial.describe(
        'db = it.postgres("papers", extensions=["vector", "uuid-ossp"], migrate="python migrate.py")',
        'it.blobs("models")',
        'it.job("visit", "python visit.py", uses=[db])',
    )
    return trial


def visits(trial) -> str:
    done = trial.run("run", "visit")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_rows_and_blobs_are_kept_from_one_run_to_the_next(database):
    database.detached()
    assert visits(database) == "visits: 1"
    (database.home / "blobs" / "models" / "kept").write_text("kept")
    database.run("down")

    database.detached()

    assert visits(database) == "visits: 2"
    assert (database.home / "blobs" / "models" / "kept").read_text() == "kept"


def test_what_the_embedded_postgresql_lacks_is_said(database):
    done = database.detached()

    assert "the embedded PostgreSQL has no uuid-ossp; gen_random_uuid() is built" in done.stderr


def test_an_extension_that_nothing_replaces_is_refused_before_anything_starts(trial):
    trial.describe('it.postgres("papers", extensions=["postgis"])')

    refused = trial.run("up")

    assert refused.returncode == 3
    assert 'the embedded PostgreSQL has no extension "postgis"' in refused.stderr


def test_a_killed_postgresql_comes_back_with_all_that_was_committed(database):
    database.up()
    assert visits(database) == "visits: 1"

    os.kill(database.part("papers")["pid"], signal.SIGKILL)

    database.healthy_again("papers")
    assert visits(database) == "visits: 2"
    assert "PostgreSQL has died; starting it again" in database.told()


def test_a_migration_that_fails_ends_the_start_with_its_last_lines(database):
    database.write("migrate.py", "raise SystemExit('column exists already')")

    up = database.run("up")

    assert up.returncode == 1
    assert "papers could not be migrated: `python migrate.py` ended with exit code 1" in up.stderr
    assert "column exists already" in up.stderr
    assert database.left() == []


def test_reset_asks_first_names_what_is_lost_and_refuses_while_running(database):
    database.detached()
    visits(database)
    assert database.run("reset", "--yes").returncode == 5
    database.run("down")

    asked = database.run("reset", input="n\n")
    assert asked.returncode == 1
    assert "the databases (postgres/)" in asked.stderr
    assert "MiB" in asked.stderr
    assert database.home.exists()

    unanswered = database.run("reset", input="")
    assert unanswered.returncode == 1
    assert database.home.exists()

    assert database.run("reset", "--yes").returncode == 0
    assert not database.home.exists()

    database.detached()
    assert visits(database) == "visits: 1"


def test_the_password_stands_in_no_output_and_no_state(database):
    database.write(
        "migrate.py",
        "import os; print(open(os.environ['PGPASSFILE']).read()); " + MIGRATE,
    )
    for _ in range(2):  # the first time the password is made, the second time it is found
        database.detached()
        database.run("down")

    password = (database.home / "postgres" / "pgpass").read_text().strip().rpartition(":")[2]
    assert password not in (database.home / "state.json").read_text()
    assert password not in (database.home / "logs" / "papers.log").read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
def test_a_folder_closed_after_the_data_was_made_is_told_and_the_data_stays(database):
    database.detached()
    database.run("down")
    database.folder.chmod(0o700)

    refused = database.run("up", "--detach")

    assert refused.returncode == 1
    assert "can no longer enter" in refused.stderr
    assert "chmod o+x" in refused.stderr
    database.folder.chmod(0o755)
    database.detached()
