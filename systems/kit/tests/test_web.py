"""Who may come at all: past Front Door nobody gets in."""

from __future__ import annotations

import pytest
from fastapi import FastAPI, WebSocket
from seatrial_kit.web import Guard, behind_front_door
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

OURS = "7b0e4b2c-91d1-4bb5-8a0d-4f7d6a1c0001"


def service(front_door_id: str | None) -> TestClient:
    app = FastAPI()
    app.add_middleware(Guard)
    for path in ("/", "/health", "/health/live", "/healthy"):
        app.get(path)(lambda: "answered")

    @app.websocket("/talk")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    return TestClient(behind_front_door(app, front_door_id, health="/health"))


def test_what_comes_through_our_front_door_is_answered():
    assert service(OURS).get("/", headers={"X-Azure-FDID": OURS}).json() == "answered"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Azure-FDID": ""},
        {"X-Azure-FDID": OURS[:-1]},
        {"X-Azure-FDID": OURS.upper()},
        {"X-Azure-FDID": "7b0e4b2c-91d1-4bb5-8a0d-4f7d6a1c0002"},
        {"X-Azure-FDID": "ü".encode()},
        [("X-Azure-FDID", OURS), ("X-Azure-FDID", "another")],
    ],
)
def test_what_comes_another_way_is_refused_without_a_word_about_it(headers):
    answer = service(OURS).get("/", headers=headers)

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert OURS not in answer.text


def test_probes_come_past_it():
    client = service(OURS)

    assert client.get("/health").status_code == client.get("/health/live").status_code == 200
    assert client.get("/healthy").status_code == 403


def test_a_socket_is_refused_as_well():
    client = service(OURS)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk"):
        pass
    with client.websocket_connect("/talk", headers={"X-Azure-FDID": OURS}):
        pass


def test_where_no_front_door_stands_everybody_is_answered():
    assert service(None).get("/").json() == "answered"


@pytest.mark.parametrize("front_door_id", [None, OURS])
def test_a_path_with_a_line_end_is_one_line_of_the_log(front_door_id, caplog):
    caplog.set_level("INFO")

    service(front_door_id).get("/a%0AGET%20/forged")

    [line] = [record.getMessage() for record in caplog.records if "web.access" in record.name]
    assert line.startswith("GET /a%0AGET%20/forged 40")
