"""All systems with all variants read, planned and compiled in one cold process, step by step.

python bench/compile.py [--runs 15]

Whatever works on a whole house of systems begins so: the bill, a check, a comparison. Told are the least of
the runs, the least work of a core, and the median: beside other work the second is the one to look at.
Against a process that does nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from plan import ROOT, median

AIM = 0.28
"""Seconds, for all of it."""

STEPS = """
import json, time
from pathlib import Path
took = {}
def step(name, do):
    before, work = time.perf_counter(), time.process_time()
    found = do()
    seconds, worked = took.get(name, (0, 0))
    took[name] = seconds + time.perf_counter() - before, worked + time.process_time() - work
    return found
def imports():
    global graph, read_system
    from seatrial.azure.compile import graph
    from seatrial.cli.system_file import read_system
step("imports", imports)
resources = 0
for file in sorted(Path("systems").glob("*/system.py")):
    system = step("systems read", lambda: read_system(file))
    for variant in (None, *system.variants):
        plan = step("plans made", lambda: system.plan(variant))
        resources += len(step("graphs compiled", lambda: graph(plan)).resources)
print(json.dumps([took, resources]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    floor, _ = median([sys.executable, "-c", "pass"], runs)
    measured()  # not counted: the interpreter writes its compiled files
    several = [measured() for _ in range(runs)]
    resources = several[0][1]
    print(f"{resources} resources in all; least, work and median of {runs} cold processes")
    for name in several[0][0]:
        shown(name, [steps[name] for steps, _ in several])
    wholes = [
        (sum(took for took, _ in of.values()), sum(work for _, work in of.values())) for of, _ in several
    ]
    ratio = min(wholes)[0] / floor
    shown("all of it", wholes, f"   ratio {ratio:5.1f}   aim < {AIM:g} s")
    print(f"  {'an empty Python process':<26}{floor:7.3f} s")


def measured() -> tuple[dict[str, tuple[float, float]], int]:
    """Seconds and work of each step of one run, and how many resources all graphs have."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", STEPS]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    took, resources = json.loads(ran.stdout)
    return took, resources


def shown(name: str, several: list[tuple[float, float]], more: str = "") -> None:
    took, worked = zip(*several, strict=True)
    print(
        f"  {name:<26}{min(took):7.3f} s{min(worked):7.3f} s of a core{statistics.median(took):7.3f} s{more}"
    )


if __name__ == "__main__":
    main()
