"""One unit for each part: what it takes to bring the part up, keep it up, and bring it down."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from seatrial.laptop.board import Board, failure_report
from seatrial.laptop.launch import Launch
from seatrial.laptop.process import Child, Command, NoSuchProgram, open_sockets
from seatrial.model.parts import Part

__all__ = ["Context", "Pace", "Unit", "back_off"]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast things go, in seconds."""

    grace: float = 5.0
    """From SIGTERM to SIGKILL."""
    well_after: float = 10.0
    """A process that was well for that long was no failed start: its back-off begins anew."""
    settled_after: float = 0.3
    """A worker that has run that long counts as started: it has no health path to ask."""
    watch_every: float = 3.0
    """Between two looks at a healthy service."""
    answer_within: float = 5.0
    first_delay: float = 0.25
    """Before the first restart; doubled each time."""
    longest_delay: float = 30.0
    fast_deaths: int = 5
    """So many in a row, and the part has failed."""
    missed_probes: int = 3
    """So many in a row, and a service that was well is restarted."""


def back_off(deaths: int, pace: Pace) -> float:
    """Seconds to wait before the restart after so many deaths in a row."""
    return min(pace.first_delay * 2.0 ** (deaths - 1), pace.longest_delay)


@dataclass(kw_only=True)
class Context:
    """What all units of a running system share."""

    launch: Launch
    board: Board
    pace: Pace
    addresses: dict[str, str]
    units: dict[str, Unit] = field(default_factory=dict)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    watching: bool = False
    """Whether changes of the code will come, which give a failed process another chance."""

    async def start(self, part: Part, command: Command, *, quiet: bool = False) -> Child:
        """Start a process of a part; its lines go to the board, the last one as the note of a job."""

        def tell(line: str) -> None:
            self.board.line(part.name, line, quiet=quiet)
            if line.strip() and self.board.state(part.name).condition == "working":
                self.board.note(part.name, line.strip())

        child = await Child.start(command, self.board.splitter(), tell)
        self.board.change(part.name, pid=child.pid, created=child.created)
        return child


