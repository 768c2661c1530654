"""seatrial run"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seatrial.cli import exits
from seatrial.cli.running import environment_source, running
from seatrial.cli.systems import leave, split

if TYPE_CHECKING:
    from seatrial.laptop.environment import Mask
    from seatrial.laptop.process import Command


@click.command(
    epilog="Example:  seatrial run systems/doctrove ingest -- arxiv snapshot.json",
    context_settings={"ignore_unknown_options": True},
)
@click.argument(
    "words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="[SYSTEM] JOB [-- WORDS...]"
)
@click.option("--system", "named", help="The system, said apart.")
def command(words: tuple[str, ...], named: str | None) -> None:
    """Run a job of a running system by hand, and show what it writes.

    WORDS are added to its command; those that name a file here are given whole, because the job runs in the
    system's folder. Its exit code is handed on, and so is Ctrl-C.
    """
    from seatrial.laptop.launch import job_command
    from seatrial.laptop.process import NoSuchProgram
    from seatrial.model.parts import Job, Schedule
    from seatrial.model.plan import uses_of

    system, words = split(words, named)
    found, run = running(system)
    job, *words_for_it = words or ("",)
    jobs = {part.name: part for part in (*found.plan.of(Job), *found.plan.of(Schedule))}
    if job not in jobs:
        told = "; ".join(
            f"{name}: {part.title}" if isinstance(part, Job) else name for name, part in jobs.items()
        )
        leave(f'{found.plan.name} has no job "{job}"', exits.USAGE, hint=f"jobs: {told or 'none'}")
    addresses, given = environment_source(found, run)
    for used in uses_of(jobs[job]):
        if run.parts[used.name].condition not in ("healthy", "ready", "done"):
            click.echo(f"! {used.name}, which {job} uses, is {run.parts[used.name].condition}", err=True)
    try:
        made = job_command(
            jobs[job],
            words=tuple(_whole(word) for word in words_for_it),
            addresses=addresses,
            given=given,
            home=found.home,
            file=found.file,
        )
    except NoSuchProgram as error:
        leave(f"{job}: {error}", exits.FAILED)
    sys.exit(asyncio.run(_run(made, given.mask())))


def _whole(word: str) -> str:
    """The absolute path when a word is the relative one of something that exists, else the word.

    A plain name without a dot or slash is left alone: it is more likely a word of the job's own.
    """
    path = Path(word)
    return str(path.absolute()) if ("/" in word or path.suffix) and path.exists() else word


async def _run(made: Command, mask: Mask) -> int:
    """Run it with its output passing through the mask; the exit code as a shell counts it."""
    from seatrial.laptop.logs import LineSplitter
    from seatrial.laptop.process import Child

    child = await Child.start(made, LineSplitter(mask), click.echo, stdin=None)
    loop, hurry = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, child.signal, number)
    await child.wait()
    await child.end(grace=5, hurry=hurry)
    assert child.code is not None
    return child.code if child.code >= 0 else 128 - child.code
