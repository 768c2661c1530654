"""Will Azure take it: the servers of PostgreSQL, as a system file asks for them."""

from __future__ import annotations

from seatrial.check.rule import refusal

COMPUTE = "https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute"
DISKS = "https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd"
STANDBY = "https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability"
REPLICAS = "https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas"
BACKUP = "https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore"
REGIONS = "https://learn.microsoft.com/azure/reliability/regions-list"
VECTOR = "https://learn.microsoft.com/azure/postgresql/extensions/how-to-use-pgvector"


def _system(line: str, region: str = "eastus2") -> str:
    """A system file with one server."""
    return f"""
from seatrial import System

shop = System("shop", region="{region}")
{line}
"""


refusal(
    "postgres-size",
    title="PostgreSQL has no machine with these cores and this memory",
    why="A server is one of a list of sizes; Azure refuses whatever lies between them.",
    source=COMPUTE,
    matches=r"^no machine of PostgreSQL has ",
    bad=_system('shop.postgres("orders", cores=3)'),
    good=_system('shop.postgres("orders", cores=4)'),
)

refusal(
    "postgres-burstable-standby",
    title="A burstable server is to have a standby",
    why="The burstable tier has no high availability of either kind, so the deployment ends in an error.",
    source=STANDBY,
    matches=r"^standby=.* is burstable and has no standby$",
    bad=_system('shop.postgres("orders", cores=1, standby="same zone")'),
    good=_system('shop.postgres("orders", cores=2, standby="same zone")'),
)

refusal(
    "postgres-burstable-replicas",
    title="A burstable server is to have read replicas",
    why="Azure makes read replicas of servers of the other two tiers only.",
    source=REPLICAS,
    matches=r"^replicas=.* is burstable and has no replicas$",
    bad=_system('shop.postgres("orders", cores=1, replicas=1)'),
    good=_system('shop.postgres("orders", cores=2, replicas=1)'),
)

refusal(
    "postgres-replicas",
    title="A server is to have more read replicas than Azure makes",
    why="A server has five read replicas at most; the sixth is refused.",
    source=REPLICAS,
    matches=r"^replicas=\d+: Azure makes ",
    bad=_system('shop.postgres("orders", replicas=6)'),
    good=_system('shop.postgres("orders", replicas=5)'),
)

refusal(
    "postgres-disk",
    title="A server is to hold more than the largest disk",
    why="The disks of a server double from 32 GiB to 32 TiB, and a server has one of them.",
    source=DISKS,
    matches=r"the largest disk of PostgreSQL has ",
    bad=_system('shop.postgres("orders", storage="64 TiB")'),
    good=_system('shop.postgres("orders", storage="32 TiB")'),
)

refusal(
    "postgres-standby-zone",
    title="A standby is to wait in another zone of a region without zones",
    why="Such a region has one zone only; a standby there waits beside its server.",
    source=REGIONS,
    matches=r'^standby="another zone": \w+ has no zones$',
    bad=_system('shop.postgres("orders", standby="another zone")', region="westus"),
    good=_system('shop.postgres("orders", standby="same zone")', region="westus"),
)

refusal(
    "postgres-geo-backup",
    title="Backups are to be copied to a paired region, and there is none",
    why="Azure chooses where the copies go; newer regions are paired with no other.",
    source=REGIONS,
    matches=r"^geo_backup: \w+ is paired with no region",
    bad=_system('shop.postgres("orders", geo_backup=True)', region="polandcentral"),
    good=_system('shop.postgres("orders", geo_backup=True)', region="westeurope"),
)

refusal(
    "postgres-backup-days",
    title="Backups of a server are to be kept for fewer or more days than Azure keeps them",
    why="A restore to a point in time reaches back 7 to 35 days; older data need a dump or a Backup vault.",
    source=BACKUP,
    matches=r"^backup_days=",
    bad=_system('shop.postgres("orders", backup_days=90)'),
    good=_system('shop.postgres("orders", backup_days=35)'),
)

refusal(
    "postgres-vector",
    title="The extension for vectors is called by the name of its project",
    why="The project is pgvector, the extension `vector`: Azure's allow list knows no other name.",
    source=VECTOR,
    matches=r"the extension of pgvector has another name$",
    bad=_system('shop.postgres("orders", extensions=["pgvector"])'),
    good=_system('shop.postgres("orders", extensions=["vector"])'),
)
