"""An endpoint over HTTP: its refusals are waited out, its mistakes are not taken for answers."""

from __future__ import annotations

import socket
import time
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr
from seatrial_kit.embeddings import CannotEmbed, EmbeddingSettings, TextsRefused, choose
from seatrial_kit.embeddings.limits import Quota
from seatrial_kit.embeddings.openai import OpenAI

KEY = "sk-do-not-show-me"


def connect(endpoint: Any, *, waits: list[float] | None = None, **changes: Any) -> OpenAI:
    """A client of the endpoint; waits are written down instead of waited."""
    given: dict[str, Any] = {
        "url": endpoint.url,
        "model": "tiny",
        "key": SecretStr(KEY),
        "dimensions": 4,
        "quota": Quota(requests_per_minute=60_000, tokens_per_minute=6_000_000),
        "timeout_seconds": 0.3,
        "sleep": (waits if waits is not None else []).append,
    }
    return OpenAI(**(given | changes))


def test_texts_become_vectors_of_length_one_in_their_order(embedding_endpoint: Any) -> None:
    embedding_endpoint.next = [
        (200, {}, {"data": [
            {"index": 1, "embedding": [0, 2, 0, 0]},
            {"index": 0, "embedding": [3, 0, 0, 0]},
        ]})
    ]  # fmt: skip
    vectors = connect(embedding_endpoint).embed(["a", "b"])
    assert vectors.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]]
    assert vectors.dtype == np.float32


def test_a_bearer_key_is_sent_to_an_ordinary_endpoint(embedding_endpoint: Any) -> None:
    model = connect(embedding_endpoint)
    model.embed(["a"])
    assert model.provider == "openai"
    assert embedding_endpoint.headers[0]["authorization"] == f"Bearer {KEY}"
    assert embedding_endpoint.paths == ["/v1/embeddings"]


def test_azure_gets_its_own_header_path_and_version(embedding_endpoint: Any) -> None:
    url = embedding_endpoint.url.replace("/v1", "/openai/deployments/mine")
    model = connect(embedding_endpoint, url=url)
    model.embed(["a"])
    assert model.provider == "azure-openai"
    assert embedding_endpoint.headers[0]["api-key"] == KEY
    assert "authorization" not in embedding_endpoint.headers[0]
    assert embedding_endpoint.paths == ["/openai/deployments/mine/embeddings?api-version=2024-10-21"]


