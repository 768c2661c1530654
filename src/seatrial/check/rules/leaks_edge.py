"""Will it leak: what the world reaches."""

from __future__ import annotations
