"""Will it leak: secrets in the open."""

from __future__ import annotations
