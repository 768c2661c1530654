"""Texts to vectors: one port, a local model, and any OpenAI-compatible endpoint when one is configured."""

from __future__ import annotations

from seatrial_kit.embeddings.port import CannotEmbed, Embedder, TextsRefused, Vectors
from seatrial_kit.settings import ModelApiSettings

__all__ = ["CannotEmbed", "Embedder", "EmbeddingSettings", "TextsRefused", "Vectors", "choose"]


class EmbeddingSettings(ModelApiSettings):
    """An endpoint for embeddings, where one is configured, and the limits of its quota."""

    openai_api_version: str = "2024-10-21"
    """Of Azure OpenAI's data plane; other endpoints have none."""
    openai_dimensions: int | None = None
    """The length of its vectors, where it is not one of the models we know."""
    openai_requests_per_minute: int = 3_000
    openai_tokens_per_minute: int = 350_000


def choose(settings: ModelApiSettings) -> Embedder:
    """The endpoint's model when one is configured, otherwise the local one. Later failures change nothing.

    Raises:
        CannotEmbed: the configuration is incomplete, or the local model is not installed.
    """
    if settings.openai_url is None:
        from seatrial_kit.embeddings.minilm import MiniLM

        return MiniLM()
    from seatrial_kit.embeddings.openai import OpenAI

    given = settings.model_dump()
    return OpenAI.configured(EmbeddingSettings(**given))
