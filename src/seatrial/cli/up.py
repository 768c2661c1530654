"""seatrial up"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

import click

from seatrial.cli import exits
from seatrial.cli.systems import Found, find, leave, system_argument

if TYPE_CHECKING:
    from seatrial.laptop.board import Screen
    from seatrial.laptop.launch import Launch
    from seatrial.laptop.state import Lock, RunState


class PortFor(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click only
    """`api=5002`"""

    name = "part=port"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        part, _, port = value.partition("=")
        if not part or not port.isdigit() or not 0 < int(port) < 65536:
            self.fail(f'"{value}" is not of the form api=5002, with a port from 1 to 65535', param, ctx)
        return part, int(port)


@click.command(epilog="Example:  seatrial up systems/doctrove --port api=5002 --detach")
@system_argument
@click.option("--port", "ports", type=PortFor(), multiple=True, help="Give a part this port, or fail.")
@click.option("--detach", is_flag=True, help="Return once all is healthy; it goes on in the background.")
@click.option("--watch", is_flag=True, help="Restart the processes whose code changes.")
@click.option("--variant", help="Start this variant of the system.")
def command(
    system: str | None, ports: tuple[tuple[str, int], ...], detach: bool, watch: bool, variant: str | None
) -> None:
    """Start a system with real parts on this machine, and keep it up.

    SYSTEM is a folder with a system.py, such a file, or a name under systems/. Ctrl-C stops it; the data
    stays for the next time. If it is up already, its addresses are shown and nothing is done.
    """
    from seatrial.laptop.launch import Refused, prepare
    from seatrial.laptop.state import AlreadyLocked, Lock

    found = find(system, variant)
    asked = dict(ports)
    try:
        lock = Lock(found.home.lock)
    except AlreadyLocked as holder:
        _is_up_already(found, holder.pid, asked)
    from seatrial.laptop.supervisor import recover

    left = recover(found.home)
    if left:
        click.echo(f"! ended {left} processes that the last run, which was killed, had left", err=True)
    try:
        launch = prepare(found.plan, found.file, found.home, asked)
    except Refused as refused:
        lock.release()
        leave(str(refused), exits.MISTAKES)
    if detach:
        _detach(launch, lock, asked, watch)
    from seatrial.laptop.screen import screen_for

    names = [part.name for part in launch.plan.parts]
    came_up = _supervise(launch, lock, screen_for(names, sys.stdout, sys.stderr), asked, watch, lambda: None)
    sys.exit(exits.OK if came_up else exits.FAILED)


def _supervise(
    launch: Launch,
    lock: Lock,
    screen: Screen,
    asked: dict[str, int],
    watch: bool,
    when_up: Callable[[], None],
) -> bool:
    from seatrial.laptop.supervisor import Supervisor
    from seatrial.model.parts import Postgres

    watcher = None
    if watch:
        from seatrial.laptop.watch import restart_what_changes

        watcher = restart_what_changes
    databases = {part.name for part in launch.plan.of(Postgres)}

    async def run() -> bool:
        supervisor = Supervisor(
            launch,
            screen,
            postgres_port=next((port for name, port in asked.items() if name in databases), None),
            watch=watcher,
            when_up=when_up,
        )
        return await supervisor.run()

    try:
        return asyncio.run(run())
    finally:
        lock.release()


def _detach(launch: Launch, lock: Lock, asked: dict[str, int], watch: bool) -> NoReturn:
    """Go on in a child of its own session; return when it says that all is healthy, or has ended."""
    reading_end, writing_end = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    if os.fork() == 0:
        os.close(reading_end)
        _be_the_background(launch, lock, asked, watch, writing_end)
    os.close(writing_end)
    lock.hand_over()
    launch.ports.let_all_go()  # the child holds them
    with os.fdopen(reading_end, errors="replace") as told:
        for line in told:
            click.echo(line, nl=False, err=True)
    from seatrial.laptop.state import RunState

    run = RunState.read(launch.home)
    if run is None or not run.up or run.ended:
        sys.exit(exits.FAILED)
    _tell_addresses(run)
    sys.exit(exits.OK)


def _tell_addresses(run: RunState) -> None:
    from seatrial.laptop.screen import addresses

    for name, url, note in addresses(run):
        click.echo(f"{name}  {url}  {note}".rstrip())


def _be_the_background(launch: Launch, lock: Lock, asked: dict[str, int], watch: bool, pipe: int) -> NoReturn:
    from seatrial.laptop.screen import Plain

    os.setsid()
    lock.sign()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    came_up = False
    try:
        told = os.fdopen(pipe, "w")
        names = [part.name for part in launch.plan.parts]
        screen = Plain(names, open(os.devnull, "w"), told)  # noqa: SIM115, PTH123
        came_up = _supervise(launch, lock, screen, asked, watch, when_up=told.close)
    finally:
        os._exit(exits.OK if came_up else exits.FAILED)


def _is_up_already(found: Found, pid: int | None, asked: dict[str, int]) -> NoReturn:
    from seatrial.laptop.state import RunState

    run = RunState.read(found.home)
    click.echo(f"{found.plan.name} is up already (process {pid}, {found.home.folder})", err=True)
    click.echo("  hint: `seatrial status`, `seatrial logs -f`, `seatrial down`", err=True)
    if run:
        _tell_addresses(run)
    others = [part for part, port in asked.items() if run and run.parts[part].port != port]
    sys.exit(exits.STILL_RUNNING if others else exits.OK)
