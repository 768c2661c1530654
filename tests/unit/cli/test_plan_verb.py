"""`seatrial plan`: one page as text and JSON, differences, a picture, and what is refused."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import exits, main
from seatrial.cli.plan_page import WIDTH, table

SHOP = """\
from seatrial import System, metric, requests

shop = System("shop", title="A shop" + " with a very long title" * 9)
papers = shop.postgres("papers", storage="64 GiB", migrate="python -m store")
photos = shop.blobs("photos")
api = shop.service("api", "serve", port=5001, scale=[requests(5)], uses=[papers], reads=[photos], public=True)
team = shop.contact("team", mail=["team@example.org"])
shop.alert("busy", metric(papers, "cpu"), above=80, tell=[team])
shop.expects(api.get("/" + "x" * 150), p95="100 ms", at="20/s")
shop.budget("$300/month", tell=[team])
big = shop.variant("big")
big.change(papers, cores=8, storage="1 TiB")
small = shop.variant("small")
small.change(papers, storage="32 GiB")
small.without(photos)
small.change(api, reads=[])
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "system.py").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plan(*words: str) -> Result:
    return CliRunner().invoke(main, ["plan", *words])


def told(*words: str) -> dict[str, Any]:
    done = plan("--json", *words)
    assert done.exit_code == exits.OK, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_page_has_a_section_for_each_question_and_fits_a_hundred_columns(folder):
    done = plan()

    assert done.exit_code == exits.OK
    lines = done.stdout.splitlines()
    assert [line for line in lines if line and not line.startswith(" ")] == [
        "A shop" + " with a very long title" * 4,
        next(line for line in lines if re.fullmatch(r"shop: \d+ resources on Azure, in eastus2", line)),
        "Parts, and what each becomes",
        "What all stand on",
        "What watches, and who is told",
        "Ways in",
        "Who may reach whom",
        "What costs money, and how it is counted",
        "What costs nothing",
        "What is promised",
        "What whoever deploys must choose",
    ]
    assert max(map(len, lines)) <= WIDTH
    assert not any(line.endswith(" ") for line in lines)
    assert "\033" not in done.stdout


def test_the_page_says_what_a_part_becomes_and_who_reaches_it(folder):
    text = plan().stdout

    assert re.search(r"^  papers  postgres  PostgreSQL server: Standard_\w+, 64 GiB", text, re.MULTILINE)
    assert re.search(r"^  the world +over the internet +api$", text, re.MULTILINE)
    assert re.search(r"^  api +by private endpoint +papers:5432, photos$", text, re.MULTILINE)
    assert re.search(r"^  papers-migrate +by private endpoint +papers:5432$", text, re.MULTILINE)
    assert re.search(r"^  imageTag +required ", text, re.MULTILINE)
    assert re.search(r"^  alert +1  busy$", text, re.MULTILINE)


def test_a_variant_is_shown_as_it_would_be(folder):
    assert told()["variant"] is None
    big = told("--variant", "big")

    assert big["variant"] == "big"
    papers = next(part for part in big["parts"] if part["name"] == "papers")
    assert "1024 GiB" in papers["becomes"][0]["size"]


def test_what_changes_on_the_way_to_a_variant_is_told_with_what_cannot_change_in_place(folder):
    text = plan("--against", "small").stdout
    stuck, _, moved = text.partition("From shop to small: what changes")

    assert "From shop to small: what Azure cannot change where it stands" in stuck
    assert 'papers  storage  "64 GiB" → "32 GiB"' in stuck
    assert re.search(r"photos +Blobs → nothing", moved)
    assert "From shop to small: resources" in moved
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_way_back_leads_to_the_system_itself(folder):
    against = told("--variant", "big", "--against", "base")["against"]

    assert against["variant"] is None
    changes = {(each["part"], each["field"]): each for each in against["changes"]}
    assert changes["papers", "storage"]["in_place"] is False
    assert changes["papers", "cores"]["in_place"] is True
    assert all(each["why"] and each["source"] for each in against["changes"])


def test_nothing_changes_on_the_way_to_oneself(folder):
    assert plan("--against", "base").stdout.endswith("From shop to shop nothing changes\n")


def test_a_variant_that_is_not_there_is_told_with_those_that_are(folder):
    for words in (("--variant", "huge"), ("--against", "huge")):
        done = plan(*words)
        assert done.exit_code == exits.USAGE
        assert 'shop has no variant "huge"' in done.stderr
        assert done.stdout == ""


def test_the_picture_is_written_where_it_is_asked_for(folder):
    done = plan("--svg", "shop.svg")

    assert done.exit_code == exits.OK
    assert done.stderr == "drawn: shop.svg\n"
    first = (folder / "shop.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(first).tag.endswith("svg")
    plan("--svg", "shop.svg")
    assert (folder / "shop.svg").read_text(encoding="utf-8") == first


def test_a_picture_that_cannot_be_written_is_told_and_nothing_is_printed(folder):
    done = plan("--svg", "no/such/folder/shop.svg")

    assert done.exit_code == exits.FAILED
    assert "no/such/folder/shop.svg cannot be written: No such file or directory\n  hint:" in done.stderr
    assert done.stdout == ""


def test_what_azure_would_refuse_is_told_with_its_line_and_nothing_is_shown(folder):
    (folder / "system.py").write_text(SHOP + 'shop.worker("vast", "work", cpu=64, memory="512 GiB")\n')

    done = plan()

    assert done.exit_code == exits.MISTAKES
    assert re.match(r"\S*system\.py:17  vast: ", done.stderr)
    assert "hint:" in done.stderr
    assert done.stdout == ""


def test_the_page_is_the_same_every_time(folder):
    assert plan().stdout == plan().stdout
    assert told() == told()


def test_the_page_is_made_without_what_only_a_laptop_or_a_picture_needs(folder):
    heavy = ("asyncio", "psycopg", "rich", "graphlay", "watchfiles", "seatrial.azure.arm")
    script = (
        "import sys; from click.testing import CliRunner; from seatrial.cli import main\n"
        "assert CliRunner().invoke(main, ['plan']).exit_code == 0\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"


def test_rows_stand_under_each_other_and_what_is_too_long_goes_on_below():
    rows = table([("a", "one", "word " * 30), ("bcd", "", "short\nsecond"), ("x" * 60, "two", "end")])

    assert rows[0].startswith("  a" + " " * 47 + "one  word word")
    assert rows[1].startswith(" " * 55 + "word")
    assert rows[-4:] == [
        "  bcd" + " " * 50 + "short",
        " " * 55 + "second",
        "  " + "x" * 46 + "  two  end",
        "  " + "x" * 14,
    ]
    assert max(map(len, rows)) <= WIDTH


def test_a_column_without_words_takes_no_room_and_no_rows_are_no_lines():
    assert table([("a", "", "b")]) == ["  a  b"]
    assert table([]) == []
