"""seatrial reset"""

from __future__ import annotations

import sys

import click

from seatrial.cli import exits
from seatrial.cli.systems import find, leave, system_argument


@click.command(epilog="Example:  seatrial reset systems/doctrove")
@system_argument
@click.option("-y", "--yes", is_flag=True, help="Remove without asking; nothing brings the data back.")
def command(system: str | None, yes: bool) -> None:
    """Remove all that a system keeps on this machine: databases, blobs, logs.

    What will be lost is named with its size first. A running system is left alone.
    """
    from seatrial.laptop.holdings import holdings_of, remove, size_in_words
    from seatrial.laptop.state import AlreadyLocked, Lock

    found = find(system, as_running=True)
    if not found.home.folder.exists():
        click.echo(f"{found.plan.name} keeps nothing on this machine", err=True)
        return
    try:
        lock = Lock(found.home.lock)
    except AlreadyLocked as holder:
        hint = "`seatrial down` first"
        leave(f"{found.plan.name} is running (process {holder.pid})", exits.STILL_RUNNING, hint)
    from seatrial.laptop.supervisor import recover

    recover(found.home)
    try:
        holdings = holdings_of(found.home)
        click.echo(f"This removes what {found.plan.name} keeps on this machine:", err=True)
        for what, size in holdings:
            click.echo(f"  {what:<40} {size_in_words(size):>10}", err=True)
        if not yes and not click.confirm("Remove it all?", default=False, err=True):
            click.echo("nothing was removed", err=True)
            sys.exit(exits.FAILED)
        remove(found.home)
        click.echo(f"removed {found.home.folder}", err=True)
    except click.Abort:
        click.echo("\nnothing was removed: nobody said yes; --yes removes without asking", err=True)
        sys.exit(exits.FAILED)
    finally:
        lock.release()
