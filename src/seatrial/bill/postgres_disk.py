"""How large the disk of a PostgreSQL server is, and what it is charged for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.postgres_sizes import LARGEST_GIB, storage_gib
from seatrial.bill.amounts import GIB, gib, gibs
from seatrial.bill.charges import Charge
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, exactly
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.words import counted
from seatrial.model import Postgres, Size

__all__ = ["SERVICE", "size", "storage"]

SERVICE = "Azure Database for PostgreSQL"
DISKS = f"{SERVICE} Flex Server Storage"

_FREE_PERFORMANCE = ((399, 3_000, 125), (None, 12_000, 500))
"""Of Premium SSD v2: up to so many GiB, so many operations and megabytes a second come with the disk.
Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage-premium-ssd-v2"""


def size(part: Postgres, server: Body, stored: Range, reckoning: Reckoning) -> Range:
    """GiB of disk: as large as it is made, or as it has grown to when that does not hold what is kept."""
    made = int(server.at("properties.storage.storageSizeGB"))
    if server.at("properties.storage.autoGrow") != "Enabled":
        if stored.high > made * GIB:
            held = f"{counted(stored.high / GIB)} GiB"
            reckoning.warn(part, f"up to {held} are kept on a disk of {made:,} GiB that does not grow")
        return exactly(made)
    if stored.high > LARGEST_GIB * GIB:
        held = f"{counted(stored.high / GIB)} GiB"
        reckoning.warn(part, f"up to {held} are kept, and the largest disk has {LARGEST_GIB:,} GiB")
    disk = gib(stored).map(lambda each: Decimal(_grown(made, each)))
    if disk.high > made:
        when = "is expected" if disk.likely > made else "may come"
        grown = f"grows by itself to {counted(disk.high)} GiB when as much is kept as {when}"
        reckoning.warn(part, f"its disk of {made:,} GiB {grown}, and never shrinks")
    return disk


def _grown(made: int, stored: Decimal) -> int:
    """A disk grows to the next size when less than a fifth of it is free (above 1 TiB a tenth), or 64 GiB if
    that is less. Source: https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-storage
    """
    grown = made
    while grown < LARGEST_GIB:
        share = Decimal("0.1") if grown > 1024 else Decimal("0.2")
        if stored <= grown - min(grown * share, Decimal(64)):
            break
        grown = storage_gib(Size(grown * GIB + 1)) or LARGEST_GIB
    return grown


def storage(what: str, resource: Resource, source: Resource, disk: Range) -> Iterator[Charge]:
    """Of so many GiB for `resource`, made like the disk of `source`: its own, or the one it follows."""
    made = Body(source.body)
    if made.at("properties.storage.type") != "PremiumV2_LRS":
        meter = Meter(
            service=SERVICE, product=DISKS, name="Storage Data Stored", sku="Storage", region=resource.region
        )
        yield Charge(what=what, meter=meter, quantity=disk, formula=f"{gibs(disk)} of disk", steady=True)
        return
    yield Charge(
        what=what,
        meter=_second("Premium SSD v2 Storage Data Stored", "Premium SSD v2 Storage", resource.region),
        quantity=disk,
        formula=f"{gibs(disk)} of disk",
        steady=True,
    )
    yield from _performance(what, made, resource.region, disk)


def _performance(what: str, made: Body, region: str, disk: Range) -> Iterator[Charge]:
    """What a Premium SSD v2 is asked to do beyond what every such disk does."""
    operations, megabytes = next(
        (iops, speed) for most, iops, speed in _FREE_PERFORMANCE if most is None or disk.low <= most
    )
    asked = int(made.at("properties.storage.iops") or 0)
    if asked > operations:
        yield Charge(
            what=f"{what}: operations",
            meter=_second("Premium SSD v2 IOPS Provisioned IOPS", "Premium SSD v2 IOPS", region),
            quantity=exactly(asked - operations),
            formula=f"{asked:,} operations a second, the first {operations:,} free",
            steady=True,
        )
    asked = int(made.at("properties.storage.throughput") or 0)
    if asked > megabytes:
        yield Charge(
            what=f"{what}: throughput",
            meter=_second(
                "Premium SSDv2 Throughput Prov Throughput (MBps)", "Premium SSDv2 Throughput", region
            ),
            quantity=exactly(asked - megabytes),
            formula=f"{asked:,} MB/s, the first {megabytes:,} free",
            steady=True,
        )


def _second(name: str, sku: str, region: str) -> Meter:
    return Meter(service=SERVICE, product=DISKS, name=name, sku=sku, region=region)
