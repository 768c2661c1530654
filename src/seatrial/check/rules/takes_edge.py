"""Will Azure take it: the ways by which the world comes in."""

from __future__ import annotations
