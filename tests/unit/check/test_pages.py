"""The pages of the rules are made from the rules."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

from seatrial.check.pages import page_of
from seatrial.check.rule import every_rule

ROOT = Path(__file__).parents[3]


def test_the_pages_in_the_docs_are_those_of_the_rules_now() -> None:
    written: Callable[[], dict[Path, str]] = runpy.run_path(str(ROOT / "tools" / "rule_pages.py"))["written"]

    stale = [
        str(file.relative_to(ROOT))
        for file, text in written().items()
        if not file.is_file() or file.read_text("utf-8") != text
    ]
    assert not stale, "run: make rules"


def test_a_page_says_what_why_who_and_how_it_looks() -> None:
    rule = next(each for each in every_rule() if each.id == "worker-nothing-wakes")

    page = page_of(rule)

    assert page.startswith("# worker-nothing-wakes\n")
    assert rule.title in page
    assert rule.why in page
    assert f"<{rule.source}>" in page
    assert "replicas=(0, 3)" in page


def test_there_are_at_least_eighty_rules_over_five_families() -> None:
    assert len(every_rule()) >= 80
    assert {rule.family for rule in every_rule()} == {"takes", "holds", "leaks", "surprises", "sound"}


def test_a_template_is_laid_out_over_lines_and_stays_the_same() -> None:
    rule = next(each for each in every_rule() if each.id == "container-app-old-environment")

    shown = page_of(rule).split("```json\n")[1].split("\n```")[0]

    assert json.loads(shown) == json.loads(rule.bad)
    assert max(map(len, shown.splitlines())) <= 100
