"""Azure OpenAI, or any endpoint that speaks OpenAI's embeddings API, over HTTP.

What comes back is checked: as many vectors as texts, of the right length, finite. A refusal for one text does
not lose the others. 429 and 5xx are tried again, after Retry-After where it is given. The key stands in a
header only, never in an error. Without a key, Azure is shown a token of this process's identity; nobody else.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx
import numpy as np
from pydantic import SecretStr

from seatrial_kit import identity
from seatrial_kit.embeddings.limits import Quota
from seatrial_kit.embeddings.port import CannotEmbed, TextsRefused, Vectors

if TYPE_CHECKING:
    from seatrial_kit.embeddings import EmbeddingSettings

__all__ = ["DIMENSIONS", "OpenAI"]

DIMENSIONS = {"text-embedding-3-small": 1536, "text-embedding-3-large": 3072, "text-embedding-ada-002": 1536}
"""Source: https://platform.openai.com/docs/guides/embeddings"""

MAX_TOKENS = 8_191
MAX_TEXTS = 256
"""Of one request; the API's own limit is 2,048, but a smaller one is repeated more cheaply."""

_ATTEMPTS = 6
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS = 0.5, 60.0
_BYTES_A_TOKEN = 3
"""On the safe side for English (about 4); the provider's own vocabulary is not needed for an estimate."""


