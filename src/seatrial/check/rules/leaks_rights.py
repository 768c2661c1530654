"""Will it leak: rights and identities."""

from __future__ import annotations
