"""Will it leak: networks and clusters."""

from __future__ import annotations
