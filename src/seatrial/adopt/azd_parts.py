"""What stands in a project of azd, by its types: the table of types, and the project itself."""

from __future__ import annotations

import re
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


_RUNNING = frozenset(
    {"Microsoft.App/containerApps", "Microsoft.App/jobs", "Microsoft.Web/sites", "Microsoft.Web/staticSites"}
)


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
        from seatrial.adopt.azd_makers import MAKERS

        ground: dict[str, list[Resource]] = {}
        for each in self.resources:
            maker = MAKERS.get(each.type)
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
