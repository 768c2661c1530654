"""What stands in a project of azd, by its types: stores and models here, what runs in `azd_processes`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seatrial.adopt.arm import UNKNOWN, Resource
from seatrial.adopt.notes import Notes
from seatrial.adopt.section import Section, strings
from seatrial.adopt.sketch import Made, Names, Sketch
from seatrial.adopt.tree import Fields, Items, Text

__all__ = ["Azd", "Service"]

_GROUND = (
    r"Microsoft\.(Network|OperationalInsights|Insights|ManagedIdentity|Authorization|ContainerRegistry|"
    r"OperationsManagement|Resources)/.*|Microsoft\.App/managedEnvironments.*|"
    r"Microsoft\.Web/serverfarms|Microsoft\.KeyVault/vaults(/accessPolicies)?|Microsoft\.Storage/storageAccounts"
    r"(/(blobServices|fileServices|queueServices|tableServices))?|"
    r"Microsoft\.ServiceBus/namespaces(/.*[rR]ules|/topics/subscriptions)?|"
    r"Microsoft\.DBforPostgreSQL/flexibleServers/.*|Microsoft\.CognitiveServices/accounts(/projects.*)?|"
    r"Microsoft\.Cache/redisEnterprise/databases.*|Microsoft\.DocumentDB/databaseAccounts/.*|"
    r"Microsoft\.Web/sites/(config|basicPublishingCredentialsPolicies)|Microsoft\.App/containerApps/.*"
)
"""What every system has, or what is part of something else that is carried over."""
_SAID = {
    r"Microsoft\.Insights/(metric|activityLog)Alerts|Microsoft\.AlertsManagement/.*": "write alert(…)",
    r"Microsoft\.Insights/scheduledQueryRules": "write alert(…) with log(…)",
    r"Microsoft\.Insights/actionGroups": "write contact(…)",
    r"Microsoft\.Insights/workbooks|Microsoft\.Portal/dashboards": "write dashboard(…)",
    r"Microsoft\.Consumption/budgets": "write budget(…)",
    r"Microsoft\.Storage/storageAccounts/managementPolicies": "say cool_after, archive_after, delete_after",
    r"Microsoft\.Cdn/.*|Microsoft\.Network/FrontDoor.*": "write front_door(…)",
    r"Microsoft\.Network/applicationGateways?.*": "write application_gateway(…)",
    r"Microsoft\.Network/trafficManager.*": "write traffic_manager(…)",
    r"Microsoft\.ApiManagement/.*": "write api_management(…)",
    r"Microsoft\.Network/(natGateways|azureFirewalls|firewallPolicies|bastionHosts).*": (
        "say nat, firewall or bastion of network(…)"
    ),
    r"Microsoft\.Network/(virtualNetworkGateways|vpn.*)": "say vpn of network(…)",
    r"Microsoft\.ContainerService/.*": 'write node_pool(…), and host="aks" for processes',
}
"""What a system file has words for that are not made out of a template, by type."""
_ABBREVIATIONS = frozenset(
    [
        "psql",
        "pg",
        "postgres",
        "st",
        "stg",
        "sa",
        "redis",
        "sb",
        "sbns",
        "cosmos",
        "kv",
        "cog",
        "oai",
        "aoai",
        "ai",
        "db",
        "crdb",
    ]
)
"""With which names begin that say nothing more. Source:
https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations"""


@dataclass(eq=False)
class Service:
    """A service of `azure.yaml`."""

    name: str
    section: Section
    host: str
    project: str | None
    dist: str | None
    resource: str
    uses: tuple[str, ...]
    env: Section | None
    part: Made | None = None


@dataclass
class Azd:
    """A project while it becomes a system."""

    sketch: Sketch
    notes: Notes
    names: Names
    services: dict[str, Service]
    folder: Path
    resources: list[Resource] = field(default_factory=list)
    made: list[tuple[Resource, Made]] = field(default_factory=list)
    composed: dict[str, Made] = field(default_factory=dict)
    waiting: list[tuple[str, Section]] = field(default_factory=list)
    """Container apps of newer projects: they name what may come after them."""

    def add_resources(self) -> None:
        """Everything in the template that is a part and does not run."""
        ground: dict[str, list[Resource]] = {}
        for each in self.resources:
            maker = _MAKERS.get(each.type)
            made = maker(self, each) if maker else None
            if made is not None:
                self.sketch.parts.append(made)
                self.made.append((each, made))
            elif each.type in _RUNNING:
                continue
            elif hint := next((hint for kind, hint in _SAID.items() if re.fullmatch(kind, each.type)), None):
                why = f"{each.type}: a system file says it in words of its own"
                self.notes.left(each.path, each.place, why, hint)
            elif re.fullmatch(_GROUND, each.type):
                ground.setdefault(each.type, []).append(each)
            elif maker is None:
                why = f"no word for {each.type}"
                self.notes.left(
                    each.path, each.place, why, "let it stand outside, and give its address as env"
                )
        for kind, some in ground.items():
            many = f"{len(some)} × " if len(some) > 1 else ""
            why = f"{many}{kind}: what a system needs of it, it has by itself; its settings are not carried"
            self.notes.changed(some[0].path, some[0].place, why)

    def add_services(self) -> None:
        from seatrial.adopt.azd_processes import add_processes

        add_processes(self)

    def name(self, resource: Resource, otherwise: str, shortest: int = 2) -> str:
        """A name out of that of the resource, without the system's and without what only Azure knows."""
        known = re.sub(rf"{UNKNOWN}.*?({UNKNOWN}|$)|{UNKNOWN}", "-", resource.name).strip("-")
        known = known.removeprefix(self.sketch.name).strip("-")
        if known.lower().rstrip("-") in _ABBREVIATIONS or len(known) < shortest:
            known = otherwise
        return self.names.give(known, shortest=shortest, otherwise=otherwise)

    def children(self, of: Resource, kind: str) -> list[Resource]:
        """What belongs to a resource."""
        return [
            each for each in self.resources if each.type == f"{of.type}/{kind}" and each.parent == of.name
        ]

    def add_composed(self, name: str, own: Section) -> None:
        """A resource of a newer `azure.yaml`, for which azd writes the template."""
        kind = own.text("type") or ""
        if kind == "host.containerapp":
            self.waiting.append((name, own))
            return
        makers: dict[str, tuple[str, str]] = {
            "db.postgres": ("postgres", "database"),
            "db.redis": ("cache", "cache"),
            "db.cosmos": ("documents", "documents"),
            "db.mongo": ("documents", "documents"),
            "storage": ("blobs", "storage"),
            "messaging.servicebus": ("queue", "queue"),
            "ai.openai.model": ("model_api", "model"),
            "keyvault": ("", ""),
        }
        word, otherwise = makers.get(kind, ("", ""))
        if not word:
            why = "every system has a vault" if kind == "keyvault" else f"no word for {kind or 'it'}"
            self.notes.left(own.path, own.node, why, "write secret(…) for each" if kind == "keyvault" else "")
            own.all_read()
            return
        several = {"storage": ("containers",), "messaging.servicebus": ("queues", "topics")}.get(kind, ())
        called = [(each, key) for key in several for each in strings(own.take(key))] or [(name, "")]
        for each, key in called:
            made = Made(
                word=word,
                name=self.names.give(
                    each, shortest=3 if word in ("postgres", "blobs") else 2, otherwise=otherwise
                ),
                place=own.node.place,
            )
            if key == "topics":
                made.args["topic"] = True
            self._guessed(made, own, kind)
            self.sketch.parts.append(made)
            self.composed.setdefault(name, made)
            if each != name:
                self.composed[f"{name}/{each}"] = made

    def _guessed(self, made: Made, own: Section, kind: str) -> None:
        usual: dict[str, dict[str, Any]] = {
            "db.postgres": {"cores": 2, "storage": "32 GiB"},
            "db.redis": {"memory": "1 GiB"},
        }
        for key, value in usual.get(kind, {}).items():
            made.args[key], made.guesses[key] = value, "azd chooses it"
            self.notes.guessed(own.path, own.node, f"{key}={value!r}: azd chooses it".replace("'", '"'))
        if kind == "db.mongo":
            why = "documents are kept in Cosmos DB and asked in its own protocol, not MongoDB's"
            self.notes.left(own.at("type"), own.node, why, "change the client")
        if kind == "db.cosmos":
            first = own.take("containers")
            one = first.items[0] if isinstance(first, Items) and first.items else None
            paths = strings(one.fields.get("partitionKeyPaths")) if isinstance(one, Fields) else []
            if paths:
                made.args["partition"] = paths[0]
            if isinstance(first, Items) and len(first.items) > 1:
                why = "a documents part is one container"
                self.notes.left(own.at("containers"), first, why, "write documents(…) for each other")
        if kind == "ai.openai.model":
            model = own.section("model") if isinstance(own.see("model"), Fields) else None
            said = model.text("name") if model else own.text("model")
            made.args["model"] = said or "gpt-4o-mini"
            if model is not None and isinstance(version := model.take("version"), Text):
                self.notes.left(model.at("version"), version, "a model's own usual version is deployed")

    def guess(self, made: Made, resource: Resource, key: str, value: Any, why: str) -> None:
        made.args[key], made.guesses[key] = value, why
        self.notes.guessed(resource.path, resource.place, f"{key}={value!r}: {why}".replace("'", '"'))


# -- makers: a part out of a resource -----------------------------------------------------------------------


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


_MAKERS: dict[str, Callable[[Azd, Resource], Made | None]] = {
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
_RUNNING = frozenset(
    {"Microsoft.App/containerApps", "Microsoft.App/jobs", "Microsoft.Web/sites", "Microsoft.Web/staticSites"}
)
