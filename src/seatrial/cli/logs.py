"""seatrial logs"""

from __future__ import annotations

import os
import sys

import click

from seatrial.cli import exits
from seatrial.cli.systems import find, leave, split


@click.command(epilog="Example:  seatrial logs -f systems/doctrove api")
@click.argument("words", nargs=-1, metavar="[SYSTEM] [PART]...")
@click.option(
    "-f", "--follow", is_flag=True, help="Go on with what is written from now, until the system stops."
)
@click.option("-n", "--lines", default=50, show_default=True, type=click.IntRange(0), help="Of each part.")
@click.option("--system", "named", help="The system, said apart.")
def command(words: tuple[str, ...], follow: bool, lines: int, named: str | None) -> None:
    """Show what the parts of a system write; without a PART, all of them in the order of time.

    The first word may be the system. `seatrial` is what Seatrial itself had to say.
    """
    from seatrial.laptop.logs import follow as followed
    from seatrial.laptop.logs import merged
    from seatrial.laptop.screen import COLOURS, prefix
    from seatrial.laptop.state import Lock

    system, parts = split(words, named)
    found = find(system, as_running=True)
    known = [*(part.name for part in found.plan.parts), "seatrial"]
    for part in parts:
        if part not in known:
            leave(f'{found.plan.name} has no part "{part}"', exits.USAGE, hint=f"parts: {', '.join(known)}")
    logs = {part: found.home.logs / f"{part}.log" for part in (parts or known)}
    width = max(map(len, logs)) if len(logs) > 1 else 0
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def show(part: str, line: str) -> None:
        before = prefix(part, width) if width else ""
        if coloured and before:
            before = click.style(before, fg=COLOURS[known.index(part) % len(COLOURS)])
        click.echo(before + line, color=coloured or None)

    try:
        for part, line in merged(logs, lines) if lines else ():
            show(part, line)
        if follow:
            for part, line in followed(logs, going_on=lambda: Lock.holder(found.home.lock) is not None):
                show(part, line)
    except KeyboardInterrupt:
        sys.exit(exits.OK)
