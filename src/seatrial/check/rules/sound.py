"""Is the description itself sound."""

from __future__ import annotations
