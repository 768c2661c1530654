"""What `seatrial bill` is asked beside the bill: other variants, other loads, machines, and a budget."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import exits, main
from seatrial.cli.bill_page import WIDTH

SHOP = """\
from seatrial import System, requests, unit_cost

shop = System("shop", title="A shop")
orders = shop.postgres("papers", cores=2, storage="64 GiB", standby="another zone")
api = shop.service(
    "api", "serve", port=5001, replicas=(1, 9), scale=[requests(5)], uses=[orders], public=True
)
shop.usage(api, request_time="100 ms", request_cpu="20 ms")
shop.expects(unit_cost("orders", "$0.50", per=1000))
shop.budget("$300/month", records=1000, requests="1M/month")
big = shop.variant("big")
big.change(orders, cores=8, storage="1 TiB")
big.change(api, replicas=(1, 90))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "system.py").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEATRIAL_PRICES", str(tmp_path / "prices"))
    return tmp_path


def bill(*words: str) -> Result:
    return CliRunner().invoke(main, ["bill", *words])


def told(*words: str, code: int = exits.OK) -> dict[str, Any]:
    done = bill("--json", *words)
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def total(*words: str) -> Decimal:
    return Decimal(told(*words)["total"]["likely"])


def test_variants_stand_side_by_side_with_what_makes_the_difference(folder):
    found = told("--compare", "big")

    assert found["bills"] == ["base", "big"]
    more = total("--variant", "big") - total()
    assert Decimal(found["differences"][0]["likely"]) == more
    page = bill("--compare", "big").stdout
    assert "papers, PostgreSQL server, compute: +$389.82, 8 instead of 2 vCores" in page  # 6 × 730 × 0.089


def test_every_variant_is_meant_by_all(folder):
    assert told("--compare", "all")["bills"] == ["base", "big"]


def test_a_curve_says_where_a_variant_becomes_the_better_one_and_is_drawn(folder):
    done = bill("--curve", "requests=100k..1B", "--compare", "big", "--svg", "curve.svg")

    assert done.exit_code == exits.OK, done.output
    assert "base cannot carry the load" in done.stdout
    assert ElementTree.parse(folder / "curve.svg").getroot().tag.endswith("svg")
    assert not [line for line in done.stdout.splitlines() if len(line) > WIDTH]
    crossing = told("--curve", "requests=100k..1B", "--compare", "big")["crossings"][0]
    assert (crossing["before"], crossing["after"]) == ("base", "big")


def test_the_shape_for_a_load_is_the_cheapest_that_carries_it(folder):
    assert told("--shapes")["chosen"] == "base"
    assert told("--shapes", "--scale", "requests=400M")["chosen"] == "big"


def test_no_shape_for_a_load_is_a_failure_that_says_what_is_in_the_way(folder):
    done = bill("--shapes", "--scale", "requests=90B")

    assert done.exit_code == exits.FAILED
    assert "no shape carries" in done.stdout


def test_machines_that_are_always_on_are_set_against_the_bill(folder):
    found = told("--machines")

    assert Decimal(found["total"]["likely"]) == total()
    ours, theirs = (Decimal(found[name]["likely"]) for name in ("total", "total_on_machines"))
    assert Decimal(found["share_saved"]["likely"]) == 1 - ours / theirs
    assert "api, machines" in bill("--machines").stdout


def test_over_the_budget_the_way_under_it_is_told_with_what_it_gives_up_and_the_lines_to_write(folder):
    done = bill("--budget", "$200")

    assert done.exit_code == exits.OVER
    assert "of $200.00: over by $" in done.stdout
    assert "gives up: " in done.stdout
    assert "cheaper.change(orders, " in done.stdout  # by the variable of the file, not the part's name
    way = told("--budget", "$200", code=exits.OVER)["way"]
    assert Decimal(way["total"]["likely"]) <= 200


def test_the_way_under_the_budget_costs_what_it_says(folder):
    way = told("--budget", "$200", code=exits.OVER)["way"]
    text = SHOP + "\n" + way["code"].replace("cheaper = shop.variant", "cheaper = shop.variant", 1)
    (folder / "system.py").write_text(text, encoding="utf-8")

    commitments = [each["commitment"] for each in way["changes"] if each["commitment"]]
    bought = ["--commit", commitments[0]] if commitments else []
    assert total("--variant", "cheaper", *bought) == Decimal(way["total"]["likely"])


def test_inside_the_budget_nothing_is_advised(folder):
    done = bill("--budget", "$5,000")

    assert done.exit_code == exits.OK
    assert "inside, with $" in done.stdout
    assert "gives up" not in done.stdout


def test_the_cost_of_a_unit_is_told_with_the_bill(folder):
    page = bill().stdout

    assert "1,000 orders: $" in page
    assert "of $0.50" in page
    assert "1,000 requests: $" in page


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--curve", "requests=5"], "not from one load to another"),
        (["--curve", "orders=1..2"], "write records or requests"),
        (["--svg", "x.svg"], "--svg draws a curve"),
        (["--shapes", "--machines"], "one question at a time"),
        (["--shapes", "--csv"], "--csv is a form of the bill itself"),
        (["--compare", "huge"], 'no variant "huge"'),
        (["--compare", "base"], "compare it with: big"),
        (["--variant", "big", "--compare", "big,"], "compare it with: base"),
        (["--budget", "cheap"], "is not an amount"),
        (["--budget", "NaN"], "is not an amount"),
        (["--budget", "$-5"], "is not an amount"),
    ],
)
def test_a_question_that_cannot_be_read_ends_with_the_way_out(folder, words, hint):
    done = bill(*words)

    assert done.exit_code == exits.USAGE
    assert hint in done.output


def test_a_budget_that_is_not_there_is_asked_for(folder):
    text = SHOP.replace('shop.budget("$300/month", records=1000, requests="1M/month")\n', "")
    (folder / "system.py").write_text(text, encoding="utf-8")

    assert "the system has none" in bill("--budget").stderr


def test_a_picture_that_cannot_be_written_is_told(folder):
    done = bill("--curve", "requests=1M..2M", "--svg", "nowhere/curve.svg")

    assert done.exit_code == exits.FAILED
    assert "cannot be written" in done.stderr
