"""What is taken for a secret."""

from __future__ import annotations

import pytest

from seatrial.adopt.secrecy import Known, is_secret, without_secrets


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_API_KEY", ""),
        ("DB_PASS", "abc"),
        ("SENTRY_DSN", "https://abc@sentry.example.org/1"),
        ("jwtSecret", "abc"),
        ("A_URL", "amqp://guest:guest@host"),
        ("CONNECTION", "Endpoint=sb://x;SharedAccessKey=abcdef"),
        ("ANY", "-----BEGIN PRIVATE KEY-----"),
        ("ANY", "ghp_" + "a" * 36),
    ],
)
def test_a_secret_is_known_by_its_name_or_its_looks(name, value):
    assert is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "info"),
        ("MAX_TOKENS", "512"),
        ("TOKEN_LIFETIME_MINUTES", "60"),
        ("KEYBOARD", "qwerty"),
        ("API_URL", "http://api:8000"),
        ("PASS_THROUGH_CACHE", "true"),
    ],
)
def test_a_setting_is_none(name, value):
    assert not is_secret(name, value)


def test_every_secret_that_a_system_file_refuses_is_one():
    from seatrial.model import readers

    for name in ("A_KEY", "PASSWORD", "X_PASSWD", "GH_TOKEN", "SECRET", "CREDENTIALS", "MY_CREDENTIAL"):
        with pytest.raises(ExceptionGroup):
            readers.environment({name: "x"})
        assert is_secret(name, "x")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["run", "--password", "abc", "--fast"], ["run", "--password", "SECRET", "--fast"]),
        (["run", "--token=abc"], ["run", "--token=SECRET"]),
        (["run", "--db", "postgres://u:p@db/a"], ["run", "--db", "postgres://db/a"]),
    ],
)
def test_a_command_keeps_none(words, left):
    assert without_secrets(words) == (left, True)


def test_a_secret_is_known_again_under_another_name_but_a_mere_word_is_not():
    known = Known()
    known.add("DB_PASSWORD", "s3cr3t-enough")
    known.add("ROOT_PASSWORD", "postgres")
    assert known.within("x s3cr3t-enough y")
    assert not known.within("postgres")
