"""Will Azure take it: names, regions, quotas, and what is chosen for good."""

from __future__ import annotations
