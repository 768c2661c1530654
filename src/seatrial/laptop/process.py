"""Processes of a system: started in a group of their own, their lines read, ended with all their children."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from seatrial.laptop.logs import LineSplitter

__all__ = ["Child", "Command", "NoSuchProgram", "end_leftovers", "end_marked", "open_sockets", "resolve"]

_CHUNK = 64 * 1024
_PIPE_DRAINED_WITHIN = 0.5


class NoSuchProgram(Exception):
    """The first word of a command is not a program that can be found."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """What is run, where, with which environment."""

    words: tuple[str, ...]
    folder: Path
    env: Mapping[str, str] = field(repr=False)


def resolve(text: str, *, folder: Path, env: Mapping[str, str], port: int | None = None) -> Command:
    """Split as a shell would, without one; `python` is the one that runs Seatrial. Raises NoSuchProgram."""
    words = [word.replace("{port}", str(port)) if port is not None else word for word in shlex.split(text)]
    program = words[0]
    if program in ("python", "python3"):
        found: str | None = sys.executable
    elif "/" in program:
        found = str(folder / program) if os.access(folder / program, os.X_OK) else None
    else:
        found = shutil.which(program, path=env.get("PATH"))
    if found is None:
        raise NoSuchProgram(f'"{program}" is not a program on PATH or in {folder}')
    return Command(words=(found, *words[1:]), folder=folder, env=env)


class Child:
    """A running process, leader of its own group."""

    def __init__(self, process: asyncio.subprocess.Process, reading: asyncio.Task[None]) -> None:
        self._process = process
        self._reading = reading
        self.pid = process.pid
        try:
            self.created: float = psutil.Process(process.pid).create_time()
        except psutil.NoSuchProcess:
            self.created = 0.0

    @classmethod
    async def start(
        cls,
        command: Command,
        splitter: LineSplitter,
        tell: Callable[[str], None],
        stdin: int | None = asyncio.subprocess.DEVNULL,
    ) -> Child:
        """Start it; each line that it or a child of it writes is told. Without `stdin` it reads ours."""
        # Our own pipe, because asyncio's would make `wait` last until every grandchild has closed it.
        reading_end, writing_end = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *command.words,
                stdin=stdin,
                stdout=writing_end,
                stderr=writing_end,
                cwd=command.folder,
                env=dict(command.env),
                start_new_session=True,
            )
        except BaseException:
            os.close(reading_end)
            raise
        finally:
            os.close(writing_end)
        return cls(process, asyncio.create_task(read_lines(reading_end, splitter, tell)))

    async def wait(self) -> str:
        """How it ended, for people."""
        return ending(await self._process.wait())

    @property
    def code(self) -> int | None:
        return self._process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Hand a signal on to the whole group."""
        _signal_group(self.pid, number)

    async def end(self, grace: float, hurry: asyncio.Event) -> None:
        """Ask the whole group to end, and kill it after `grace` seconds, or as soon as there is a hurry."""
        _signal_group(self.pid, signal.SIGTERM)
        gone = asyncio.create_task(self._gone())
        hurried = asyncio.create_task(hurry.wait())
        await asyncio.wait({gone, hurried}, timeout=grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not gone.done():
            _signal_group(self.pid, signal.SIGKILL)
            await asyncio.wait({gone}, timeout=2)
        gone.cancel()
        await asyncio.wait({self._reading}, timeout=_PIPE_DRAINED_WITHIN)
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading

    async def _gone(self) -> None:
        await self._process.wait()
        while _group_lives(self.pid):  # noqa: ASYNC110  # the kernel tells nobody
            await asyncio.sleep(0.02)


def ending(code: int) -> str:
    """How a process ended, for people."""
    if code >= 0:
        return f"ended with exit code {code}"
    with suppress(ValueError):
        return f"was ended by {signal.Signals(-code).name}"
    return f"was ended by signal {-code}"


async def read_lines(descriptor: int, splitter: LineSplitter, tell: Callable[[str], None]) -> None:
    """Read a pipe to its end and tell its lines; the descriptor is closed then."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe = os.fdopen(descriptor, "rb", 0)
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while chunk := await reader.read(_CHUNK):
            for line in splitter.feed(chunk):
                tell(line)
    finally:
        for line in splitter.end():
            tell(line)
        transport.close()


def _signal_group(pgid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pgid, number)


def _group_lives(pgid: int) -> bool:
    """Whether anybody of the group still runs; a zombie, which its parent has not buried, does not."""
    try:
        os.killpg(pgid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == pgid and process.status() != psutil.STATUS_ZOMBIE:
                return True
    return False


def marked(marker: str) -> list[psutil.Process]:
    """The running processes whose SEATRIAL_RUN starts with `marker`, this one and those above it apart."""
    mine = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid in mine or process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get("SEATRIAL_RUN", "").startswith(marker):
                found.append(process)
    return found


def end_marked(marker: str, grace: float = 0.0) -> int:
    """End the processes with the mark, and say how many there were."""
    return _end(marked(marker), grace)


def end_leftovers(marker: str, recorded: Iterable[tuple[int, float]], grace: float = 3.0) -> int:
    """End what a killed supervisor left: recorded processes that still are the same, and those marked."""
    left = {process.pid: process for process in marked(marker)}
    for pid, created in recorded:
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                left[pid] = process
    return _end(list(left.values()), grace)


def _end(processes: list[psutil.Process], grace: float) -> int:
    for process in processes:
        with suppress(psutil.Error):
            process.terminate() if grace else process.kill()
    _, alive = psutil.wait_procs(processes, timeout=grace or 2.0)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=2.0)
    return len(processes)


def open_sockets(pid: int) -> list[str]:
    """The addresses outside loopback on which a process or a child of it listens."""
    found = set()
    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for process in (leader, *leader.children(recursive=True)):
            with suppress(psutil.Error):
                for connection in process.net_connections("inet"):
                    ip = connection.laddr.ip if connection.laddr else ""
                    local = ip.startswith("127.") or ip in ("::1", "::ffff:127.0.0.1")
                    if connection.status == psutil.CONN_LISTEN and not local:
                        found.add(f"{ip}:{connection.laddr.port}")
    return sorted(found)