class Unit(ABC):
    """A part as it runs. `ready` lets those who use it start; `failed` says that it has given up."""

    def __init__(self, part: Part, context: Context) -> None:
        self.part = part
        self.context = context
        self.ready = asyncio.Event()
        self.failed = asyncio.Event()
        self.well = False
        self.child: Child | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return self.part.name

    @property
    def board(self) -> Board:
        return self.context.board

    def begin(self) -> None:
        """Bring it up in the background, once all it uses is ready."""
        self._task = asyncio.create_task(self._whole_life(), name=self.name)

    async def _whole_life(self) -> None:
        for used in self.uses():
            await used.ready.wait()
        try:
            await self.live()
        except Exception as error:  # a life that ends unseen would leave all that wait for it waiting
            what = f"cannot go on: {type(error).__name__}: {error}".strip()
            self.fail(what, "start it again; if it stays so, `seatrial doctor` may know why")

    def uses(self) -> list[Unit]:
        from seatrial.model.plan import uses_of

        return [self.context.units[used.name] for used in uses_of(self.part)]

    @abstractmethod
    async def live(self) -> None:
        """Bring it up, set `ready`, and keep it up."""

    async def stop(self) -> None:
        """Bring it down; nothing of it runs afterwards."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self.end_child()
        if self.board.state(self.name).condition not in ("failed", "done", "ready"):
            self.board.change(self.name, condition="stopped", pid=None, created=None)

    async def end_child(self) -> None:
        child, self.child = self.child, None
        if child is not None:
            await asyncio.shield(child.end(self.context.pace.grace, self.context.hurry))
            self.board.change(self.name, pid=None, created=None)

    def is_ready(self, condition: str = "healthy", **changes: object) -> None:
        self.well = True
        self.board.change(self.name, condition=condition, **changes)
        self.ready.set()

    def fail(self, what: str, hint: str) -> None:
        """Give up, with the last lines of the log and what to do."""
        self.well = False
        self.board.change(self.name, condition="failed", error=what, pid=None, created=None)
        self.board.say(failure_report(self.name, what, self.board.tail(self.name), hint), loud=True)
        self.failed.set()


class Present(Unit):
    """A part that is there without any process: a secret, a model API, a job started by hand."""

    def __init__(self, part: Part, context: Context, note: str | None = None) -> None:
        super().__init__(part, context)
        self._note = note

    async def live(self) -> None:
        self.is_ready("ready")
        if self._note:
            self.board.note(self.name, self._note)


class Folder(Unit):
    """Blobs: a folder."""

    async def live(self) -> None:
        self.board.home.blobs(self.name).mkdir(parents=True, exist_ok=True)
        self.is_ready("ready", url=self.context.addresses[self.name])


class Kept(Unit):
    """A process that is to run always: restarted with back-off when it ends, hangs, or its code changes."""

    hint = "mend what the log tells, then start again"
    start_within: float | None = None

    def __init__(self, part: Part, context: Context) -> None:
        super().__init__(part, context)
        self._changed = asyncio.Event()
        self._well_since: float | None = None

    @abstractmethod
    def command(self) -> Command:
        """What runs it, decided anew each time it starts."""

    async def until_well(self) -> None:
        """Return when it is ready for work."""
        await asyncio.sleep(self.context.pace.settled_after)

    async def until_unwell(self) -> str:
        """Return when it no longer works although it runs: how that shows."""
        await asyncio.Event().wait()
        return ""

    def restart(self) -> None:
        """Restart it at once: its code has changed."""
        self._changed.set()

    async def live(self) -> None:
        deaths = 0
        while True:
            self._changed.clear()
            self.board.change(self.name, condition="starting")
            self._well_since = None
            try:
                what, hopeless = await self._one_run()
            except (NoSuchProgram, OSError) as error:
                what, hopeless = f"could not be started: {error}", True
            self.well = False
            await self.end_child()
            if what is None:
                deaths = 0
                continue
            deaths = 1 if self._was_well_for_long() else deaths + 1
            if hopeless or deaths >= self.context.pace.fast_deaths:
                self.fail(what if hopeless else f"{what}, {deaths} times in a row", self.hint)
                if not self.context.watching:
                    return
                await self._changed.wait()
                deaths = 0
                continue
            delay = back_off(deaths, self.context.pace)
            restarts = self.board.state(self.name).restarts + 1
            self.board.change(self.name, condition="restarting", restarts=restarts, error=what)
            self.board.say(f"{self.name} {what}; starting it again in {delay:g} s", loud=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), delay)

    def _was_well_for_long(self) -> bool:
        since = self._well_since
        return since is not None and time.monotonic() - since > self.context.pace.well_after

    async def _one_run(self) -> tuple[str | None, bool]:
        """One process from start to end: why it ended, None for new code; and whether that is hopeless."""
        self.context.launch.ports.let_go(self.name)
        self.child = child = await self.context.start(self.part, self.command())
        ended = asyncio.create_task(child.wait())
        changed = asyncio.create_task(self._changed.wait())
        healthy = asyncio.create_task(self.until_well())
        unwell: asyncio.Task[str] | None = None
        try:
            first = {ended, changed, healthy}
            await asyncio.wait(first, timeout=self.start_within, return_when=asyncio.FIRST_COMPLETED)
            if changed.done():
                return None, False
            if ended.done():
                return ended.result(), False
            if not healthy.done():
                return f"was not healthy within {self.start_within:g} s of its start", True
            self._well_since = time.monotonic()
            self.is_ready()
            await self._check_loopback(child)
            unwell = asyncio.create_task(self.until_unwell())
            await asyncio.wait({ended, changed, unwell}, return_when=asyncio.FIRST_COMPLETED)
            if changed.done():
                return None, False
            return (ended.result() if ended.done() else unwell.result()), False
        finally:
            for task in (ended, changed, healthy, unwell):
                if task is not None:
                    task.cancel()

    async def _check_loopback(self, child: Child) -> None:
        for address in await asyncio.to_thread(open_sockets, child.pid):
            self.board.say(
                f"{self.name} listens on {address}, which others on your network can reach.\n"
                f"  hint: let it bind to the HOST that its environment gives, 127.0.0.1",
                loud=True,
            )
