"""`seatrial plan` of the largest system, as a cold process, against a Python process that does nothing.

python bench/plan.py [--runs 9]

The largest system is the one with the most resources, of all systems and variants of this repository. The
interpreter's compiled files are there from the first, uncounted run on, as they are after an installation.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system

ROOT = Path(__file__).resolve().parents[1]
AIM = 0.5
"""Seconds, for the page."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    resources, name, variant = largest()
    chosen = ["--variant", variant] if variant else []
    words = [sys.executable, "-m", "seatrial", "plan", f"systems/{name}", *chosen]
    with tempfile.TemporaryDirectory() as folder:
        pairs = {
            "the page": words,
            "the page for programs": [*words, "--json"],
            "the page and its picture": [*words, "--svg", f"{folder}/plan.svg"],
            "the page and the differences": [*words, "--against", "base"],
        }
        floor, _ = median([sys.executable, "-c", "pass"], runs)
        print(f"{name} {variant or ''}: {resources} resources; median of {runs} cold processes")
        for what, command in pairs.items():
            took, worked = median(command, runs)
            aim = f"   aim < {AIM:g} s" if what == "the page" else ""
            print(f"  {what:<30}{took:6.2f} s{worked:6.2f} s of a core   ratio {took / floor:5.1f}{aim}")
        print(f"  {'an empty Python process':<30}{floor:6.2f} s")


def largest() -> tuple[int, str, str | None]:
    """The number of resources, the system and the variant."""
    found = []
    for file in sorted(ROOT.glob("systems/*/system.py")):
        system = read_system(file)
        for variant in (None, *system.variants):
            found.append((len(graph(system.plan(variant)).resources), file.parent.name, variant))
    return max(found, key=lambda each: each[0])


def median(command: list[str], runs: int) -> tuple[float, float]:
    """Seconds from start to end, and seconds of work, of several runs after one that is not counted.

    On a quiet machine the two are nearly the same; beside other work the second is the one to look at.
    """
    took, worked = [], []
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(runs + 1):
        before, work = time.perf_counter(), _worked()
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
        took.append(time.perf_counter() - before)
        worked.append(_worked() - work)
    return statistics.median(took[1:]), statistics.median(worked[1:])


def _worked() -> float:
    """Seconds of a core that ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
