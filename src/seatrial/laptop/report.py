"""How a system is, by what its state file says and by what the lock and the process ids say about that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal

import psutil

from seatrial.laptop.state import Home, Lock, PartState, RunState

__all__ = ["Report", "report_of"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A system at this moment."""

    system: str
    home: str
    state: Literal["running", "starting", "stopped", "killed", "never started"]
    """`killed`: its supervisor ended without order; the next `up` or `down` ends the `leftovers`."""
    pid: int | None
    """Of the supervisor."""
    variant: str | None
    started: str | None
    parts: tuple[PartState, ...]
    leftovers: tuple[int, ...]

    @property
    def well(self) -> bool:
        """Whether it runs and no part has failed."""
        return self.state == "running" and all(
            part.condition not in ("failed", "restarting") for part in self.parts
        )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"well": self.well}


def report_of(home: Home, system: str) -> Report:
    """Read how a system is; nothing is changed."""
    run = RunState.read(home)
    holder = Lock.holder(home.lock)
    if run is None:
        state: Any = "never started" if holder is None else "starting"
        nothing: dict[str, Any] = {"variant": None, "started": None, "parts": (), "leftovers": ()}
        return Report(system=system, home=str(home.folder), state=state, pid=holder, **nothing)
    parts, leftovers = [], []
    for part in run.parts.values():
        lives = part.pid is not None and _is_alive(part.pid, part.created)
        if holder is None:
            if lives and part.pid is not None:
                leftovers.append(part.pid)
            if part.condition not in ("done", "ready", "failed"):
                part.condition = "stopped"
            part.note = None
        elif part.condition == "healthy" and not lives:
            part.condition, part.error = "restarting", "its process has gone"
        if not lives:
            part.pid = part.created = None
        parts.append(part)
    if holder is not None:
        state = "running" if run.up and run.pid == holder else "starting"
    else:
        state = "stopped" if run.ended else "killed"
    return Report(
        system=system,
        home=str(home.folder),
        state=state,
        pid=holder,
        variant=run.variant,
        started=run.started,
        parts=tuple(parts),
        leftovers=tuple(dict.fromkeys(leftovers)),
    )


def _is_alive(pid: int, created: float | None) -> bool:
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        same = created is None or abs(process.create_time() - created) < 1
        return same and process.status() != psutil.STATUS_ZOMBIE
    return False
