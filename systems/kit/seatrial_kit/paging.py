"""Cursors for keyset paging: where a page ended, opaque to the client.

A cursor is not secret. It carries a checksum of itself and of the question it belongs to, so that an edited
one, or one of another question, is refused instead of answered with the wrong page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from hashlib import blake2s

__all__ = ["MAX_LENGTH", "BadCursor", "decode", "encode"]

Value = int | str | None

MAX_LENGTH = 400
_CHECK_BYTES = 6


class BadCursor(ValueError):
    """It was not given out for this question."""


def encode(position: Sequence[Value], *, question: str) -> str:
    """The cursor of a page that ended at `position`; `question` is all that decides on the order and rows."""
    payload = json.dumps(list(position), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check(payload, question) + payload).decode().rstrip("=")


def decode(cursor: str, *types: type | tuple[type, ...], question: str) -> tuple[Value, ...]:
    """The position that a cursor stands for, one value for each of `types`.

    Raises:
        BadCursor: it is no cursor, was edited, or belongs to another question.
    """
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError as exc:
        raise BadCursor("this is no cursor; take `next` of the page before as it is") from exc
    check, payload = raw[:_CHECK_BYTES], raw[_CHECK_BYTES:]
    if check != _check(payload, question):
        raise BadCursor("this cursor was not given out for this question; begin without one")
    position = json.loads(payload)
    if len(position) != len(types) or not all(map(isinstance, position, types)):
        raise BadCursor("this cursor is of an older release; begin without one")
    return tuple(position)


def _check(payload: bytes, question: str) -> bytes:
    return blake2s(payload, digest_size=_CHECK_BYTES, key=blake2s(question.encode()).digest()).digest()
