"""What a process is given, and what is hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.laptop.environment import MASK, Given, Mask, environment_of, given_values, missing_values
from seatrial.model.parts import Process

ADDRESSES = {
    "papers": "postgresql://seatrial@127.0.0.1:5555/papers",
    "models": "file:///kept/models",
    "api": "http://127.0.0.1:5001",
}


def environment(
    plan, part: str, values: dict[str, str], environ: dict[str, str], addresses: dict[str, str] = ADDRESSES
) -> dict[str, str]:
    process = plan.part(part)
    assert isinstance(process, Process)
    given = Given(values=values, secret=frozenset(), files=())
    return environment_of(
        process,
        addresses=addresses,
        given=given,
        port=5001,
        run="run",
        pgpass=Path("/kept/pgpass"),
        environ=environ,
    )


def test_a_process_gets_the_addresses_of_what_it_uses_and_no_password(shop):
    env = environment(shop.plan(), "api", {"API_KEY": "k"}, {"PATH": "/bin", "AWS_SECRET": "of somebody"})

    assert env["PAPERS_URL"] == "postgresql://seatrial@127.0.0.1:5555/papers"
    assert env["PGPASSFILE"] == "/kept/pgpass"
    assert env["MODELS_URL"] == "file:///kept/models"
    assert env["API_KEY"] == "k"
    assert (env["HOST"], env["PORT"], env["LEVEL"]) == ("127.0.0.1", "5001", "info")
    assert (env["SEATRIAL_SYSTEM"], env["SEATRIAL_PART"]) == ("shop", "api")
    assert env["PATH"].endswith(":/bin")
    assert "AWS_SECRET" not in env
    assert not {name for name in env if name.startswith("OPENAI")}


def test_a_process_gets_nothing_of_what_it_does_not_use(shop):
    env = environment(shop.plan(), "sorter", {"API_KEY": "k"}, {})

    assert env["API_URL"] == "http://127.0.0.1:5001"
    assert not {"PAPERS_URL", "PGPASSFILE", "API_KEY"} & set(env)


def test_a_part_is_given_by_whatever_word_it_is_used(shop):
    notes, files = shop.postgres("notes"), shop.blobs("files")
    shop.worker("reader", "sleep 600", reads=[notes], uses=[files])
    kept = {"notes": "postgresql://seatrial@127.0.0.1:5555/notes", "files": "file:///kept/files"}

    env = environment(shop.plan(), "reader", {}, {}, kept)

    assert (env["NOTES_URL"], env["FILES_URL"]) == (kept["notes"], kept["files"])
    assert env["PGPASSFILE"] == "/kept/pgpass"


def test_a_model_api_is_given_whole_with_the_model_of_the_plan(shop):
    env = environment(shop.plan(), "api", {"API_KEY": "k", "OPENAI_URL": "https://x"}, {})

    assert (env["OPENAI_URL"], env["OPENAI_MODEL"]) == ("https://x", "small")
    assert "OPENAI_KEY" not in env


def test_a_model_api_may_be_told_more_than_address_model_and_key(shop):
    outside = {"API_KEY": "k", "OPENAI_URL": "https://x", "OPENAI_API_VERSION": "2024-10-21", "OPEN": "no"}
    env = environment(shop.plan(), "api", outside, {})

    assert env["OPENAI_API_VERSION"] == "2024-10-21"
    assert "OPEN" not in env


def test_values_come_from_the_environment_then_beside_the_file_then_from_the_project(shop, tmp_path):
    folder = tmp_path / "systems" / "shop"
    folder.mkdir(parents=True)
    (folder / ".env").write_text("API_KEY=beside\nOPENAI_URL='https://beside/${HOME}'\n")
    (tmp_path / ".env").write_text("API_KEY=project\nOPENAI_KEY=project\nUNKNOWN=1\n")

    given = given_values(shop.plan(), folder / "system.py", tmp_path, {"OPENAI_MODEL": "typed"})

    assert dict(given.values) == {
        "API_KEY": "beside",
        "OPENAI_URL": "https://beside/${HOME}",
        "OPENAI_KEY": "project",
        "OPENAI_MODEL": "typed",
    }
    assert given.secret >= {"API_KEY", "OPENAI_KEY"}
    assert "project" not in repr(given)


def test_only_what_is_needed_is_missing(shop, tmp_path):
    given = given_values(shop.plan(), tmp_path / "system.py", tmp_path, {})

    assert [name for _, name in missing_values(shop.plan(), given)] == ["API_KEY"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("key=p@ss/word!", f"key={MASK}"),
        ("https://u:p%40ss%2Fword%21@host", f"https://u:{MASK}@host"),
        ('{"k": "line\\"one"}', f'{{"k": "{MASK}"}}'),
        ("nothing here", "nothing here"),
    ],
)
def test_a_value_is_hidden_however_it_is_spelled(written, shown):
    assert Mask(["p@ss/word!", 'line"one'])(written) == shown


def test_each_line_of_a_value_is_hidden_and_a_longer_value_goes_first():
    mask = Mask(["-----BEGIN\nabcdefgh", "abcd"])

    assert mask("abcdefgh abcd -----BEGIN") == f"{MASK} {MASK} {MASK}"


def test_a_value_too_short_to_hide_hides_nothing_else():
    assert Mask(["1", "on"])("1 of 10 on time") == "1 of 10 on time"
