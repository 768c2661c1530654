"""What the benchmarks of the API share: a store kept between runs, the API as a process, and figures."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from doctrove.store import MIGRATIONS
from seatrial_kit.migrations import migrate

from seatrial.laptop.postgres import Server

DATA = Path(__file__).parent / "data"


@contextmanager
def store(name: str, fill: Callable[[str], None]) -> Iterator[str]:
    """The address of a store that `fill` filled, now or in an earlier run; its server stops at the end."""
    directory = DATA / name
    done = directory / "filled"
    if not done.exists():
        shutil.rmtree(directory, ignore_errors=True)
    # Ended from outside, it still stops what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server = Server(directory, settings={"max_wal_size": "8GB", "maintenance_work_mem": "3GB"})
    server.start()
    try:
        os.environ.update(server.environment())
        url = server.url("papers")
        server.create_database("papers", ["vector"])
        migrate(url, MIGRATIONS)
        if not done.exists():
            fill(url)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("vacuum analyze")
                connection.execute("checkpoint")
            done.touch()
        yield url
    finally:
        server.stop()


@contextmanager
def api(url: str) -> Iterator[http.client.HTTPConnection]:
    """A kept-alive connection to the API in a process of its own, ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"PAPERS_URL": url, "PORT": str(port), "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen([sys.executable, "-m", "doctrove.api"], env=environment)
    try:
        wait_until_ready(port, process)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        yield connection
        connection.close()
    finally:
        process.terminate()
        process.wait(20)


def wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            sys.exit(f"the API ended with {process.returncode}")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("the API was not ready in time")


def get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        sys.exit(f"GET {path}: {response.status} {body[:500]!r}")
    return body


def milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def p50_p95(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def show(title: str, ours: Sequence[float], floor: Sequence[float], *, aim: str) -> None:
    """One comparison; the ratio is the median of the ratios of single measurements, taken in pairs."""
    ratio = statistics.median(a / b for a, b in zip(ours, floor, strict=True))
    print(f"{title}, {len(ours)} times")
    print("  over HTTP   p50 {:7.1f} ms   p95 {:7.1f} ms".format(*p50_p95(ours)))
    print("  bare SQL    p50 {:7.1f} ms   p95 {:7.1f} ms".format(*p50_p95(floor)))
    print(f"  ratio           {ratio:7.2f}      aim: {aim}")
