"""The services of a Compose file that are not ours: databases, caches, emulators, servers of files.

Every image is named by a release that exists; who wants them not to move adds their digests.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from seatrial.azure.reach import TEMPORAL_PORT
from seatrial.azure.temporal_containers import UI_VERSION
from seatrial.deliver.layout import Layout
from seatrial.model import Cache, Duration, Plan, Postgres, Process, Queue, Site, Size, Temporal

__all__ = [
    "DOCUMENTS_KEY",
    "LEDGER",
    "LEDGER_PASSWORD",
    "PASSWORD",
    "QUEUES",
    "QUEUES_CONNECTION",
    "SITE_PORT",
    "cache",
    "closed",
    "documents",
    "postgres",
    "postgres_url",
    "queues",
    "queues_config",
    "site",
    "site_config",
    "temporal",
]

Section = dict[str, Any]

PGVECTOR = "0.8.6"
VALKEY = "valkey/valkey:8.1.4"
NGINX = "nginxinc/nginx-unprivileged:1.29.4-alpine"
SERVICE_BUS = "mcr.microsoft.com/azure-messaging/servicebus-emulator:2.0.1"
SQL_SERVER = "mcr.microsoft.com/mssql/server:2022-CU27-ubuntu-22.04"
COSMOS_DB = "mcr.microsoft.com/cosmosdb/linux/azure-cosmos-emulator:vnext-EN20260907"

USER, PASSWORD = "seatrial", "POSTGRES_PASSWORD"
QUEUES, LEDGER, LEDGER_PASSWORD = "queues", "queues-ledger", "MSSQL_SA_PASSWORD"
QUEUES_CONNECTION = (
    f"Endpoint=sb://{QUEUES};SharedAccessKeyName=RootManageSharedAccessKey;"
    "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;"
)
"""The words of the emulator's documentation; no secret, and good for nothing else."""
DOCUMENTS_KEY = "COSMOS_EMULATOR_KEY"
SITE_PORT = 8080

LONGEST_KEPT = Duration.parse("1 h")
"""The emulator keeps no message longer. Source:
https://learn.microsoft.com/azure/service-bus-messaging/overview-emulator#usage-quotas"""


def closed(cpu: float, memory: Size, *writable: str) -> Section:
    """What no container of ours has: capabilities, new privileges, a root that can be written, no limits."""
    return {
        "init": True,
        "read_only": True,
        "tmpfs": ["/tmp", *writable],  # noqa: S108 - inside the container
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "deploy": {
            "resources": {"limits": {"cpus": f"{cpu:g}", "memory": f"{math.ceil(memory.gib * 1024)}M"}}
        },
    }


def _health(*test: str, patience: int = 30) -> Section:
    return {
        "test": list(test),
        "interval": "10s",
        "timeout": "5s",
        "retries": 6,
        "start_period": f"{patience}s",
        "start_interval": "1s",
    }


# -- stores ----------------------------------------------------------------------------------------------


def postgres(part: Postgres) -> Section:
    """The volume's place moved with release 18. Source: https://hub.docker.com/_/postgres (PGDATA)"""
    data = "/var/lib/postgresql" if part.version >= 18 else "/var/lib/postgresql/data"
    memory = part.memory or Size.parse("4 GiB") * part.cores
    return {
        "image": f"pgvector/pgvector:{PGVECTOR}-pg{part.version}",
        "user": "postgres",
        "environment": {
            "POSTGRES_USER": USER,
            "POSTGRES_DB": _database(part),
            "POSTGRES_PASSWORD_FILE": "/run/secrets/postgres-password",
        },
        "secrets": ["postgres-password"],
        "volumes": [f"{part.name}:{data}"],
        "shm_size": "256m",
        **closed(part.cores, memory, "/var/run/postgresql"),
        "healthcheck": _health("CMD", "pg_isready", "--username", USER, "--dbname", _database(part)),
        "restart": "unless-stopped",
    }


def _database(part: Postgres) -> str:
    return part.name.replace("-", "_")


def postgres_url(part: Postgres) -> str:
    return f"postgresql://{USER}@{part.name}:5432/{_database(part)}"


def cache(part: Cache) -> Section:
    return {
        "image": VALKEY,
        "user": "valkey",
        "command": [
            *("valkey-server", "--save", "", "--appendonly", "no"),
            *("--maxmemory", f"{math.floor(part.memory.gib * 1024)}mb", "--maxmemory-policy", "allkeys-lru"),
        ],
        **closed(1, part.memory + Size.parse("256 MiB"), "/data"),
        "healthcheck": _health("CMD", "valkey-cli", "ping"),
        "restart": "unless-stopped",
    }


def documents() -> Section:
    """It writes where it is installed, so its root stays writable."""
    section = closed(2, Size.parse("3 GiB"))
    return {
        "image": COSMOS_DB,
        "environment": {"PROTOCOL": "http", "ENABLE_EXPLORER": "false", "ENABLE_TELEMETRY": "false"},
        **{name: value for name, value in section.items() if name != "read_only"},
        "healthcheck": _health("CMD-SHELL", "curl --fail --silent http://localhost:8080/ready", patience=120),
        "restart": "unless-stopped",
    }


