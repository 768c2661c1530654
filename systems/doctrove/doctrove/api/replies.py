"""What is answered, field by field."""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

__all__ = [
    "By",
    "Count",
    "Hit",
    "Ingest",
    "Label",
    "Labels",
    "MapInfo",
    "Neighbour",
    "Neighbours",
    "Page",
    "Paper",
    "PaperDetail",
    "Progress",
    "Quality",
    "Reject",
    "Rejects",
    "Run",
    "SearchResult",
    "Selection",
    "Signals",
    "Statistics",
    "Term",
    "Terms",
    "Version",
    "Versions",
]

_NEXT = "The cursor of the next page; null on the last one."


class Paper(BaseModel):
    """A document as a list shows it."""

    id: int = Field(description="Its number in this store.", examples=[4711])
    source: str = Field(description="Where it came from.", examples=["python-docs"])
    source_id: str = Field(description="Its name there.", examples=["asyncio.Queue"])
    title: str = Field(examples=["asyncio.Queue"])
    authors: list[str]
    date: Day | None = Field(description="Its primary date.", examples=["2024-05-31"])
    field: str | None = Field(description="Its subject.", examples=["asyncio"])
    country: str | None = Field(examples=["NO"])
    excerpt: str = Field(description="The first 280 characters of the abstract.")
    x: float | None = Field(description="Place on the active map, -1 to 1; null when it has none yet.")
    y: float | None = Field(description="As `x`, upwards.")
    cluster: int | None = Field(description="Cluster of the finest labels; null without one.")


class State(BaseModel):
    """How far a document has come since it was read."""

    embedded_by: str | None = Field(description="The model whose vector of it is up to date.")
    placed_on: int | None = Field(description="The newest map version that it stands on.")
    attempts: int = Field(description="How often embedding it was tried without success.")
    error: str | None = Field(description="Why it could not be embedded.")
    retry_at: datetime | None = Field(description="When it is tried again.")


class PaperDetail(Paper):
    """A document in full."""

    abstract: str
    links: dict[str, Any] = Field(description="Addresses by name.")
    first_seen: datetime
    changed_at: datetime
    state: State


class Page(BaseModel):
    """A page of documents."""

    items: list[Paper]
    next: str | None = Field(description=_NEXT)


class Neighbour(BaseModel):
    """A document that means something alike."""

    paper: Paper
    similarity: float = Field(description="Cosine of the two vectors; 1 is the same.")


class Neighbours(BaseModel):
    """The nearest first. Empty when the document has no vector yet."""

    items: list[Neighbour]


class WordsSignal(BaseModel):
    """How the words matched."""

    rank: int = Field(description="1 is the best.", ge=1)
    score: float = Field(description="PostgreSQL's cover density rank; only to be compared within a query.")


class MeaningSignal(BaseModel):
    """How the meaning matched."""

    rank: int = Field(description="1 is the best.", ge=1)
    similarity: float = Field(description="Cosine of the query's vector and the document's.")


class Signals(BaseModel):
    """What a score is made of; null where a signal did not find the document among its first."""

    words: WordsSignal | None
    meaning: MeaningSignal | None


class Hit(BaseModel):
    """A document that was found, and why."""

    paper: Paper
    score: float = Field(description="The sum over both signals of 1 / (60 + rank).")
    signals: Signals
    excerpt: str = Field(description="From its text; hits stand between U+E000 and U+E001.")


class SearchResult(BaseModel):
    """The best first."""

    query: str
    mode: Literal["hybrid", "words", "meaning"]
    model: str | None = Field(description="The model that compared meanings; null when none did.")
    items: list[Hit]
    notes: list[str] = Field(description="What is not as usual about this answer, in words for people.")
    took_ms: float = Field(description="Time in the service, in milliseconds.")


class Term(BaseModel):
    """A name that stands in tiles as a number."""

    code: int
    name: str
    count: int = Field(description="Documents on the map that have it.")


class Terms(BaseModel):
    """Most frequent first."""

    source: list[Term] = []
    field: list[Term] = []
    country: list[Term] = []


