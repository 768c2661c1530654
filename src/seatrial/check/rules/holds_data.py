"""Will it hold: stores, queues and their recovery."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.regions import called, paired_with
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import Blobs, Documents, Plan, Postgres, Recovery

WAL_LAG_SECONDS = 300
"""How old the newest archived log of a server may be, and so what a restore may lose at worst."""

GEO_LAG_SECONDS = 3600
"""How old the copy in the paired region may be."""

BLOB_LAG_SECONDS = 900
"""How far copies of blobs in the paired region are usually behind; nobody promises it.

Source: https://learn.microsoft.com/azure/storage/common/storage-redundancy
"""

REHYDRATION_SECONDS = 15 * 3600
"""How long a blob takes out of the archive at the standard priority.

Source: https://learn.microsoft.com/azure/storage/blobs/archive-rehydrate-overview
"""


def _recoveries(plan: Plan) -> Iterator[Recovery]:
    return (target for target in plan.targets if isinstance(target, Recovery))


@rule(
    "no-standby-for-recovery",
    severity="error",
    family="holds",
    title="A server without a standby is promised back within minutes",
    why="A restore makes a new server and takes minutes to hours; a standby takes over within two minutes.",
    source="https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="10 min"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", cores=2, standby="another zone")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="10 min"))
""",
)
def no_standby_for_recovery(case: Case) -> Iterator[Found]:
    """A restore is held to take an hour at least: the page says minutes to hours, by size and log."""
    for target in _recoveries(case.plan):
        if not isinstance(target.part, Postgres):
            continue
        if target.part.standby == "none" and target.back_within.seconds < 3600:
            yield Found(
                part=target.part,
                what=f"promised back within {target.back_within}, and nothing stands by",
                fix='standby="another zone"',
            )


@rule(
    "restore-loses-minutes",
    severity="error",
    family="holds",
    title="Less may be lost than a restore can promise",
    why="The log of changes is archived in pieces: at worst the last five minutes before a loss are in none.",
    source="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", standby="another zone")
shop.expects(recovery(orders, loses_at_most="1 min", back_within="4 h"))
""",
)
def restore_loses_minutes(case: Case) -> Iterator[Found]:
    """A standby has every change that was answered, so that nothing is lost with a machine or zone."""
    for target in _recoveries(case.plan):
        alone = isinstance(target.part, Postgres) and target.part.standby == "none"
        if alone and target.loses_at_most.seconds < WAL_LAG_SECONDS:
            yield Found(
                part=target.part,
                what=f"{target.loses_at_most} may be lost, and a restore may lose 5 min",
                fix='standby="another zone", or loses_at_most="5 min"',
            )


@rule(
    "lost-with-region",
    severity="warning",
    family="holds",
    title="A store that is promised back is kept in one region only",
    why="A lost region takes the store and its backups with it, and there is nothing to restore from.",
    source="https://learn.microsoft.com/azure/reliability/cross-region-replication-azure",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 h", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", geo_backup=True)
shop.expects(recovery(orders, loses_at_most="1 h", back_within="4 h"))
""",
)
def lost_with_region(case: Case) -> Iterator[Found]:
    """Continuous backups of Cosmos DB are kept in the account's own regions: one is no help for itself."""
    if len(case.plan.regions) > 1:
        return
    region, pair = called(case.plan.region), paired_with(case.plan.region)
    for target in _recoveries(case.plan):
        match target.part:
            case Postgres(geo_backup=False):
                kept, fix = "the server and its backups", "geo_backup=True, which can be chosen only at first"
            case Blobs(copies="one zone"):
                kept, fix = "all copies, in one zone,", 'copies="regions"'
            case Blobs(copies="zones"):
                kept, fix = "all copies", 'copies="zones and regions"'
            case Documents():
                kept, fix = "the account and its backups", f'throughput=1000 and also_in=["{pair or "…"}"]'
            case _:
                continue
        yield Found(
            part=target.part,
            what=f"promised back within {target.back_within}, and {kept} are in {region} only",
            fix=fix,
        )


@rule(
    "geo-restore-loses-an-hour",
    severity="warning",
    family="holds",
    title="Less may be lost than the copy in the paired region can promise",
    why="The copy follows by up to an hour and has no point in time: only what arrived last can be restored.",
    source="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", geo_backup=True)