@pytest.fixture
def azure(embedding_endpoint: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The API without versions of a resource on Azure, whose name leads to the endpoint of this test."""
    real = socket.getaddrinfo

    def lookup(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        return real("127.0.0.1" if name.endswith(".openai.azure.com") else host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return embedding_endpoint.url.replace("127.0.0.1", "ours.openai.azure.com").replace("/v1", "/openai/v1/")


def test_azure_without_versions_is_asked_for_the_model_by_name(azure: str, embedding_endpoint: Any) -> None:
    connect(embedding_endpoint, url=azure).embed(["a"])
    assert embedding_endpoint.paths == ["/openai/v1/embeddings"]
    assert embedding_endpoint.asked[0]["model"] == "tiny"
    assert embedding_endpoint.headers[0]["api-key"] == KEY


def test_azure_without_a_key_is_shown_a_token(
    azure: str, embedding_endpoint: Any, identity_endpoint: Any
) -> None:
    model = connect(embedding_endpoint, url=azure, key=None)
    model.embed(["a"])
    model.embed(["b"])
    assert [headers["authorization"] for headers in embedding_endpoint.headers] == ["Bearer a-token"] * 2
    assert "api-key" not in embedding_endpoint.headers[0]
    assert identity_endpoint.resources == ["https://cognitiveservices.azure.com"]
    assert model.provider == "azure-openai"


def test_a_token_is_shown_to_azure_only(embedding_endpoint: Any, identity_endpoint: Any) -> None:
    connect(embedding_endpoint, key=None).embed(["a"])
    url = embedding_endpoint.url.replace("/v1", "/openai/deployments/mine")
    connect(embedding_endpoint, url=url, key=None).embed(["a"])
    assert all("authorization" not in headers for headers in embedding_endpoint.headers)
    assert identity_endpoint.resources == []


def test_an_identity_without_a_token_is_waited_for(
    azure: str, embedding_endpoint: Any, identity_endpoint: Any
) -> None:
    identity_endpoint.status = 403
    with pytest.raises(CannotEmbed, match="gets no token for https://cognitiveservices"):
        connect(embedding_endpoint, url=azure, key=None).embed(["a"])
    assert embedding_endpoint.asked == []


def test_an_identity_without_the_right_is_told_which_it_lacks(
    azure: str, embedding_endpoint: Any, identity_endpoint: Any
) -> None:
    embedding_endpoint.next = [(401, {}, {"error": {"message": "PermissionDenied"}})]
    with pytest.raises(CannotEmbed, match="Cognitive Services OpenAI User") as caught:
        connect(embedding_endpoint, url=azure, key=None).embed(["a"])
    assert "a-token" not in str(caught.value)


def test_retry_after_is_honoured(embedding_endpoint: Any) -> None:
    busy = (429, {"Retry-After": "7"}, {"error": {"message": "slow down"}})
    embedding_endpoint.next = [busy]
    waits: list[float] = []
    assert connect(embedding_endpoint, waits=waits).embed(["a"]).shape == (1, 4)
    assert len(waits) == 1
    assert 7 <= waits[0] <= 7.2


def test_a_server_error_is_tried_again_later_and_later(embedding_endpoint: Any) -> None:
    embedding_endpoint.next = [(500, {}, {})] * 4
    waits: list[float] = []
    connect(embedding_endpoint, waits=waits).embed(["a"])
    # Half to all of 0.5, 1, 2 and 4 seconds, by chance
    assert [low <= wait <= 2 * low for low, wait in zip([0.25, 0.5, 1, 2], waits, strict=True)] == [True] * 4


def test_a_time_out_is_tried_again(embedding_endpoint: Any) -> None:
    def slow(texts: list[str]) -> tuple[int, dict[str, str], Any]:
        time.sleep(0.6)
        return 200, {}, {"data": []}

    embedding_endpoint.next = [slow]
    assert connect(embedding_endpoint).embed(["a"]).shape == (1, 4)
    assert len(embedding_endpoint.asked) == 2


def test_attempts_end_and_the_error_does_not_hold_the_key(embedding_endpoint: Any) -> None:
    embedding_endpoint.next = [(503, {}, {"error": {"message": "no"}})] * 99
    with pytest.raises(CannotEmbed, match="503 no") as caught:
        connect(embedding_endpoint).embed(["a"])
    assert len(embedding_endpoint.asked) == 6
    assert KEY not in str(caught.value)
    assert KEY not in repr(caught.value)


def test_a_wrong_key_is_not_tried_again(embedding_endpoint: Any) -> None:
    embedding_endpoint.next = [(401, {}, {"error": {"message": "bad key"}})]
    with pytest.raises(CannotEmbed, match="check OPENAI_KEY"):
        connect(embedding_endpoint).embed(["a"])
    assert len(embedding_endpoint.asked) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"data": [{"index": 0, "embedding": [1, 0, 0, 0]}]}, "1 vectors for 2 texts"),
        ({"data": [{"index": n, "embedding": [1, 0, 0]} for n in (0, 1)]}, r"length \[3\], not 4"),
        ({"data": [{"index": n, "embedding": [1, 0, 0, 0]} for n in (0, 0)]}, "2 vectors for 2 texts"),
        ({"data": [{"index": n, "embedding": [0, 0, 0, 0]} for n in (0, 1)]}, "zero or not finite"),
        (b'{"data":[{"index":0,"embedding":[NaN,0,0,0]},{"index":1,"embedding":[1,0,0,0]}]}', "not finite"),
        (b"<html>a proxy</html>", "not an answer of the embeddings API"),
        ({"data": None}, "not an answer of the embeddings API"),
    ],
)
def test_half_an_answer_is_none(embedding_endpoint: Any, content: Any, says: str) -> None:
    embedding_endpoint.next = [(200, {}, content)]
    with pytest.raises(CannotEmbed, match=says):
        connect(embedding_endpoint).embed(["a", "b"])


def test_one_bad_text_does_not_lose_the_others(embedding_endpoint: Any) -> None:
    embedding_endpoint.bad_texts = {"bad"}
    texts = [f"text {number}" for number in range(9)] + ["bad", "last"]
    with pytest.raises(TextsRefused) as caught:
        connect(embedding_endpoint).embed(texts)
    assert caught.value.reasons == {9: "'bad' is not valid"}
    lengths = np.linalg.norm(caught.value.vectors, axis=1)
    assert lengths.tolist() == pytest.approx([1] * 9 + [0, 1])


def test_a_wrong_parameter_is_not_blamed_on_the_texts(embedding_endpoint: Any) -> None:
    embedding_endpoint.next = [(400, {}, {"error": {"message": "unknown model"}})] * 2
    with pytest.raises(CannotEmbed, match="unknown model") as caught:
        connect(embedding_endpoint).embed(["a", "b", "c"])
    assert not isinstance(caught.value, TextsRefused)
    assert len(embedding_endpoint.asked) == 2


def test_many_texts_go_in_several_requests(embedding_endpoint: Any) -> None:
    assert connect(embedding_endpoint).embed(["x"] * 600).shape == (600, 4)
    assert [len(asked["input"]) for asked in embedding_endpoint.asked] == [256, 256, 88]


def test_a_quota_spreads_requests_and_tokens_over_the_minute() -> None:
    now, waits = [0.0], []

    def sleep(seconds: float) -> None:
        waits.append(round(seconds, 6))
        now[0] += seconds

    quota = Quota(requests_per_minute=60, tokens_per_minute=600, clock=lambda: now[0], sleep=sleep)
    for _ in range(6):
        quota.spend(1)  # six seconds' worth may go at once
    assert waits == []
    quota.spend(1)  # one request a second from here on
    quota.spend(84)  # at most 60 tokens are ever free: 24 short, at 10 a second
    assert waits[0] == 1
    assert waits[1] == pytest.approx(2.4)


def test_a_configured_endpoint_is_chosen_and_an_incomplete_one_refused(embedding_endpoint: Any) -> None:
    settings = {"openai_url": embedding_endpoint.url, "openai_key": SecretStr(KEY)}
    chosen = choose(EmbeddingSettings(**settings, openai_model="text-embedding-3-small"))
    assert (chosen.name, chosen.dimensions) == ("text-embedding-3-small", 1536)
    assert embedding_endpoint.asked == []
    with pytest.raises(CannotEmbed, match="OPENAI_URL and OPENAI_MODEL"):
        choose(EmbeddingSettings(**settings))
    with pytest.raises(CannotEmbed, match="set OPENAI_DIMENSIONS"):
        choose(EmbeddingSettings(**settings, openai_model="unheard-of"))
