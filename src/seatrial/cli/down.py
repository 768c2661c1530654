"""seatrial down"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress

import click

from seatrial.cli import exits
from seatrial.cli.systems import find, leave, system_argument

_WITHIN = 60.0


@click.command(epilog="Example:  seatrial down systems/doctrove")
@system_argument
def command(system: str | None) -> None:
    """Stop a system; its data stays.

    What a killed run has left is ended too. When nothing runs, that is said and is no failure.
    """
    from seatrial.laptop.state import AlreadyLocked, Lock

    found = find(system, as_running=True)
    deadline = time.monotonic() + _WITHIN
    asked = False
    while True:
        try:
            lock = Lock(found.home.lock)
            break
        except AlreadyLocked as holder:
            if not asked and holder.pid is not None:
                with suppress(ProcessLookupError):
                    os.kill(holder.pid, signal.SIGTERM)
                    asked = True
            if time.monotonic() > deadline:
                hint = f"kill -9 {holder.pid}, then `seatrial down` again"
                leave(f"{found.plan.name} did not stop within {_WITHIN:.0f} s", exits.FAILED, hint)
            time.sleep(0.02)
    from seatrial.laptop.supervisor import recover

    left = recover(found.home)
    lock.release()
    if left:
        click.echo(f"ended {left} processes that a killed run of {found.plan.name} had left", err=True)
    elif asked:
        click.echo(f"{found.plan.name} has stopped", err=True)
    else:
        click.echo(f"{found.plan.name} is not running", err=True)
    sys.exit(exits.OK)
