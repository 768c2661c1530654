"""`--watch`: the processes whose code changes are restarted, and only they."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial.laptop.code import Code, editable_folders
from seatrial.model.parts import Process, Service, Worker

if TYPE_CHECKING:
    from seatrial.laptop.supervisor import Supervisor

__all__ = ["affected", "restart_what_changes", "source_folders", "unreadable"]

_DEBOUNCE_MS, _STEP_MS, _TURN_MS = 400, 50, 500
_MADE = frozenset(("node_modules", "__pycache__", "venv", "build", "dist", "site-packages"))


async def restart_what_changes(supervisor: Supervisor) -> None:
    """Watch the system's folder and every editable package; never returns."""
    from watchfiles import PythonFilter, awatch

    launch, board = supervisor.context.launch, supervisor.board
    folder = launch.file.parent
    code = Code([folder, *editable_folders()])
    processes = {part.name: part for part in launch.plan.parts if isinstance(part, Service | Worker)}
    watched = source_folders(code.folders)
    told = False
    async for changes in awatch(
        *watched,
        watch_filter=PythonFilter(),
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        recursive=False,
        yield_on_timeout=True,
        rust_timeout=_TURN_MS,
    ):
        if not told:  # only now does it see what changes
            told = True
            board.say(f"watching {len(watched)} folders of Python files")
        if not changes:
            continue
        changed = {_real(path) for _, path in changes}
        if _real(launch.file) in changed:
            board.say("the description of the system has changed: `seatrial up` anew takes it in", loud=True)
        broken = unreadable(changed)
        if broken is not None:
            board.say(f"{broken}; what runs goes on with the old code", loud=True)
            continue
        names = affected(changed, code, processes, folder)
        if names:
            board.say(f"{', '.join(sorted(map(_short, changed)))} changed; restarting {', '.join(names)}")
            supervisor.restart(names)


def affected(
    changed: Iterable[Path], code: Code, processes: Mapping[str, Process], folder: Path
) -> list[str]:
    """The processes that run a changed file. One whose files cannot be told runs all beside it."""
    changed = set(changed)
    names = []
    for name, process in processes.items():
        files = code.files_of(process.command, folder)
        if files is None:
            hit = any(file.is_relative_to(folder.resolve()) and file.name != "system.py" for file in changed)
        else:
            hit = bool(files & changed)
        if hit:
            names.append(name)
    return names


def unreadable(changed: Iterable[Path]) -> str | None:
    """The first changed file that is no Python, and why."""
    for file in sorted(changed):
        try:
            ast.parse(file.read_bytes(), str(file))
        except SyntaxError as error:
            return f"{_short(file)}:{error.lineno}: {error.msg}"
        except (OSError, ValueError):
            continue  # removed, or being written: the next change tells
    return None


def _real(path: str | Path) -> Path:
    return Path(os.path.realpath(path))


def source_folders(tops: Iterable[Path]) -> list[Path]:
    """Every folder with Python files, but none that set-up made: there can be thousands of those."""
    found = set()
    for top in tops:
        for where, folders, files in os.walk(top):
            folders[:] = [name for name in folders if name not in _MADE and not name.startswith(".")]
            if any(name.endswith(".py") for name in files):
                found.add(Path(where))
    return sorted(found)


def _short(path: Path) -> str:
    shown = os.path.relpath(path)
    return shown if not shown.startswith("../..") else str(path)
