"""What a PostgreSQL server is charged for: cores, disk, the same for a standby, and backups beyond the disk.

Azure sells some sizes whole and all by the core, at one price a core: so every machine is reckoned by the
core. A standby is a second machine with a second disk, in whichever zone it waits; a replica is a server of
its own.
Sources: https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability,
https://learn.microsoft.com/azure/postgresql/read-replica/concepts-read-replicas and
https://azure.microsoft.com/pricing/details/postgresql/flexible-server/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.values import Id
from seatrial.bill.amounts import by_months, gib, gibs
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.postgres_disk import SERVICE, size, storage
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.units import DAYS, whole_month
from seatrial.bill.usage import ALL_MONTH, HOURS
from seatrial.model import Postgres

__all__ = ["server"]

_SIZE = re.compile(r"Standard_([A-Z])(\d+)([a-z]+)_v(\d+)")
_FAMILIES = {"D": "General Purpose", "E": "Memory Optimized"}
_BURSTABLE = {"Standard_B1ms": ("B1MS", "B1MS"), "Standard_B2s": ("B2S", "B2S")}
"""Meter and SKU; those that are larger are named after their size: `B4ms vCore`."""


def server(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Of a server, or of a replica that follows one: that has the disk of the other, and no backups."""
    part = reckoning.part_of(resource, Postgres)
    body = Body(resource.body)
    replica = body.at("properties.createMode") == "Replica"
    source = _source(resource, reckoning) if replica else resource
    stored = _stored(part, reckoning) * reckoning.share(resource)
    disk = size(part, Body(source.body), stored, reckoning)
    yield _compute("replica" if replica else "compute", resource)
    yield from storage("storage of the replica" if replica else "storage", resource, source, disk)
    if body.at("properties.highAvailability.mode") in ("ZoneRedundant", "SameZone"):
        yield _compute("standby", resource)
        yield from storage("storage of the standby", resource, source, disk)
    if not replica:
        yield _backup(part, resource, stored, disk, reckoning)


# -- the machine ----------------------------------------------------------------------------------------


def _compute(what: str, resource: Resource) -> Charge:
    machine = str(Body(resource.body).at("sku.name"))
    found = _SIZE.fullmatch(machine)
    if found is None:
        return Charge(
            what=what,
            meter=_burstable(machine, resource.region),
            quantity=ALL_MONTH,
            formula=whole_month(),
            steady=True,
        )
    cores = int(found[2])
    return Charge(
        what=what,
        meter=_core(found, resource.region),
        quantity=exactly(cores * HOURS),
        formula=whole_month(cores, "vCore"),
        steady=True,
    )


def _core(size: re.Match[str], region: str) -> Meter:
    """The price of one core. `Standard_D4ds_v5` is of the series Ddsv5."""
    letter, _, features, version = size.groups()
    product = (
        f"{SERVICE} Flexible Server {_FAMILIES.get(letter, '')} {letter}{features}v{version} Series Compute"
    )
    name = "1 vCore" if int(version) >= 6 else "vCore"
    return Meter(service=SERVICE, product=product, name=name, sku="1 vCore", region=region)


def _burstable(size: str, region: str) -> Meter:
    short = size.removeprefix("Standard_")
    name, sku = _BURSTABLE.get(size, (f"{short} vCore", short))
    product = f"{SERVICE} Flexible Server Burstable BS Series Compute"
    return Meter(service=SERVICE, product=product, name=name, sku=sku, region=region)


# -- what is kept ---------------------------------------------------------------------------------------


def _source(replica: Resource, reckoning: Reckoning) -> Resource:
    of = replica.body["properties"]["sourceServerResourceId"]
    assert isinstance(of, Id)
    return reckoning.graph.by_ref[of.of]


def _stored(part: Postgres, reckoning: Reckoning) -> Range:
    records = reckoning.figure("records") * reckoning.figure("record_size")
    return reckoning.figure(
        "stored",
        part,
        assumed=records * Range(Decimal(1), Decimal("1.2"), Decimal("1.5")),
        why="every record, and a fifth more that waits for vacuum (up to a half)",
    )


# -- backups --------------------------------------------------------------------------------------------


def _backup(
    part: Postgres, resource: Resource, stored: Range, disk: Range, reckoning: Reckoning
) -> Charge | Free:
    """A full copy, and for each day that it reaches back what that day changed. As much as the disk is large
    is free; a copy in the paired region counts as well, at the same price.

    Source: https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore (2024-11-28)
    """
    days = int(Body(resource.body).at("properties.backup.backupRetentionDays"))
    copies = 2 if Body(resource.body).at("properties.backup.geoRedundantBackup") == "Enabled" else 1
    daily = _daily(part, stored, resource, reckoning)
    used = gib(stored + daily * days) * copies
    beyond, falls = by_months(
        *(max(u - d, Decimal(0)) for u, d in zip(used.triple, disk.triple, strict=True))
    )
    twice = ", kept in two regions" if copies == 2 else ""
    written = f"{gibs(gib(stored))} and {gibs(gib(daily))} more for each of {days} days{twice}"
    if not beyond.high:
        return Free(
            what="backups",
            why=f"{written}: less than the {gibs(disk)} that are free with the disk",
        )
    return Charge(
        what="backups",
        meter=Meter(
            service=SERVICE,
            product=f"{SERVICE} Flexible Server Backup Storage",
            name="Backup Storage LRS Data Stored",
            sku="Backup Storage LRS",
            region=resource.region,
        ),
        quantity=beyond,
        formula=f"{written}; the first {gibs(disk)} are free with the disk",
        falls=falls,
    )


def _daily(part: Postgres, stored: Range, resource: Resource, reckoning: Reckoning) -> Range:
    changed = reckoning.figure(
        "changed",
        part,
        assumed=Range(Decimal("0.005"), Decimal("0.02"), Decimal("0.05")),
        why="a few rows are written over, and every write is logged besides",
    )
    added = reckoning.figure(
        "added",
        part,
        assumed=reckoning.figure("new_records") * reckoning.figure("record_size"),
        why="every new record",
    )
    return stored * changed + added * reckoning.share(resource) / DAYS
