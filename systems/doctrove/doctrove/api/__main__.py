"""`python -m doctrove.api`: the API on HOST and PORT, by default 127.0.0.1:5001."""

from __future__ import annotations

import sys

import uvicorn
from seatrial_kit import logs
from seatrial_kit.errors import Failure
from seatrial_kit.settings import read
from seatrial_kit.web import behind_front_door

from doctrove.api import ApiSettings, create_app

STOP_WITHIN_SECONDS = 5
KEEP_ALIVE_SECONDS = 65
"""Longer than the proxies before it keep a connection, so that none is closed while it is being used."""


def main() -> None:
    """Serve until SIGTERM or SIGINT; what is being answered then is answered first."""
    try:
        settings = read(ApiSettings)
    except Failure as failure:
        sys.exit(f"error: {failure}")
    logs.setup(secrets=[settings.openai_key])
    uvicorn.run(
        behind_front_door(create_app(settings), settings.front_door_id, health="/api/health"),
        host=settings.host,
        port=settings.port,
        access_log=False,
        server_header=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )


if __name__ == "__main__":
    main()
