"""The page that sets the plans' costs beside ours, and the tables of costs in the READMEs."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written() -> dict[Path, str]:
    make: Callable[[], dict[Path, str]] = runpy.run_path(str(ROOT / "tools" / "what_the_plans_said.py"))[
        "written"
    ]
    return make()


def test_what_is_written_is_what_the_bills_say_now(written: dict[Path, str]) -> None:
    stale = [str(file.relative_to(ROOT)) for file, text in written.items() if file.read_text("utf-8") != text]
    assert not stale, "run: make said"


def test_every_plan_has_its_chapter_with_totals_on_both_sides(written: dict[Path, str]) -> None:
    page = written[ROOT / "docs" / "what-the-plans-said.md"]

    for system in ("doctrove", "papr", "qlp", "newswire", "cultivate"):
        assert f"\n## {system}: " in page
    assert "| **total** | **$271** | **$" in page  # DocTrove's, as its plan adds it up
    assert "| **total** | **$288** | **$" in page  # QLP's


def test_a_total_that_is_not_the_sum_of_its_rows_is_told(written: dict[Path, str]) -> None:
    page = written[ROOT / "docs" / "what-the-plans-said.md"]

    # 522 of the database and 165 of the apps: 687, where the plan writes 702
    assert "says $702; its rows come to $687." in page


def test_no_row_is_without_a_reason(written: dict[Path, str]) -> None:
    page = written[ROOT / "docs" / "what-the-plans-said.md"]
    rows = [line for line in page.splitlines() if line.startswith("| ") and line.count(" | ") == 4]

    reasons = [
        row.rsplit(" | ", 1)[1] for row in rows if "**total**" not in row and "the plan's row" not in row
    ]
    assert len(reasons) > 100
    assert all(reason.startswith("**") and len(reason) > 30 for reason in reasons)
