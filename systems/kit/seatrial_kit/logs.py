"""Logs: one line an event on stderr, for people by default, as JSON where `LOG_FORMAT=json`."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Iterable

from pydantic import SecretStr

__all__ = ["setup"]


def setup(*, secrets: Iterable[SecretStr | None] = ()) -> None:
    """Send every logger's lines to stderr, from LOG_LEVEL (default INFO) up.

    `secrets` are starred out wherever they appear, in messages and tracebacks of any library.
    """
    handler = logging.StreamHandler(sys.stderr)
    lines = _Json() if os.environ.get("LOG_FORMAT") == "json" else _Plain()
    hidden = [secret.get_secret_value() for secret in secrets if secret is not None]
    handler.setFormatter(_Masked(lines, [value for value in hidden if value]))
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO").upper(), handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "alembic.runtime.migration", "azure"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Plain(logging.Formatter):
    """`12:34:56 WARNING what happened`; the level only from WARNING up, since most lines are INFO."""

    def format(self, record: logging.LogRecord) -> str:
        level = f"{record.levelname} " if record.levelno >= logging.WARNING else ""
        line = f"{time.strftime('%H:%M:%S', time.localtime(record.created))} {level}{record.getMessage()}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    """One object a line; times in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        entry = {
            "time": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class _Masked(logging.Formatter):
    def __init__(self, inner: logging.Formatter, hidden: list[str]) -> None:
        super().__init__()
        self._inner = inner
        self._hidden = hidden

    def format(self, record: logging.LogRecord) -> str:
        line = self._inner.format(record)
        for value in self._hidden:
            line = line.replace(value, "***")
        return line
