"""Storage accounts, containers and their life cycle.

All Blobs parts of a region that are copied alike share one account; each has a container of its own, and
rights are given on the container. What is deleted or written over can be brought back: versions are kept as
long as the part says, and the whole account can be taken back to any moment of that time but its last day.
Source: https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.azure import access, private
from seatrial.azure.access import Use
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import has_zones, paired_with
from seatrial.azure.roles import Role
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Out, Ref, Text, join
from seatrial.model import Blobs, Copies, Duration, Process

__all__ = ["account", "container", "resources", "rights", "variables"]

ENDPOINT = ("blob", "privatelink.blob.core.windows.net")
"""Source: https://learn.microsoft.com/azure/private-link/private-endpoint-dns"""

_KINDS: Mapping[Copies, str] = {
    "one zone": "LRS",
    "zones": "ZRS",
    "regions": "GRS",
    "zones and regions": "GZRS",
}

_TAKE_ARCHIVE = ("LRS", "GRS")
"""The archive tier knows no other kinds.
Source: https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview"""


def account(part: Blobs, at: Stamp) -> Ref:
    """The account that holds the container."""
    kind = _KINDS[part.copies].lower()
    return Ref(type="Microsoft.Storage/storageAccounts", name=at.worldwide_squeezed(f"{at.plan.name}{kind}"))


def container(part: Blobs, at: Stamp) -> Ref:
    return account(part, at).child("blobServices", "default").child("containers", part.name)


def variables(part: Blobs, at: Stamp) -> Mapping[str, Text]:
    """What its users are given: the address of the container, account included, so that a process may use
    several accounts. obstore and fsspec read it; who asks is told by AZURE_CLIENT_ID, without a key.
    """
    of = Out(of=account(part, at), path="properties.primaryEndpoints.blob")  # ends with a slash
    return {f"{part.name.upper().replace('-', '_')}_URL": join(of, part.name)}


def rights(part: Blobs, use: Use, process: Process, at: Stamp) -> Iterator[Resource]:
    """What a process may do with it: with its container, not with those beside it."""
    if use == "reads":
        why = f"{process.name} reads {part.name}"
        role: Role = "Storage Blob Data Reader"
    else:
        why = f"{process.name} reads and writes {part.name}"
        role = "Storage Blob Data Contributor"
    yield access.assign(role, container(part, at), process.name, at, why, part.name)


