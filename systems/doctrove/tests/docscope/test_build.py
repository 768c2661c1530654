"""The page is built once, and from a lock that names no host."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"


def test_the_lock_names_no_registry() -> None:
    lock = (WEB / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


@pytest.mark.integration
def test_building_again_does_nothing_and_takes_no_time(page_built: None) -> None:
    begun = time.monotonic()
    done = subprocess.run([sys.executable, WEB / "build.py"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stderr == ""
    assert time.monotonic() - begun < 1
