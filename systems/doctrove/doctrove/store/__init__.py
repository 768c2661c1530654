"""DocTrove's store: its schema, its models' and maps' partitions, and its checks."""

from __future__ import annotations

from pathlib import Path

__all__ = ["MIGRATIONS"]

MIGRATIONS = Path(__file__).parent / "migrations"
