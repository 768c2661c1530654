"""The PostgreSQL server of a system, and a unit for each database on it."""

from __future__ import annotations

import asyncio
import importlib
import os
from contextlib import suppress

import psutil

from seatrial.laptop.launch import database_of
from seatrial.laptop.postgres import PostgresError, Server, has_extension
from seatrial.laptop.process import read_lines
from seatrial.laptop.units import Context, Unit, back_off
from seatrial.model.parts import Postgres

__all__ = ["DatabaseUnit", "Engine"]

_LOOKED_AT_EVERY = 0.1


class Engine:
    """The one server that all PostgreSQL parts of a system share, started with the first and kept up."""

    def __init__(self, context: Context, port: int | None) -> None:
        self.server = Server(context.launch.home.postgres, port=port)
        self.context = context
        self.units: list[DatabaseUnit] = []
        self._lock = asyncio.Lock()
        self._watching: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._starting: asyncio.Future[None] | None = None
        self._output: int | None = None

    async def start(self) -> None:
        """Start it if it does not run. Raises PostgresError."""
        async with self._lock:
            if self._watching is not None:
                return
            if self._output is None:
                reading_end, self._output = os.pipe()
                self._reading = asyncio.create_task(
                    read_lines(reading_end, self.context.board.splitter(), self._tell)
                )
            # The driver is imported while the server starts.
            importing = asyncio.create_task(asyncio.to_thread(importlib.import_module, "psycopg"))
            await self._start_server()
            await importing
            self.context.board.mask.hide(self.server.password())
            self._watching = asyncio.create_task(self._watch())
            self._record()

    async def _start_server(self) -> None:
        """Start it in a thread. A stop that comes meanwhile waits: a thread cannot be cancelled."""
        self._starting = asyncio.ensure_future(asyncio.to_thread(self.server.start, self._output))
        await asyncio.shield(self._starting)

    def _tell(self, line: str) -> None:
        self.context.board.line(self.units[0].name, line, quiet=True)

    def _record(self) -> None:
        pid = self.server.pid
        created = None
        with suppress(psutil.Error):
            created = psutil.Process(pid).create_time()
        for unit in self.units:
            self.context.board.change(unit.name, pid=pid, created=created, port=self.server.port)

    async def _watch(self) -> None:
        """Start it again when it dies; those who use it connect anew."""
        while True:
            await asyncio.sleep(_LOOKED_AT_EVERY)
            if not self.server.running():
                await self._start_again()

    async def _start_again(self) -> None:
        board, pace = self.context.board, self.context.pace
        for unit in self.units:
            unit.well = False
            board.change(unit.name, condition="restarting", restarts=board.state(unit.name).restarts + 1)
        board.say("PostgreSQL has died; starting it again", loud=True)
        for deaths in range(1, pace.fast_deaths + 1):
            try:
                await self._start_server()
            except PostgresError as error:
                board.say(str(error), loud=True)
                await asyncio.sleep(back_off(deaths, pace))
            else:
                self._record()
                for unit in self.units:
                    unit.is_ready()
                return
        for unit in self.units:
            unit.fail("could not be started again", "`seatrial down`, then `seatrial up` shows why")
        await asyncio.Event().wait()

    async def stop(self) -> None:
        """Stop it in order, or at once when there is a hurry."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        if self._starting is not None:
            await asyncio.wait({self._starting})
        within = 0.5 if self.context.hurry.is_set() else 20.0
        await asyncio.to_thread(self.server.stop, within)
        if self._output is not None:
            os.close(self._output)
        if self._reading is not None:
            await asyncio.wait({self._reading}, timeout=0.5)
            self._reading.cancel()


class DatabaseUnit(Unit):
    """A PostgreSQL part: a database of its own, with its extensions and the newest schema."""

    def __init__(self, part: Postgres, context: Context, engine: Engine) -> None:
        super().__init__(part, context)
        self._postgres = part
        self._engine = engine
        engine.units.append(self)

    async def live(self) -> None:
        part, server = self._postgres, self._engine.server
        self.board.change(self.name, condition="starting")
        try:
            await self._engine.start()
            extensions = [extension for extension in part.extensions if has_extension(extension)]
            await asyncio.to_thread(server.create_database, database_of(part), extensions)
        except PostgresError as error:
            self.fail(str(error).splitlines()[0], "`seatrial doctor` says whether PostgreSQL can run here")
            return
        url = server.url(database_of(part))
        self.context.addresses[self.name] = url
        if part.migrate is not None and not await self._migrate():
            return
        self.is_ready(url=url)

    async def _migrate(self) -> bool:
        self.board.note(self.name, "migrating the schema")
        command = self.context.launch.migration(self._postgres, self.context.addresses)
        self.child = child = await self.context.start(self.part, command)
        how = await child.wait()
        await self.end_child()
        self._engine._record()
        if child.code:
            self.fail(
                f"could not be migrated: `{self._postgres.migrate}` {how}",
                "mend the migration, then start again",
            )
        return child.code == 0
