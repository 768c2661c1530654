"""The fields of every kind of part: how each is read, and what stands in when it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from seatrial.model.parts import (
    Blobs,
    Cache,
    Host,
    Job,
    ModelApi,
    Part,
    Postgres,
    Queue,
    Runs,
    Schedule,
    Secret,
    Service,
    Site,
    Standby,
    Worker,
)
from seatrial.model.quantities import Duration, Size
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

_process = {
    "command": Field(command, "true"),
    "uses": Field(parts, ()),
    "env": Field(environment, MappingProxyType({})),
    "cpu": Field(positive, 1.0),
    "memory": Field(_size, _gib),
    "host": Field(one_of(Host), "container apps"),
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
    },
    Blobs: {
        "cool_after": Field(optional(whole_days), None),
        "archive_after": Field(optional(whole_days), None),
        "delete_after": Field(optional(whole_days), None),
    },
    Queue: {
        # Source of both limits: ARM schema Microsoft.ServiceBus, 2024-01-01
        "lock": Field(quantity(Duration, "1 min", most="5 min"), Duration(60_000_000)),
        "attempts": Field(whole(1, 2000), 10),
        "keeps": Field(quantity(Duration, "14 days"), _hour * 336),
        "topic": Field(flag, False),
    },
    Cache: {"memory": Field(_size, _gib), "highly_available": Field(flag, True)},
    Secret: {
        "needed": Field(flag, True),
        "rotate_after": Field(optional(quantity(Duration, "90 days", least="1 day")), None),
    },
    ModelApi: {
        "model": Field(text, "unknown"),
        "needed": Field(flag, True),
        "tokens_per_minute": Field(optional(whole(1)), None),
    },
    Service: {
        **_process,
        "port": Field(port, 8000),
        "health": Field(path, "/"),
        **_replicated,
        "public": Field(flag, False),
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
}

SHORTEST_NAMES: Mapping[type[Part], int] = {Postgres: 3, Blobs: 3}
"""The rest may have names of two characters; sources in `names`."""
