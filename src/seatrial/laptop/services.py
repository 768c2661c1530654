"""Services, workers, sites and caches: processes that run always."""

from __future__ import annotations

import asyncio
import shutil

from seatrial.laptop.health import probe, until_well
from seatrial.laptop.process import Command
from seatrial.laptop.units import Context, Kept
from seatrial.model.parts import Cache, Service, Site, Worker

__all__ = ["CacheUnit", "ServiceUnit", "SiteUnit", "WorkerUnit"]


class WorkerUnit(Kept):
    """A process that answers nobody: it is well when it runs."""

    def __init__(self, part: Worker, context: Context) -> None:
        super().__init__(part, context)
        self._worker = part

    def command(self) -> Command:
        return self.context.launch.command(self._worker, self.context.addresses)


class _Answering(Kept):
    """A process that is asked over HTTP whether it is well."""

    health: str

    @property
    def port(self) -> int:
        return self.context.launch.ports.chosen[self.name]

    async def until_well(self) -> None:
        self.board.change(self.name, port=self.port, url=self.context.addresses[self.name])
        await until_well(self.port, self.health)

    async def until_unwell(self) -> str:
        pace, missed = self.context.pace, 0
        while True:
            await asyncio.sleep(pace.watch_every)
            wrong = await probe(self.port, self.health, pace.answer_within)
            if wrong is None:
                missed = 0
            elif all(used.well for used in self.uses()):  # else it may only say that something else is down
                missed += 1
                if missed >= pace.missed_probes:
                    return f"stopped being healthy ({wrong})"


class ServiceUnit(_Answering):
    """A service of the system."""

    def __init__(self, part: Service, context: Context) -> None:
        super().__init__(part, context)
        self._service = part
        self.health = part.health
        self.start_within = part.start_within.seconds
        self.hint = (
            f"it must answer {part.health} on the port of the variable PORT; "
            f"`seatrial logs {part.name}` shows all of its log"
        )

    def command(self) -> Command:
        return self.context.launch.command(self._service, self.context.addresses)


class SiteUnit(_Answering):
    """Static files, served by a small process of our own."""

    health = "/.seatrial-health"
    start_within = 30.0

    def __init__(self, part: Site, context: Context) -> None:
        super().__init__(part, context)
        self._site = part

    def command(self) -> Command:
        return self.context.launch.site(self._site)


class CacheUnit(Kept):
    """A Redis cache: the redis-server on PATH."""

    start_within = 30.0

    def __init__(self, part: Cache, context: Context) -> None:
        super().__init__(part, context)
        self._cache = part

    @property
    def port(self) -> int:
        return self.context.launch.ports.chosen[self.name]

    def command(self) -> Command:
        folder = self.board.home.cache(self.name)
        folder.mkdir(parents=True, exist_ok=True)
        program = shutil.which("redis-server")
        assert program is not None  # `prepare` refuses otherwise
        words = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(folder)]
        words += ["--maxmemory", str(self._cache.memory.bytes), "--maxmemory-policy", "volatile-lru"]
        env = {"SEATRIAL_RUN": self.context.launch.run, "LC_ALL": "C"}
        return Command(words=tuple(words), folder=folder, env=env)

    async def until_well(self) -> None:
        self.board.change(self.name, port=self.port, url=self.context.addresses[self.name])
        while not await self._pongs():  # noqa: ASYNC110  # the other end is another process
            await asyncio.sleep(0.02)

    async def _pongs(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.write(b"PING\r\n")
        answer = await reader.readline()
        writer.close()
        return answer.startswith(b"+PONG")
