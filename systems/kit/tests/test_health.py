"""A service lives as long as it answers, and is ready when all that it needs is."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI
from seatrial_kit import health, problems
from seatrial_kit.errors import Failure
from starlette.testclient import TestClient


async def fine() -> str:
    return "fine"


async def broken() -> str:
    raise Failure("it is broken", hint="mend it")


async def silent() -> str:
    await asyncio.sleep(60)
    return "never"


def client_with(**checks: health.Check) -> TestClient:
    app = FastAPI()
    problems.install(app)
    app.include_router(health.routes(checks, within_seconds=0.05))
    return TestClient(app)


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
def test_it_is_ready_when_every_check_is_fine(path):
    answer = client_with(oven=fine, table=fine).get(path)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"oven": "fine", "table": "fine"}}


def test_it_is_not_ready_when_one_is_not_and_says_which_and_why():
    answer = client_with(table=fine, oven=broken).get("/health")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["errors"] == [{"where": "oven", "what": "it is broken", "hint": "mend it"}]


def test_a_check_that_does_not_answer_is_not_waited_for():
    answer = client_with(oven=silent).get("/health")
    assert answer.json()["detail"] == "oven: no answer within 0.05 s"


def test_it_lives_even_when_it_is_not_ready():
    assert client_with(oven=broken).get("/health/live").json() == {"status": "live"}
