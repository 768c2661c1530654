"""The application: routes, errors and health put together."""

from __future__ import annotations

import importlib.metadata
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from pydantic import Field
from seatrial_kit import health, problems
from seatrial_kit.embeddings import CannotEmbed, Embedder, EmbeddingSettings, choose
from seatrial_kit.settings import ServiceSettings
from seatrial_kit.web import Guard

from doctrove.api import docs, ingest, maps, papers, search, selection, statistics, tiles
from doctrove.api.queries import Queries
from doctrove.api.shared import Library, Memory, Pool, open_pool
from doctrove.settings import StoreSettings
from doctrove.store import MIGRATIONS

__all__ = ["ApiSettings", "create_app"]

log = logging.getLogger(__name__)


class ApiSettings(StoreSettings, EmbeddingSettings, ServiceSettings):
    """What the API reads from its environment."""

    port: int = Field(5001, ge=0, le=65535)


def create_app(settings: ApiSettings) -> FastAPI:
    """The API over one store. It starts while the database is away, and answers 503 until it is there."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        queries = _queries(settings)
        await queries.warm()
        connections = open_pool(settings.papers_url)
        await connections.open(wait=False)
        app.state.library = Library(pool=connections, queries=queries, memory=Memory())
        try:
            yield
        finally:
            await connections.close(timeout=2)

    app = FastAPI(
        title="DocTrove",
        summary="A map of millions of documents.",
        description="Search and browse documents and their map. Errors are `application/problem+json`.",
        version=importlib.metadata.version("doctrove"),
        lifespan=lifespan,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.add_middleware(Guard)
    problems.install(app)
    api = APIRouter(prefix="/api")

    def connections() -> Pool:
        library: Library = app.state.library
        return library.pool

    checks = {
        "database": health.database_answers(connections),
        "schema": health.schema_is_current(connections, MIGRATIONS),
    }
    api.include_router(health.routes(checks))
    for part in (docs, papers, search, maps, tiles, selection, statistics, ingest):
        api.include_router(part.router)
    app.include_router(api)
    return app


def _queries(settings: ApiSettings) -> Queries:
    try:
        embedder: Embedder = choose(settings)
    except CannotEmbed as exc:
        log.warning("search by meaning is off: %s", exc)
        return Queries(None, missing=exc.what)
    return Queries(embedder)
