"""`python -m doctrove.docscope`: serves the page on HOST:PORT and passes /api on to API_URL."""

from __future__ import annotations

import sys

import uvicorn
from pydantic import Field
from seatrial_kit import logs
from seatrial_kit.settings import Misconfigured, ServiceSettings, read
from seatrial_kit.web import behind_front_door

from doctrove.docscope.server import STATIC, make_app


class DocScopeSettings(ServiceSettings):
    """Where DocScope listens, and where it finds the API."""

    api_url: str = Field(pattern=r"^https?://[^\s/]+")
    """The origin of the API; its routes stand below /api there."""


def main() -> int:
    logs.setup()
    try:
        settings = read(DocScopeSettings)
    except Misconfigured as mistake:
        print(mistake, file=sys.stderr)
        return 2
    app = make_app(settings.api_url, static=STATIC)
    uvicorn.run(
        behind_front_door(app, settings.front_door_id, health="/health"),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
