"""Will it surprise: costs that nobody expects, and what changes under one's feet."""

from __future__ import annotations
