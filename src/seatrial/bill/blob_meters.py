"""The meters of blobs. Their names tell tier and redundancy in some places and not in others.

Source: the price list itself, as read into the book.
"""

from __future__ import annotations

from collections.abc import Mapping

from seatrial.bill.blob_tiers import Tier
from seatrial.bill.meters import Meter

__all__ = ["meter", "replication"]

SERVICE = "Storage"
PRODUCT = "General Block Blob v2"

_SPELT: Mapping[str, str] = {"RAGRS": "RA-GRS", "RAGZRS": "RA-GZRS"}
_WRITTEN: Mapping[str, str] = {"RAGRS": "GRS", "RAGZRS": "GZRS"}
"""What is written is charged as without the right to read the copy."""


def meter(tier: Tier, name: str, copies: str, region: str) -> Meter:
    """One of an account.

    Args:
        name: `Data Stored`, `Write Operations`, `Read Operations`, `Data Retrieval`, `Early Delete`.
        copies: as in the account's SKU: `LRS`, `GRS`, `RAGRS`.
    """
    warmth, spelt = tier.capitalize(), _SPELT.get(copies, copies)
    match name:
        case "Data Stored" | "Early Delete":
            full = f"{warmth} {spelt} {name}"
        case "Write Operations":
            full = f"{warmth} {_WRITTEN.get(copies, copies)} {name}"
        case _ if copies == "ZRS" or (tier == "cool" and copies.endswith("ZRS")):
            full = f"{warmth} ZRS {name}"
        case _:
            full = f"{warmth} {name}"
    return Meter(service=SERVICE, product=PRODUCT, name=full, sku=f"{warmth} {spelt}", region=region)


def replication(region: str) -> Meter:
    """What passes to the paired region."""
    return Meter(
        service=SERVICE,
        product="Storage - Bandwidth",
        name="Geo-Replication v2 Data Transfer",
        sku="Geo-Replication v2",
        region=region,
    )
