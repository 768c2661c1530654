"""A second `seatrial up` of DocTrove against a shell script that starts the same processes in the same order.

Both start PostgreSQL on the same data, migrate the schema, start the API, DocScope and the enrichment
worker, and end when the two services answer their health paths. They take turns, so that a slow moment of the
machine hits both.

    python bench/up.py [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seatrial.laptop.postgres import Server

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
TARGET = 1.15

# What a careful person would write by hand: one PostgreSQL, then the rest, polled every 20 ms.
SCRIPT = """
set -eu
python -m doctrove.store migrate >{logs}/migrate.log 2>&1
python -m doctrove.enrichment >{logs}/enrichment.log 2>&1 & echo $! >>{logs}/pids
PORT={api} python -m doctrove.api >{logs}/api.log 2>&1 & echo $! >>{logs}/pids
until curl -sf -o {logs}/answer http://127.0.0.1:{api}/api/health; do sleep 0.02; done
PORT={docscope} python -m doctrove.docscope >{logs}/docscope.log 2>&1 & echo $! >>{logs}/pids
until curl -sf -o {logs}/answer http://127.0.0.1:{docscope}/health; do sleep 0.02; done
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--runs", type=int, default=5)
    runs = arguments.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as folder:
        base = Path(folder)
        base.chmod(0o755)
        ours, script = Ours(base), Script(base)
        ours.once(), script.once()  # the first start makes the data
        pairs = [(ours.once(), script.once()) for _ in range(runs)]
    mine, floor = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"second up of DocTrove, median of {runs} pairs")
    print(f"  seatrial up --detach   {mine:6.2f} s")
    print(f"  shell script           {floor:6.2f} s")
    print(f"  ratio                  {ratio:6.2f}   aim ≤ {TARGET}")


class Ours:
    """`seatrial up --detach` of DocTrove, with nothing to ingest, so that nothing works behind it."""

    def __init__(self, base: Path) -> None:
        self.system = base / "doctrove"
        self.system.mkdir()
        text = (ROOT / "systems/doctrove/system.py").read_text()
        (self.system / "system.py").write_text(text.replace('runs="once"', 'runs="by hand"'))
        self.env = os.environ | {"SEATRIAL_HOME": str(base / "state"), "PATH": f"{BIN}:{os.environ['PATH']}"}

    def once(self) -> float:
        """Seconds from the command to its return, which is when every part is healthy."""
        before = time.perf_counter()
        self._seatrial("up", "--detach")
        took = time.perf_counter() - before
        self._seatrial("down")
        return took

    def _seatrial(self, *words: str) -> None:
        command = ["seatrial", words[0], str(self.system), *words[1:]]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=120)
        if done.returncode:
            sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")


class Script:
    """The same processes, started by sh."""

    def __init__(self, base: Path) -> None:
        self.logs = base / "logs"
        self.logs.mkdir()
        (base / "models").mkdir()
        self.server = Server(base / "script-postgres")
        self.models = f"file://{base}/models"

    def once(self) -> float:
        """Seconds until both services are healthy, PostgreSQL's start included."""
        pids = self.logs / "pids"
        pids.write_text("")
        before = time.perf_counter()
        self.server.start()
        self.server.create_database("papers", ["vector"])
        environment = os.environ | self.server.environment()
        environment |= {
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "PAPERS_URL": self.server.url("papers"),
            "MODELS_URL": self.models,
            "API_URL": "http://127.0.0.1:5801",
            "HOST": "127.0.0.1",
        }
        script = SCRIPT.format(logs=self.logs, api=5801, docscope=5802)
        try:
            subprocess.run(["sh", "-c", script], env=environment, check=True, timeout=120)
            return time.perf_counter() - before
        finally:
            for pid in pids.read_text().split():
                subprocess.run(["kill", "-TERM", pid], check=False)
            for pid in pids.read_text().split():
                wait_until_gone(int(pid))
            self.server.stop()


def wait_until_gone(pid: int) -> None:
    """Wait up to ten seconds for a process that is not our child, then end it."""
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.02)
    subprocess.run(["kill", "-KILL", str(pid)], check=False)


if __name__ == "__main__":
    main()
