"""Will Azure take it: addresses, subnets, networks."""

from __future__ import annotations
