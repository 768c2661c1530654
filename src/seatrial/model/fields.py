"""The fields of every kind of part: how each is read, and what stands in when it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seatrial.model import structures
from seatrial.model.mistakes import Wrong
from seatrial.model.parts import (
    Alert,
    ApiManagement,
    ApiTier,
    ApplicationGateway,
    AppServicePlan,
    BackupReach,
    Blobs,
    Cache,
    Contact,
    Copies,
    Dashboard,
    Documents,
    EdgeTier,
    FrontDoor,
    Job,
    Log,
    Logs,
    ModelApi,
    ModelPlace,
    Network,
    NodePool,
    Part,
    Postgres,
    PostgresNetwork,
    PostgresSignIn,
    Queue,
    Registry,
    RegistryTier,
    Routing,
    Runs,
    Sandbox,
    Schedule,
    Secret,
    Service,
    Severity,
    Site,
    Standby,
    Temporal,
    TrafficManager,
    Waf,
    Worker,
)
from seatrial.model.quantities import Duration, Rate, Size
from seatrial.model.readers import (
    Reader,
    command,
    cron,
    each,
    environment,
    extension,
    flag,
    folder,
    one_of,
    optional,
    parts,
    path,
    port,
    positive,
    quantity,
    region,
    replicas,
    rules,
    text,
    whole,
    whole_days,
)
from seatrial.model.value import Value

__all__ = ["FIELDS", "SHORTEST_NAMES", "Field"]


class Field(Value, kw_only=False):
    """One field of one kind of part."""

    read: Reader[Any]
    instead: Any
    """What stands in for a value that could not be read, so that the rest of the file is judged too."""


_size = quantity(Size, "2 GiB")
_gib = Size(2**30)
_hour = Duration(3_600_000_000)

_nothing: Mapping[str, Any] = MappingProxyType({})


def _whole_days(*, least: str = "1 day", most: str) -> Reader[Duration]:
    bounded = quantity(Duration, "30 days", least=least, most=most)
    return lambda value: bounded(whole_days(value))


def _thousands(value: Any) -> int:
    number = whole(1000)(value)
    if number % 1000:
        raise Wrong("not in steps of 1,000", f"write {-(-number // 1000) * 1000}")
    return number


_process = {
    "command": Field(command, "true"),
    "uses": Field(parts, ()),
    "reads": Field(parts, ()),
    "sends": Field(parts, ()),
    "receives": Field(parts, ()),
    "env": Field(environment, MappingProxyType({})),
    "cpu": Field(positive, 1.0),
    "memory": Field(_size, _gib),
    "gpus": Field(whole(0, 8), 0),
    "host": Field(structures.host, "container apps"),
}
_replicated = {"replicas": Field(replicas, (1, 1)), "scale": Field(rules, ())}
_ending = {
    "retries": Field(whole(0, 100), 0),
    "time_limit": Field(quantity(Duration, "1 h", most="7 days"), _hour),
}

FIELDS: Mapping[type[Part], Mapping[str, Field]] = {
    Postgres: {
        # Microsoft.DBforPostgreSQL 2025-08-01 knows 11 to 18; pgvector's half-precision vectors need 14
        "version": Field(one_of((14, 15, 16, 17, 18)), 17),
        "cores": Field(whole(1, 192), 2),
        "memory": Field(optional(_size), None),
        "storage": Field(_size, Size(32 * 2**30)),
        "extensions": Field(each(extension), ()),
        "standby": Field(one_of(Standby), "none"),
        "replicas": Field(whole(0), 0),
        "backup_days": Field(
            whole(7, 35, "Azure keeps 7 to 35 days; for longer, dump to blobs or use a Backup vault"), 7
        ),
        "geo_backup": Field(flag, False),
        "migrate": Field(optional(command), None),
        "network": Field(one_of(PostgresNetwork), "private endpoint"),
        "sign_in": Field(one_of(PostgresSignIn), "identity"),
    },
    Blobs: {
        "cool_after": Field(optional(whole_days), None),
        "archive_after": Field(optional(whole_days), None),
        "delete_after": Field(optional(whole_days), None),
        "copies": Field(one_of(Copies), "zones"),
        # Source of the limit: ARM schema Microsoft.Storage 2025-06-01, DeleteRetentionPolicy
        "undelete_within": Field(_whole_days(most="365 days"), _hour * 336),
    },
    Queue: {
        # Source of both limits: ARM schema Microsoft.ServiceBus, 2024-01-01
        "lock": Field(quantity(Duration, "1 min", most="5 min"), Duration(60_000_000)),
        "attempts": Field(whole(1, 2000), 10),
        "keeps": Field(quantity(Duration, "14 days"), _hour * 336),
        "topic": Field(flag, False),
        # 20 s to 7 days: https://learn.microsoft.com/azure/service-bus-messaging/duplicate-detection
        "duplicates_within": Field(optional(quantity(Duration, "10 min", least="20 s", most="7 days")), None),
    },
    Cache: {"memory": Field(_size, _gib), "highly_available": Field(flag, True)},
    Documents: {
        "partition": Field(path, "/id"),
        # autoscale is set in steps of 1,000: https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale
        "throughput": Field(optional(_thousands), None),
        "expire_after": Field(optional(quantity(Duration, "90 days", least="1 s")), None),
        "backup": Field(one_of(BackupReach), "7 days"),
    },
    Secret: {
        "needed": Field(flag, True),
        "rotate_after": Field(optional(quantity(Duration, "90 days", least="1 day")), None),
    },
    ModelApi: {
        "model": Field(text, "unknown"),
        "needed": Field(flag, True),
        "tokens_per_minute": Field(optional(whole(1)), None),
        "worked_on": Field(one_of(ModelPlace), "anywhere"),
    },
    Service: {
        **_process,
        "port": Field(port, 8000),
        "health": Field(path, "/"),
        **_replicated,
        "public": Field(flag, False),
        "sign_in": Field(flag, False),
        "start_within": Field(quantity(Duration, "1 min"), Duration(60_000_000)),
    },
    Worker: {**_process, **_replicated},
    Job: {**_process, "runs": Field(one_of(Runs), "by hand"), **_ending, "title": Field(text, "")},
    Schedule: {**_process, "cron": Field(cron, "0 0 * * *"), **_ending},
    Site: {
        "directory": Field(folder, "."),
        "port": Field(port, 8000),
        "fallback": Field(optional(folder), None),
    },
    Sandbox: {
        "command": Field(command, "true"),
        "port": Field(port, 8000),
        "cpu": Field(positive, 1.0),
        "memory": Field(_size, _gib),
        "ready": Field(whole(0), 1),
        "most": Field(whole(1, 600), 20),
        # Source of both: https://learn.microsoft.com/azure/container-apps/session-pool
        "idle": Field(quantity(Duration, "5 min", least="5 min", most="1 h"), Duration(300_000_000)),
        "internet": Field(flag, False),
    },
    Temporal: {
        "history": Field(structures.of_kind(Postgres, what="a postgres part"), None),
        "version": Field(text, "1.29.7"),
        "cpu": Field(positive, 1.0),
        "memory": Field(_size, _gib),
        "replicas": Field(whole(1, 20), 1),
        "host": Field(structures.host, "container apps"),
        "ui": Field(flag, True),
    },
    AppServicePlan: {
        "size": Field(text, "P1v3"),
        "instances": Field(structures.capacity(1, 1), (1, 1)),
        "zones": Field(flag, False),
    },
    NodePool: {
        "machine": Field(text, "Standard_D4s_v5"),
        "nodes": Field(structures.capacity(0, 1), (1, 1)),
        "spot": Field(flag, False),
        "gpus": Field(whole(0, 8), 0),
        "isolated": Field(flag, False),
    },
    FrontDoor: {
        "routes": Field(
            structures.routes(
                structures.of_kind(Service, Site, ApiManagement, what="a service, site or api_management"),
                structures.pattern,
            ),
            _nothing,
        ),
        "tier": Field(one_of(EdgeTier), "premium"),
        "waf": Field(one_of(Waf), "prevention"),
        "limit": Field(optional(quantity(Rate, "1000/min")), None),
        "domain": Field(optional(structures.domain), None),
        "cache": Field(optional(quantity(Duration, "10 min")), None),
    },
    ApplicationGateway: {
        "routes": Field(
            structures.routes(structures.of_kind(Service, what="a service"), structures.pattern), _nothing
        ),
        "waf": Field(one_of(Waf), "prevention"),
        # Source: azure facts, Application Gateway v2 autoscale
        "capacity": Field(structures.capacity(0, 2), (0, 2)),
        "domain": Field(optional(structures.domain), None),
    },
    ApiManagement: {
        "apis": Field(
            structures.routes(structures.of_kind(Service, what="a service"), structures.named), _nothing
        ),
        "publisher": Field(text, "nobody"),
        "tier": Field(one_of(ApiTier), "standard v2"),
        "units": Field(whole(1, 31), 1),
        "products": Field(structures.products, ()),
        "version": Field(structures.named, "v1"),
    },
    TrafficManager: {
        "to": Field(
            structures.of_kind(
                Service, ApiManagement, ApplicationGateway, what="a service, api_management or gateway"
            ),
            None,
        ),
        "routing": Field(one_of(Routing), "performance"),
        "health": Field(path, "/health"),
    },
    Network: {
        "space": Field(structures.space, "10.0.0.0/16"),
        "subnets": Field(structures.subnets, _nothing),
        "nat": Field(flag, False),
        "firewall": Field(flag, False),
        "reaches": Field(structures.hosts, ()),
        "bastion": Field(flag, False),
        "vpn": Field(flag, False),
        "administrators": Field(structures.networks, ()),
    },
    Registry: {
        "tier": Field(one_of(RegistryTier), "premium"),
        "copies_in": Field(each(region), ()),
        "keeps": Field(_whole_days(most="365 days"), _hour * 720),
    },
    Logs: {
        # Source: ARM schema Microsoft.OperationalInsights 2025-07-01, retentionInDays, and its page
        "keeps": Field(_whole_days(least="30 days", most="730 days"), _hour * 720),
        "daily_cap": Field(optional(_size), None),
        "archive": Field(optional(structures.of_kind(Blobs, what="a blobs part")), None),
    },
    Contact: {
        "mail": Field(each(structures.mail), ()),
        "slack": Field(optional(structures.of_kind(Secret, what="a secret")), None),
        "pagerduty": Field(optional(structures.of_kind(Secret, what="a secret")), None),
    },
    Alert: {
        "title": Field(text, ""),
        "when": Field(structures.measured, Log(query="")),
        "above": Field(optional(structures.limit), None),
        "below": Field(optional(structures.limit), None),
        "within": Field(quantity(Duration, "5 min", least="1 min", most="2 days"), _hour),
        "severity": Field(one_of(Severity), "medium"),
        "tell": Field(each(structures.of_kind(Contact, what="a contact")), ()),
    },
    Dashboard: {"title": Field(text, ""), "charts": Field(structures.charts, ())},
}

SHORTEST_NAMES: Mapping[type[Part], int] = {Postgres: 3, Blobs: 3}
"""The rest may have names of two characters; sources in `names`."""
