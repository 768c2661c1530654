"""The text of a system file: the same whatever width a formatter has."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.adopt.sketch import Made, Names, Rule, Sketch, system_name
from seatrial.adopt.writing import system_file
from seatrial.model import Place

HERE = Place("compose.yaml", 1)


def made(word: str, name: str, *first: str, **args: object) -> Made:
    return Made(word=word, name=name, place=HERE, first=list(first), args=dict(args))


def shop(*parts: Made) -> Sketch:
    return Sketch(name="shop", region="eastus2", title="The shop", parts=list(parts))


def formatted(text: str, width: int) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    done = subprocess.run(
        [ruff, "format", "--isolated", "--no-cache", f"--line-length={width}", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


HARD = (
    "plain",
    'say "it"',
    "it's",
    """both ' and " and \\""",
    "tab\tand\nline",
    "naïve – ünïcode",
    "\x00\x1b",
    "x" * 200,
    "{port} and %s",
)


@pytest.mark.parametrize("width", [88, 110])
@pytest.mark.parametrize("value", HARD)
def test_every_text_reads_back_as_it_was_and_stands_as_ruff_would_write_it(value, width):
    text = system_file(shop(made("worker", "work", value, env={"A": value, "B": "1"})), "compose.yaml")
    assert formatted(text, width) == text
    found = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    assert found.count(value) == 2


@pytest.mark.parametrize("width", [88, 110])
@pytest.mark.parametrize("count", range(1, 12))
def test_lists_of_any_length_stand_as_ruff_would_write_them(count, width):
    stores = [made("cache", f"store-number-{number}", memory="1 GiB") for number in range(count)]
    work = made("worker", "work", "serve", uses=stores, scale=[Rule("cpu", 70)])
    text = system_file(shop(*stores, work), "compose.yaml")
    assert formatted(text, width) == text


def test_what_is_used_is_written_before_its_user_and_stores_before_processes():
    store = made("postgres", "store")
    inner = made("service", "inner", "a", port=8001)
    outer = made("service", "outer", "b", port=8000, uses=[inner, store])
    text = system_file(shop(outer, inner, store), "compose.yaml")
    assert text.index('"store"') < text.index('"inner"') < text.index('"outer"')


def test_only_what_others_name_has_a_variable_of_its_own():
    inner = made("service", "inner", "a", port=8001)
    text = system_file(shop(inner, made("worker", "outer", "b", uses=[inner])), "compose.yaml")
    assert "inner = shop.service(" in text
    assert "outer =" not in text


def test_rules_are_imported_and_no_part_takes_their_names():
    cpu = made("cache", "cpu", memory="1 GiB")
    text = system_file(shop(cpu, made("worker", "w1", "b", uses=[cpu], scale=[Rule("cpu", 70)])), "a")
    assert "from seatrial import System, cpu\n" in text
    assert "cpu_ = shop.cache(" in text
    assert "scale=[cpu(70)]" in text


def test_a_guess_is_marked_where_it_stands():
    part = made("postgres", "store", version=17, cores=2, storage="32 GiB", extensions=["vector"])
    part.guesses = {
        "cores": "nobody says",
        "storage": "a reason that is longer than a line of code has room " * 2,
    }
    text = system_file(shop(part), "compose.yaml")
    assert "    cores=2,  # guess: nobody says\n" in text
    assert "    # guess: a reason that is longer" in text
    part.guesses = {"cores": "nobody says"}
    part.args = {"cores": 2}
    short = 'store = shop.postgres("store", cores=2)  # guess: cores\n'
    assert short in system_file(shop(part), "compose.yaml")


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("shop", "shop"),
        ("My_Shop", "my-shop"),
        ("answers-from-papers", "answers-from"),  # no half words
        ("averyveryverylongname", "averyveryverylon"),
        ("42", "system"),
        ("microsoft", "system"),
    ],
)
def test_a_system_has_a_name_that_azure_takes(wanted, name):
    assert system_name(wanted) == name


def test_names_are_given_once_and_never_such_that_their_variable_is_taken():
    names = Names()
    assert [names.give("web"), names.give("web"), names.give("Web")] == ["web", "web-2", "web-3"]
    assert names.give("db", shortest=3, otherwise="database") == "db-database"
