"""Will it surprise: what is otherwise on a laptop than on Azure, for this very system."""

from __future__ import annotations
