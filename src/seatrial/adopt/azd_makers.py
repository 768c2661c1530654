"""Stores, models and secrets of a template: each resource as the part that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable

from seatrial.adopt.arm import UNKNOWN, Resource
from seatrial.adopt.azd_parts import Azd
from seatrial.adopt.sketch import Made

__all__ = ["MAKERS"]


def _postgres(azd: Azd, at: Resource) -> Made:
    databases = [each.name for each in azd.children(at, "databases") if UNKNOWN not in each.name]
    name = (
        databases[0] if len(databases) == 1 and re.fullmatch(r"[a-z][a-z0-9_-]{2,31}", databases[0]) else ""
    )
    given = azd.names.give(name, shortest=3) if name else azd.name(at, "database", 3)
    made = Made(word="postgres", name=given, place=at.place)
    version = str(at.get("properties.version") or "")
    if version.isdigit() and 14 <= int(version) <= 18:
        made.args["version"] = int(version)
    else:
        azd.guess(made, at, "version", 17, "the template says none that is known")
    sku = str(at.get("sku.name") or "")
    cores = re.search(r"_[A-Z]+?(\d+)", sku)
    if cores:
        made.args["cores"] = int(cores[1])
        if found := re.fullmatch(r"Standard_B(\d+)(m?)s", sku):
            made.args["memory"] = {"1": "2 GiB", "2": "8 GiB" if found[2] else "4 GiB"}.get(
                found[1], f"{int(found[1]) * 4} GiB"
            )
        elif sku.startswith("Standard_E"):
            made.args["memory"] = f"{int(cores[1]) * 8} GiB"
    else:
        azd.guess(made, at, "cores", 2, "the template says no machine that is known")
    size = at.get("properties.storage.storageSizeGB")
    if isinstance(size, int):
        made.args["storage"] = f"{size} GiB"
    else:
        azd.guess(made, at, "storage", "32 GiB", "the template says no size that is known")
    modes = {"ZoneRedundant": "another zone", "SameZone": "same zone"}
    if standby := modes.get(str(at.get("properties.highAvailability.mode"))):
        made.args["standby"] = standby
    days = at.get("properties.backup.backupRetentionDays")
    if isinstance(days, int) and 7 <= days <= 35:
        made.args["backup_days"] = days
    if at.get("properties.backup.geoRedundantBackup") == "Enabled":
        made.args["geo_backup"] = True
    for each in azd.children(at, "configurations"):
        value = each.get("properties.value")
        if each.name == "azure.extensions" and isinstance(value, str):
            names = [one.strip().lower() for one in value.split(",") if one.strip()]
            made.args["extensions"] = ["vector" if one == "pgvector" else one for one in names]
    if len(databases) > 1:
        why = f"a postgres part is one database; this server has {', '.join(databases)}"
        azd.notes.left(at.path, at.place, why, "write postgres(…) for each other")
    return made


def _cache(azd: Azd, at: Resource) -> Made:
    made = Made(word="cache", name=azd.name(at, "redis"), place=at.place)
    sizes = {"C0": "250 MiB", "C1": "1 GiB", "C2": "2.5 GiB", "C3": "6 GiB", "P1": "6 GiB", "P2": "13 GiB"}
    said = f"{at.get('properties.sku.family') or ''}{at.get('properties.sku.capacity')}"
    if said in sizes:
        made.args["memory"] = sizes[said]
    else:
        azd.guess(made, at, "memory", "1 GiB", "the template says no size that is known")
    return made


def _container(azd: Azd, at: Resource) -> Made:
    """Of blobs. An account without any becomes none."""
    made = Made(word="blobs", name=azd.name(at, "files", 3), place=at.place)
    account = next(
        (
            each
            for each in azd.resources
            if each.type.endswith("/storageAccounts") and at.parent.startswith(each.name)
        ),
        None,
    )
    kinds = {"LRS": "one zone", "GRS": "regions", "RAGRS": "regions", "GZRS": "zones and regions"}
    copies = kinds.get(str(account.get("sku.name") if account else "").rpartition("_")[2])
    if copies:
        made.args["copies"] = copies
    return made


def _account(azd: Azd, at: Resource) -> Made | None:
    """A storage account whose containers the template does not name."""
    held = any(
        each.type == f"{at.type}/blobServices/containers" and each.parent.startswith(at.name)
        for each in azd.resources
    )
    return None if held else Made(word="blobs", name=azd.name(at, "storage", 3), place=at.place)


def _queue(azd: Azd, at: Resource) -> Made:
    made = Made(word="queue", name=azd.name(at, "queue"), place=at.place)
    attempts = at.get("properties.maxDeliveryCount")
    if isinstance(attempts, int) and attempts != 10:
        made.args["attempts"] = attempts
    lock = re.fullmatch(r"PT(?:(\d+)M)?(?:(\d+)S)?", str(at.get("properties.lockDuration") or ""))
    seconds = int(lock[1] or 0) * 60 + int(lock[2] or 0) if lock else 0
    if seconds not in (0, 60):
        made.args["lock"] = f"{seconds} s"
    return made


def _topic(azd: Azd, at: Resource) -> Made:
    return Made(word="queue", name=azd.name(at, "topic"), place=at.place, args={"topic": True})


def _documents(azd: Azd, at: Resource) -> Made:
    made = Made(word="documents", name=azd.name(at, "documents"), place=at.place)
    containers = [
        each
        for each in azd.resources
        if each.type.startswith(f"{at.type}/")
        and each.type.endswith(("/containers", "/collections"))
        and each.parent.startswith(at.name)
    ]
    paths = containers[0].get("properties.resource.partitionKey.paths") if containers else None
    if isinstance(paths, list) and paths and isinstance(paths[0], str) and UNKNOWN not in paths[0]:
        made.args["partition"] = paths[0]
    if len(containers) > 1:
        why = f"a documents part is one container; this account has {len(containers)}"
        azd.notes.left(at.path, at.place, why, "write documents(…) for each other")
    if at.get("kind") == "MongoDB":
        why = "documents are asked in Cosmos DB's own protocol, not MongoDB's"
        azd.notes.left(f"{at.path}.kind", at.place, why, "change the client")
    return made


def _model(azd: Azd, at: Resource) -> Made:
    account = next(
        (
            each
            for each in azd.resources
            if each.type == "Microsoft.CognitiveServices/accounts" and each.name == at.parent
        ),
        None,
    )
    only = sum(each.type == at.type for each in azd.resources) == 1
    name = azd.name(account, "openai") if only and account is not None else azd.name(at, "model")
    made = Made(word="model_api", name=name, place=at.place)
    model = at.get("properties.model.name")
    if isinstance(model, str):
        made.args["model"] = model
    else:
        azd.guess(made, at, "model", "gpt-4o-mini", "the template says none that is known")
    capacity = at.get("sku.capacity")
    if isinstance(capacity, int) and capacity > 0:
        made.args["tokens_per_minute"] = capacity * 1000
    return made


def _secret(azd: Azd, at: Resource) -> Made | None:
    """A secret of the vault that somebody gives; those that the template makes out of resources are none."""
    value = at.get("properties.value")
    if value is None and "value" in (at.body.get("properties") or {}):
        return None  # what only Azure knows: the key of a resource
    return Made(word="secret", name=azd.name(at, "secret"), place=at.place)


MAKERS: dict[str, Callable[[Azd, Resource], Made | None]] = {
    "Microsoft.DBforPostgreSQL/flexibleServers": _postgres,
    "Microsoft.Cache/redis": _cache,
    "Microsoft.Cache/Redis": _cache,
    "Microsoft.Cache/redisEnterprise": _cache,
    "Microsoft.Storage/storageAccounts": _account,
    "Microsoft.Storage/storageAccounts/blobServices/containers": _container,
    "Microsoft.ServiceBus/namespaces/queues": _queue,
    "Microsoft.ServiceBus/namespaces/topics": _topic,
    "Microsoft.DocumentDB/databaseAccounts": _documents,
    "Microsoft.CognitiveServices/accounts/deployments": _model,
    "Microsoft.KeyVault/vaults/secrets": _secret,
}
