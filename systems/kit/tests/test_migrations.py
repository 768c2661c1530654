"""Migrations: forward only, once, whole, and plain about why not."""

from __future__ import annotations

import threading

import pytest
from seatrial_kit.database import connect
from seatrial_kit.migrations import CannotMigrate, lacking, migrate, read, status

FIRST = "create table shop (id int primary key);\ninsert into shop values (1), (2);\n"
SECOND = "alter table shop add column name text;\n"
INDEX = "-- no transaction\ncreate index concurrently if not exists shop_by_name on shop (name);\n"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(text)
    return folder


def test_a_file_with_a_strange_name_is_refused(tmp_path):
    write(tmp_path, mfirst=FIRST)

    with pytest.raises(CannotMigrate, match=r"not a name of a migration\nhint: 0002_what_it_does.sql"):
        read(tmp_path)


def test_two_files_of_one_number_are_refused(tmp_path):
    write(tmp_path, m0001_a=FIRST, m0001_b=SECOND)

    with pytest.raises(CannotMigrate, match=r"number 0001 is taken by 0001_a.sql"):
        read(tmp_path)


def test_line_ends_do_not_change_the_checksum(tmp_path):
    (tmp_path / "0001_a.sql").write_bytes(b"select 1;\nselect 2;\n")
    unix = read(tmp_path)[0].checksum
    (tmp_path / "0001_a.sql").write_bytes(b"select 1;\r\nselect 2;\r\n")

    assert read(tmp_path)[0].checksum == unix


@pytest.mark.integration
def test_what_is_pending_is_applied_in_order_and_only_once(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST)
    assert [m.version for m in migrate(empty_database, tmp_path)] == ["0001"]

    write(tmp_path, m0002_name=SECOND, m0003_index=INDEX)
    said = []
    assert [m.version for m in migrate(empty_database, tmp_path, say=said.append)] == ["0002", "0003"]

    assert said == ["0002 name", "0003 index"]
    assert migrate(empty_database, tmp_path) == ()
    with connect(empty_database) as connection:
        found = status(connection, tmp_path)
        assert [applied.version for applied in found.applied] == ["0001", "0002", "0003"]
        assert found.pending == ()
        assert connection.execute("select count(*) from shop where name is null").fetchone() == (2,)
        assert connection.execute("select to_regclass('shop_by_name') is not null").fetchone() == (True,)


@pytest.mark.integration
def test_a_migration_that_fails_leaves_nothing_behind_and_names_the_line(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST, m0002_broken="create table half (id int);\nselect 1 +;\n")

    with pytest.raises(CannotMigrate, match=r"0002_broken.sql:2: syntax error"):
        migrate(empty_database, tmp_path)

    with connect(empty_database) as connection:
        assert connection.execute("select to_regclass('half')").fetchone() == (None,)
        assert [m.version for m in status(connection, tmp_path).pending] == ["0002"]

    write(tmp_path, m0002_broken=SECOND)
    assert [m.version for m in migrate(empty_database, tmp_path)] == ["0002"]


@pytest.mark.integration
def test_a_database_newer_than_the_code_is_left_alone(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST, m0002_name=SECOND)
    migrate(empty_database, tmp_path)
    (tmp_path / "0002_name.sql").unlink()

    with pytest.raises(CannotMigrate, match=r"has migration 0002 \(name\).*newer"):
        migrate(empty_database, tmp_path)


@pytest.mark.integration
def test_a_program_needs_its_own_migrations_and_does_not_mind_later_ones(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST, m0002_name=SECOND)
    with connect(empty_database) as connection:
        assert [m.version for m in lacking(connection, tmp_path)] == ["0001", "0002"]
    migrate(empty_database, tmp_path)
    (tmp_path / "0002_name.sql").unlink()

    with connect(empty_database) as connection:
        assert lacking(connection, tmp_path) == ()


@pytest.mark.integration
def test_an_edited_migration_is_noticed(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST)
    migrate(empty_database, tmp_path)
    write(tmp_path, m0001_first=FIRST + "-- better now\n")

    with pytest.raises(CannotMigrate, match=r"0001_first.sql was edited after"):
        migrate(empty_database, tmp_path)


@pytest.mark.integration
def test_a_missing_extension_comes_with_the_way_out_on_azure(empty_database, tmp_path):
    write(tmp_path, m0001_first='create extension "pg_trgm";\n')

    with pytest.raises(CannotMigrate, match=r"--name azure.extensions --value pg_trgm"):
        migrate(empty_database, tmp_path)


@pytest.mark.integration
def test_a_user_without_rights_is_told_which_are_missing(
    empty_database, postgres_server, tmp_path, monkeypatch
):
    write(tmp_path, m0001_first=FIRST)
    with connect(empty_database, autocommit=True) as connection:
        connection.execute("drop role if exists guest")
        connection.execute("create role guest login password 'guest'")
    guest = empty_database.replace("seatrial@", "guest:guest@")

    with pytest.raises(CannotMigrate, match="grant create on the database and on schema public"):
        migrate(guest, tmp_path)

    with connect(empty_database, autocommit=True) as connection:
        connection.execute("drop role guest")


@pytest.mark.integration
@pytest.mark.timeout(60)
def test_four_migrators_at_once_apply_everything_once(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST + "select pg_sleep(0.3);\n", m0002_name=SECOND, m0003_index=INDEX)
    applied, failures = [], []

    def work():
        try:
            applied.extend(m.version for m in migrate(empty_database, tmp_path))
        except Exception as exc:
            failures.append(exc)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert failures == []
    assert sorted(applied) == ["0001", "0002", "0003"]


@pytest.mark.integration
def test_a_migrator_that_hangs_is_not_waited_for_for_ever(empty_database, tmp_path):
    write(tmp_path, m0001_first=FIRST)
    with connect(empty_database) as other:
        other.execute("select pg_advisory_lock(%s)", [0x5EA741A1])

        with pytest.raises(CannotMigrate, match="another migrator has been at work"):
            migrate(empty_database, tmp_path, wait_seconds=0.3)
