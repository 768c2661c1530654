"""What a program knows of an embedding model, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from seatrial_kit.errors import Failure

__all__ = ["CannotEmbed", "Embedder", "TextsRefused", "Vectors"]

Vectors = NDArray[np.float32]
"""One row a text, each of length 1."""


class CannotEmbed(Failure):
    """The model cannot be used, or does not answer as it should. No other model steps in.

    CannotEmbed
    └── TextsRefused    it works, but not for these texts
    """


class TextsRefused(CannotEmbed):
    """The model has answered, but refused some of the texts for what they are.

    `reasons` says why, by position; `vectors` has the others, and zeros in the rows of those refused.
    """

    def __init__(self, reasons: Mapping[int, str], vectors: Vectors) -> None:
        position, reason = next(iter(sorted(reasons.items())))
        super().__init__(f"{len(reasons)} of {len(vectors)} texts refused; text {position}: {reason}")
        self.reasons = dict(reasons)
        self.vectors = vectors


class Embedder(Protocol):
    """One model of one provider. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """The model's name, such as `all-MiniLM-L6-v2`."""

    @property
    def provider(self) -> str:
        """Who computes: `local`, `azure-openai` or `openai`."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """What a text has beyond this many tokens is not read."""

    def tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, uncut; an estimate where only the provider can tell."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of these texts, in their order.

        Raises:
            TextsRefused: some texts have no vector; the exception holds the others'.
            CannotEmbed: there is no model, or no right answer, after all attempts that make sense.
        """
