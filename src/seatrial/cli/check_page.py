"""What a check found, as text: by part, the worst first; as clear without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

from seatrial.check.checking import Report
from seatrial.check.findings import SEVERITIES, Finding
from seatrial.cli.pathing import shown

__all__ = ["check_page", "counted"]

WIDTH = 100

Style = Callable[[str], str]


def check_page(report: Report, style: Style, accepted: bool = False) -> str:
    """The whole page; `accepted` shows also what the system file accepts."""
    by_part: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_part.setdefault(_whose(finding), []).append(finding)
    sections = ["\n".join([style(part), *_lines(found)]) for part, found in by_part.items()]
    if accepted and report.accepted:
        sections.append("\n".join([style("Accepted in the system file"), *_lines(report.accepted)]))
    if report.stale:
        sections.append("\n".join([style("Accepted in vain"), *_stale(report)]))
    sections.append(style(counted(report)))
    return "\n\n".join(sections)


def counted(report: Report) -> str:
    """`2 errors, 1 warning; 3 accepted`."""
    counts = [
        (len([each for each in report.findings if each.severity == severity]), severity)
        for severity in SEVERITIES
    ]
    told = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number)
    return (told or "nothing found") + (f"; {len(report.accepted)} accepted" if report.accepted else "")


def _whose(finding: Finding) -> str:
    return finding.part or finding.resource or "the system"


def _lines(findings: list[Finding] | tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        place = "" if finding.place is None else f"{shown(finding.place)}  "
        yield from textwrap.wrap(
            f"{place}{finding.severity}: {finding.what} [{finding.rule}]",
            WIDTH,
            initial_indent="  ",
            subsequent_indent="      ",
        )
        fix = finding.fix.splitlines()
        yield f"      fix: {fix[0]}"
        yield from (f"           {line}" for line in fix[1:])


def _stale(report: Report) -> Iterator[str]:
    for each in report.stale:
        yield f"  {shown(each.acceptance.place)}  {each.acceptance.rule}: {each.why}"
