"""The screen on a terminal: a line for each part that stays, and the parts' own lines passing above."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
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

_REDRAWN_AFTER = 0.1
"""Seconds that changes are gathered."""
_STYLES = {
    "healthy": "green",
    "done": "green",
    "ready": "green",
    "failed": "bold red",
    "restarting": "yellow",
}


class Live:
    """Redrawn when something changes, in the loop of the supervisor. NO_COLOR is respected."""

    def __init__(self, parts: Iterable[str], stdout: TextIO) -> None:
        names = list(parts)
        self._console = Console(file=stdout, highlight=False, soft_wrap=False)
        self._width = max(map(len, names), default=0)
        self._colours = {name: COLOURS[index % len(COLOURS)] for index, name in enumerate(names)}
        self._states: dict[str, PartState] = {}
        self._foot: Text = Text()
        self._live = RichLive(get_renderable=self._drawn, console=self._console, auto_refresh=False)
        self._open = True
        self._redrawing = False
        self._live.start()

    def show(self, part: PartState) -> None:
        self._states[part.name] = part
        if not self._redrawing:
            self._redrawing = True
            asyncio.get_running_loop().call_later(_REDRAWN_AFTER, self._redraw)

    def _redraw(self) -> None:
        self._redrawing = False
        self._guarded(self._live.refresh)

    def line(self, part: str, text: str) -> None:
        shown = Text(prefix(part, self._width), style=self._colours.get(part, "white"))
        shown.append_text(Text.from_ansi(text))
        self._print(shown)

    def say(self, text: str, *, loud: bool = False) -> None:
        self._print(Text(f"{'!' if loud else '·'} {text}", style="yellow" if loud else "dim"))

    def up(self, run: RunState, seconds: float, logs: Path) -> None:
        foot = Text(f"{run.system} is up in {seconds:.1f} s", style="bold")
        for name, url, note in addresses(run):
            foot.append(f"\n  {name:<{self._width}}  ", style="not bold")
            foot.append(url, style=f"not bold underline link {url}")
            foot.append(f"  {note}")
        foot.append(f"\n  Ctrl-C stops it; logs in {here(logs)}", style="not bold dim")
        self._foot = foot
        self._redraw()

    def close(self) -> None:
        self._foot = Text()
        self._guarded(self._live.stop)
        self._open = False

    def _print(self, text: Text) -> None:
        self._guarded(lambda: self._console.print(text))

    def _guarded(self, draw: Callable[[], None]) -> None:
        """Draw; when the terminal has gone, what is drawn goes nowhere, and the system goes on."""
        if self._open:
            try:
                draw()
            except OSError:
                self._open = False
                self._console.file = open(os.devnull, "w")  # noqa: SIM115, PTH123  # to the end of the process

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