shop.expects(recovery(orders, loses_at_most="15 min", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", geo_backup=True)
shop.expects(recovery(orders, loses_at_most="1 h", back_within="4 h"))
""",
)
def geo_restore_loses(case: Case) -> Iterator[Found]:
    for target in _recoveries(case.plan):
        abroad = isinstance(target.part, Postgres) and target.part.geo_backup
        if abroad and target.loses_at_most.seconds < GEO_LAG_SECONDS:
            yield Found(
                part=target.part,
                what=f"{target.loses_at_most} may be lost; with the region, up to 1 h is",
                fix='loses_at_most="1 h", or a replica in another region',
            )


@rule(
    "blob-copies-behind",
    severity="warning",
    family="holds",
    title="Less may be lost than copies of blobs in the paired region are behind",
    why="They are copied after the answer, usually within 15 minutes, and nobody promises when.",
    source="https://learn.microsoft.com/azure/storage/common/storage-redundancy",
    bad="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", copies="zones and regions")
shop.expects(recovery(photos, loses_at_most="1 min", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", copies="zones and regions")
shop.expects(recovery(photos, loses_at_most="1 h", back_within="4 h"))
""",
)
def blob_copies_behind(case: Case) -> Iterator[Found]:
    for target in _recoveries(case.plan):
        abroad = isinstance(target.part, Blobs) and "regions" in target.part.copies
        if abroad and target.loses_at_most.seconds < BLOB_LAG_SECONDS:
            yield Found(
                part=target.part,
                what=f"{target.loses_at_most} may be lost; with the region, the last 15 min or more are",
                fix='loses_at_most="1 h"',
            )


@rule(
    "undelete-too-short",
    severity="warning",
    family="holds",
    title="What is deleted by mistake is gone before anybody looks",
    why="A wrong deletion is seen after days, and blobs have no other backup than what their account keeps.",
    source="https://learn.microsoft.com/azure/storage/blobs/data-protection-overview",
    bad="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", undelete_within="1 day")
shop.expects(recovery(photos, loses_at_most="1 h", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", undelete_within="14 days")
shop.expects(recovery(photos, loses_at_most="1 h", back_within="4 h"))
""",
)
def undelete_too_short(case: Case) -> Iterator[Found]:
    """Seven days, as the page recommends at least: a weekend, and time to look."""
    for target in _recoveries(case.plan):
        if isinstance(target.part, Blobs) and target.part.undelete_within.days < 7:
            yield Found(
                part=target.part,
                what=f"deleted blobs can be brought back for {target.part.undelete_within}",
                fix='undelete_within="14 days"',
            )


@rule(
    "archive-slower-than-recovery",
    severity="note",
    family="holds",
    title="What lies in the archive cannot be read within the time in which the store is promised back",
    why="A blob takes up to 15 hours out of the archive, before it can be read at all.",
    source="https://learn.microsoft.com/azure/storage/blobs/archive-rehydrate-overview",
    bad="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", copies="regions", archive_after="90 days")
shop.expects(recovery(photos, loses_at_most="1 h", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
photos = shop.blobs("photos", copies="regions", cool_after="90 days")
shop.expects(recovery(photos, loses_at_most="1 h", back_within="4 h"))
""",
)
def archive_slower(case: Case) -> Iterator[Found]:
    for target in _recoveries(case.plan):
        archived = target.part.archive_after if isinstance(target.part, Blobs) else None
        if archived is not None and target.back_within.seconds < REHYDRATION_SECONDS:
            yield Found(
                part=target.part,
                what=f"back within {target.back_within}, but what is older than {archived} within 15 h",
                fix=f"say that the promise is about the newest {archived}, or leave archive_after out",
            )


@rule(
    "backups-reach-a-week",
    severity="note",
    family="holds",
    title="A mistake that is found on the eighth day cannot be taken back",
    why="Restores reach seven days back, and no further copy is made: monthly jobs and holidays are longer.",
    source="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", backup_days=7)
shop.expects(recovery(orders, loses_at_most="1 h", back_within="4 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders", backup_days=35)
shop.expects(recovery(orders, loses_at_most="1 h", back_within="4 h"))
""",
)
def backups_reach_a_week(case: Case) -> Iterator[Found]:
    """Of Cosmos DB, the window of 7 days costs nothing; the only longer one has 30."""
    for target in _recoveries(case.plan):
        match target.part:
            case Postgres(backup_days=7):
                yield Found(part=target.part, what="backup_days=7, Azure's least", fix="backup_days=35")
            case Documents(backup="7 days"):
                yield Found(part=target.part, what='backup="7 days"', fix='backup="30 days"')


@rule(
    "restore-has-new-name",
    severity="note",
    family="holds",
    title="A restored database has another name, and those who use it must be told",
    why="Every restore makes a new server and overwrites nothing: until all processes are given its address,"
    " nothing is back.",
    source="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore",
    bad="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 h", back_within="2 h"))
""",
    good="""
from seatrial import System, recovery

shop = System("shop")
orders = shop.postgres("orders")
shop.expects(recovery(orders, loses_at_most="1 h", back_within="1 day"))
""",
)
def restore_has_new_name(case: Case) -> Iterator[Found]:
    """Told where the time that is promised, four hours or less, has to hold the restore and the telling."""
    for target in _recoveries(case.plan):
        if isinstance(target.part, Postgres | Documents) and target.back_within.seconds <= 4 * 3600:
            variable = f"{target.part.name.upper().replace('-', '_')}_URL"
            yield Found(
                part=target.part,
                what=f"back within {target.back_within}, the restore and a new {variable} for all who use it "
                "included",
                fix=f"rehearse it with a clock: restore, deploy with the new {variable}, ask for an answer",
            )
