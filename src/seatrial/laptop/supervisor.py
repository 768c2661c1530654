"""Brings a whole system up in order of need, keeps it up, and brings it down in reverse."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

from seatrial.laptop.board import Board, Screen
from seatrial.laptop.databases import DatabaseUnit, Engine
from seatrial.laptop.jobs import JobUnit, ScheduleUnit
from seatrial.laptop.launch import Launch
from seatrial.laptop.postgres import Server
from seatrial.laptop.process import end_leftovers, end_marked
from seatrial.laptop.services import CacheUnit, ServiceUnit, SiteUnit, WorkerUnit
from seatrial.laptop.state import Home, PartState, RunState
from seatrial.laptop.units import Context, Folder, Kept, Pace, Present, Unit
from seatrial.model.parts import (
    Blobs,
    Cache,
    Job,
    ModelApi,
    Part,
    Postgres,
    Schedule,
    Secret,
    Service,
    Site,
    Worker,
)
from seatrial.model.plan import uses_of, variables_of

__all__ = ["MADE_HERE", "Supervisor", "recover"]

MADE_HERE = (Postgres, Blobs, Cache, Secret, ModelApi, Service, Worker, Job, Schedule, Site)
"""The kinds of parts that run on a laptop."""


class Supervisor:
    """One run of a system."""

    def __init__(
        self,
        launch: Launch,
        screen: Screen,
        *,
        postgres_port: int | None = None,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        watch: Callable[[Supervisor], Coroutine[Any, Any, None]] | None = None,
        when_up: Callable[[], None] = lambda: None,
    ) -> None:
        """`watch` is run once all is up, to restart what changes; `when_up` is called then."""
        run = RunState(
            system=launch.plan.name,
            title=launch.plan.title,
            file=str(launch.file),
            variant=launch.plan.variant,
            run=launch.run,
            pid=os.getpid(),
            parts={part.name: _unstarted(part) for part in launch.plan.parts},
        )
        self.board = Board(launch.home, run, screen, launch.given.mask())
        self.context = Context(
            launch=launch,
            board=self.board,
            pace=pace or Pace(),
            addresses=dict(launch.addresses),
            clock=clock,
            watching=watch is not None,
        )
        self._engine = Engine(self.context, postgres_port) if launch.plan.of(Postgres) else None
        for part in launch.plan.in_order_of_need():
            self.context.units[part.name] = self._unit(part)
        self._watch = watch
        self._when_up = when_up
        self._stop = asyncio.Event()

    @property
    def units(self) -> Mapping[str, Unit]:
        """In order of need."""
        return self.context.units

    def stop(self) -> None:
        """Ask it to stop; asked again, it hurries."""
        if self._stop.is_set():
            self.context.hurry.set()
        self._stop.set()

    async def run(self) -> bool:
        """Bring everything up, keep it up until asked to stop, bring it down. False: it could not come up."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        began = time.monotonic()
        self.board.write()
        for notice in self.context.launch.notices:
            self.board.say(notice, loud=True)
        try:
            came_up = await self._first_start()
            if came_up:
                self.board.run.up = True
                self.board.write()
                self.board.screen.up(self.board.run, time.monotonic() - began, self.board.home.logs)
                self._when_up()
                await self._until_asked_to_stop()
            return came_up or self._stop.is_set()
        finally:
            await self._bring_down()

    async def _first_start(self) -> bool:
        """Start everything. True when all that holds up the start is ready."""
        for unit in self.units.values():
            unit.begin()
        holding = [unit for unit in self.units.values() if self._holds_up(unit)]
        ready = asyncio.gather(*(unit.ready.wait() for unit in holding))
        failed = [asyncio.create_task(unit.failed.wait()) for unit in holding]
        asked = asyncio.create_task(self._stop.wait())
        waiting: set[asyncio.Future[Any]] = {ready, asked, *failed}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return ready.done() and not asked.done()
        finally:
            for task in waiting:
                task.cancel()

    def _holds_up(self, unit: Unit) -> bool:
        """A job at the start runs beside the rest, unless something else waits for it."""
        if not isinstance(unit, JobUnit):
            return True
        return any(
            unit in other.uses()
            for other in self.units.values()
            if not isinstance(other, JobUnit | ScheduleUnit)
        )

    async def _until_asked_to_stop(self) -> None:
        watching = asyncio.create_task(self._watch(self)) if self._watch else None
        await self._stop.wait()
        if watching is not None:
            watching.cancel()

    async def _bring_down(self) -> None:
        """Stop each part once all that use it have stopped, PostgreSQL last."""
        if self._stop.is_set():
            self.board.say("stopping")
        self.context.launch.ports.let_all_go()
        stopped = {name: asyncio.Event() for name in self.units}

        async def stop(unit: Unit) -> None:
            for other in self.units.values():
                if unit.part in uses_of(other.part):
                    await stopped[other.name].wait()
            await unit.stop()
            stopped[unit.name].set()

        await asyncio.gather(*(stop(unit) for unit in reversed(list(self.units.values()))))
        if self._engine is not None:
            await self._engine.stop()
        await asyncio.to_thread(end_marked, self.board.home.marker)
        self.board.run.ended = True
        self.board.write()
        self.board.screen.close()
        self.board.close()

    def restart(self, names: list[str]) -> None:
        """Restart the processes of these parts: their code has changed."""
        for name in names:
            unit = self.units[name]
            if isinstance(unit, Kept):
                unit.restart()

    def _unit(self, part: Part) -> Unit:
        context = self.context
        match part:
            case Postgres():
                assert self._engine is not None
                return DatabaseUnit(part, context, self._engine)
            case Blobs():
                return Folder(part, context)
            case Cache():
                return CacheUnit(part, context)
            case Service():
                return ServiceUnit(part, context)
            case Worker():
                return WorkerUnit(part, context)
            case Site():
                return SiteUnit(part, context)
            case Job(runs="by hand"):
                return Present(part, context, note=f"`seatrial run {part.name}` starts it")
            case Job():
                return JobUnit(part, context)
            case Schedule():
                return ScheduleUnit(part, context)
            case Secret() | ModelApi():
                given = any(name in context.launch.given.values for name in variables_of(part))
                return Present(part, context, note="given" if given else "not given, and not needed")
        raise AssertionError(f"{type(part).__name__} is refused by `prepare`")


def recover(home: Home) -> int:
    """End what a killed run left behind, and say how many processes that were. The lock must be held."""
    last = RunState.read(home)
    if last is None or last.ended:
        return 0
    server = Server(home.postgres)
    postgres = [state.pid for state in last.parts.values() if state.kind == "postgres" and state.pid]
    recorded = [each for each in last.processes() if each[0] not in postgres]
    ended = end_leftovers(home.marker, recorded)
    if home.postgres.exists() and server.running():
        ended += 1
        server.stop()
    last.ended = True
    for state in last.parts.values():
        state.pid = state.created = None
    last.write(home)
    return ended


def _kind(part: Part) -> str:
    return type(part).__name__.lower()


def _unstarted(part: Part) -> PartState:
    public = isinstance(part, Site) or (isinstance(part, Service) and part.public)
    return PartState(name=part.name, kind=_kind(part), public=public)
