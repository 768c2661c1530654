"""seatrial doctor"""

from __future__ import annotations

import json
import sys

import click

from seatrial.cli import exits
from seatrial.cli.systems import find, system_argument

_SIGNS = {"good": "✓", "limited": "!", "bad": "✗"}


@click.command(epilog="Example:  seatrial doctor systems/doctrove --json")
@system_argument
@click.option("--json", "as_json", is_flag=True, help="The findings, for programs.")
def command(system: str | None, as_json: bool) -> None:
    """Say what this machine can and cannot do, why, and what helps; with a SYSTEM, for that system too.

    Exit code 1 when something that every system needs is missing.
    """
    from seatrial.laptop.doctor import examine

    found = find(system) if system is not None else None
    findings = examine(found.plan if found else None, found.file if found else None)
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], indent=1))
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            click.echo(f"{_SIGNS[finding.state]} {finding.what:<{width}}  {finding.why}")
            if finding.hint:
                click.echo(f"  {'':<{width}}  hint: {finding.hint}")
    sys.exit(exits.FAILED if any(finding.state == "bad" for finding in findings) else exits.OK)
