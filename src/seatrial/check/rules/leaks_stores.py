"""Will it leak: access, keys, secrets, encryption, audit."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things


@thing_rule(
    "storage-shared-keys",
    types=("Microsoft.Storage/storageAccounts",),
    severity="error",
    family="leaks",
    title="A storage account takes shared keys",
    why="Whoever has a key may do everything to all blobs, and nobody sees who it was; unset means allowed.",
    source="https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent",
    bad="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos", "properties": {}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts", "name": "photos",
 "properties": {"allowSharedKeyAccess": false}}""",
)
def storage_shared_keys(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the default: ARM schema Microsoft.Storage 2025-01-01."""
    if thing.at("properties.allowSharedKeyAccess") is not False and not _unknown(
        thing, "properties.allowSharedKeyAccess"
    ):
        yield Found(what="shared keys are allowed", fix='"allowSharedKeyAccess": false')


def _unknown(thing: Thing, path: str) -> bool:
    """Whether something stands there that only the deployment knows."""
    return thing.says(path) and thing.at(path) is None
