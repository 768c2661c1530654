"""Every system with every variant, built once for all judges."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
Build = Callable[[str], Path]


def systems() -> list[str]:
    return sorted(file.parent.name for file in (ROOT / "systems").glob("*/system.py"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `system` runs for each; one that asks for `shape`, for each with each variant."""
    if "system" in metafunc.fixturenames:
        metafunc.parametrize("system", systems())
    if "shape" in metafunc.fixturenames:
        metafunc.parametrize("shape", shapes())


@cache
def shapes() -> list[str]:
    """`doctrove/base`, `doctrove/10m`: a folder each."""
    from seatrial.cli.system_file import read_system
    from seatrial.model import Mistakes

    found = []
    for name in systems():
        try:
            variants = read_system(ROOT / "systems" / name).variants
        except Mistakes:  # told by the build, which every test needs
            variants = ()
        found += [f"{name}/{variant}" for variant in ("base", *variants)]
    return found


def build(system: str, out: Path, seed: str = "0") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seatrial", "build", f"systems/{system}", "--all-variants", "--out", out],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"seatrial build systems/{system} ended with {done.returncode}\n{done.stderr}")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """The folder of what a system was built to: in it, one for each variant."""
    folder = tmp_path_factory.mktemp("built")

    @cache
    def once(system: str) -> Path:
        build(system, folder / system)
        return folder / system

    return once


@pytest.fixture
def here(shape: str, built: Build) -> Path:
    """The folder of one system with one variant."""
    system, variant = shape.split("/")
    return built(system) / variant


@pytest.fixture(scope="session")
def rebuild() -> Callable[[str, Path, str], None]:
    """Builds a system once more, in a process with another seed of hashes."""
    return build


@pytest.fixture(scope="session")
def everything(built: Build) -> Path:
    """The folder of all systems."""
    for system in systems():
        folder = built(system).parent
    return folder
