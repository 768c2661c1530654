"""DocTrove's store: its schema, its models' and maps' partitions, and its checks."""

from __future__ import annotations

from pathlib import Path

__all__ = ["MIGRATIONS", "WAITING"]

MIGRATIONS = Path(__file__).parent / "migrations"

WAITING = ("enrichment",)
"""The tables in which work waits; who scales the worker counts in them, and may see no others."""
