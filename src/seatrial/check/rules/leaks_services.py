"""Will it leak: other services."""

from __future__ import annotations
