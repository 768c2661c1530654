"""Where the parts of a running system report: to the state file, the log files and the screen at once."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from seatrial.laptop.environment import Mask
from seatrial.laptop.logs import LineSplitter, LogFile, last_lines, without_time
from seatrial.laptop.state import Home, PartState, RunState, now

__all__ = ["Board", "Screen"]

_NOTES_EVERY = 0.5
"""Seconds between two writes of the state that only tell progress."""


class Screen(Protocol):
    """Whom a person watches. No method may raise or block for long."""

    def show(self, part: PartState) -> None:
        """A part changed."""

    def line(self, part: str, text: str) -> None:
        """A part wrote a line."""

    def say(self, text: str, *, loud: bool = False) -> None:
        """Seatrial has something to say; `loud` when it went wrong."""

    def up(self, run: RunState, seconds: float, logs: Path) -> None:
        """Everything is healthy: the addresses."""

    def close(self) -> None:
        """Nothing more will come."""


class Board:
    """What is known, told to everybody who should know. All that passes is masked."""

    def __init__(self, home: Home, run: RunState, screen: Screen, mask: Mask) -> None:
        self.home = home
        self.run = run
        self.screen = screen
        self.mask = mask
        self._logs: dict[str, LogFile] = {}
        self._own = LogFile(home.logs / "seatrial.log")
        self._noted = 0.0

    def state(self, part: str) -> PartState:
        return self.run.parts[part]

    def change(self, part: str, **changes: Any) -> None:
        """Set fields of the part's state, and tell."""
        state = self.run.parts[part]
        if changes.get("condition", state.condition) != state.condition:
            state.since = now()
            state.note = None
        for name, value in changes.items():
            setattr(state, name, self.mask(value) if isinstance(value, str) else value)
        self.write()
        self.screen.show(state)

    def note(self, part: str, text: str) -> None:
        """What a part does just now; written now and then only."""
        self.run.parts[part].note = text[:200]
        if time.monotonic() - self._noted > _NOTES_EVERY:
            self._noted = time.monotonic()
            self.write()
        self.screen.show(self.run.parts[part])

    def line(self, part: str, text: str, *, quiet: bool = False) -> None:
        """A line that a part wrote; a quiet one goes to its file alone."""
        self._log(part).write(text)
        if not quiet:
            self.screen.line(part, text)

    def say(self, text: str, *, loud: bool = False) -> None:
        text = self.mask(text)
        self._own.write(text)
        self.screen.say(text, loud=loud)

    def tail(self, part: str, count: int = 20) -> list[str]:
        """The last lines that a part wrote."""
        return [without_time(line) for line in last_lines(self._log(part).path, count)]

    def splitter(self) -> LineSplitter:
        return LineSplitter(self.mask)

    def write(self) -> None:
        self.run.write(self.home)

    def close(self) -> None:
        for log in (self._own, *self._logs.values()):
            log.close()

    def _log(self, part: str) -> LogFile:
        if part not in self._logs:
            self._logs[part] = LogFile(self.home.logs / f"{part}.log")
        return self._logs[part]


def failure_report(part: str, what: str, tail: Iterable[str], hint: str) -> str:
    """What is shown when a part cannot start."""
    lines = "".join(f"\n    {line}" for line in tail) or "\n    (it wrote nothing)"
    return f"{part} {what}. Its log ends:{lines}\n  hint: {hint}"
