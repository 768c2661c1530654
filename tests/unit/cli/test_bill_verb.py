"""`seatrial bill`: a page, tables for programs, other loads and figures, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import exits, main
from seatrial.cli.bill_page import WIDTH

SHOP = """\
from seatrial import System, cpu, requests

shop = System("shop", title="A shop")
papers = shop.postgres("papers", cores=2, storage="64 GiB")
api = shop.service(
    "api", "serve", port=5001, replicas=(1, 9), scale=[requests(5)], uses=[papers], public=True
)
shop.usage(api, request_time="100 ms")
shop.budget("$300/month", records=1000, requests="1M/month")
big = shop.variant("big")
big.change(papers, cores=8, storage="1 TiB")
shut = shop.variant("shut")
shut.application_gateway("gate", routes={"/*": api}, domain="shop.example.org")
shut.change(api, public=False)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "system.py").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEATRIAL_PRICES", str(tmp_path / "prices"))
    return tmp_path


def bill(*words: str) -> Result:
    return CliRunner().invoke(main, ["bill", *words])


def told(*words: str) -> dict[str, Any]:
    done = bill("--json", *words)
    assert done.exit_code == exits.OK, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_page_ends_with_the_total_and_the_budget_and_fits_a_hundred_columns(folder):
    done = bill()

    assert done.exit_code == exits.OK, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "A shop (shop)"
    total = next(index for index, line in enumerate(lines) if line.startswith("Total $"))
    assert re.fullmatch(r"Total \$[\d,]+\.\d\d a month \(.* to .*\)", lines[total])
    assert lines[total + 1].startswith("Budget $300/month: ")
    assert not [line for line in lines if len(line) > WIDTH]


def test_a_line_tells_formula_quantity_price_and_where_it_was_read(folder):
    page = bill().stdout

    # PostgreSQL Ddsv5: 0.089 a core and hour; 2 × 730 × 0.089 = 129.94
    assert re.search(r"\n  compute +\$129\.94\n +2 vCores × 730 h; 1,460 × 1 Hour at 0\.089 \[1\]\n", page)
    assert re.search(r"\n  \[1\] 2026-08-14: github:\S+", page)


def test_what_is_assumed_is_marked_and_can_be_changed(folder):
    before, after = told(), told("--assume", "requests=9M", "--assume", "api.request_time=50 ms..1 s")

    def figures(found: dict[str, Any]) -> dict[str, Any]:
        return {each["key"]: each for each in found["assumptions"]}

    assert figures(before)["api.request_time"]["stated"]
    assert figures(before)["api.request_time"]["why"] == "system.py:8"
    assert not figures(before)["answer_size"]["stated"]
    assert figures(after)["requests"] | {"why": "asked for"} == figures(after)["requests"]
    assert Decimal(figures(after)["api.request_time"]["amount"]["low"]) == Decimal("0.05")
    assert Decimal(after["total"]["likely"]) > Decimal(before["total"]["likely"])


def test_the_lines_add_up_to_the_total(folder):
    found = told()

    def summed(month: str, other: str) -> Decimal:
        amounts = (line["amount"][other if line["falls"] else month] for line in found["lines"])
        return sum(map(Decimal, amounts), Decimal(0))

    sums = (summed("low", "high"), summed("likely", "likely"), summed("high", "low"))
    assert sums == tuple(Decimal(found["total"][month]) for month in ("low", "likely", "high"))


def test_every_line_of_the_table_names_its_meter_date_and_source(folder):
    rows = list(csv.DictReader(io.StringIO(bill("--csv").stdout)))

    paid = [row for row in rows if row["meter"]]
    assert paid
    assert all(row["read_on"] and row["source"] and row["formula"] for row in paid)
    assert all(row["formula"] and row["amount"] == "0.00" for row in rows if not row["meter"])
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(told()["total"]["likely"])


def test_the_table_of_finops_has_its_columns_and_the_same_sum(folder):
    rows = list(csv.DictReader(io.StringIO(bill("--focus").stdout)))

    needed = {"BilledCost", "EffectiveCost", "ListCost", "ChargeCategory", "PricingUnit", "ServiceCategory"}
    assert needed <= rows[0].keys()
    assert {row["ChargeCategory"] for row in rows} == {"Usage"}
    assert sum(Decimal(row["BilledCost"]) for row in rows) == Decimal(told()["total"]["likely"])


def test_ten_times_the_load_is_asked_for_by_its_size(folder):
    assert Decimal(told("--scale", "requests=10M")["total"]["likely"]) > Decimal(told()["total"]["likely"])


def test_a_commitment_lowers_what_runs_steadily(folder):
    found = told("--commit", "sp-1y")

    compute = next(line for line in found["lines"] if line["what"] == "compute" and line["part"] == "papers")
    # the savings plan of a year takes 20 % off: 2 × 730 × 0.0712 = 103.952
    assert (compute["term"], compute["amount"]["likely"]) == ("sp-1y", "103.95")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--assume", "request=5"], "did you mean"),
        (["--assume", "api.request_time=5"], "no unit"),
        (["--assume", "shelf.stored=1 GiB"], 'no part "shelf"'),
        (["--scale", "users=5"], "write records or requests"),
        (["--scale", "records"], "no figure and amount"),
        (["--region", "eastus3"], "did you mean"),
        (["--variant", "huge"], 'no variant "huge"'),
    ],
)
def test_what_cannot_be_read_ends_with_the_way_out(folder, words, hint):
    done = bill(*words)

    assert done.exit_code == exits.USAGE
    assert hint in done.output
    assert not done.stdout


def test_a_price_that_is_not_known_refuses_the_total_and_names_meter_and_region(folder):
    done = bill("--region", "polandcentral")

    assert done.exit_code == exits.NO_PRICE
    assert not done.stdout
    assert "no total: " in done.stderr
    assert "in polandcentral" in done.stderr
    assert "Microsoft.DBforPostgreSQL/flexibleServers papersServer" in done.stderr
    assert "--refresh" in done.stderr


def test_prices_that_were_read_long_ago_are_warned_of(folder):
    assert "warning: " in bill("--max-age", "1").stderr
    assert "warning: " not in bill("--max-age", "100000").stderr


def test_a_currency_without_prices_says_how_to_get_them(folder):
    done = bill("--currency", "eur")

    assert done.exit_code == exits.FAILED
    assert "seatrial bill --refresh --currency EUR" in done.stderr


def test_what_azure_would_refuse_is_refused_before_it_is_priced(folder):
    (folder / "system.py").write_text(SHOP.replace("cores=2", "cores=3"), encoding="utf-8")

    done = bill()

    assert done.exit_code == exits.MISTAKES
    assert "papers" in done.stderr
