"""`seatrial build`, as a person uses it: whole processes on a small system."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seatrial.cli import exits

FERRY = """
from seatrial import System

ferry = System("ferry", title="Crossings, and who is aboard", region="westeurope")
crossings = ferry.postgres("crossings")
ferry.service("desk", "python -m ferry.desk", port=8000, uses=[crossings], public=True)
closed = ferry.variant("closed", title="In a network of its own")
closed.change(crossings, network="subnet")
"""

Done = subprocess.CompletedProcess[str]


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    """The folder of a system, below `systems`."""
    folder = tmp_path / "systems" / "ferry"
    folder.mkdir(parents=True)
    (folder / "system.py").write_text(FERRY)
    return folder


def build(folder: Path, *options: str) -> Done:
    return subprocess.run(
        [sys.executable, "-m", "seatrial", "build", *options],
        cwd=folder.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_is_written_and_a_second_time_nothing(ferry: Path) -> None:
    first = build(ferry)
    assert (first.returncode, first.stderr) == (exits.OK, "")
    assert first.stdout.startswith("ferry: build/ferry, ")
    assert first.stdout.endswith(" files, all new\n")
    out = ferry.parents[1] / "build/ferry"
    for path in ("infra/main.bicep", "infra/main.json", "infra/terraform/main.tf.json", "azure.yaml"):
        assert (out / path).is_file()
    assert build(ferry).stdout.endswith(" files, all as they were\n")


def test_what_changed_is_named(ferry: Path) -> None:
    build(ferry)
    (ferry / "system.py").write_text(FERRY.replace("port=8000", "port=8001"))
    again = build(ferry)
    assert "  written: infra/modules/compute.bicep\n" in again.stderr
    assert "infra/modules/network.bicep" not in again.stderr


def test_every_variant_has_a_folder_and_what_cannot_be_changed_in_place_is_said(ferry: Path) -> None:
    done = build(ferry, "--all-variants", "--out", "all", "--json")
    assert done.returncode == exits.OK
    told = json.loads(done.stdout)
    root = ferry.parents[1]
    assert [Path(each["out"]).relative_to(root).as_posix() for each in told] == ["all/base", "all/closed"]
    assert told[0]["notes"] == []
    assert any("network" in note for note in told[1]["notes"])


def test_a_file_in_the_way_is_named_with_the_way_out(ferry: Path) -> None:
    (ferry.parents[1] / "out").mkdir()
    (ferry.parents[1] / "out/azure.yaml").write_text("mine\n")
    done = build(ferry, "--out", "out")
    assert done.returncode == exits.FAILED
    assert "azure.yaml" in done.stderr
    assert "hint: " in done.stderr
    assert [file.name for file in (ferry.parents[1] / "out").iterdir()] == ["azure.yaml"]
    assert build(ferry, "--out", "out", "--force").returncode == exits.OK


def test_a_mistake_is_told_with_its_line_and_nothing_is_written(ferry: Path) -> None:
    (ferry / "system.py").write_text(FERRY.replace('"westeurope"', '"westeurop"'))
    done = build(ferry)
    assert done.returncode == exits.MISTAKES
    assert "systems/ferry/system.py:4" in done.stderr
    assert not (ferry.parents[1] / "build").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [(["--variant", "open"], "closed"), (["--variant", "closed", "--all-variants"], "one of the two")],
)
def test_what_is_asked_for_wrongly_is_told(options: list[str], told: str, ferry: Path) -> None:
    done = build(ferry, *options)
    assert done.returncode == exits.USAGE
    assert told in done.stderr
