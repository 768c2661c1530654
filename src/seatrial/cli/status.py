"""seatrial status"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click

from seatrial.cli import exits
from seatrial.cli.systems import find, system_argument


@click.command(epilog="Example:  seatrial status systems/doctrove --json")
@system_argument
@click.option("--json", "as_json", is_flag=True, help="All that is known, for programs.")
def command(system: str | None, as_json: bool) -> None:
    """Show how each part of a system is.

    Exit code 0 when it runs and every part is well, 1 when it runs and one is not, 4 when it does not run.
    """
    from seatrial.laptop.report import report_of

    found = find(system, as_running=True)
    report = report_of(found.home, found.plan.name)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=1))
    else:
        from seatrial.laptop.screen import SIGNS, words_of

        pid = f" (process {report.pid})" if report.pid else ""
        click.echo(f"{report.system}: {report.state}{pid}")
        width = max((len(part.name) for part in report.parts), default=0)
        for part in report.parts:
            click.echo(
                f"{SIGNS[part.condition]} {part.name:<{width}}  {_ago(part.since):>6}  {words_of(part)}"
            )
        if report.leftovers:
            click.echo(f"left by the killed run: processes {', '.join(map(str, report.leftovers))}")
            click.echo("  hint: `seatrial up` or `seatrial down` ends them", err=True)
    if report.state not in ("running", "starting"):
        sys.exit(exits.NOT_RUNNING)
    sys.exit(exits.OK if report.well else exits.FAILED)


def _ago(moment: str) -> str:
    seconds = int((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds())
    for length, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{max(seconds, 0)} s"
