"""seatrial env"""

from __future__ import annotations

import click

from seatrial.cli import exits
from seatrial.cli.running import environment_source, running
from seatrial.cli.systems import leave, split


@click.command(epilog="Example:  seatrial env systems/doctrove api")
@click.argument("words", nargs=-1, required=True, metavar="[SYSTEM] PART")
@click.option("--system", "named", help="The system, said apart.")
def command(words: tuple[str, ...], named: str | None) -> None:
    """Show the environment that a part of a running system has; secrets are masked."""
    from seatrial.laptop.environment import environment_of
    from seatrial.model.parts import Process

    system, words = split(words, named)
    found, run = running(system)
    part = " ".join(words)
    processes = {each.name: each for each in found.plan.parts if isinstance(each, Process)}
    if part not in processes:
        hint = f"its processes: {', '.join(processes)}"
        leave(f'{found.plan.name} has no process "{part}"', exits.USAGE, hint=hint)
    addresses, given = environment_source(found, run)
    env = environment_of(
        processes[part],
        addresses=addresses,
        given=given,
        port=run.parts[part].port,
        run=run.run,
        pgpass=found.home.postgres / "pgpass",
    )
    mask = given.mask()
    for name, value in sorted(env.items()):
        click.echo(f"{name}={mask(value)}")
