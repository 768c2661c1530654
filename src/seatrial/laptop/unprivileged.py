"""PostgreSQL refuses to run as root. Here is which user it runs as instead, and where that user may go.

Nobody's permissions are opened for it: what the user cannot reach is kept under /var/lib/seatrial.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["COMMON", "User", "chosen_user", "may_enter", "reachable_copy", "reachable_folder"]

COMMON = Path("/var/lib/seatrial")
"""Where root keeps what an unprivileged user must reach."""

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True, kw_only=True)
class User:
    """An ordinary user that root can become."""

    name: str
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """The arguments that make subprocess start a process as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def chosen_user() -> User | None:
    """Whom PostgreSQL runs as when we are root; None when we are an ordinary user ourselves.

    Raises LookupError when there is neither `postgres` nor `nobody`.
    """
    if os.geteuid() != 0:
        return None
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return User(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise LookupError(f"no user named {' or '.join(_CANDIDATES)} on this machine")


def may_enter(path: Path, user: User) -> bool:
    """Whether the user can pass through every folder down to `path`; what is not there yet does not count."""
    here = path.resolve()
    return all(_searchable(folder, user) for folder in (here, *here.parents) if folder.is_dir())


def _searchable(folder: Path, user: User) -> bool:
    found = folder.stat()
    if found.st_uid == user.uid:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & (0o010 if found.st_gid == user.gid else 0o001))


def reachable_folder(wanted: Path, user: User) -> Path:
    """`wanted` where the user can reach it, else a folder of its own under COMMON.

    Then `wanted` becomes a link to that folder, which itself is not made. What is there already stays there.
    """
    if wanted.is_symlink():
        return wanted.readlink()
    if wanted.exists() or may_enter(wanted.parent, user):
        return wanted
    place = COMMON / "data" / _digest(str(wanted))
    _make_common(place.parent)
    place.with_suffix(".origin").write_text(str(wanted))  # so that the data can be told from forgotten data
    wanted.symlink_to(place)
    return place


def reachable_copy(package: Path, user: User, beside: tuple[str, ...] = ()) -> Path:
    """`package` itself where the user can reach it, else a copy of it under COMMON.

    `beside` names what must be copied from next to it. A copy is made once for each installed version.
    """
    if may_enter(package, user):
        return package
    copy = COMMON / "programs" / _digest(f"{package} {package.stat().st_mtime_ns}")
    if not copy.is_dir():
        _make_common(copy.parent)
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        for name in (package.name, *beside):
            if (package.parent / name).is_dir():
                shutil.copytree(package.parent / name, unfinished / name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(unfinished)
    return copy / package.name


def _make_common(folder: Path) -> None:
    for each in (COMMON, folder):
        each.mkdir(parents=True, exist_ok=True)
        each.chmod(0o755)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
