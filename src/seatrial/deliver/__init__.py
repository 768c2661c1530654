"""What carries a system to where it runs: images, Compose, Kubernetes, GitHub Actions, azd."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from seatrial.azure.compile import graph
from seatrial.azure.graph import Graph
from seatrial.deliver import azd, compose, dockerfiles, kubernetes, release, workflows
from seatrial.deliver.layout import layout
from seatrial.model import Plan

__all__ = ["files"]


def files(plan: Plan, root: Path, becomes: Graph | None = None) -> Mapping[str, str]:
    """Every file of a plan's delivery, by its path from the folder that `seatrial build` writes.

    `root` is the repository's root: which folders of the conventional layout there are is read from it.
    `becomes` is the plan's graph, for who has it already.
    """
    at, becomes = layout(plan, root), becomes or graph(plan)
    manifests = kubernetes.files(becomes)
    return {
        **dockerfiles.files(plan, at),
        **release.files(becomes, at),
        **workflows.files(becomes, at, _wanted(manifests.values())),
        **compose.files(plan, at),
        **azd.files(becomes, at),
        **manifests,
    }


def _wanted(manifests: Iterable[str]) -> tuple[str, ...]:
    """The variables without which the scripts beside the manifests end: only an operator knows them."""
    found = (name for text in manifests for name in re.findall(r"\$\{([A-Z][A-Z0-9_]*):\?", text))
    return tuple(dict.fromkeys(found))
