"""The meters of models. Each has names of its own: the price list spells them differently in every year.

Source: the price list itself, as read into the book.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from seatrial.bill.meters import Meter

__all__ = ["Place", "read", "written"]

Place = Literal["anywhere", "data zone", "region"]

Names = Mapping[Place, tuple[str, str]]
"""For each place the meters of what is read and of what is written; the second is empty for embeddings."""

_EMBEDDING_ZONE = "Azure OpenAI Embedding"


def _conversing(name: str, dashed: bool = False) -> Names:
    """`gpt 4.1 mini Inp Data Zone`; of some models the meters outside of data zones have dashes."""
    other = name.replace(" ", "-") if dashed else name
    gap = "-" if dashed else " "
    return {
        "anywhere": (f"{other}{gap}Inp{gap}glbl", f"{other}{gap}Outp{gap}glbl"),
        "data zone": (f"{name} Inp Data Zone", f"{name} Outp Data Zone"),
        "region": (f"{other}{gap}Inp{gap}regnl", f"{other}{gap}Outp{gap}regnl"),
    }


def _fifth(name: str, into: str, out: str, anywhere: str, zone: str) -> Names:
    """Of the fifth generation, which is sold by the million, and in no single region."""
    return {
        "anywhere": (f"{name} {into} {anywhere}", f"{name} {out} {anywhere}"),
        "data zone": (f"{name} {into} {zone}", f"{name} {out} {zone}"),
    }


def _embedding(name: str) -> Names:
    return {
        "anywhere": (f"{name}-glbl", ""),
        "data zone": (f"{name.replace('-', ' ')} DZ", ""),
        "region": (f"{name}-regional", ""),
    }


MODELS: Mapping[str, Names] = {
    "text-embedding-3-small": _embedding("text-embedding-3-small"),
    "text-embedding-3-large": _embedding("text-embedding-3-large"),
    "text-embedding-ada-002": {
        "anywhere": ("embedding-ada-glbl", ""),
        "data zone": ("embedding-ada-datazone", ""),
        "region": ("embedding-ada-regional", ""),
    },
    "gpt-4o": _conversing("gpt 4o 1120"),
    "gpt-4o-mini": _conversing("gpt 4o mini 0718", dashed=True),
    "gpt-4.1": _conversing("gpt 4.1"),
    "gpt-4.1-mini": _conversing("gpt 4.1 mini"),
    "gpt-4.1-nano": _conversing("gpt 4.1 nano"),
    "gpt-5": _fifth("GPT 5", "Inpt", "outpt", "Glbl", "DZone"),
    "gpt-5-mini": _fifth("GPT 5 Mini", "Inpt", "outpt", "Glbl", "DZone"),
    "gpt-5-nano": _fifth("GPT 5 Nano", "Inpt", "outpt", "Glbl", "DZone"),
    "gpt-5.1": _fifth("GPT 5.1", "inp", "opt", "Gl", "Dz"),
    "gpt-5.2": _fifth("GPT 5.2", "inp", "opt", "Gl", "Dz"),
    "gpt-5.4": _fifth("5.4", "inp", "opt", "Gl", "Dz"),
    "gpt-5.4-mini": _fifth("5.4 mini", "Inp", "Opt", "Gl", "Dz"),
}
"""gpt-4o is that of November 2024, which a deployment that names no version is given."""


def read(model: str, place: Place, region: str) -> Meter:
    """Of tokens that a model is given. One that is not known here has a meter that no book has, so that it is
    refused by its name."""
    names = MODELS.get(model, {}).get(place)
    return _meter(f"{model} read {place}" if names is None else names[0], region)


def written(model: str, place: Place, region: str) -> Meter | None:
    """Of tokens that a model answers with; None: it answers with none, or nothing is known of it."""
    names = MODELS.get(model, {}).get(place)
    return _meter(names[1], region) if names is not None and names[1] else None


def _meter(sku: str, region: str) -> Meter:
    fifth = sku.startswith(("GPT 5", "5."))
    product = "Azure OpenAI GPT5" if fifth else "Azure OpenAI"
    if sku.startswith("text embedding"):
        product = _EMBEDDING_ZONE
    name = f"{sku} 1M Tokens" if fifth else f"{sku} Tokens"
    return Meter(service="Foundry Models", product=product, name=name, sku=sku, region=region)
