"""What a check found, for programs."""

from __future__ import annotations

from typing import Any

from seatrial.check.checking import Report
from seatrial.check.findings import Finding

__all__ = ["as_json"]


def as_json(report: Report) -> dict[str, Any]:
    """What `seatrial check --json` prints."""
    return {
        "findings": [_finding(each) for each in report.findings],
        "accepted": [{**_finding(each), "because": each.because} for each in report.accepted],
        "stale": [
            {
                "rule": each.acceptance.rule,
                "parts": list(each.acceptance.parts),
                "because": each.acceptance.because,
                "place": str(each.acceptance.place),
                "why": each.why,
            }
            for each in report.stale
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "what": finding.what,
        "fix": finding.fix,
        "part": finding.part,
        "resource": finding.resource,
        "file": None if finding.place is None else finding.place.file,
        "line": None if finding.place is None else finding.place.line,
    }
