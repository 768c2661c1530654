"""Settings: from the environment only, and silent about secrets."""

from __future__ import annotations

import pytest
from pydantic import Field
from seatrial_kit.settings import Misconfigured, ModelApiSettings, ServiceSettings, Settings, read


class ShopSettings(Settings):
    papers_url: str = Field(repr=False)
    pages: int


def test_every_missing_variable_is_named_at_once(monkeypatch):
    monkeypatch.delenv("PAPERS_URL", raising=False)
    monkeypatch.setenv("PAGES", "many")

    with pytest.raises(Misconfigured) as failure:
        read(ShopSettings)

    assert "PAPERS_URL is not set" in str(failure.value)
    assert "PAGES: " in str(failure.value)
    assert "hint: `seatrial up`" in str(failure.value)


def test_a_wrong_value_does_not_stand_in_the_message(monkeypatch):
    monkeypatch.setenv("PAPERS_URL", "postgresql://u:hunter2@h/d")
    monkeypatch.setenv("PAGES", "hunter3")

    with pytest.raises(Misconfigured) as failure:
        read(ShopSettings)

    assert "hunter" not in str(failure.value)


def test_a_key_shows_in_no_repr(monkeypatch):
    monkeypatch.setenv("OPENAI_KEY", "sk-secret")

    settings = read(ModelApiSettings)

    assert settings.openai_key is not None
    assert settings.openai_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_an_empty_variable_counts_as_absent(monkeypatch):
    monkeypatch.setenv("OPENAI_KEY", "")

    assert read(ModelApiSettings).openai_key is None


def test_a_service_listens_on_loopback_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("HOST", raising=False)

    assert read(ServiceSettings, port=5001).host == "127.0.0.1"


@pytest.mark.parametrize("port", [-1, 65536])
def test_a_port_that_is_none_is_refused(port):
    with pytest.raises(Misconfigured, match="PORT"):
        read(ServiceSettings, port=port)


def test_settings_cannot_be_changed():
    settings = read(ServiceSettings, port=1)

    with pytest.raises(ValueError, match="frozen"):
        settings.port = 2  # type: ignore[misc]
