"""Small systems of standard-library processes, started by the real command line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

SEATRIAL = Path(sys.executable).with_name("seatrial")
PATIENCE = 60.0
"""Seconds: far more than anything here takes, even on a machine with much else to do."""

APP = """
import http.server, json, os, subprocess, sys, time

hanging = False

class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global hanging
        while hanging:
            time.sleep(0.1)
        body = b"well"
        if self.path == "/die":
            os._exit(3)
        if self.path == "/hang":
            hanging = True
        if self.path == "/env":
            body = json.dumps(dict(os.environ)).encode()
        if self.path == "/child":
            child = subprocess.Popen(["sleep", "600"], start_new_session=True)
            body = str(child.pid).encode()
        if self.path == "/version":
            body = VERSION.encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        if self.path.startswith("/say/"):
            print(self.path[5:], flush=True)

VERSION = "one"
host = os.environ.get("BIND", os.environ["HOST"])
http.server.ThreadingHTTPServer((host, int(os.environ["PORT"])), Answer).serve_forever()
"""


class Trial:
    """A folder with one system, and the command line at work on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = folder.name
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("SEATRIAL")}
        self.env |= {"NO_COLOR": "1"}
        self._children: list[subprocess.Popen[str]] = []
        self.write("app.py", APP)

    @property
    def home(self) -> Path:
        return self.folder / ".seatrial" / self.name

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def describe(self, *lines: str) -> None:
        """Write the system file; each line says something about `it`."""
        head = f'from seatrial import System\nit = System("{self.name}", title="Tried", region="eastus2")\n'
        self.write("system.py", head + "\n".join(lines) + "\n")

    def run(
        self, *words: str, input: str | None = None, timeout: float = PATIENCE
    ) -> subprocess.CompletedProcess[str]:
        """A command of seatrial, to its end."""
        return subprocess.run(
            [SEATRIAL, *words],
            cwd=self.folder,
            env=self.env,
            input=input,
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    def start(self, *words: str, stdout: int | None = None) -> subprocess.Popen[str]:
        """A command of seatrial that goes on; its output is in the files `out` and `err`."""
        with (self.folder / "out").open("w") as out, (self.folder / "err").open("w") as err:
            child = subprocess.Popen(
                [SEATRIAL, *words],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out if stdout is None else stdout,
                stderr=err,
                text=True,
                start_new_session=True,
            )
        self._children.append(child)
        return child

    def up(self, *words: str) -> subprocess.Popen[str]:
        """`seatrial up` in the foreground, all healthy."""
        child = self.start("up", *words)
        self.until(
            lambda: (self.state().get("up") and self.state()["pid"] == child.pid) or child.poll() is not None
        )
        assert child.poll() is None, self.told()
        return child

    def detached(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = self.run("up", "--detach", *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def told(self) -> str:
        """All that the last started command wrote."""
        return (self.folder / "out").read_text() + (self.folder / "err").read_text()

    def state(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.home / "state.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def part(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.state().get("parts", {}).get(name, {})
        return found

    def ask(self, part: str, path: str) -> str:
        with urllib.request.urlopen(f"{self.part(part)['url']}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def until(self, fact: Callable[[], Any]) -> Any:
        """Wait for something to become true, and give it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                found = fact()
            except OSError:
                found = None
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(
            f"never came true; {self.told() if (self.folder / 'out').exists() else ''}{self.state()}"
        )

    def healthy_again(self, part: str, restarts: int = 1) -> dict[str, Any]:
        """The state of a part once it is healthy after so many restarts."""

        def fact() -> dict[str, Any] | None:
            state = self.part(part)
            return state if state["condition"] == "healthy" and state["restarts"] >= restarts else None

        found: dict[str, Any] = self.until(fact)
        return found

    def left(self) -> list[str]:
        """What of this system still runs: by the mark in its environment, or by the folder it works in."""
        found = []
        for process in psutil.process_iter():
            try:
                marked = process.environ().get("SEATRIAL_RUN", "").startswith(f"{self.home}#")
                inside = process.name() == "postgres" and process.cwd().startswith(str(self.home))
            except (psutil.Error, OSError):
                continue
            if (marked or inside) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {process.name()}")
        return found

    def end(self) -> None:
        """Whatever the test has left is ended; nothing survives it."""
        for child in self._children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self._children:
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        if self.home.exists():
            self.run("down")
            assert self.left() == []


@pytest.fixture
def new_trial() -> Iterator[Callable[[str], Trial]]:
    """Makes a folder with a system of that name."""
    base = Path(tempfile.mkdtemp(prefix="seatrial-trial-"))
    base.chmod(0o755)  # PostgreSQL's user must get through
    trials = []

    def make(name: str) -> Trial:
        folder = base / name
        folder.mkdir()
        trials.append(Trial(folder))
        return trials[-1]

    try:
        yield make
        for trial in trials:
            trial.end()
    finally:
        shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def trial(new_trial: Callable[[str], Trial]) -> Trial:
    return new_trial("tried")


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
