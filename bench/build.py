"""`seatrial build` of the largest system, against the time that Checkov takes to read the result.

Each is a process of its own, cold, as a person starts it. The largest system is the one that becomes the most
resources. Checkov reads all that was built of it, and part by part what it would be asked to read least.

    python bench/build.py [--runs 5]
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

from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKOV = ROOT / ".venv/checkov/bin/checkov"

LOAD = """
import sys
from seatrial.azure.compile import graph
from seatrial.cli.system_file import read_system
graph(read_system(sys.argv[1]).plan(sys.argv[2] or None))
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--runs", type=int, default=5)
    runs = arguments.parse_args().runs
    size, system, variant = max(sizes())
    chosen = ["--variant", variant] if variant else []
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as folder:
        load = median(runs, sys.executable, "-c", LOAD, str(system), variant)
        shown = median(runs, BIN / "seatrial", "plan", system, *chosen)
        anew = median(runs, BIN / "seatrial", "build", system, *chosen, "--out", Path(folder) / "{run}")
        again = median(runs, BIN / "seatrial", "build", system, *chosen, "--out", Path(folder) / "0")
        checkov = (CHECKOV, "--skip-download", "--quiet", "--directory", Path(folder) / "0")
        checked = took(*checkov)
        bicep = took(*checkov, "--framework", "bicep")
    print(
        f"{system.name} {variant}, {size} resources, cold processes, median of {runs} runs".replace("  ", " ")
    )
    print(f"  read the file, plan, compile      {load:6.2f} s   aim < 0.5")
    print(f"  seatrial plan                     {shown:6.2f} s")
    print(f"  seatrial build, all files new     {anew:6.2f} s   aim < 1")
    print(f"  seatrial build, nothing changed   {again:6.2f} s")
    print(f"  Checkov reads the result          {checked:6.2f} s")
    print(f"  ratio                             {checked / anew:6.1f}     aim ≥ 30")
    print(f"  Checkov reads its Bicep only      {bicep:6.2f} s")


def sizes() -> list[tuple[int, Path, str]]:
    """How many resources each system becomes with each variant."""
    found = []
    for file in sorted((ROOT / "systems").glob("*/system.py")):
        system = read_system(file)
        for variant in (None, *system.variants):
            found.append((len(graph(system.plan(variant)).resources), file.parent, variant or ""))
    return found


def median(runs: int, *command: str | Path) -> float:
    """Of one uncounted run, which reads what is on disk into memory, and so many counted ones."""
    took(*command, run="warm")
    return statistics.median(took(*command, run=str(index)) for index in range(runs))


def took(*command: str | Path, run: str = "") -> float:
    words = [str(word).replace("{run}", run) for word in command]
    started = time.perf_counter()
    done = subprocess.run(words, capture_output=True, env=os.environ | {"LOG_LEVEL": "ERROR"}, check=False)
    seconds = time.perf_counter() - started
    if done.returncode and "checkov" not in words[0]:  # its findings make Checkov end with 1
        sys.exit(done.stderr.decode())
    return seconds


if __name__ == "__main__":
    main()
