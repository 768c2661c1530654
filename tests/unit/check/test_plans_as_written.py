"""The five plans as they were written: each known mistake is caught, by the rule that is named for it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from seatrial.bill.claims import read
from seatrial.check.case import Case
from seatrial.check.checking import check, check_mistakes, check_things
from seatrial.check.template import read_path
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes

ROOT = Path(__file__).parents[3]
PLANS = ROOT / "tests" / "plans_as_written"
TODAY = date(2026, 11, 21)
MISTAKES = [
    (folder.name, mistake["says"], mistake["rule"], mistake["where"])
    for folder in sorted(PLANS.iterdir())
    if folder.is_dir()
    for mistake in tomllib.loads((folder / "expected.toml").read_text("utf-8"))["mistake"]
]


def _rules(name: str, where: str) -> set[str]:
    if where == "template":
        return {each.rule for each in check_things(read_path(PLANS / name / "template.json").things).findings}
    claims = read((ROOT / "systems" / name / "claims.toml").read_text("utf-8")) if where == "claims" else None
    file = PLANS / name / "system.py"
    try:
        system = read_system(file)
    except Mistakes as mistakes:
        return {each.rule for each in check_mistakes(mistakes.mistakes).findings}
    return {each.rule for each in check(Case(system.plan(), file.read_text("utf-8"), claims), TODAY).findings}


@pytest.mark.parametrize(
    ("name", "says", "rule", "where"), MISTAKES, ids=[f"{m[0]}-{m[2]}" for m in MISTAKES]
)
def test_a_mistake_of_a_plan_is_caught(name: str, says: str, rule: str, where: str) -> None:
    assert rule in _rules(name, where), f"the plan says: {says}"
