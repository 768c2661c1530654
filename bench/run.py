"""All benchmarks, one after the other; each prints ours, the floor and the ratio.

python bench/run.py [--million]     --million: also search at 1,000,000 × 384
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BENCHES = [
    ["plan.py"],
    ["compile.py"],
    ["build.py"],
    ["bill.py"],
    ["check.py"],
    ["up.py"],
    ["ingest.py"],
    ["embedding.py"],
    ["viewport.py"],
    ["search.py"],
]


def main() -> int:
    benches = BENCHES + ([["search.py", "--records", "1000000"]] if "--million" in sys.argv[1:] else [])
    failed = 0
    for script, *options in benches:
        print(f"\n── {script} {' '.join(options)}".rstrip(), flush=True)
        failed += subprocess.run([sys.executable, HERE / script, *options], check=False).returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
