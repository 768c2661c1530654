"""Will Azure take it: edge, network, names, regions, quotas."""

from __future__ import annotations
