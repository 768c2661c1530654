"""Will Azure take it: storage accounts, their blobs and the life of these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from seatrial.azure.body import Body
from seatrial.check.reading import each_in, every, number, region_without_zones, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

ACCOUNT = "Microsoft.Storage/storageAccounts"
POLICY = f"{ACCOUNT}/managementPolicies"
SERVICE = f"{ACCOUNT}/blobServices"

TIERS = "https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview"
REGIONS = "https://learn.microsoft.com/azure/reliability/regions-list"
LIFE = "https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview"


def _system(line: str, region: str = "eastus2") -> str:
    """A system file with one part."""
    return f"""
from seatrial import System

shop = System("shop", region="{region}")
{line}
"""


refusal(
    "blobs-zones",
    title="Blobs are to be kept in three zones of a region without zones",
    why="Such a region has one zone only.",
    source=REGIONS,
    matches=r'^copies="zones.*": \w+ has no zones$',
    bad=_system('shop.blobs("photos", copies="zones")', region="westus"),
    good=_system('shop.blobs("photos", copies="one zone")', region="westus"),
)

refusal(
    "blobs-pair",
    title="Blobs are to be copied to a paired region, and there is none",
    why="Azure chooses where the copies go; newer regions are paired with no other.",
    source=REGIONS,
    matches=r"^copies=.* is paired with no region that could keep the copies$",
    bad=_system('shop.blobs("photos", copies="regions")', region="polandcentral"),
    good=_system('shop.blobs("photos", copies="zones")', region="polandcentral"),
)

refusal(
    "blobs-archive",
    title="Blobs that are kept in three zones are to go to the archive",
    why="The archive knows accounts without zones only: locally and geo-redundant ones.",
    source=TIERS,
    matches=r"^archive_after=.* knows no archive$",
    bad=_system('shop.blobs("photos", copies="zones", archive_after="90 days")'),
    good=_system('shop.blobs("photos", copies="regions", archive_after="90 days")'),
)

refusal(
    "blobs-order",
    title="Blobs are to go to the archive before they get cool, or to be deleted before either",
    why="Of two steps the later would never happen, as the blob is beyond it already.",
    source=LIFE,
    matches=r"^(archive|delete)_after=.*: not after ",
    bad=_system('shop.blobs("photos", copies="regions", cool_after="90 days", archive_after="30 days")'),
    good=_system('shop.blobs("photos", copies="regions", cool_after="30 days", archive_after="90 days")'),
)

refusal(
    "blobs-undelete",
    title="Deleted blobs are to be brought back after more than a year",
    why="Azure keeps what was deleted 365 days at most.",
    source="https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview",
    matches=r"^undelete_within=",
    bad=_system('shop.blobs("photos", undelete_within="400 days")'),
    good=_system('shop.blobs("photos", undelete_within="365 days")'),
)


@thing_rule(
    "storage-name",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="A storage account has a name that Azure does not take",
    why="It is part of an address: 3 to 24 lower case letters and digits, without hyphens.",
    source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    bad=f'{{"type": "{ACCOUNT}", "name": "shop-photos"}}',
    good=f'{{"type": "{ACCOUNT}", "name": "shopphotos"}}',
)
def storage_name(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.ours:  # names of ours are made for Azure
        return
    name = thing.called
    if re.fullmatch(r"[\w-]+", name) and not re.fullmatch(r"[a-z0-9]{3,24}", name):
        right = re.sub(r"[^a-z0-9]", "", name.lower())[:24].ljust(3, "0")
        yield Found(what=f'"{name}" is no name of an account', fix=f'"name": "{right}"')


@thing_rule(
    "storage-old-kind",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="A storage account is of a kind that was retired in October 2026",
    why="Accounts of the first version and those for blobs only can no longer be made.",
    source="https://learn.microsoft.com/azure/storage/common/general-purpose-version-1-account-migration-overview",
    bad=f'{{"type": "{ACCOUNT}", "name": "photos", "kind": "Storage"}}',
    good=f'{{"type": "{ACCOUNT}", "name": "photos", "kind": "StorageV2"}}',
)
def storage_old_kind(thing: Thing, things: Things) -> Iterator[Found]:
    kind = text(thing, "kind")
    if kind in ("Storage", "BlobStorage"):
        yield Found(what=f"kind {kind} is retired", fix='"kind": "StorageV2"')


@thing_rule(
    "storage-tls-too-new",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="A storage account asks for TLS 1.3 at least",
    why="The interface lists the value, and Azure does not support it yet: 1.2 is the highest minimum.",
    source="https://learn.microsoft.com/azure/storage/common/transport-layer-security-configure-minimum-version",
    bad=f'{{"type": "{ACCOUNT}", "name": "photos", "properties": {{"minimumTlsVersion": "TLS1_3"}}}}',
    good=f'{{"type": "{ACCOUNT}", "name": "photos", "properties": {{"minimumTlsVersion": "TLS1_2"}}}}',
)
def storage_tls_too_new(thing: Thing, things: Things) -> Iterator[Found]:
    """Source: the description of the property in the interface of 2025-01-01."""
    if text(thing, "properties.minimumTlsVersion") == "TLS1_3":
        yield Found(what="TLS 1.3 cannot be the minimum", fix='"minimumTlsVersion": "TLS1_2"')


@thing_rule(
    "storage-zones",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="A storage account is to stand in zones of a region that has none",
    why="Such a region keeps blobs in one place, or in one place here and one in the paired region.",
    source=REGIONS,
    bad=f'{{"type": "{ACCOUNT}", "name": "ours", "location": "westus", "sku": {{"name": "Standard_ZRS"}}}}',
    good=f'{{"type": "{ACCOUNT}", "name": "ours", "location": "eastus", "sku": {{"name": "Standard_ZRS"}}}}',
)
def storage_zones(thing: Thing, things: Things) -> Iterator[Found]:
    region, kind = region_without_zones(thing.location), text(thing, "sku.name")
    if region and kind.endswith("ZRS"):
        instead = kind.replace("GZRS", "GRS").replace("ZRS", "LRS")
        yield Found(what=f"{kind}, and {region} has no zones", fix=f'"sku": {{"name": "{instead}"}}')


# -- the life of blobs --------------------------------------------------------------------------------------


def _policy(actions: str) -> str:
    """A template with an account in zones and the life of its blobs."""
    rule = f'{{"name": "age", "definition": {{"actions": {{"baseBlob": {{{actions}}}}}}}}}'
    return (
        f'[{{"type": "{ACCOUNT}", "name": "photos", "sku": {{"name": "Standard_ZRS"}}}}, '
        f'{{"type": "{POLICY}", "name": "photos/default", '
        f'"properties": {{"policy": {{"rules": [{rule}]}}}}}}]'
    )


def _steps(thing: Thing) -> Iterator[Body]:
    """What happens to blobs, by rule."""
    for rule in each_in(thing, "properties.policy.rules"):
        found = rule.at("definition.actions.baseBlob")
        if isinstance(found, Mapping):
            yield Body(found)


def _in_zones(account: Thing) -> bool:
    return text(account, "sku.name").endswith("ZRS")


@thing_rule(
    "storage-archive-zones",
    types=(POLICY,),
    severity="error",
    family="takes",
    title="Blobs of an account in three zones are to go to the archive",
    why="The archive knows locally and geo-redundant accounts only; the policy is refused, or never acts.",
    source=TIERS,
    bad=_policy('"tierToArchive": {"daysAfterModificationGreaterThan": 90}'),
    good=_policy('"tierToCold": {"daysAfterModificationGreaterThan": 90}'),
)
def storage_archive_zones(thing: Thing, things: Things) -> Iterator[Found]:
    if any(step.at("tierToArchive") for step in _steps(thing)) and every(things, ACCOUNT, _in_zones):
        yield Found(
            what="tierToArchive in an account with zones",
            fix='"tierToCold" instead, or "sku": {"name": "Standard_GRS"}',
        )


_ORDER = ("tierToCool", "tierToCold", "tierToArchive", "delete")


@thing_rule(
    "storage-life-order",
    types=(POLICY,),
    severity="warning",
    family="takes",
    title="Of two steps in the life of blobs the later comes first",
    why="A blob goes to the cheapest of the steps that are due, so the other never happens.",
    source=LIFE,
    bad=_policy(
        '"tierToCool": {"daysAfterModificationGreaterThan": 90}, '
        '"tierToCold": {"daysAfterModificationGreaterThan": 30}'
    ),
    good=_policy(
        '"tierToCool": {"daysAfterModificationGreaterThan": 30}, '
        '"tierToCold": {"daysAfterModificationGreaterThan": 90}'
    ),
)
def storage_life_order(thing: Thing, things: Things) -> Iterator[Found]:
    for step in _steps(thing):
        days = [
            (name, found)
            for name in _ORDER
            if (found := number(step, f"{name}.daysAfterModificationGreaterThan")) is not None
        ]
        for (earlier, before), (later, after) in pairwise(days):
            if after <= before:
                yield Found(
                    what=f"{later} after {after:g} days, {earlier} after {before:g}",
                    fix=f"more than {before:g} days for {later}",
                )


@thing_rule(
    "storage-restore-days",
    types=(SERVICE,),
    severity="error",
    family="takes",
    title="Blobs are to be taken back further than what was deleted is kept, or without what that needs",
    why="Going back to a moment needs versions, the change feed, and deleted blobs kept for a day longer.",
    source="https://learn.microsoft.com/azure/storage/blobs/point-in-time-restore-overview",
    bad=f'{{"type": "{SERVICE}", "name": "photos/default", "properties": {{"isVersioningEnabled": true, '
    '"changeFeed": {"enabled": true}, "deleteRetentionPolicy": {"enabled": true, "days": 7}, '
    '"restorePolicy": {"enabled": true, "days": 7}}}',
    good=f'{{"type": "{SERVICE}", "name": "photos/default", "properties": {{"isVersioningEnabled": true, '
    '"changeFeed": {"enabled": true}, "deleteRetentionPolicy": {"enabled": true, "days": 7}, '
    '"restorePolicy": {"enabled": true, "days": 6}}}',
)
def storage_restore_days(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.at("properties.restorePolicy.enabled") is not True:
        return
    for said in ("isVersioningEnabled", "changeFeed.enabled", "deleteRetentionPolicy.enabled"):
        if thing.lacks(f"properties.{said}") or thing.at(f"properties.{said}") is False:
            yield Found(what=f"going back is on, {said} is not", fix=f'"{said}": true')
    back = number(thing, "properties.restorePolicy.days")
    kept = number(thing, "properties.deleteRetentionPolicy.days")
    if back is not None and kept is not None and back >= kept:
        yield Found(
            what=f"back by {back:g} days, deleted blobs kept for {kept:g}",
            fix=f'"deleteRetentionPolicy": {{"enabled": true, "days": {int(back) + 1}}}',
        )
