"""What a container of Cosmos DB is charged for: request units, storage and backups, in every region.

Serverless is paid by the request unit, a quarter more where copies are in several zones. Where throughput
follows the load, every hour costs the most request units a second it reached, and a tenth of what is set at
least: by the meter of fixed throughput, half as much again; no more than that where several regions write.

Sources: https://learn.microsoft.com/azure/cosmos-db/autoscale-faq (2024-07-26),
https://learn.microsoft.com/azure/reliability/reliability-cosmos-db-nosql (2024-05-06) and
https://learn.microsoft.com/azure/cosmos-db/continuous-backup-restore-introduction (2024-04-15)
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.reach import users_of
from seatrial.bill.amounts import by_months, gib, gibs
from seatrial.bill.charges import Charge, Free
from seatrial.bill.meters import Meter
from seatrial.bill.range import Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import DAYS, many, shared
from seatrial.bill.usage import HOURS
from seatrial.bill.words import counted
from seatrial.bill.work import windows
from seatrial.model import Documents, Service
from seatrial.model.value import Value

__all__ = ["container", "reads", "writes"]

SERVICE = "Azure Cosmos DB"

ZONES = Decimal("1.25")
ONE_WRITER = Decimal("1.5")
STEP = 1000
"""Throughput is set in such steps; each carries a tenth as many GB.
Source: https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale (2024-09-25)"""
PEAK = Range(Decimal(1), Decimal(2), Decimal(4))
"""How much busier the busiest second of an hour is than its average: assumed."""


class Place(Value):
    """One region of an account."""

    region: str
    share: Decimal
    """Of the reads, which are made in the nearest region."""
    zones: bool
    """Whether its copies are in several zones."""
    writers: bool
    """Whether several regions write."""

    @property
    def where(self) -> str:
        """Behind what is paid for, where there are several regions: ` in westeurope`."""
        return "" if self.share == 1 else f" in {self.region}"

    def meter(self, product: str, name: str, sku: str) -> Meter:
        return Meter(service=SERVICE, product=product, name=name, sku=sku, region=self.region)


def container(resource: Resource, reckoning: Reckoning) -> Iterator[Charge | Free]:
    """Of one container, in each region that its account is in."""
    part = reckoning.part_of(resource, Documents)
    account = _account(resource, reckoning)
    most = Body(resource.body).at("properties.options.autoscaleSettings.maxThroughput")
    long = account.at("properties.backupPolicy.continuousModeProperties.tier") == "Continuous30Days"
    stored = gib(_stored(part, reckoning))
    for place in _places(account):
        if most is None:
            yield _serverless(part, place, reckoning)
        else:
            yield _followed(part, place, int(most), stored, reckoning)
        yield Charge(
            what=f"storage{place.where}",
            meter=place.meter(SERVICE, "Data Stored", "mRUs" if place.writers else "RUs"),
            quantity=stored,
            formula=f"{gibs(stored)} kept",
        )
        yield _backup(stored, place, long)


def _account(container: Resource, reckoning: Reckoning) -> Body:
    database = container.ref.parent
    account = None if database is None else database.parent
    assert account is not None  # a container is in a database, and that in an account
    return Body(reckoning.graph.by_ref[account].body)


def _places(account: Body) -> Iterator[Place]:
    locations = account.at("properties.locations") or ()
    writers = len(locations) > 1 and bool(account.at("properties.enableMultipleWriteLocations"))
    for each in locations:
        yield Place(
            region=str(each["locationName"]),
            share=1 / Decimal(len(locations)),
            zones=bool(each.get("isZoneRedundant")),
            writers=writers,
        )


# -- what is kept ---------------------------------------------------------------------------------------


def _stored(part: Documents, reckoning: Reckoning) -> Range:
    records = reckoning.figure("records") * reckoning.figure("record_size")
    return reckoning.figure(
        "stored",
        part,
        assumed=records * Range(Decimal(1), Decimal("1.2"), Decimal("1.5")),
        why="every record, and its index: a fifth more (up to a half)",
    )


def _backup(stored: Range, place: Place, long: bool) -> Charge | Free:
    if not long:
        return Free(what=f"backups{place.where}", why="seven days of continuous backup are in the price")
    return Charge(
        what=f"backups{place.where}",
        meter=place.meter(f"{SERVICE} - PITR", "Cont 30D Bckp Continuous Backup", "Backup"),
        quantity=stored,
        formula=f"{gibs(stored)} kept, to be had back as of any moment of 30 days",
    )


# -- request units --------------------------------------------------------------------------------------


def _units(part: Documents, reckoning: Reckoning) -> tuple[Range, Range, str]:
    """Request units a month of reads and of writes over all regions, and how they came about."""
    asked, written = reads(part, reckoning), writes(part, reckoning)
    read = reckoning.figure(
        "read_units",
        part,
        assumed=Range(Decimal(1), Decimal(3), Decimal(10)),
        why="a read by id of up to 1 KB takes 1, a query in one partition some 3 (up to 10)",
    )
    write = reckoning.figure(
        "write_units",
        part,
        assumed=Range(Decimal(5), Decimal(10), Decimal(30)),
        why="to write 1 KB takes 5 or 6, more with a larger document and its index",
    )
    formula = f"{many(asked)} reads × {many(read)} + {many(written)} writes × {many(write)}"
    return asked * read, written * write, formula


def reads(part: Documents, reckoning: Reckoning) -> Range:
    """Single reads in a month, over all regions."""
    users = [each for each in users_of(part, reckoning.plan) if isinstance(each, Service)]
    assumed = reckoning.figure("new_records") * 2
    why = "each new record is read twice"
    if users:
        assumed = total(answered(reckoning, each) for each in users) * Range(
            Decimal("0.1"), Decimal(1), Decimal(2)
        )
        why = "one for each request to those who use it (one in ten, up to two for each)"
    return reckoning.figure("reads", part, assumed=assumed, why=why)


def writes(part: Documents, reckoning: Reckoning) -> Range:
    """Single writes in a month, over all regions."""
    new = reckoning.figure("new_records")
    return reckoning.figure(
        "writes",
        part,
        assumed=new * Range(Decimal(1), Decimal(2), Decimal(4)),
        why="each new record is written, and changed once (up to three times)",
    )


def _serverless(part: Documents, place: Place, reckoning: Reckoning) -> Charge:
    of_reads, of_writes, formula = _units(part, reckoning)
    units = of_reads + of_writes
    return Charge(
        what="request units",
        meter=place.meter(f"{SERVICE} serverless", "1M RUs", "RUs"),
        quantity=units * ZONES if place.zones else units,
        formula=f"({formula}) × {ZONES} for several zones" if place.zones else formula,
    )


def _followed(part: Documents, place: Place, most: int, stored: Range, reckoning: Reckoning) -> Charge:
    """Throughput that follows the load: of reads where they are made, of writes in every region."""
    of_reads, of_writes, formula = _units(part, reckoning)
    busy = windows(reckoning) / DAYS
    if (roof := _roof(most, stored.high)) > most:
        held = f"{most:,} request units a second hold {most // 10:,} GB"
        reckoning.warn(part, f"{held}: with more, Azure raises them to {roof:,}")
    units = of_reads * place.share + of_writes
    days = (busy.high, busy.likely, busy.low)  # the shorter the day, the more there is to do at once
    months = zip(units.triple, days, PEAK.triple, stored.triple, strict=True)
    hundreds, falls = by_months(
        *(_hundreds(each, day, peak, _roof(most, kept)) for each, day, peak, kept in months)
    )
    followed = f"at most {most:,} a second, at least a tenth"
    units_said = f"({formula}){shared(place.share)} in {counted(busy.likely / 3600)} h a day, {followed}"
    factor = 1 if place.writers else ONE_WRITER
    name, sku = ("100 Multi-master RU/s", "mRUs") if place.writers else ("100 RU/s", "RUs")
    return Charge(
        what=f"request units{place.where}",
        meter=place.meter(SERVICE, name, sku),
        quantity=hundreds * factor,
        formula=f"{counted(hundreds.likely)} h of 100 a second × {factor}: {units_said}",
        falls=falls,
    )


def _roof(most: int, stored: Decimal) -> int:
    """The most request units a second, raised where so many GiB need more."""
    return max(most, int((stored * 10 / STEP).to_integral_value(ROUND_CEILING)) * STEP)


def _hundreds(units: Decimal, day: Decimal, peak: Decimal, roof: int) -> Decimal:
    """Hundreds of request units a second, times hours of a month.

    Args:
        units: in a month, all of them in working hours, of which a day has `day` seconds.
        peak: how much higher each hour reaches than its average.
    """
    floor = Decimal(roof) / 10
    reached = min(max(units / (day * DAYS) * peak, floor), Decimal(roof))
    working = day / 3600 * DAYS
    return (reached * working + floor * (HOURS - working)) / 100