def resources(part: Blobs, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: the region has no zones or no pair for the copies, or copies of that kind no archive.
    """
    if troubles := tuple(_troubles(part, at)):
        raise Refused(troubles)
    beside = tuple(each for each in at.plan.of(Blobs) if each.copies == part.copies)
    symbol = camel("blobs", _KINDS[part.copies])
    yield _account(part, at, symbol)
    yield from private.endpoint(account(part, at), *ENDPOINT, at, None, symbol)
    yield _service(part, beside, at, symbol)
    yield Resource(
        ref=container(part, at),
        module="data",
        region=at.region,
        symbol=camel(part.name, "container"),
        why=f"Holds {part.name}",
        part=part.name,
        tagged=False,
        body={"properties": {"publicAccess": "None"}},
    )
    yield _life(part, beside, at, symbol)


def _troubles(part: Blobs, at: Stamp) -> Iterator[Trouble]:
    kind = _KINDS[part.copies]
    shown = f'copies="{part.copies}"'
    if kind in ("ZRS", "GZRS") and not has_zones(at.region):
        other = "one zone" if kind == "ZRS" else "regions"
        what = f"{shown}: {at.region} has no zones"
        yield Trouble.about(at.plan, part.name, what, f'write copies="{other}"')
    if kind in ("GRS", "GZRS") and paired_with(at.region) is None:
        other = "zones" if has_zones(at.region) else "one zone"
        what = f"{shown}: {at.region} is paired with no region that could keep the copies"
        yield Trouble.about(at.plan, part.name, what, f'write copies="{other}"')
    if part.archive_after is not None and kind not in _TAKE_ARCHIVE:
        what = f"archive_after={part.archive_after}: {shown} knows no archive"
        hint = 'write copies="regions" or copies="one zone", or leave archive_after out'
        yield Trouble.about(at.plan, part.name, what, hint)


def _account(part: Blobs, at: Stamp, symbol: str) -> Resource:
    return Resource(
        ref=account(part, at),
        module="data",
        region=at.region,
        symbol=symbol,
        why=f"Keeps blobs {_where(part.copies)}; opened by identity only, and from inside the network only",
        location=at.region,
        body={
            "sku": {"name": f"Standard_{_KINDS[part.copies]}"},
            "kind": "StorageV2",
            "properties": {
                "accessTier": "Hot",
                "minimumTlsVersion": "TLS1_2",
                "supportsHttpsTrafficOnly": True,
                "allowBlobPublicAccess": False,
                "allowSharedKeyAccess": False,
                "allowCrossTenantReplication": False,
                "defaultToOAuthAuthentication": True,
                "isLocalUserEnabled": False,
                "publicNetworkAccess": "Disabled",
                # Logs that are kept for longer come from Azure Monitor, a trusted service:
                # https://learn.microsoft.com/azure/storage/common/storage-network-security
                "networkAcls": {"bypass": "AzureServices", "defaultAction": "Deny"},
                "encryption": {
                    "keySource": "Microsoft.Storage",
                    "requireInfrastructureEncryption": True,
                    "services": {"blob": {"enabled": True, "keyType": "Account"}},
                },
            },
        },
    )


def _where(copies: Copies) -> str:
    places: dict[Copies, str] = {
        "one zone": "in one zone",
        "zones": "in three zones",
        "regions": "in one zone and in the paired region",
        "zones and regions": "in three zones and in the paired region",
    }
    return places[copies]


def _service(part: Blobs, beside: tuple[Blobs, ...], at: Stamp, symbol: str) -> Resource:
    """What holds for the account: the longest time that a part asks for, and for going back the shortest."""
    keeps = {"enabled": True, "days": max(_days(each.undelete_within) for each in beside)}
    back = min(_days(each.undelete_within) for each in beside) - 1
    return Resource(
        ref=account(part, at).child("blobServices", "default"),
        module="data",
        region=at.region,
        symbol=camel(symbol, "service"),
        why="What was deleted or written over can be brought back",
        tagged=False,
        body={
            "properties": {
                "isVersioningEnabled": True,
                "changeFeed": {"enabled": True, "retentionInDays": keeps["days"]},
                "deleteRetentionPolicy": keeps,
                "containerDeleteRetentionPolicy": keeps,
                "restorePolicy": {"enabled": True, "days": back} if back else {"enabled": False},
            }
        },
    )


def _life(part: Blobs, beside: tuple[Blobs, ...], at: Stamp, symbol: str) -> Resource:
    return Resource(
        ref=account(part, at).child("managementPolicies", "default"),
        module="data",
        region=at.region,
        symbol=camel(symbol, "life"),
        why="Moves what is old to cheaper tiers, and deletes what nobody needs any more",
        tagged=False,
        body={"properties": {"policy": {"rules": [_rule(each) for each in beside]}}},
        after=(account(part, at).child("blobServices", "default"),),
    )


def _rule(part: Blobs) -> dict[str, object]:
    """The life of one container's blobs; earlier versions go when they can no longer be asked back."""
    base = {
        action: {"daysAfterModificationGreaterThan": _days(after)}
        for action, after in (
            ("tierToCool", part.cool_after),
            ("tierToArchive", part.archive_after),
            ("delete", part.delete_after),
        )
        if after is not None
    }
    forgotten = {"delete": {"daysAfterCreationGreaterThan": _days(part.undelete_within)}}
    actions = {"baseBlob": base} if base else {}
    return {
        "name": part.name,
        "enabled": True,
        "type": "Lifecycle",
        "definition": {
            "filters": {"blobTypes": ["blockBlob"], "prefixMatch": [f"{part.name}/"]},
            "actions": {**actions, "version": forgotten, "snapshot": forgotten},
        },
    }


def _days(duration: Duration) -> int:
    return int(duration.days)
