"""`seatrial check` of the largest system, as a cold process, against Checkov on its ARM template.

python bench/check.py [--runs 9]

Checkov reads the one template that the system becomes; both judge, neither deploys. Compiled files of the
interpreter are there from the first, uncounted run on, as they are after an installation.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from build import CHECKOV
from plan import ROOT, largest, median


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    resources, name, variant = largest()
    seatrial = [sys.executable, "-m", "seatrial"]
    chosen = ["--variant", variant] if variant else []
    words = [*seatrial, "check", f"systems/{name}", *chosen, "--fail-on", "nothing"]
    took, worked = median(words, runs)
    floor, _ = median([sys.executable, "-c", "pass"], runs)
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as folder:
        built = Path(folder) / "built"
        command = [*seatrial, "build", f"systems/{name}", *chosen, "--out", str(built)]
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        template = max(built.rglob("*.json"), key=lambda file: file.stat().st_size)
        ours, _ = median([*seatrial, "check", "--arm", str(template), "--fail-on", "nothing"], runs)
        theirs = _checkov(template)
    print(f"{name} {variant or ''}: {resources} resources; median of {runs} cold processes")
    print(f"  the check of the system     {took:6.2f} s{worked:6.2f} s of a core   aim < 0.3 s")
    print(f"  the check of its template   {ours:6.2f} s")
    print(f"  Checkov on its template     {theirs:6.2f} s   {theirs / took:5.1f} times the check   aim ≥ 30")
    print(f"  an empty Python process     {floor:6.2f} s")


def _checkov(template: Path) -> float:
    words = [str(CHECKOV), "--skip-download", "--quiet", "--framework", "arm", "--file", str(template)]
    started = time.perf_counter()
    subprocess.run(words, capture_output=True, env=os.environ | {"LOG_LEVEL": "ERROR"}, check=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
