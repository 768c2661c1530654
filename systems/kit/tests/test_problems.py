"""Every error is a problem, and none tells what is inside."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from fastapi import FastAPI, Query
from psycopg_pool import PoolTimeout
from pydantic import BaseModel
from seatrial_kit import problems
from seatrial_kit.database import DatabaseAway
from seatrial_kit.web import Guard
from starlette.testclient import TestClient

ERRORS: dict[str, tuple[Exception, int]] = {
    "away": (problems.away("it sleeps", where="oven", hint="wake it", retry=7), 503),
    "pool": (PoolTimeout("couldn't get a connection from 10.1.2.3"), 503),
    "killed": (psycopg.errors.AdminShutdown("terminating connection"), 503),
    "slow": (psycopg.errors.QueryCanceled("canceling statement"), 503),
    "unmigrated": (psycopg.errors.UndefinedTable("relation papers"), 503),
    "unreachable": (DatabaseAway("cannot connect to papers on 10.1.2.3:5432"), 503),
    "wrong": (psycopg.errors.SyntaxError("at 10.1.2.3"), 500),
    "broken": (ZeroDivisionError("at 10.1.2.3"), 500),
}


class Body(BaseModel):
    number: int


@pytest.fixture
def problem_client() -> Iterator[TestClient]:
    app = FastAPI()
    app.add_middleware(Guard, max_body_bytes=100)
    problems.install(app)

    @app.get("/raise/{name}", responses=problems.describe(404, 422, 503))
    async def fail(name: str, limit: int = Query(5, le=10)) -> None:
        raise ERRORS[name][0]

    @app.post("/body")
    async def take(body: Body) -> int:
        return body.number

    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_is_a_problem_that_keeps_the_inside_to_itself(problem_client, name):
    answer = problem_client.get(f"/raise/{name}")
    assert answer.status_code == ERRORS[name][1]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"] == answer.json()["request_id"]
    assert "10.1.2.3" not in answer.text
    assert ("retry-after" in answer.headers) == (answer.status_code == 503)


def test_a_part_that_is_away_says_which_and_when_to_come_back(problem_client):
    answer = problem_client.get("/raise/away")
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["errors"] == [{"where": "oven", "what": "it sleeps", "hint": "wake it"}]


def test_a_wrong_parameter_is_told_with_its_place(problem_client):
    told = problem_client.get("/raise/away?limit=11").json()
    assert (told["status"], told["errors"][0]["where"]) == (422, "query.limit")
    assert told["detail"].startswith("query.limit: ")


def test_an_address_or_a_method_that_is_not_there_is_a_problem(problem_client):
    assert "/nothing" in problem_client.get("/nothing").json()["detail"]
    answer = problem_client.delete("/body")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize("body", ['{"number": 1}' + " " * 100, "x" * 1000])
def test_a_body_that_is_too_large_is_refused(problem_client, body):
    answer = problem_client.post("/body", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert "100 bytes" in answer.json()["detail"]


def test_a_lone_surrogate_in_what_was_sent_can_be_told(problem_client):
    answer = problem_client.post(
        "/body", content=b'{"number": "\\ud800"}', headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.number"


def test_the_description_knows_problems(problem_client):
    described = problem_client.get("/openapi.json").json()
    answer = described["paths"]["/raise/{name}"]["get"]["responses"]["503"]
    assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/ProblemBody")
    assert "Mistake" in described["components"]["schemas"]
    assert "Retry-After" in answer["headers"]
