"""The screen on a terminal: a line for each part that stays, and the parts' own lines passing above."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live as RichLive
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from seatrial.laptop.screen import COLOURS, SIGNS, addresses, here, prefix, words_of
from seatrial.laptop.state import PartState, RunState

__all__ = ["Live"]

_STYLES = {
    "healthy": "green",
    "done": "green",
    "ready": "green",
    "failed": "bold red",
    "restarting": "yellow",
}


class Live:
    """Redrawn four times a second while it lasts. NO_COLOR is respected."""

    def __init__(self, parts: Iterable[str], stdout: TextIO) -> None:
        names = list(parts)
        self._console = Console(file=stdout, highlight=False, soft_wrap=False)
        self._width = max(map(len, names), default=0)
        self._colours = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(names)}
        self._states: dict[str, PartState] = {}
        self._since: dict[str, float] = {}
        self._foot: Text = Text()
        self._live = RichLive(get_renderable=self._drawn, console=self._console, refresh_per_second=4)
        self._open = True
        self._live.start()

    def show(self, part: PartState) -> None:
        before = self._states.get(part.name)
        if before is not part:
            self._since[part.name] = time.monotonic()
        self._states[part.name] = part

    def line(self, part: str, text: str) -> None:
        shown = Text(prefix(part, self._width), style=self._colours.get(part, "white"))
        shown.append_text(Text.from_ansi(text))
        self._print(shown)

    def say(self, text: str, *, loud: bool = False) -> None:
        self._print(Text(f"{'!' if loud else '·'} {text}", style="yellow" if loud else "dim"))

    def up(self, run: RunState, seconds: float, logs: Path) -> None:
        foot = Text(f"{run.system} is up in {seconds:.1f} s", style="bold")
        for name, url in addresses(run):
            foot.append(f"\n  {name:<{self._width}}  ", style="not bold")
            foot.append(url, style=f"not bold underline link {url}")
        foot.append(f"\n  Ctrl-C stops it; logs in {here(logs)}", style="not bold dim")
        self._foot = foot

    def close(self) -> None:
        if self._open:
            self._open = False
            self._foot = Text()
            try:
                self._live.stop()
            except OSError:
                self._silence()

    def _print(self, text: Text) -> None:
        if not self._open:
            return
        try:
            self._console.print(text)
        except OSError:
            self._silence()

    def _silence(self) -> None:
        """The terminal has gone: what is drawn goes nowhere."""
        self._open = False
        self._console.file = open(os.devnull, "w")  # noqa: SIM115, PTH123  # lives as long as the process

    def _drawn(self) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis")
        for state in self._states.values():
            style = _STYLES.get(state.condition, "dim")
            name = Text.assemble(
                (f"{SIGNS[state.condition]} ", style), (state.name, self._colours[state.name])
            )
            table.add_row(name, Text(words_of(state), style="" if state.condition != "failed" else style))
        pieces: list[RenderableType] = [Rule(style="dim"), table]
        return Group(*pieces, self._foot) if self._foot else Group(*pieces)
