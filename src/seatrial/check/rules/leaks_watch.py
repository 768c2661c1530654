"""Will it leak: who would notice."""

from __future__ import annotations
