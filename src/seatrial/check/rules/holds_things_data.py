"""Will it hold: single stores and queues, of a system or of anybody's template.

What is not set counts by Azure's default, named beside each rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.body import Body
from seatrial.check.reading import text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

POSTGRES = "Microsoft.DBforPostgreSQL/flexibleServers"
COSMOS = "Microsoft.DocumentDB/databaseAccounts"


@thing_rule(
    "postgres-without-standby",
    types=(POSTGRES,),
    severity="note",
    family="holds",
    title="Nothing stands by for a PostgreSQL server",
    why="When its machine or zone fails, the server is gone until Azure has brought up another: minutes to"
    " hours, without the promise of 99.99 %.",
    source="https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"}, "properties": {}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
 "properties": {"highAvailability": {"mode": "ZoneRedundant"}}}""",
)
def postgres_without_standby(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, there is none. Copies that only answer reads have none."""
    if thing.ours or text(thing, "properties.createMode") == "Replica":
        return
    if thing.or_default("properties.highAvailability.mode", "Disabled") == "Disabled":
        burstable = text(thing, "sku.tier") == "Burstable"
        first = 'a size of GeneralPurpose, and "' if burstable else '"'
        yield Found(what="no standby", fix=f'{first}highAvailability": {{"mode": "ZoneRedundant"}}')


@thing_rule(
    "postgres-disk-stays",
    types=(POSTGRES,),
    severity="warning",
    family="holds",
    title="The disk of a PostgreSQL server does not grow when it fills",
    why="At 95 % full, or under 5 GiB free, the server takes no more writes.",
    source="https://learn.microsoft.com/azure/postgresql/scale/how-to-auto-grow-storage",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "properties": {"storage": {"storageSizeGB": 128}}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "properties": {"storage": {"storageSizeGB": 128, "autoGrow": "Enabled"}}}""",
)
def postgres_disk_stays(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it does not. Only Premium SSD can; servers that are copied take it from the other."""
    other = text(thing, "properties.createMode") not in ("", "Default", "Create")
    kind = thing.or_default("properties.storage.type", "Premium_LRS")
    grows = thing.or_default("properties.storage.autoGrow", "Disabled")
    if not other and kind == "Premium_LRS" and grows == "Disabled":
        yield Found(what="autoGrow is not enabled", fix='"storage": {"autoGrow": "Enabled"}')


@thing_rule(
    "cosmos-periodic-backup",
    types=(COSMOS,),
    severity="warning",
    family="holds",
    title="A Cosmos DB account has no backup to a point in time",
    why="Unless said otherwise a copy is made every four hours and two are kept; only Azure's support can"
    " restore one, into another account.",
    source="https://learn.microsoft.com/azure/cosmos-db/periodic-backup-restore-introduction",
    bad="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "carts", "properties": {}}""",
    good="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "carts", "properties": {
 "backupPolicy": {"type": "Continuous", "continuousModeProperties": {"tier": "Continuous7Days"}}}}""",
)
def cosmos_periodic_backup(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.or_default("properties.backupPolicy.type", "Periodic") == "Periodic":
        yield Found(
            what="copies every few hours, restored by support only",
            fix='"backupPolicy": {"type": "Continuous", '
            '"continuousModeProperties": {"tier": "Continuous7Days"}}, which costs nothing',
        )


@thing_rule(
    "cosmos-without-failover",
    types=(COSMOS,),
    severity="warning",
    family="holds",
    title="A Cosmos DB account in several regions does not turn to another when the first is lost",
    why="Writes stop until the region is back: by hand one cannot turn to another while it is down.",
    source="https://learn.microsoft.com/azure/reliability/reliability-cosmos-db",
    bad="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "carts", "properties": {
 "locations": [{"locationName": "eastus2"}, {"locationName": "centralus"}],
 "backupPolicy": {"type": "Continuous"}}}""",
    good="""{"type": "Microsoft.DocumentDB/databaseAccounts", "name": "carts", "properties": {
 "locations": [{"locationName": "eastus2"}, {"locationName": "centralus"}],
 "enableAutomaticFailover": true, "backupPolicy": {"type": "Continuous"}}}""",
)
def cosmos_without_failover(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it does not; with writes in all regions there is no first one."""
    several = Body(thing.body).many("properties.locations") > 1
    turns = thing.or_default("properties.enableAutomaticFailover", False)
    everywhere = thing.or_default("properties.enableMultipleWriteLocations", False)
    if several and turns is False and everywhere is False:
        yield Found(what="enableAutomaticFailover is false", fix='"enableAutomaticFailover": true')


@thing_rule(
    "blobs-without-undelete",
    types=("Microsoft.Storage/storageAccounts/blobServices",),
    severity="warning",
    family="holds",
    title="Deleted blobs cannot be brought back",
    why="Blobs have no backup by themselves: what a program or a person deletes by mistake is gone at once.",
    source="https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview",
    bad="""{"type": "Microsoft.Storage/storageAccounts/blobServices", "name": "photos/default",
 "properties": {}}""",
    good="""{"type": "Microsoft.Storage/storageAccounts/blobServices", "name": "photos/default",
 "properties": {"isVersioningEnabled": true, "deleteRetentionPolicy": {"enabled": true, "days": 14}}}""",
)
def blobs_without_undelete(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset in a template, it is off; the portal alone switches it on."""
    if thing.or_default("properties.deleteRetentionPolicy.enabled", False) is False:
        yield Found(
            what="deleteRetentionPolicy is off",
            fix='"isVersioningEnabled": true, "deleteRetentionPolicy": {"enabled": true, "days": 14}',
        )


@thing_rule(
    "queue-drops-expired",
    types=(
        "Microsoft.ServiceBus/namespaces/queues",
        "Microsoft.ServiceBus/namespaces/topics/subscriptions",
    ),
    severity="warning",
    family="holds",
    title="Messages that expire are dropped without a trace",
    why="A receiver that is down for longer than messages live loses all of them, and nobody can see which.",
    source="https://learn.microsoft.com/azure/service-bus-messaging/message-expiration",
    bad="""{"type": "Microsoft.ServiceBus/namespaces/queues", "name": "bus/orders",
 "properties": {"defaultMessageTimeToLive": "P1D"}}""",
    good="""{"type": "Microsoft.ServiceBus/namespaces/queues", "name": "bus/orders",
 "properties": {"defaultMessageTimeToLive": "P1D", "deadLetteringOnMessageExpiration": true}}""",
)
def queue_drops_expired(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, they are dropped; without a time to live, messages stay for good."""
    lives = text(thing, "properties.defaultMessageTimeToLive")
    if lives and thing.or_default("properties.deadLetteringOnMessageExpiration", False) is False:
        yield Found(what=f"dropped after {lives}", fix='"deadLetteringOnMessageExpiration": true')


@thing_rule(
    "redis-without-replica",
    types=("Microsoft.Cache/redisEnterprise",),
    severity="warning",
    family="holds",
    title="A cache has no replica",
    why="When its machine is updated or fails, all it holds is gone, and all ask the database at once.",
    source="https://learn.microsoft.com/azure/reliability/reliability-managed-redis",
    bad="""{"type": "Microsoft.Cache/redisEnterprise", "name": "carts", "sku": {"name": "Balanced_B1"},
 "properties": {"highAvailability": "Disabled"}}""",
    good="""{"type": "Microsoft.Cache/redisEnterprise", "name": "carts", "sku": {"name": "Balanced_B1"},
 "properties": {"highAvailability": "Enabled"}}""",
)
def redis_without_replica(thing: Thing, things: Things) -> Iterator[Found]:
    """Unset, it has one."""
    if text(thing, "properties.highAvailability") == "Disabled":
        fix = "highly_available=True" if thing.ours else '"highAvailability": "Enabled"'
        yield Found(what="highAvailability is disabled", fix=fix)
