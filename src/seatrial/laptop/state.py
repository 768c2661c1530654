"""What a system keeps on a laptop, and what is known about its run.

The supervisor alone writes `state.json`, whole each time; everybody else reads it and believes it only as
far as the lock and the process ids bear it out.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

__all__ = ["AlreadyLocked", "Condition", "Home", "Lock", "PartState", "RunState", "now", "project_of"]

Condition = Literal[
    "waiting", "starting", "healthy", "working", "done", "ready", "restarting", "failed", "stopped"
]
"""`working` and `done` are for what ends, `ready` for what has no process or starts later."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """The folder in which one system keeps its data, logs and state on this laptop."""

    folder: Path

    @classmethod
    def of(cls, system_file: Path, name: str) -> Home:
        """`.seatrial/<name>` of the project, or `<name>` in the folder that SEATRIAL_HOME says."""
        override = os.environ.get("SEATRIAL_HOME")
        base = Path(override).absolute() if override else project_of(system_file) / ".seatrial"
        return cls(folder=base / name)

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def state(self) -> Path:
        return self.folder / "state.json"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    def blobs(self, part: str) -> Path:
        return self.folder / "blobs" / part

    def cache(self, part: str) -> Path:
        return self.folder / "cache" / part

    def done(self, job: str) -> Path:
        """The file that says that a job which runs once has ended well."""
        return self.folder / "done" / job

    @property
    def marker(self) -> str:
        """How the value of SEATRIAL_RUN starts in every process of this system."""
        return f"{self.folder}#"


def project_of(file: Path) -> Path:
    """The nearest folder above a file with `.git` or `pyproject.toml`; its own folder when there is none.

    A repository goes before a package in it.
    """
    folders = file.absolute().parents
    for sign in (".git", "pyproject.toml"):
        for folder in folders:
            if (folder / sign).exists():
                return folder
    return folders[0]


@dataclass(kw_only=True)
class PartState:
    """What is known about one part."""

    name: str
    kind: str
    condition: Condition = "waiting"
    pid: int | None = None
    created: float | None = None
    """When the process was created, by which a reused process id is told apart."""
    port: int | None = None
    url: str | None = None
    public: bool = False
    """Whether it is meant for people from outside."""
    restarts: int = 0
    since: str = field(default_factory=lambda: now())
    """When the condition last changed."""
    note: str | None = None
    """What it does just now, for people."""
    error: str | None = None
    """What last went wrong."""


@dataclass(kw_only=True)
class RunState:
    """What is known about one run of a system."""

    system: str
    title: str
    file: str
    variant: str | None
    run: str
    pid: int
    started: str = field(default_factory=lambda: now())
    up: bool = False
    """Whether everything was healthy once."""
    ended: bool = False
    """Whether it stopped in order: then nothing of it is left."""
    parts: dict[str, PartState] = field(default_factory=dict)

    def write(self, home: Home) -> None:
        """Write it whole: a reader sees the old state or the new one."""
        unfinished = home.state.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(self), indent=1))
        unfinished.replace(home.state)

    @classmethod
    def read(cls, home: Home) -> RunState | None:
        """The last state written; None when there is none, or none that this version can read."""
        try:
            raw: dict[str, Any] = json.loads(home.state.read_text())
            parts = {name: PartState(**part) for name, part in raw.pop("parts").items()}
            return cls(**raw, parts=parts)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def processes(self) -> Iterator[tuple[int, float]]:
        """The recorded processes: id and time of creation."""
        for part in self.parts.values():
            if part.pid is not None and part.created is not None:
                yield part.pid, part.created


class AlreadyLocked(Exception):
    """Somebody else holds the lock: `pid`, when it is known."""

    def __init__(self, pid: int | None) -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid


class Lock:
    """The right to run a system. The kernel takes it back when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        """Take it at once. Raises AlreadyLocked."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        while True:
            self._file = path.open("a+")
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                self._file.seek(0)
                text = self._file.read().strip()
                self._file.close()
                raise AlreadyLocked(int(text) if text.isdigit() else None) from None
            # Its last holder removes the file: then this was a lock on nothing.
            with suppress(OSError):
                if os.fstat(self._file.fileno()).st_ino == path.stat().st_ino:
                    break
            self._file.close()
        self.sign()

    def sign(self) -> None:
        """Write down that this process is the holder: after a fork, the child signs for itself."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Give it back and leave no file."""
        self._path.unlink(missing_ok=True)
        self._file.close()

    def hand_over(self) -> None:
        """Leave it to a forked child that holds it too."""
        self._file.close()

    @staticmethod
    def holder(path: Path) -> int | None:
        """Who holds it now; None when nobody does."""
        try:
            with path.open() as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except OSError:
                    text = file.read().strip()
                    return int(text) if text.isdigit() else None
        except OSError:
            pass
        return None


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
