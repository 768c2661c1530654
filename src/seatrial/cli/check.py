"""seatrial check"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatrial.cli import exits
from seatrial.cli.systems import heading, leave, plan_of, system_argument

if TYPE_CHECKING:
    from seatrial.bill.claimed import Claims
    from seatrial.check.checking import Report
    from seatrial.check.findings import Severity


@click.command(epilog="Example:  seatrial check systems/doctrove --fail-on warning")
@system_argument
@click.option("--variant", help="Check this variant of the system.")
@click.option(
    "--all-variants", is_flag=True, help="Check the system and every variant; the same finding is told once."
)
@click.option(
    "--arm",
    "template",
    type=click.Path(path_type=Path),
    help="Check anybody's ARM or compiled Bicep template, or a folder of them, instead of a system.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note", "nothing"]),
    default="error",
    show_default=True,
    help="From which severity on the exit code is 8.",
)
@click.option("--accepted", is_flag=True, help="Also show what the system file accepts.")
@click.option("--json", "form", flag_value="json", help="All that is found, for programs.")
@click.option("--sarif", "form", flag_value="sarif", help="SARIF 2.1.0, for code scanning.")
def command(
    system: str | None,
    variant: str | None,
    all_variants: bool,
    template: Path | None,
    fail_on: str,
    accepted: bool,
    form: str | None,
) -> None:
    """Say what would fail, leak, fall over or surprise on Azure.

    Reads the description and what it becomes, offline. Each finding names its rule, the line, and the way
    out; `seatrial explain RULE` says more. What somebody has looked at is accepted in the system file, with
    its reason. What cannot be read ends with exit code 9, never in silence.
    """
    if template is not None and (system or variant or all_variants):
        raise click.UsageError("--arm checks a template: no system and no variant beside it")
    report = _of_template(template) if template is not None else _of_system(system, variant, all_variants)
    _print(report, form, accepted)
    if fail_on != "nothing":
        from seatrial.check.findings import SEVERITIES

        worst = SEVERITIES[: SEVERITIES.index(_severity(fail_on)) + 1]
        if any(each.severity in worst for each in report.findings):
            sys.exit(exits.FOUND)


def _severity(word: str) -> Severity:
    from seatrial.check.findings import SEVERITIES

    return next(each for each in SEVERITIES if each == word)


def _of_system(word: str | None, variant: str | None, all_variants: bool) -> Report:
    from seatrial.check.case import Case
    from seatrial.check.checking import check, check_mistakes, together
    from seatrial.cli.system_file import find_system_file, read_system
    from seatrial.model import Mistakes

    try:
        file = find_system_file(word).absolute()
    except Mistakes as mistakes:
        leave(mistakes.report(), exits.UNREADABLE)
    try:
        described = read_system(file)
    except Mistakes as mistakes:
        return check_mistakes(mistakes.mistakes)
    claims, source, tests = _claims(file), file.read_text(encoding="utf-8"), _tests(file.parent)
    asked = [None, *described.variants] if all_variants else [variant]
    reports = [
        check(Case(plan_of(described, each), source, claims, described, tests), date.today())
        for each in asked
    ]
    return together(reports)


def _tests(folder: Path) -> Mapping[str, str]:
    """The tests of a system that name a rule: they try what it is about."""
    from seatrial.check.covering import covered

    files = sorted((folder / "tests").rglob("test_*.py"))
    return covered((str(each.relative_to(folder)), each.read_text("utf-8", "replace")) for each in files)


def _claims(file: Path) -> Claims | None:
    """What the plan on paper says it costs, where that stands beside the system file."""
    beside = file.parent / "claims.toml"
    if not beside.is_file():
        return None
    from seatrial.bill.claims import read
    from seatrial.model import Mistakes

    try:
        return read(beside.read_text(encoding="utf-8"), str(beside))
    except (Mistakes, OSError, UnicodeDecodeError) as error:
        leave(f"{beside} cannot be read: {error}", exits.UNREADABLE)


def _of_template(template: Path) -> Report:
    from seatrial.check.checking import check_things
    from seatrial.check.template import Unreadable, read_path

    try:
        found = read_path(template)
    except Unreadable as error:
        leave(str(error), exits.UNREADABLE)
    click.echo(found.in_words(), err=True)
    return check_things(found.things)


def _print(report: Report, form: str | None, accepted: bool) -> None:
    from seatrial.cli.pathing import nearby, relative

    told = relative if form == "sarif" else nearby
    report = replace(
        report,
        findings=tuple(replace(each, place=each.place and told(each.place)) for each in report.findings),
        accepted=tuple(replace(each, place=each.place and told(each.place)) for each in report.accepted),
    )
    if form == "json":
        from seatrial.check.as_json import as_json

        click.echo(json.dumps(as_json(report), indent=1, ensure_ascii=False))
    elif form == "sarif":
        from importlib.metadata import version

        from seatrial.check.sarif import as_sarif

        click.echo(json.dumps(as_sarif(report, version("seatrial")), indent=1, ensure_ascii=False))
    else:
        from seatrial.cli.check_page import check_page

        click.echo(check_page(report, heading, accepted))