class Quality(BaseModel):
    """How far the map can be trusted; null where it was not measured."""

    trustworthiness: float | None = Field(description="1: all neighbours on the map are true neighbours.")
    neighbour_agreement: float | None = Field(
        description="Share of true neighbours that are neighbours here."
    )
    drift: float | None = Field(description="0: new documents fit as well as those it was fitted on.")
    fitted_on: int | None = Field(description="Documents in the sample that it was fitted on.")


class Progress(BaseModel):
    """What is on its way to the map."""

    to_embed: int = Field(description="Documents without a vector.")
    to_place: int = Field(description="Documents with a vector and no place.")
    building: Literal["umap"] | None = Field(description="A better fit is being made.")


class MapInfo(BaseModel):
    """The active version of the map. With `version` null there is none yet, and only `papers` and `progress`
    say something. At most a few seconds old."""

    version: int | None = Field(description="Another version is another fit: all points move.")
    kind: Literal["quick", "umap"] | None
    stamp: int | None = Field(description="Grows with every batch of points on the same fit.")
    papers: int = Field(description="Documents in the store.")
    placed: int = Field(description="Documents on this map.")
    quality: Quality | None
    model: str | None = Field(description="The model whose vectors were fitted.")
    max_zoom: int
    points_per_tile: int
    terms: Terms
    first_day: Day | None = Field(description="The earliest primary date in the store.")
    last_day: Day | None = Field(description="The latest primary date in the store.")
    progress: Progress
    activated_at: datetime | None


class Version(BaseModel):
    """A version of the map."""

    version: int
    kind: Literal["quick", "umap"]
    status: Literal["building", "active", "retired", "failed"]
    stamp: int
    model: str
    quality: Quality
    error: str | None = Field(description="Why it failed.")
    created_at: datetime
    activated_at: datetime | None


class Versions(BaseModel):
    """The newest first."""

    items: list[Version]


class Label(BaseModel):
    """The name of a region of the map."""

    level: int = Field(description="0 coarse, 1 middle, 2 fine.", ge=0, le=2)
    cluster: int = Field(description="Its number on its level, from 1.")
    parent: int | None = Field(description="The cluster of the level above that it belongs to.")
    label: str = Field(description="Two to four words.")
    terms: list[str] = Field(description="More words that stand out here.")
    x: float
    y: float
    papers: int = Field(description="Documents in it.")
    region: list[tuple[float, float]] = Field(description="Its outline.")


class Labels(BaseModel):
    """Coarse before fine."""

    items: list[Label]


class Count(BaseModel):
    """How many documents have a value; `name` null: have none."""

    name: str | None
    count: int


class By(BaseModel):
    """Counts by value, most frequent first."""

    source: list[Count]
    field: list[Count]
    cluster: list[Count] = Field(description="By the fine label's words.")


class Selection(BaseModel):
    """The documents inside of an outline, newest first."""

    count: int
    items: list[Paper]
    next: str | None = Field(description=_NEXT)
    by: By


class ByAll(BaseModel):
    """Counts by value, most frequent first; years in their order. At most 1,000 values each."""

    source: list[Count]
    field: list[Count]
    country: list[Count]
    year: list[Count]


class Statistics(BaseModel):
    """Exact counts, at most ten seconds old."""

    papers: int
    embedded: int = Field(description="Documents whose vector is up to date.")
    placed: int = Field(description="Documents on the active map.")
    by: ByAll
    first_date: Day | None
    last_date: Day | None


class Run(BaseModel):
    """One reading of a source."""

    id: int
    source: str
    location: str
    status: Literal["running", "stopped", "done", "failed"]
    position: int = Field(description="Bytes or items of input that are safely in.")
    total: int | None = Field(description="Bytes or items in all, where known.")
    read: int
    added: int
    changed: int
    unchanged: int
    rejected: int
    error: str | None
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None


class Ingest(BaseModel):
    """What is on its way; the newest runs first."""

    runs: list[Run]
    to_embed: int
    to_place: int
    failed: int = Field(description="Documents that could not be embedded.")
    rejected: int = Field(description="Records kept aside in all runs.")


class Reject(BaseModel):
    """A record kept aside."""

    line: int
    reason: str
    content: str = Field(description="Its first 10,000 characters.")
    at: datetime


class Rejects(BaseModel):
    """In the order of the input."""

    items: list[Reject]
    next: str | None = Field(description=_NEXT)
