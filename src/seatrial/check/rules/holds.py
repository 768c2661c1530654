"""Will it hold: processes against what is promised."""

from __future__ import annotations
