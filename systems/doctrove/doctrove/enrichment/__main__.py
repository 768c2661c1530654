"""`python -m doctrove.enrichment`: the worker, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from types import FrameType

import psycopg
from pydantic import Field
from seatrial_kit import logs
from seatrial_kit.blobs import open_blobs
from seatrial_kit.embeddings import EmbeddingSettings, choose
from seatrial_kit.errors import Failure
from seatrial_kit.settings import read

from doctrove.enrichment.worker import Worker
from doctrove.settings import StoreSettings

log = logging.getLogger(__name__)

_STOP_WITHIN_SECONDS = 2.5


class EnrichmentSettings(StoreSettings, EmbeddingSettings):
    """What the worker reads from its environment."""

    models_url: str = Field(repr=False)
    """file:///a/folder or az://container: where fitted maps are kept."""


def main() -> int:
    """Exit codes: 0 stopped as asked; 1 could not go on, and says why."""
    try:
        settings = read(EnrichmentSettings)
        logs.setup(secrets=[settings.openai_key])
        worker = Worker(
            url=settings.papers_url, embedder=choose(settings), blobs=open_blobs(settings.models_url)
        )
        _stop_on_signals(worker)
        worker.run()
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except psycopg.OperationalError as error:
        print(f"error: the database went away: {str(error).strip()}", file=sys.stderr)
        return 1
    return 0


def _stop_on_signals(worker: Worker) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopping.set()
        # Whatever it is at, nothing is lost by leaving: the next start takes it up.
        timer = threading.Timer(_STOP_WITHIN_SECONDS, os._exit, args=[0])
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def run() -> None:
    """The door of the program. It does not wait for threads: a fit that is under way is resumed."""
    code = 1
    try:
        code = main()
    except Exception:
        log.exception("the worker ends; what it was at is resumed by the next one")
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    run()
