"""`python -m doctrove.enrichment.fitting <in> <out>`: fits UMAP, in a process of its own.

So its compiler's memory goes when it is done, and no crash or endless loop of it hurts the worker. When the
worker dies, this process sees its standard input end, and ends as well.

Neighbours are found exactly, by matrix products: that is deterministic, and quicker than an approximate index
of which most of the time would be compiling. A fixed seed makes UMAP run on one core; the map of one sample
is then always the same, which we prefer to the seconds that a second core saves.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from seatrial_kit.errors import Failure

from doctrove.enrichment.projection import Matrix, fill_square, nearest

__all__ = ["PARAMETERS", "CannotFit", "fit"]

PARAMETERS: dict[str, Any] = {"n_neighbors": 15, "min_dist": 0.1, "metric": "cosine", "seed": 42}
SECONDS = 900.0
"""A sample of 20,000 takes under two minutes on one free core."""
_AT_ONCE = 1_024


class CannotFit(Failure):
    """UMAP failed, or took too long."""


def fit(vectors: Matrix, *, seconds: float = SECONDS) -> tuple[Matrix, dict[str, Any]]:
    """Positions in the square, and how they were made.

    Raises:
        CannotFit: the process ended badly or was ended after `seconds`; the message holds its last words.
    """
    with tempfile.TemporaryDirectory(prefix="doctrove-fit-") as folder:
        source, result = Path(folder) / "vectors.npy", Path(folder) / "positions.npy"
        np.save(source, vectors)
        command = [sys.executable, "-m", "doctrove.enrichment.fitting", str(source), str(result)]
        began = time.monotonic()
        with (Path(folder) / "words").open("w+") as words:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=words
            )
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise CannotFit(
                    f"UMAP was not done with {len(vectors):,} documents within {seconds:.0f} s"
                ) from None
            finally:
                process.kill()
                process.wait()
            words.seek(0)
            last = (words.read().strip().splitlines() or ["it said nothing"])[-1]
        if process.returncode:
            raise CannotFit(f"UMAP ended with {process.returncode}: {last[:500]}")
        about = {
            **PARAMETERS,
            "seconds": round(time.monotonic() - began, 1),
            "versions": {name: importlib.metadata.version(name) for name in ("umap-learn", "numpy")},
        }
        return fill_square(np.load(result, allow_pickle=False)), about


def _umap(vectors: Matrix) -> Matrix:
    import warnings

    import umap

    count = min(PARAMETERS["n_neighbors"], len(vectors) - 1)
    # UMAP counts a document as its own first neighbour.
    parts = [
        nearest(vectors[start : start + _AT_ONCE], vectors, count)
        for start in range(0, len(vectors), _AT_ONCE)
    ]
    neighbours, distances = (np.concatenate(column) for column in zip(*parts, strict=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # one core and no transform of its own: both on purpose
        model = umap.UMAP(
            n_neighbors=count,
            min_dist=PARAMETERS["min_dist"],
            metric=PARAMETERS["metric"],
            random_state=PARAMETERS["seed"],
            precomputed_knn=(neighbours.astype(np.int32), np.maximum(distances, 0)),
        )
        return np.asarray(model.fit_transform(vectors), np.float32)


def _end_with_parent() -> None:
    os.read(0, 1)  # not sys.stdin: its lock, held by a thread, would abort the exit
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    np.save(sys.argv[2], _umap(np.load(sys.argv[1], allow_pickle=False)), allow_pickle=False)
