"""What is printed, whole: a system by Bicep, and a graph in which everything is said once in every dialect.

After a change that is meant: UPDATE_SNAPSHOTS=1 .venv/bin/python -m pytest tests/unit/azure/test_snapshots.py
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from seatrial import System
from seatrial.azure import arm, bicep, parameters, terraform
from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph

SNAPSHOTS = Path(__file__).with_name("snapshots")


def held(name: str, files: Mapping[str, str]) -> None:
    """Compare with what was kept; where it is asked for, keep what there is."""
    folder = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        for file in folder.rglob("*.*"):
            file.unlink()
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
    kept = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.*")}
    assert kept.keys() == files.keys()
    for path, text in files.items():
        assert text == kept[path], path


def test_a_graph_in_every_dialect(harbour: Graph) -> None:
    held(
        "harbour",
        {
            **bicep.files(harbour),
            **parameters.files(harbour),
            "main.json": arm.text(harbour),
            **{f"terraform/{path}": text for path, text in terraform.files(harbour).items()},
        },
    )


def test_a_small_system_in_bicep() -> None:
    ferry = System("ferry", title="Crossings, and who is aboard", region="westeurope")
    crossings = ferry.postgres("crossings", cores=2, storage="32 GiB", extensions=["vector"])
    tickets = ferry.blobs("tickets", cool_after="30 days")
    key = ferry.secret("harbour-key")
    ferry.service(
        "desk",
        "python -m ferry.desk",
        port=8000,
        health="/health",
        cpu=0.5,
        memory="1 GiB",
        replicas=(1, 3),
        uses=[crossings, key],
        reads=[tickets],
        public=True,
    )
    held("ferry", bicep.files(graph(ferry.plan())))
