"""What could be cheaper about PostgreSQL servers. Their disks can only grow, so these stay as they are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from seatrial.azure.postgres_sizes import MACHINES, Machine, machine
from seatrial.bill.savings.change import COMFORT, RESILIENCE, Change, offered
from seatrial.bill.savings.promises import availability_above, recovery_of, to_prove_again
from seatrial.bill.words import in_unit
from seatrial.model import Plan, Postgres, Size

__all__ = ["of_postgres"]

_SLA = {"another zone": Decimal("99.99"), "same zone": Decimal("99.95"), "none": Decimal("99.9")}
"""The availability that is published for a PostgreSQL server, in percent.

Sources: https://learn.microsoft.com/azure/postgresql/high-availability/concepts-high-availability for both
standbys; for none https://www.microsoft.com/licensing/docs/view/Service-Level-Agreements-SLA-for-Online-Services
as told in https://github.com/microsoft/NubesGen/pull/394
"""


def of_postgres(part: Postgres, plan: Plan, stored: Decimal | None = None) -> Iterator[Change]:
    """Machine, standby, backups, read replicas.

    Args:
        stored: how many bytes it keeps, where that is known.
    """
    yield from _machines(part, plan, stored)
    yield from _standbys(part, plan)
    if part.backup_days > 7:
        yield offered(
            part,
            plan,
            what=f"Backups of {part.name} for 7 days",
            gives_up=f"What was lost or spoiled more than 7 days ago cannot be brought back; now "
            f"{part.backup_days} days",
            weight=RESILIENCE,
            backup_days=7,
        )
    if part.geo_backup:
        # https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore
        breaks = recovery_of(plan, part)
        yield offered(
            part,
            plan,
            what=f"Backups of {part.name} in its own region only",
            gives_up="When the region is lost, so are the data: no copy is left elsewhere, and it cannot be "
            "switched on later",
            weight=RESILIENCE,
            breaks=tuple(f"{each}, when the region is lost" for each in breaks),
            geo_backup=False,
        )
    if part.replicas:
        one = "" if part.replicas == 1 else "s"
        yield offered(
            part,
            plan,
            what=f"No read replica{one} of {part.name}",
            gives_up=f"All reads load the one server{to_prove_again(plan, part)}",
            weight=COMFORT,
            replicas=0,
        )


def _standbys(part: Postgres, plan: Plan) -> Iterator[Change]:
    """Sources: https://learn.microsoft.com/azure/reliability/reliability-database-postgresql and `_SLA`."""
    if part.standby == "none":
        return
    before, after = _SLA[part.standby], _SLA["none"]
    breaks = availability_above(plan, part, after)
    yield offered(
        part,
        plan,
        what=f"No standby for {part.name}",
        gives_up="A machine that fails is down until another has been made and has its disk, instead of 60 "
        f"to 120 s; the published SLA falls from {before} % to {after} %",
        weight=RESILIENCE,
        breaks=breaks,
        standby="none",
    )
    if part.standby == "another zone":
        breaks = availability_above(plan, part, _SLA["same zone"])
        yield offered(
            part,
            plan,
            what=f"The standby of {part.name} in the same zone",
            gives_up="A zone that fails takes both servers; the published SLA falls from 99.99 % to 99.95 %",
            weight=RESILIENCE,
            breaks=breaks,
            standby="same zone",
        )


def _machines(part: Postgres, plan: Plan, stored: Decimal | None) -> Iterator[Change]:
    now = machine(part)
    if now is None:
        return
    again = to_prove_again(plan, part)
    for share in (2, 4):
        cores = now.cores // share
        smaller = next((each for each in MACHINES if each.tier == now.tier and each.cores == cores), None)
        if smaller is not None and cores * share == now.cores:
            much = "Half" if share == 2 else "A quarter of"
            yield offered(
                part,
                plan,
                what=f"{much} the machine for {part.name}: {_told(smaller)}",
                gives_up=f"{_less(now, smaller, stored)}{again}",
                weight=COMFORT * share // 2,
                **_asked(part, smaller),
            )
    if now.tier == "MemoryOptimized":
        general = next((x for x in MACHINES if x.tier == "GeneralPurpose" and x.cores == now.cores), None)
        if general is not None:
            yield offered(
                part,
                plan,
                what=f"A machine with less memory for {part.name}: {_told(general)}",
                gives_up=f"{_less(now, general, stored)}{again}",
                weight=COMFORT,
                **_asked(part, general),
            )
    if now.tier != "Burstable" and now.cores <= 4:
        yield from _burstable(part, now, plan, stored)


def _burstable(part: Postgres, now: Machine, plan: Plan, stored: Decimal | None) -> Iterator[Change]:
    """Not for production, by https://learn.microsoft.com/azure/postgresql/compute-storage/concepts-compute"""
    small = next(each for each in MACHINES if each.name == "Standard_B2s")
    fields = _asked(part, small)
    lost = [_less(now, small, stored)]
    lost.append("full speed in bursts only, and Azure does not recommend such machines for production")
    breaks: tuple[str, ...] = ()
    also = ""
    if part.standby != "none":
        fields["standby"] = "none"
        breaks = availability_above(plan, part, _SLA["none"])
        lost.append(f"no standby, so the published SLA falls from {_SLA[part.standby]} % to {_SLA['none']} %")
        also = " and no standby"
    if part.replicas:
        fields["replicas"] = 0
        lost.append("no read replicas")
    yield offered(
        part,
        plan,
        what=f"A burstable machine{also} for {part.name}: {_told(small)}",
        gives_up="; ".join(lost) + to_prove_again(plan, part),
        weight=RESILIENCE,
        breaks=breaks,
        **fields,
    )


def _asked(part: Postgres, wanted: Machine) -> dict[str, Any]:
    """The fields that ask for a machine; the memory only where nothing else would tell it."""
    usual = next(each for each in MACHINES if each.cores == wanted.cores)
    memory = None if wanted is usual and part.memory is None else Size(wanted.memory_gib * 2**30)
    fields: dict[str, Any] = {"cores": wanted.cores, "memory": memory}
    return {name: value for name, value in fields.items() if value != getattr(part, name)}


def _told(each: Machine) -> str:
    return f"{each.cores} core{'s' if each.cores > 1 else ''}, {each.memory_gib} GiB"


def _less(now: Machine, smaller: Machine, stored: Decimal | None) -> str:
    memory = f"{smaller.memory_gib} instead of {now.memory_gib} GiB of memory"
    if stored is not None and stored > smaller.memory_gib * 2**30:
        memory += f" for {in_unit(stored, 'bytes')} of data"
    if now.cores == smaller.cores:
        return memory
    return f"{smaller.cores} instead of {now.cores} cores and {memory}"