class OpenAI:
    """One model at one endpoint."""

    max_tokens = MAX_TOKENS

    def __init__(
        self,
        *,
        url: str,
        model: str,
        key: SecretStr | None,
        dimensions: int,
        quota: Quota,
        api_version: str = "2024-10-21",
        timeout_seconds: float = 30,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """
        `url`: for Azure the resource, a deployment (`https://x.openai.azure.com/openai/deployments/y`), or
        the API without versions (`https://x.openai.azure.com/openai/v1/`); elsewhere what `/embeddings` is
        added to (`https://api.openai.com/v1`).
        """
        self.name, self.dimensions = model, dimensions
        self._quota, self._sleep = quota, sleep
        azure = _is_azure(url)
        self._endpoint, versioned = _endpoint(url, model, azure=azure)
        self.provider = "azure-openai" if azure else "openai"
        headers = {}
        if key is not None:
            secret = key.get_secret_value()
            headers = {"api-key": secret} if azure else {"Authorization": f"Bearer {secret}"}
        self._body: dict[str, Any] = {"model": model, "encoding_format": "float"}
        if DIMENSIONS.get(model, dimensions) != dimensions:
            self._body["dimensions"] = dimensions  # a shorter vector than the model's own
        self._by_identity = key is None and identity.given() and _has_host_of_azure(url)
        self._client = httpx.Client(
            headers=headers,
            auth=_Bearer() if self._by_identity else None,
            params={"api-version": api_version} if versioned else {},
            timeout=httpx.Timeout(timeout_seconds, connect=10),
        )

    @classmethod
    def configured(cls, settings: EmbeddingSettings) -> Self:
        """
        Raises:
            CannotEmbed: there is an address but no model, or vectors of a length nobody knows.
        """
        if settings.openai_url is None or settings.openai_model is None:
            raise CannotEmbed(
                "OPENAI_URL and OPENAI_MODEL are needed together",
                hint="set both, or neither to use the local model",
            )
        dimensions = settings.openai_dimensions or DIMENSIONS.get(settings.openai_model)
        if dimensions is None:
            raise CannotEmbed(
                f"the vectors' length of {settings.openai_model} is not known",
                hint="set OPENAI_DIMENSIONS",
            )
        return cls(
            url=settings.openai_url,
            model=settings.openai_model,
            key=settings.openai_key,
            dimensions=dimensions,
            quota=Quota(
                requests_per_minute=settings.openai_requests_per_minute,
                tokens_per_minute=settings.openai_tokens_per_minute,
            ),
            api_version=settings.openai_api_version,
        )

    def tokens(self, texts: Sequence[str]) -> list[int]:
        return [math.ceil(len(text.encode()) / _BYTES_A_TOKEN) for text in texts]

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        reasons: dict[int, str] = {}
        for batch in self._batches(texts):
            self._embed(batch, vectors, reasons)
        if reasons:
            raise TextsRefused(reasons, vectors)
        return vectors

    def _batches(self, texts: Sequence[str]) -> Iterator[list[tuple[int, str]]]:
        batch: list[tuple[int, str]] = []
        tokens = 0
        for position, cost in enumerate(self.tokens(texts)):
            if batch and (len(batch) == MAX_TEXTS or tokens + cost > self._quota.most_tokens):
                yield batch
                batch, tokens = [], 0
            # The API refuses an empty text, but " " has a vector.
            batch.append((position, _cut(texts[position]) or " "))
            tokens += min(cost, MAX_TOKENS)
        if batch:
            yield batch

    def _embed(self, batch: list[tuple[int, str]], vectors: Vectors, reasons: dict[int, str]) -> None:
        """Embed a batch; when it is refused, its halves, until only the texts at fault are left out."""
        answer = self._ask([text for _, text in batch])
        if answer.status_code == httpx.codes.BAD_REQUEST:
            if len(batch) == 1:
                reasons[batch[0][0]] = _message(answer)
                return
            self._refuse_if_no_text_would_do(answer)
            middle = len(batch) // 2
            self._embed(batch[:middle], vectors, reasons)
            self._embed(batch[middle:], vectors, reasons)
            return
        vectors[[position for position, _ in batch]] = self._read(answer, len(batch))

    def _refuse_if_no_text_would_do(self, refusal: httpx.Response) -> None:
        """A wrong parameter is refused whatever the text: then there is no culprit to look for."""
        if self._ask(["text"]).status_code != httpx.codes.OK:
            raise self._wrong(f"400 {_message(refusal)}")

    def _ask(self, texts: list[str]) -> httpx.Response:
        """An answer of 200 or 400."""
        cost = sum(min(tokens, MAX_TOKENS) for tokens in self.tokens(texts))
        for attempt in itertools.count(1):
            self._quota.spend(cost)
            answer: httpx.Response | None = None
            try:
                answer = self._client.post(self._endpoint, json={**self._body, "input": texts})
                problem = f"{answer.status_code} {_message(answer)}"
            except httpx.TransportError as exc:
                problem = type(exc).__name__
            except identity.IdentityAway as exc:
                problem = exc.what
            if answer is not None and answer.status_code in (httpx.codes.OK, httpx.codes.BAD_REQUEST):
                return answer
            worth_trying = answer is None or answer.status_code in (408, 409, 429) or answer.is_server_error
            if not worth_trying or attempt == _ATTEMPTS:
                raise CannotEmbed(
                    f"{self._endpoint}: {problem} (attempt {attempt})", hint=self._way_out(answer)
                )
            self._sleep(_wait_seconds(answer, attempt))
        raise AssertionError("unreachable")

    def _read(self, answer: httpx.Response, expected: int) -> Vectors:
        """
        Raises:
            CannotEmbed: not the vectors we asked for; half an answer is none.
        """
        try:
            items = sorted(answer.json()["data"], key=lambda item: int(item["index"]))
            found = [int(item["index"]) for item in items]
            rows = [item["embedding"] for item in items]
        except (ValueError, KeyError, TypeError) as exc:
            raise self._wrong(f"not an answer of the embeddings API ({type(exc).__name__})") from exc
        if found != list(range(expected)):
            raise self._wrong(f"{len(found)} vectors for {expected} texts")
        if {len(row) for row in rows} != {self.dimensions}:
            lengths = sorted({len(row) for row in rows})
            raise self._wrong(f"vectors of length {lengths}, not {self.dimensions}")
        vectors = np.array(rows, np.float32)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not norms.all():
            raise self._wrong("vectors that are zero or not finite")
        return np.asarray(vectors / norms, np.float32)

    def _way_out(self, answer: httpx.Response | None) -> str:
        if answer is not None and answer.status_code in (401, 403):
            role = "has this process's identity the role Cognitive Services OpenAI User there?"
            return role if self._by_identity else "check OPENAI_KEY"
        if answer is not None and answer.status_code == httpx.codes.NOT_FOUND:
            return "check OPENAI_URL and OPENAI_MODEL"
        return "it is tried again later; the texts wait meanwhile"

    def _wrong(self, what: str) -> CannotEmbed:
        return CannotEmbed(
            f"{self._endpoint}: {what}", hint="check OPENAI_URL, OPENAI_MODEL and OPENAI_DIMENSIONS"
        )


class _Bearer(httpx.Auth):
    """A token for each request: the one at hand, as long as it holds."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {identity.token(identity.MODELS)}"
        yield request


def _has_host_of_azure(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith((".openai.azure.com", ".cognitiveservices.azure.com"))


def _is_azure(url: str) -> bool:
    """Whether it does things in Azure's way; a stand-in on a laptop may too."""
    return _has_host_of_azure(url) or "/openai/deployments/" in urlsplit(url).path


def _endpoint(url: str, model: str, *, azure: bool) -> tuple[str, bool]:
    """Where to post, and whether a version of the API has to be said.

    Source: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
    """
    base = url.rstrip("/")
    path = urlsplit(base).path.removesuffix("/embeddings")
    versioned = azure and not path.endswith("/openai/v1")
    if versioned and "/deployments/" not in path:
        base = f"{base.removesuffix('/openai')}/openai/deployments/{model}"
    return (base if base.endswith("/embeddings") else f"{base}/embeddings"), versioned


def _cut(text: str) -> str:
    return text.encode()[: MAX_TOKENS * _BYTES_A_TOKEN].decode(errors="ignore")


def _message(answer: httpx.Response) -> str:
    try:
        found = answer.json()["error"]
        return str(found["message"] if isinstance(found, dict) else found)[:300]
    except (ValueError, KeyError, TypeError):
        return answer.reason_phrase


def _wait_seconds(answer: httpx.Response | None, attempt: int) -> float:
    asked = None if answer is None else _retry_after(answer)
    if asked is not None:
        return min(asked, _LONGEST_WAIT_SECONDS) + random.uniform(0, 0.1)  # noqa: S311  # spreads retries
    longest = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
    return random.uniform(longest / 2, longest)  # noqa: S311


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds, from either form of the header."""
    value = answer.headers.get("retry-after-ms") or ""
    if value.isdigit():
        return int(value) / 1000
    value = answer.headers.get("retry-after") or ""
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
