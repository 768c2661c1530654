"""Logs: readable or JSON, and never with a secret in them."""

from __future__ import annotations

import json
import logging

import pytest
from pydantic import SecretStr
from seatrial_kit import logs


@pytest.fixture(autouse=True)
def _root_logger_as_before():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_secret_is_starred_out_of_messages_and_tracebacks(capsys):
    logs.setup(secrets=[SecretStr("sk-1234"), None])

    try:
        raise ValueError("refused key sk-1234")
    except ValueError:
        logging.getLogger("any.library").exception("call with %s failed", "sk-1234")

    written = capsys.readouterr().err
    assert "sk-1234" not in written
    assert "call with *** failed" in written
    assert "refused key ***" in written


def test_json_lines_are_one_object_each(capsys, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "json")
    logs.setup()

    logging.getLogger("enrichment").warning("two\nlines")

    entry = json.loads(capsys.readouterr().err)
    assert entry["level"] == "warning"
    assert entry["logger"] == "enrichment"
    assert entry["message"] == "two\nlines"
    assert entry["time"].endswith("Z")


def test_the_level_comes_from_the_environment(capsys, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "warning")
    logs.setup()

    logging.getLogger("a").info("quiet")
    logging.getLogger("a").warning("loud")

    written = capsys.readouterr().err
    assert "quiet" not in written
    assert "WARNING loud" in written
