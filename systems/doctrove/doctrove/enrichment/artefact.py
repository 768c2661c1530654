"""A fit as bytes for the blobs: an .npz without pickles, and the SHA-256 that the store keeps of it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from seatrial_kit.errors import Failure

from doctrove.enrichment.projection import NeighbourFit, Projection, QuickFit

__all__ = ["ArtefactBroken", "pack", "unpack"]


class ArtefactBroken(Failure):
    """The bytes are not the fit that the store knows."""


def pack(fit: QuickFit | NeighbourFit, about: Mapping[str, Any]) -> tuple[bytes, str]:
    """The bytes and their SHA-256. `about` (parameters, versions) is kept inside, for people."""
    arrays: dict[str, Any] = {"about": np.frombuffer(json.dumps(dict(about)).encode(), np.uint8)}
    if isinstance(fit, QuickFit):
        arrays |= {"mean": fit.mean, "directions": fit.directions, "centre": fit.centre}
    else:
        arrays |= {"paper_ids": fit.paper_ids, "positions": fit.positions}
        arrays["vectors"] = fit.vectors.astype(np.float16)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    content = file.getvalue()
    return content, hashlib.sha256(content).hexdigest()


def unpack(content: bytes, sha256: str) -> Projection:
    """
    Raises:
        ArtefactBroken: the bytes were damaged or replaced.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ArtefactBroken(
            f"the map's fit has sha256 {found}, not {sha256}",
            hint="restore it in the blobs of MODELS_URL, or let a new map be fitted",
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        if "directions" in arrays:
            return QuickFit(mean=arrays["mean"], directions=arrays["directions"], centre=arrays["centre"])
        return NeighbourFit(
            paper_ids=arrays["paper_ids"],
            vectors=arrays["vectors"].astype(np.float32),
            positions=arrays["positions"],
        )
