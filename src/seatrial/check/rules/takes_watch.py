"""Will Azure take it: logs, alerts, budgets, vaults, registries."""

from __future__ import annotations
