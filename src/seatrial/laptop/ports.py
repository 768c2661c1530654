"""Which port each part gets. A reserved port is held by a listening socket until its process starts."""

from __future__ import annotations

import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

__all__ = ["Ports", "Taken", "holder_of", "reserve"]

_TRIES = 200


@dataclass(frozen=True)
class Taken:
    """A port that was asked for on the command line and is not free."""

    part: str
    port: int
    holder: str


class Ports:
    """The ports of a system: `wanted` by its file, `asked` on the command line."""

    def __init__(self, wanted: Mapping[str, int], asked: Mapping[str, int]) -> None:
        """Reserve them all. What could not be had stands in `taken`, what was moved in `moved`."""
        self.chosen: dict[str, int] = {}
        self.moved: dict[str, tuple[int, str]] = {}
        """For a part that got another port than its file says: that port and who holds it."""
        self.taken: list[Taken] = []
        self._held: dict[str, socket.socket] = {}
        for part in sorted(wanted, key=lambda part: part not in asked):  # who asks goes first
            port = asked.get(part, wanted[part])
            if self._try(part, port):
                continue
            if part in asked:
                self.taken.append(Taken(part, port, holder_of(port)))
            else:
                self.moved[part] = (port, holder_of(port))
                self._next_free(part, port, avoid={*wanted.values(), *asked.values()})

    def _try(self, part: str, port: int) -> bool:
        held = reserve(port)
        if held is not None:
            self._held[part] = held
            self.chosen[part] = held.getsockname()[1]
        return held is not None

    def _next_free(self, part: str, port: int, avoid: Collection[int]) -> None:
        for candidate in range(port + 1, min(port + _TRIES, 65536)):
            if candidate not in avoid and self._try(part, candidate):
                return
        self._try(part, 0)

    def let_go(self, part: str) -> None:
        """Give the port up, right before the process that is to have it starts."""
        held = self._held.pop(part, None)
        if held is not None:
            held.close()

    def let_all_go(self) -> None:
        for part in list(self._held):
            self.let_go(part)


def reserve(port: int) -> socket.socket | None:
    """A socket that holds a port of the loopback address (0: any), or None when it is taken."""
    held = socket.socket()
    # Connections that linger after a stop do not make a port taken; a listening socket does.
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen(1)
    except OSError:
        held.close()
        return None
    return held


def holder_of(port: int) -> str:
    """Who listens on a port, for people: process id and command."""
    with suppress(psutil.Error, OSError):
        for connection in psutil.net_connections("tcp"):
            if connection.status != psutil.CONN_LISTEN or not connection.laddr or not connection.pid:
                continue
            if connection.laddr.port == port:
                with suppress(psutil.Error):
                    command = " ".join(psutil.Process(connection.pid).cmdline())
                    return f"process {connection.pid} ({command[:100]})"
                return f"process {connection.pid}"
    return "a process of another user"
