"""What went wrong for others is found here before it is deployed: mistakes out of public reports."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from seatrial.check.case import Case
from seatrial.check.checking import check, check_mistakes, check_things
from seatrial.check.findings import Finding
from seatrial.check.rule import every_rule
from seatrial.check.template import read_path
from seatrial.cli.system_file import read_system
from seatrial.model import Mistakes

DESCRIPTIONS = Path(__file__).parents[2] / "bad_descriptions"
TODAY = date(2026, 11, 21)
REPORTS = tomllib.loads((DESCRIPTIONS / "reports.toml").read_text("utf-8"))["report"]


def _found(file: Path) -> tuple[Finding, ...]:
    if file.suffix == ".json":
        return check_things(read_path(file).things).findings
    try:
        system = read_system(file)
    except Mistakes as mistakes:
        return check_mistakes(mistakes.mistakes).findings
    return check(Case(system.plan(), file.read_text("utf-8"), None, system), TODAY).findings


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["file"])
def test_what_was_reported_is_found(report: dict[str, str]) -> None:
    file = DESCRIPTIONS / report["file"]

    meant = [each for each in _found(file) if each.rule == report["rule"]]

    assert meant, f"{report['happened']} ({report['source']})"
    for each in meant:
        assert each.fix
        assert each.place is not None
        assert Path(each.place.file).name == file.name
        assert 1 <= each.place.line <= len(file.read_text("utf-8").splitlines())


def test_every_description_has_its_report_and_every_report_its_rule() -> None:
    files = {each.name for each in DESCRIPTIONS.iterdir() if each.suffix in (".json", ".py")}

    assert {each["file"] for each in REPORTS} == files
    assert len(REPORTS) == len(files) >= 20
    assert {each["rule"] for each in REPORTS} <= {each.id for each in every_rule()}
    assert all(each["source"].startswith("https://github.com/") for each in REPORTS)