def queues() -> Iterator[tuple[str, Section]]:
    """The emulator of Service Bus, and the SQL Server that it keeps its books in.

    Both write where they are installed, so their roots stay writable.
    """
    password = f"${{{LEDGER_PASSWORD}:?say it in .env}}"
    eula = "${ACCEPT_EULA:?say it in .env}"
    ledger, emulator = closed(2, Size.parse("3 GiB")), closed(2, Size.parse("2 GiB"))
    for section in (ledger, emulator):
        del section["read_only"]
    yield (
        LEDGER,
        {
            "image": SQL_SERVER,
            "environment": {"ACCEPT_EULA": eula, "MSSQL_SA_PASSWORD": password},
            "volumes": [f"{LEDGER}:/var/opt/mssql"],
            **ledger,
            "healthcheck": _health("CMD-SHELL", "timeout 3 bash -c '</dev/tcp/127.0.0.1/1433'", patience=60),
            "restart": "unless-stopped",
        },
    )
    yield (
        QUEUES,
        {
            "image": SERVICE_BUS,
            "environment": {
                "ACCEPT_EULA": eula,
                "SQL_SERVER": LEDGER,
                "MSSQL_SA_PASSWORD": password,
                "SQL_WAIT_INTERVAL": "15",
            },
            "configs": [{"source": QUEUES, "target": "/ServiceBus_Emulator/ConfigFiles/Config.json"}],
            "depends_on": {LEDGER: {"condition": "service_healthy"}},
            **emulator,
            "healthcheck": _health("CMD-SHELL", "timeout 3 bash -c '</dev/tcp/127.0.0.1/5672'", patience=120),
            "restart": "unless-stopped",
        },
    )


def queues_config(plan: Plan) -> str:
    """Queues and topics in the emulator's words; whoever receives from a topic has a subscription."""
    parts = plan.of(Queue)
    namespace = {
        "Name": "sbemulatorns",
        "Queues": [{"Name": each.name, "Properties": _kept(each)} for each in parts if not each.topic],
        "Topics": [
            {
                "Name": each.name,
                "Properties": {"DefaultMessageTimeToLive": _iso(min(each.keeps, LONGEST_KEPT))},
                "Subscriptions": [
                    {"Name": process.name, "Properties": _kept(each)}
                    for process in plan.of(Process)
                    if each in process.receives or each in process.uses
                ],
            }
            for each in parts
            if each.topic
        ],
    }
    config = {"UserConfig": {"Namespaces": [namespace], "Logging": {"Type": "Console"}}}
    return json.dumps(config, indent=2) + "\n"


def _kept(part: Queue) -> Section:
    return {
        "LockDuration": _iso(part.lock),
        "MaxDeliveryCount": part.attempts,
        "DefaultMessageTimeToLive": _iso(min(part.keeps, LONGEST_KEPT)),
        "DeadLetteringOnMessageExpiration": True,
    }


def _iso(duration: Duration) -> str:
    return f"PT{round(duration.seconds)}S"


# -- Temporal, and static files ---------------------------------------------------------------------------


def temporal(part: Temporal) -> Iterator[tuple[str, Section]]:
    """The server in the image that brings its own schema up to date; made for one machine, as this is.

    It writes its configuration where it is installed, so its root stays writable.
    """
    section = closed(part.cpu, part.memory)
    del section["read_only"]
    yield (
        part.name,
        {
            "image": f"temporalio/auto-setup:{part.version}",
            "environment": {
                "DB": "postgres12",
                "DB_PORT": "5432",
                "POSTGRES_SEEDS": part.history.name,
                "POSTGRES_USER": USER,
                "POSTGRES_PWD": f"${{{PASSWORD}:?say it in .env}}",
            },
            "depends_on": {part.history.name: {"condition": "service_healthy"}},
            **section,
            "healthcheck": _health(
                "CMD-SHELL",
                f'temporal operator cluster health --address "$$(hostname -i):{TEMPORAL_PORT}"',
                patience=120,
            ),
            "restart": "unless-stopped",
        },
    )
    if part.ui:
        section = closed(0.5, Size.parse("256 MiB"))
        del section["read_only"]
        yield (
            f"{part.name}-ui",
            {
                "image": f"temporalio/ui:{UI_VERSION}",
                "environment": {"TEMPORAL_ADDRESS": f"{part.name}:{TEMPORAL_PORT}"},
                "depends_on": {part.name: {"condition": "service_healthy"}},
                "ports": ["127.0.0.1:8233:8080"],
                **section,
                "restart": "unless-stopped",
            },
        )


def site(part: Site, at: Layout) -> Section:
    return {
        "image": NGINX,
        "ports": [f"127.0.0.1:{part.port}:{SITE_PORT}"],
        "volumes": [f"${{SOURCE:-{at.up}}}/{at.folder}/{part.directory}:/usr/share/nginx/html:ro"],
        "configs": [{"source": f"{part.name}-server", "target": "/etc/nginx/conf.d/default.conf"}],
        **closed(0.5, Size.parse("128 MiB")),
        "healthcheck": _health("CMD", "wget", "--quiet", "--spider", f"http://127.0.0.1:{SITE_PORT}/"),
        "restart": "unless-stopped",
    }


def site_config(part: Site) -> str:
    """A dollar stands twice, since Compose would take one for a variable of its own."""
    otherwise = "=404" if part.fallback is None else f"/{part.fallback}"
    return (
        "server {\n"
        f"  listen {SITE_PORT};\n"
        "  root /usr/share/nginx/html;\n"
        f"  location / {{ try_files $$uri $$uri/ {otherwise}; }}\n"
        "}\n"
    )
