"""Is the description itself sound: promises, money, and what the plan on paper claims."""

from __future__ import annotations
