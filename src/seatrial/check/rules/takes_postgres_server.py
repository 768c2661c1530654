"""Will Azure take it: PostgreSQL as it stands in a graph, or in anybody's template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.azure.postgres_sizes import LARGEST_GIB, storage_gib
from seatrial.check.reading import each_in, every, number, region_without_zones, text, texts_in
from seatrial.check.rule import Found, thing_rule
from seatrial.check.rules.takes_postgres import BACKUP, DISKS, STANDBY
from seatrial.check.thing import Thing, Things
from seatrial.model import Size

SERVER = "Microsoft.DBforPostgreSQL/flexibleServers"
SETTING = f"{SERVER}/configurations"


def _server(body: str) -> str:
    """A template with one server."""
    return f'{{"type": "{SERVER}", "name": "orders", "location": "eastus2", {body}}}'


def setting(name: str, value: str) -> str:
    """A template with one setting of a server."""
    return f'{{"type": "{SETTING}", "name": "orders/{name}", "properties": {{"value": "{value}"}}}}'


_D2S = '"sku": {"name": "Standard_D2s_v3", "tier": "GeneralPurpose"}'


@thing_rule(
    "postgres-size-of-terraform",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server's size is written as Terraform writes it",
    why="Terraform glues tier and size together, GP_Standard_D4s_v3; Azure itself knows no such size.",
    source="https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/postgresql_flexible_server",
    bad=_server('"sku": {"name": "GP_Standard_D2s_v3", "tier": "GeneralPurpose"}'),
    good=_server(_D2S),
)
def postgres_size_of_terraform(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "sku.name")
    if found := re.fullmatch(r"(GP|MO|B)_(Standard_\w+)", name):
        tier = {"GP": "GeneralPurpose", "MO": "MemoryOptimized", "B": "Burstable"}[found[1]]
        yield Found(
            what=f'"{name}" is no size: {found[1]}_ is Terraform\'s word for the tier',
            fix=f'"sku": {{"name": "{found[2]}", "tier": "{tier}"}}',
        )


_TIERS: Mapping[str, str] = {"B": "Burstable", "D": "GeneralPurpose", "E": "MemoryOptimized"}
"""By the letter of the size.

Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute
"""


@thing_rule(
    "postgres-tier",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server's tier is missing beside its size, or is that of other sizes",
    why="Azure asks for both and refuses a size that its tier does not have.",
    source="https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute",
    bad=_server('"sku": {"name": "Standard_D2s_v3"}'),
    good=_server(_D2S),
)
def postgres_tier(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "sku.name")
    found = re.fullmatch(r"Standard_([BDE])\w*\d\w*", name)
    if found is None:
        return
    right = _TIERS[found[1]]
    fix = f'"sku": {{"name": "{name}", "tier": "{right}"}}'
    if thing.lacks("sku.tier"):
        yield Found(what=f"{name} stands without a tier", fix=fix)
    elif (said := text(thing, "sku.tier")) and said.lower() != right.lower():
        yield Found(what=f"{name} is {right}, not {said}", fix=fix)


@thing_rule(
    "postgres-burstable",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A burstable server of a template has a standby, or follows another server",
    why="The burstable tier has neither high availability nor read replicas, so the deployment fails.",
    source=STANDBY,
    bad=_server(
        '"sku": {"name": "Standard_B2s", "tier": "Burstable"}, '
        '"properties": {"highAvailability": {"mode": "ZoneRedundant"}}'
    ),
    good=_server(f'{_D2S}, "properties": {{"highAvailability": {{"mode": "ZoneRedundant"}}}}'),
)
def postgres_burstable(thing: Thing, things: Things) -> Iterator[Found]:
    """Replicas: https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas"""
    size = text(thing, "sku.name")
    if text(thing, "sku.tier") != "Burstable" and not size.startswith("Standard_B"):
        return
    fix = '"sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"}'
    mode = text(thing, "properties.highAvailability.mode")
    if mode in ("ZoneRedundant", "SameZone"):
        yield Found(what=f"{size or 'the server'} is burstable and cannot be {mode}", fix=fix)
    if text(thing, "properties.createMode") == "Replica":
        yield Found(what=f"{size or 'the server'} is burstable and cannot follow a server", fix=fix)


@thing_rule(
    "postgres-zones",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server of a template has a standby in another zone of a region without zones",
    why="Such a region has one zone only, so Azure refuses the server.",
    source="https://learn.microsoft.com/azure/reliability/regions-list",
    bad=f'{{"type": "{SERVER}", "name": "orders", "location": "westus", '
    '"properties": {"highAvailability": {"mode": "ZoneRedundant"}}}',
    good=_server('"properties": {"highAvailability": {"mode": "ZoneRedundant"}}'),
)
def postgres_zones(thing: Thing, things: Things) -> Iterator[Found]:
    region = region_without_zones(thing.location)
    if region and text(thing, "properties.highAvailability.mode") == "ZoneRedundant":
        yield Found(what=f"{region} has no zones", fix='"highAvailability": {"mode": "SameZone"}')


@thing_rule(
    "postgres-disk-size",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server's disk has a size that is none",
    why="Premium SSD doubles from 32 GiB on; Azure refuses sizes between, and no disk ever shrinks.",
    source=DISKS,
    bad=_server('"properties": {"storage": {"storageSizeGB": 100}}'),
    good=_server('"properties": {"storage": {"storageSizeGB": 128}}'),
)
def postgres_disk_size(thing: Thing, things: Things) -> Iterator[Found]:
    """Of the other kinds of disks, sizes go by single GiB. Unset is Premium SSD, by the interface."""
    gib = number(thing, "properties.storage.storageSizeGB")
    if gib is None or gib <= 0 or text(thing, "properties.storage.type") not in ("", "Premium_LRS"):
        return
    taken = storage_gib(Size(int(gib) * 2**30))
    if taken != gib:
        instead = taken or LARGEST_GIB
        yield Found(what=f"no disk has {gib:g} GiB", fix=f'"storageSizeGB": {instead}')


@thing_rule(
    "postgres-backup-retention",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server of a template keeps its backups for fewer or more days than Azure does",
    why="Azure keeps them 7 to 35 days and refuses the rest; older data need a dump or a Backup vault.",
    source=BACKUP,
    bad=_server('"properties": {"backup": {"backupRetentionDays": 90}}'),
    good=_server('"properties": {"backup": {"backupRetentionDays": 35}}'),
)
def postgres_backup_retention(thing: Thing, things: Things) -> Iterator[Found]:
    days = number(thing, "properties.backup.backupRetentionDays")
    if days is not None and not 7 <= days <= 35:
        nearest = 7 if days < 7 else 35
        yield Found(what=f"{days:g} days are not 7 to 35", fix=f'"backupRetentionDays": {nearest}')


_PAID_SINCE = {"11": None, "12": "2026-08-01", "13": "2026-08-01", "14": "2026-12-12"}
"""The first day of the extended support that must be paid for; None: that has ended as well."""


@thing_rule(
    "postgres-version",
    types=(SERVER,),
    severity="warning",
    family="takes",
    title="A server runs a version of PostgreSQL that has reached its end",
    why="Azure charges for extended support, which nobody can decline, and then the version is gone.",
    source="https://learn.microsoft.com/azure/postgresql/configure-maintain/extended-support",
    bad=_server('"properties": {"version": "13"}'),
    good=_server('"properties": {"version": "17"}'),
)
def postgres_version(thing: Thing, things: Things) -> Iterator[Found]:
    """Source of the days: the page of 2026-03-26."""
    said = thing.at("properties.version")
    version = str(said) if isinstance(said, int) else text(thing, "properties.version")
    fix = '"version": "17"' if thing.part is None else "version=17"
    if re.fullmatch(r"9\.[56]|10", version) or version == "11":
        yield Found(what=f"PostgreSQL {version} has ended on Azure", fix=fix, severity="error")
    elif since := _PAID_SINCE.get(version):
        yield Found(what=f"PostgreSQL {version} costs extended support from {since} on", fix=fix)


_AT_START = frozenset(
    {
        *("autovacuum_max_workers", "huge_pages", "max_connections", "max_locks_per_transaction"),
        *("max_prepared_transactions", "max_replication_slots", "max_wal_senders", "max_worker_processes"),
        *("shared_buffers", "shared_preload_libraries", "superuser_reserved_connections"),
        *("track_activity_query_size", "track_commit_timestamp", "wal_level"),
    }
)
"""Settings that PostgreSQL reads when it starts.

