"""Errors as `application/problem+json` (RFC 9457), whatever part of a service they come from.

A body says `title` and `detail` (where, what, the way out) and lists every single mistake in `errors`. What
went wrong inside is logged with the request's id and never shown.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from psycopg_pool import PoolClosed
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from seatrial_kit.database import DatabaseAway

__all__ = ["MEDIA_TYPE", "Mistake", "Problem", "ProblemBody", "away", "describe", "install", "reply"]

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2

log = logging.getLogger(__name__)


class Mistake(BaseModel):
    """One thing that is wrong."""

    where: str = Field(description="The place: `query.limit`, `body.polygon.3.0`, `database`.")
    what: str = Field(description="What is wrong with it.")
    hint: str | None = Field(default=None, description="The way out.")


class ProblemBody(BaseModel):
    """The body of every answer that is an error (RFC 9457)."""

    type: str = Field(default="about:blank", description="`about:blank`: the status says it all.")
    title: str = Field(description="The status in words.", examples=["Unprocessable Content"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="Where, what, and the way out.",
        examples=["query.limit: Input should be less than or equal to 200"],
    )
    errors: list[Mistake] = Field(default_factory=list, description="Every single mistake.")
    request_id: str | None = Field(default=None, description="What the service's log calls this request.")


@dataclass(kw_only=True)
class Problem(Exception):
    """Raised anywhere in a request, it is the answer."""

    status: int
    detail: str
    errors: tuple[Mistake, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def away(what: str, *, where: str, hint: str | None = None, retry: int = RETRY_AFTER_SECONDS) -> Problem:
    """A part that is needed does not answer: 503, try again in `retry` seconds."""
    return Problem(
        status=503,
        detail=f"{where}: {what}",
        errors=(Mistake(where=where, what=what, hint=hint),),
        headers={"Retry-After": str(retry)},
    )


def install(app: FastAPI) -> None:
    """Answer every error of this application as a problem, and describe problems in its OpenAPI."""

    def on_problem(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return reply(problem, request.scope.get("request_id"))

    def on_invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return on_problem(request, _invalid(error))

    def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__ is not None:
            return on_problem(request, _UNREADABLE)
        detail = error.detail
        if error.status_code in _SAID_BETTER and detail == HTTPStatus(error.status_code).phrase:
            detail = _SAID_BETTER[error.status_code].format(
                path=request.url.path[:200], method=request.method
            )
        problem = Problem(status=error.status_code, detail=detail, headers=dict(error.headers or {}))
        return on_problem(request, problem)

    def on_database(request: Request, error: Exception) -> Response:
        problem = _database_problem(error)
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request %s failed", request.scope.get("request_id"), exc_info=error)
        else:
            log.warning("request %s: %s", request.scope.get("request_id"), type(error).__name__)
        return on_problem(request, problem)

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(psycopg.Error, on_database)
    app.add_exception_handler(DatabaseAway, on_database)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]


def reply(problem: Problem, request_id: str | None) -> Response:
    """The answer that says this problem."""
    body = ProblemBody(
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail,
        errors=list(problem.errors),
        request_id=request_id,
    )
    # ASCII, because a lone surrogate in what was sent can be told in JSON only by its escape.
    return Response(
        json.dumps(body.model_dump()),
        status_code=problem.status,
        headers=dict(problem.headers),
        media_type=MEDIA_TYPE,
    )


def describe(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's `responses`: these errors, as problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    described: dict[int | str, dict[str, Any]] = {
        status: {"description": _DESCRIPTIONS[status], "content": content} for status in statuses
    }
    if 503 in described:
        seconds = {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}
        described[503]["headers"] = {"Retry-After": seconds}
    return described


_DESCRIPTIONS = {
    400: "The request cannot be read.",
    404: "There is no such thing.",
    413: "The body is too large.",
    422: "Something in the request is wrong; `errors` lists all of it.",
    500: "A mistake of ours; the log has it under the request's id.",
    503: "A part that is needed does not answer now.",
}

_SAID_BETTER = {
    404: "{path}: there is nothing at this address; /api/openapi.json lists what there is",
    405: "{path} does not answer {method}",
}

_TOO_LONG = (psycopg.errors.QueryCanceled,)
_NOT_READY = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed, DatabaseAway)


def _database_problem(error: Exception) -> Problem:
    if isinstance(error, _TOO_LONG):
        return away("this took too long and was given up", where="database", hint="ask for less, or narrower")
    if isinstance(error, _AWAY):
        return away("it does not answer", where="database", hint="try again; it is being reconnected")
    if isinstance(error, _NOT_READY):
        return away("its schema is being changed", where="database", hint="try again; or run the migrations")
    return Problem(status=500, detail=UNEXPECTED)


_UNREADABLE = Problem(
    status=422,
    detail="body: it cannot be read",
    errors=(Mistake(where="body", what="it cannot be read", hint="JSON, not too deep, no huge numbers"),),
)
"""FastAPI answers 400 where reading the body failed in a way that its author did not foresee."""

UNEXPECTED = "something went wrong inside; the log tells what, under this request's id"


def _invalid(error: RequestValidationError) -> Problem:
    mistakes = tuple(_mistakes(error.errors()))
    return Problem(
        status=422,
        detail="; ".join(f"{each.where}: {each.what}" for each in mistakes)[:2000],
        errors=mistakes,
    )


def _mistakes(errors: Iterable[Any]) -> Iterable[Mistake]:
    for error in errors:
        where = ".".join(str(part) for part in error["loc"])[:200]
        if error["type"] == "extra_forbidden":
            yield Mistake(where=where, what="there is no such parameter", hint="/api/docs lists them")
        elif error["type"] == "json_invalid":
            yield Mistake(where="body", what="this is not JSON", hint="application/json")
        else:
            yield Mistake(where=where, what=error["msg"].removeprefix("Value error, "))


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        description = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schemas = description.setdefault("components", {}).setdefault("schemas", {})
        template = "#/components/schemas/{model}"
        problem = ProblemBody.model_json_schema(ref_template=template)
        schemas |= problem.pop("$defs") | {"ProblemBody": problem}
        app.openapi_schema = description
    return app.openapi_schema
