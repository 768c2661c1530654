"""Search by words, by meaning, and by both."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest
from doctrove.api import ApiSettings, create_app
from doctrove.api.shared import PRESENT_SECONDS
from doctrove.store.models import activate_model, create_model
from starlette.testclient import TestClient

pytestmark = pytest.mark.integration


def found(client: TestClient, q: str, **query):
    answer = client.get("/api/search", params={"q": q} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("title", ["os.path.join", "asyncio.Queue", "json.dumps", "zipfile.ZipFile"])
@pytest.mark.parametrize("mode", ["hybrid", "words"])
def test_a_dotted_name_finds_what_is_called_so(client, title, mode):
    assert found(client, title, mode=mode)["items"][0]["paper"]["title"] == title


def test_a_title_written_exactly_comes_first_whatever_its_case(client):
    assert found(client, "cooking RICE 5", mode="words")["items"][0]["paper"]["title"] == "Cooking rice 5"


def test_meaning_finds_what_no_word_names(client):
    told = found(client, "preparing a meal in the kitchen", limit=3)
    assert {hit["paper"]["title"][:12] for hit in told["items"]} == {"Cooking rice"}
    assert all(hit["signals"]["words"] is None for hit in told["items"])
    assert told["model"] == "all-MiniLM-L6-v2"
    assert told["notes"] == []


def test_each_signal_tells_its_rank_and_the_score_is_their_sum(client):
    for hit in found(client, "regular expression pattern")["items"]:
        ranks = [signal["rank"] for signal in hit["signals"].values() if signal]
        assert hit["score"] == pytest.approx(sum(1 / (60 + rank) for rank in ranks))


def test_the_same_question_has_the_same_answer(client):
    first, again = (found(client, "a queue for threads", limit=50)["items"] for _ in range(2))
    assert first == again


def test_excerpts_mark_the_words_that_were_found(client):
    excerpt = found(client, "regular expression", mode="words")["items"][0]["excerpt"]
    assert "\ue000regular\ue001 \ue000expression\ue001" in excerpt


def test_words_that_must_not_be_in_it_leave_documents_out(client):
    titles = [hit["paper"]["title"] for hit in found(client, "lock -thread", mode="words")["items"]]
    assert not any(title.startswith("threading") for title in titles)


def test_mode_words_uses_no_model_and_mode_meaning_no_words(client):
    assert found(client, "rice", mode="words")["model"] is None
    assert all(hit["signals"]["words"] is None for hit in found(client, "rice", mode="meaning")["items"])


@pytest.mark.parametrize(
    "query",
    [
        {"source": "arxiv"},
        {"field": "outdoors", "country": "SE"},
        {"from": "2003-01-01", "to": "2004-12-31"},
        {"box": "0,0,1,1"},
        {"text": "separators -indent"},
    ],
    ids=lambda query: ",".join(query),
)
@pytest.mark.parametrize("mode", ["hybrid", "words", "meaning"])
def test_a_search_finds_only_what_the_filters_let_through(client, query, mode):
    allowed = {paper["id"] for paper in client.get("/api/papers?limit=200", params=query).json()["items"]}
    told = found(client, "read and write", mode=mode, limit=100, **query)
    hits = {hit["paper"]["id"] for hit in told["items"]}
    assert hits <= allowed
    if mode == "meaning":
        assert hits == {paper for paper in allowed if paper <= 94}, "a filtered search returned too few"


def test_a_search_with_no_hit_is_an_empty_list(client):
    assert found(client, "rice", country="nowhere")["items"] == []


@pytest.fixture
def another_model(library_url) -> Iterator[None]:
    """The vectors of the store are suddenly those of a model that this service has not."""
    with psycopg.connect(library_url) as connection:
        other = create_model(connection, "other-model", "openai", 8)
        activate_model(connection, other)
    yield
    with psycopg.connect(library_url) as connection:
        activate_model(connection, 1)
    time.sleep(PRESENT_SECONDS)


def test_vectors_of_another_model_are_not_searched_and_the_answer_says_so(client, another_model):
    time.sleep(PRESENT_SECONDS)
    told = found(client, "rice")
    assert told["model"] is None
    assert "all-MiniLM-L6-v2" in told["notes"][0]
    assert "other-model" in told["notes"][0]
    assert told["items"][0]["paper"]["title"].startswith("Cooking rice")
    refused = client.get("/api/search?q=rice&mode=meaning")
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert "do not compare" in refused.json()["detail"]


def test_an_empty_store_answers_everything(store_url):
    with TestClient(create_app(ApiSettings(papers_url=store_url))) as client:
        told = found(client, "anything")
        assert told["items"] == []
        assert "no document has a vector yet" in told["notes"][0]
        assert client.get("/api/papers").json() == {"items": [], "next": None}
        assert client.get("/api/papers?box=-1,-1,1,1").json()["items"] == []
        map_info = client.get("/api/map").json()
        assert map_info["version"] is None
        assert map_info["progress"] == {"to_embed": 0, "to_place": 0, "building": None}
        assert client.get("/api/map/versions").json() == {"items": []}
        assert client.get("/api/map/1/tiles/0/0/0").status_code == 404
        assert client.get("/api/statistics").json()["papers"] == 0
        assert client.get("/api/ingest").json()["runs"] == []