Source: https://www.postgresql.org/docs/17/runtime-config.html
"""


@thing_rule(
    "postgres-restart",
    types=(SETTING,),
    severity="note",
    family="takes",
    title="A setting of a server counts only after a restart, and no deployment restarts it",
    why="The deployment succeeds, the setting reads as it should, and the server goes on as before.",
    source="https://learn.microsoft.com/azure/postgresql/server-parameters/concepts-server-parameters",
    bad=setting("max_connections", "500"),
    good=setting("work_mem", "16384"),
)
def postgres_restart(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.called in _AT_START:
        yield Found(
            what=f"{thing.called} is read when the server starts",
            fix="az postgres flexible-server restart, after the first deployment that sets it",
        )


_ENDPOINT = "Microsoft.Network/privateEndpoints"


def _in_a_subnet(server: Thing) -> bool:
    return server.says("properties.network.delegatedSubnetResourceId")


@thing_rule(
    "postgres-endpoint-in-subnet",
    types=(_ENDPOINT,),
    severity="error",
    family="takes",
    title="A private endpoint leads to a server that has a subnet of its own",
    why="A server is made with one of the two networks for good, and one in a subnet takes no endpoint.",
    source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private-link",
    bad=f"""[{{"type": "{SERVER}", "name": "orders", "properties": {{"network":
 {{"delegatedSubnetResourceId": "data", "privateDnsZoneArmResourceId": "zone"}}}}}},
{{"type": "{_ENDPOINT}", "name": "orders", "properties": {{"privateLinkServiceConnections":
 [{{"properties": {{"groupIds": ["postgresqlServer"]}}}}]}}}}]""",
    good=f"""[{{"type": "{SERVER}", "name": "orders", "properties": {{"network":
 {{"publicNetworkAccess": "Disabled"}}}}}},
{{"type": "{_ENDPOINT}", "name": "orders", "properties": {{"privateLinkServiceConnections":
 [{{"properties": {{"groupIds": ["postgresqlServer"]}}}}]}}}}]""",
)
def postgres_endpoint_in_subnet(thing: Thing, things: Things) -> Iterator[Found]:
    for path in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        for connection in each_in(thing, f"properties.{path}"):
            groups = texts_in(connection, "properties.groupIds")
            if "postgresqlServer" in groups and every(things, SERVER, _in_a_subnet):
                yield Found(
                    what="the server is in a subnet of its own and takes no private endpoint",
                    fix='"network": {"publicNetworkAccess": "Disabled"}, without delegatedSubnetResourceId',
                )


@thing_rule(
    "postgres-subnet-without-zone",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="A server in a subnet of its own lacks the zone of its names, or a zone its subnet",
    why="Azure makes such a server only with both, as nobody would find it by its name.",
    source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private",
    bad=_server('"properties": {"network": {"delegatedSubnetResourceId": "data"}}'),
    good=_server(
        '"properties": {"network": {"delegatedSubnetResourceId": "data", '
        '"privateDnsZoneArmResourceId": "orders.private.postgres.database.azure.com"}}'
    ),
)
def postgres_subnet_without_zone(thing: Thing, things: Things) -> Iterator[Found]:
    subnet, zone = "delegatedSubnetResourceId", "privateDnsZoneArmResourceId"
    for said, lacking in ((subnet, zone), (zone, subnet)):
        if thing.says(f"properties.network.{said}") and thing.lacks(f"properties.network.{lacking}"):
            yield Found(what=f"{said} stands without {lacking}", fix=f'"{lacking}": "…"')


_ZONE = "properties.network.privateDnsZoneArmResourceId"


@thing_rule(
    "postgres-zone-name",
    types=(SERVER,),
    severity="error",
    family="takes",
    title="The zone of a server's names has a name that Azure does not take for it",
    why="Such a zone ends in .postgres.database.azure.com; under another name nobody finds the server.",
    source="https://learn.microsoft.com/azure/postgresql/network/concepts-networking-private",
    bad=_server(
        '"properties": {"network": {"delegatedSubnetResourceId": "data", "privateDnsZoneArmResourceId": '
        '"/providers/Microsoft.Network/privateDnsZones/shop.private.postgresql.database.azure.com"}}'
    ),
    good=_server(
        '"properties": {"network": {"delegatedSubnetResourceId": "data", "privateDnsZoneArmResourceId": '
        '"/providers/Microsoft.Network/privateDnsZones/shop.private.postgres.database.azure.com"}}'
    ),
)
def postgres_zone_name(thing: Thing, things: Things) -> Iterator[Found]:
    """The end of the name is read, which is known when the rest of it is not."""
    written = thing.text(_ZONE) or ""
    found = re.search(r"/privateDnsZones/([^/]*[\w-]+(?:\.[\w-]+)+)$", written)
    if found and not found[1].lower().endswith(".postgres.database.azure.com"):
        yield Found(
            what=f"{found[1]} is no zone of such servers",
            fix='"name": "shop.private.postgres.database.azure.com"',
        )


@thing_rule(
    "single-server-retired",
    types=(
        "Microsoft.DBforPostgreSQL/servers",
        "Microsoft.DBforMySQL/servers",
        "Microsoft.DBforMariaDB/servers",
    ),
    severity="error",
    family="takes",
    title="A database runs on a Single Server, which is retired",
    why="No new one can be made; the flexible servers have taken their place.",
    source="https://learn.microsoft.com/azure/postgresql/single-server/whats-happening-to-postgresql-single-server",
    bad='{"type": "Microsoft.DBforPostgreSQL/servers", "name": "orders", "sku": {"name": "GP_Gen5_2"}}',
    good=_server(_D2S),
)
def single_server_retired(thing: Thing, things: Things) -> Iterator[Found]:
    instead = "Microsoft.DBforMySQL" if "mysql" in thing.type.lower() else "Microsoft.DBforPostgreSQL"
    yield Found(what=f"{thing.type} is retired", fix=f'"type": "{instead}/flexibleServers"')
