"""What a person sees of a running system: plain lines in a pipe, live ones on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from seatrial.laptop.board import Screen
from seatrial.laptop.state import PartState, RunState

__all__ = ["COLOURS", "Plain", "addresses", "fits_terminal", "here", "prefix", "screen_for", "words_of"]

SIGNS = {
    "waiting": "·",
    "starting": "·",
    "working": "·",
    "restarting": "!",
    "failed": "✗",
    "stopped": "·",
    "healthy": "✓",
    "done": "✓",
    "ready": "✓",
}
COLOURS = ("cyan", "green", "magenta", "blue", "yellow", "bright_cyan", "bright_green", "bright_magenta")


def screen_for(parts: Iterable[str], stdout: TextIO, stderr: TextIO) -> Screen:
    """The live screen on a terminal that can do it, else the plain one."""
    names = list(parts)
    if fits_terminal(stdout):
        from seatrial.laptop.live import Live

        return Live(names, stdout)
    return Plain(names, stdout, stderr)


def fits_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def words_of(part: PartState) -> str:
    """The condition of a part in words: what it does, where it is, what went wrong."""
    if part.condition == "healthy":
        is_database = part.kind == "postgres"
        text = f"PostgreSQL 18 on 127.0.0.1:{part.port}" if is_database else part.url or "running"
        return text + (f"  (restarted {_times(part.restarts)})" if part.restarts else "")
    if part.condition in ("ready", "done", "working", "starting"):
        where = here(Path(urlsplit(part.url).path)) if part.url and part.kind == "blobs" else part.url
        return part.note or where or part.condition
    if part.condition in ("failed", "restarting"):
        return f"{part.condition}: {part.error}" if part.error else part.condition
    return part.condition


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def addresses(run: RunState) -> list[tuple[str, str, str]]:
    """What can be opened: name, URL, a note. What is meant for people comes last, where they look."""
    shown = sorted(
        (part for part in run.parts.values() if part.kind in ("service", "site") and part.url is not None),
        key=lambda part: part.public,
    )
    return [(part.name, part.url or "", f"← {run.title}" if part.public else "") for part in shown]


def prefix(part: str, width: int) -> str:
    return f"{part:<{width}} │ "


def here(path: Path) -> str:
    """A path as a person would type it."""
    with suppress(ValueError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


class Plain:
    """Lines: what parts write and the addresses to stdout, what Seatrial says to stderr."""

    def __init__(self, parts: Iterable[str], stdout: TextIO, stderr: TextIO) -> None:
        self._width = max(map(len, parts), default=0)
        self._stdout: TextIO | None = stdout
        self._stderr: TextIO | None = stderr
        self._shown: dict[str, str] = {}

    def show(self, part: PartState) -> None:
        told = {"healthy": True, "done": True, "failed": False, "working": True}.get(part.condition)
        key = f"{part.condition} {part.restarts}"
        if told and self._shown.get(part.name) != key:
            self._talk(f"{SIGNS[part.condition]} {part.name:<{self._width}}  {words_of(part)}")
        self._shown[part.name] = key

    def line(self, part: str, text: str) -> None:
        self._stdout = _write(self._stdout, prefix(part, self._width) + text)

    def say(self, text: str, *, loud: bool = False) -> None:
        self._talk(f"{'!' if loud else '·'} {text}")

    def up(self, run: RunState, seconds: float, logs: Path) -> None:
        self._talk(f"✓ {run.system} is up in {seconds:.1f} s; logs in {here(logs)}")
        for name, url, note in addresses(run):
            self._stdout = _write(self._stdout, f"{name:<{self._width}}  {url}  {note}".rstrip())

    def close(self) -> None:
        """Nothing is held."""

    def _talk(self, text: str) -> None:
        self._stderr = _write(self._stderr, text)


def _write(stream: TextIO | None, text: str) -> TextIO | None:
    """Write a line; a stream that nobody reads any more is given up, which must not end a running system."""
    if stream is not None:
        try:
            stream.write(text + "\n")
            stream.flush()
        except (OSError, ValueError):
            if stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            return None
    return stream
