"""Will Azure take it: stores and services of others."""

from __future__ import annotations
