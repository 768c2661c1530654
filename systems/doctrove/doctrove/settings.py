"""What DocTrove's processes read from their environment."""

from __future__ import annotations

from pydantic import Field
from seatrial_kit.settings import Settings

__all__ = ["StoreSettings"]


class StoreSettings(Settings):
    """Where the documents are."""

    papers_url: str = Field(repr=False)
    """postgresql://user@host:port/database; on a laptop the password comes from PGPASSFILE. Without a user in
    it, this process signs in by identity."""
