"""Is the description itself sound: variants and regions."""

from __future__ import annotations
