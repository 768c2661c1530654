"""What a storage account is charged for: what is kept in each tier, operations, moves, and the copy.

Blobs that were deleted are kept, and paid for, as long as they can be asked back. Archives are only in
accounts that are in one zone of a region: a plan that wants them elsewhere is refused before it comes here.

Sources: https://learn.microsoft.com/azure/storage/blobs/access-tiers-overview,
https://learn.microsoft.com/azure/storage/common/storage-plan-manage-costs,
https://learn.microsoft.com/azure/storage/blobs/blob-storage-estimate-costs (2024-07-26) and
https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.azure.body import Body
from seatrial.azure.graph import Resource
from seatrial.azure.reach import users_of
from seatrial.bill import passing
from seatrial.bill.amounts import by_months, gib, gibs
from seatrial.bill.blob_meters import meter, replication
from seatrial.bill.blob_tiers import LEAST_DAYS, Life, Share, Tier, in_days, life, spread
from seatrial.bill.charges import Charge
from seatrial.bill.range import NOTHING, Range, total
from seatrial.bill.reckoning import Reckoning
from seatrial.bill.traffic import answered
from seatrial.bill.units import DAYS, many
from seatrial.bill.words import counted
from seatrial.model import Blobs, Service
from seatrial.model.value import Value

__all__ = ["account", "reads", "writes"]

BLOCK = 8 * 2**20
"""In which clients of Azure write large blobs, each block an operation."""


class Kept(Value):
    """What one container holds and does, in one region and month."""

    part: Blobs
    life: Life
    stored: Range
    """Bytes, without what was deleted."""
    added: Range
    """Bytes."""
    blobs: Range
    """New ones."""
    writes: Range
    reads: Range
    retrieved: Range
    """Bytes that are read back from a cooler tier."""


def account(resource: Resource, reckoning: Reckoning) -> Iterator[Charge]:
    """Of an account, container by container."""
    copies = str(Body(resource.body).at("sku.name")).removeprefix("Standard_")
    changes = NOTHING
    for part, lived in _containers(resource, reckoning):
        kept = _kept(part, lived, resource, reckoning)
        changes += kept.writes + kept.blobs * (len(lived.stays) - 1)
        yield from _storage(kept, copies, resource.region)
        yield from _operations(kept, copies, resource.region)
        yield from _moves(kept, copies, resource.region)
        yield from _read_back(kept, copies, resource.region)
        if copies.endswith(("GRS", "GZRS")):
            yield Charge(
                what="copying to the paired region",
                part=part.name,
                meter=replication(resource.region),
                quantity=gib(kept.added),
                formula=f"{gibs(gib(kept.added))} added",
            )
    if Body(_service(resource, reckoning).body).at("properties.changeFeed.enabled"):
        where = resource.region
        reckoning.warn(
            None,
            f"{_whole(changes)} changes of blobs in {where} go into a change feed in a month, which "
            "is paid by the change: that is not on this bill, as its price is not known",
        )


# -- what is in the account -----------------------------------------------------------------------------


def _service(account: Resource, reckoning: Reckoning) -> Resource:
    return reckoning.graph.by_ref[account.ref.child("blobServices", "default")]


def _containers(account: Resource, reckoning: Reckoning) -> Iterator[tuple[Blobs, Life]]:
    """Its containers, each with the life that the account's rules give it."""
    service = _service(account, reckoning)
    kept = int(Body(service.body).at("properties.deleteRetentionPolicy.days") or 0)
    rules = reckoning.graph.by_ref[account.ref.child("managementPolicies", "default")]
    by_name = {rule["name"]: rule for rule in Body(rules.body).at("properties.policy.rules") or ()}
    for each in reckoning.graph.of(f"{service.type}/containers"):
        if each.ref.parent == service.ref:
            part = reckoning.part_of(each, Blobs)
            yield part, life(by_name.get(part.name, {}), kept)


def _kept(part: Blobs, lived: Life, resource: Resource, reckoning: Reckoning) -> Kept:
    """What is stated or assumed of a container, and what of it falls to this region."""
    share = reckoning.share(resource)
    mine, of_all = passing.of_each_store(reckoning)
    records, new = reckoning.figure("records"), reckoning.figure("new_records")
    size = reckoning.figure("record_size")
    added = passing.added(reckoning, part)
    if lived.end is None:
        assumed, why = records * size * mine, f"what all records bring{of_all}"
    else:
        assumed, why = in_days(added, lived.end), f"what is added in {lived.end} days, until it is deleted"
    stored = reckoning.figure("stored", part, assumed=assumed, why=why)
    written = writes(part, reckoning)
    retrieved = stored * 0
    if len(lived.stays) > 1:
        retrieved = reckoning.figure(
            "retrieved",
            part,
            assumed=stored * Range(Decimal(0), Decimal("0.01"), Decimal("0.05")),
            why="one percent of what is kept (from nothing to five)",
        )
    return Kept(
        part=part,
        life=lived,
        stored=stored * share,
        added=added * share,
        blobs=written.with_(new, min) * share,
        writes=written * share,
        reads=reads(part, reckoning) * share,
        retrieved=retrieved * share,
    )


def writes(part: Blobs, reckoning: Reckoning) -> Range:
    """Single writes to a container in a month, over all regions."""
    mine, of_all = passing.of_each_store(reckoning)
    return reckoning.figure(
        "writes",
        part,
        assumed=reckoning.figure("new_records") * mine + passing.added(reckoning, part) / BLOCK,
        why=f"one for each new record{of_all}, and one for every 8 MiB",
    )


def reads(part: Blobs, reckoning: Reckoning) -> Range:
    """Single reads of a container in a month, over all regions."""
    users = [each for each in users_of(part, reckoning.plan) if isinstance(each, Service)]
    assumed, why = reckoning.figure("new_records"), "each new record is read once"
    if users:
        asked = total(answered(reckoning, each) for each in users)
        assumed = asked * Range(Decimal(0), Decimal("0.1"), Decimal(1))
        why = "one in ten requests to those who use it reads a blob (from none to each)"
    return reckoning.figure("reads", part, assumed=assumed, why=why)


# -- what is paid ---------------------------------------------------------------------------------------


def _storage(kept: Kept, copies: str, region: str) -> Iterator[Charge]:
    for share in spread(kept.life, kept.stored, kept.added):
        if share.held.high:
            yield Charge(
                what=f"{share.stay.tier} storage",
                part=kept.part.name,
                meter=meter(share.stay.tier, "Data Stored", copies, region),
                quantity=gib(share.held),
                formula=_formula(kept, share),
                falls=share.falls,
            )
    gone = in_days(gib(kept.added), kept.life.kept)
    if kept.life.end is not None and gone.high:
        deleted = f"{gibs(gib(kept.added))} deleted ÷ {counted(DAYS)} days"
        yield Charge(
            what="storage of what was deleted",
            part=kept.part.name,
            meter=meter(kept.life.stays[-1].tier, "Data Stored", copies, region),
            quantity=gone,
            formula=f"{deleted} × {kept.life.kept} days in which it can be asked back",
        )


def _formula(kept: Kept, share: Share) -> str:
    if share.rest:
        return f"{gibs(gib(kept.stored))} kept, less what is in warmer tiers"
    if share.stay.days is None or len(kept.life.stays) == 1:
        return f"{gibs(gib(kept.stored))} kept"
    added = f"{gibs(gib(kept.added))} added ÷ {counted(DAYS)} days × {share.stay.days} days"
    return f"{added}, at most the {gibs(gib(kept.stored))} kept"


def _operations(kept: Kept, copies: str, region: str) -> Iterator[Charge]:
    for what, name, number in (
        ("writes", "Write Operations", kept.writes),
        ("reads", "Read Operations", kept.reads),
    ):
        yield Charge(
            what=what,
            part=kept.part.name,
            meter=meter("hot", name, copies, region),
            quantity=number,
            formula=f"{_whole(number)} {what}",
        )


def _moves(kept: Kept, copies: str, region: str) -> Iterator[Charge]:
    """A move into a colder tier is a write there. To leave one too early costs what was left of its time."""
    for stay in kept.life.stays[1:]:
        yield Charge(
            what=f"moves to {stay.tier}",
            part=kept.part.name,
            meter=meter(stay.tier, "Write Operations", copies, region),
            quantity=kept.blobs,
            formula=f"{_whole(kept.blobs)} new blobs, each moved once",
        )
        if stay.too_short:
            early = f"{stay.too_short} of {LEAST_DAYS[stay.tier]} days not stayed"
            yield Charge(
                what=f"leaving {stay.tier} early",
                part=kept.part.name,
                meter=meter(stay.tier, "Early Delete", copies, region),
                quantity=in_days(gib(kept.added), stay.too_short),
                formula=f"{gibs(gib(kept.added))} × {early} ÷ {counted(DAYS)} days",
            )


def _read_back(kept: Kept, copies: str, region: str) -> Iterator[Charge]:
    """By the GB and by the blob, from the first of the cooler tiers: what is in an archive is not read, but
    first brought back."""
    if not kept.retrieved.high:
        return
    tier: Tier = kept.life.stays[1].tier
    back = gib(kept.retrieved)
    yield Charge(
        what=f"read back from {tier}",
        part=kept.part.name,
        meter=meter(tier, "Data Retrieval", copies, region),
        quantity=back,
        formula=f"{gibs(back)} read back",
    )
    each = zip(kept.retrieved.triple, kept.blobs.triple, kept.added.triple, strict=True)
    number, falls = by_months(*(size * blobs / added if added else Decimal(0) for size, blobs, added in each))
    yield Charge(
        what=f"reads from {tier}",
        part=kept.part.name,
        meter=meter(tier, "Read Operations", copies, region),
        quantity=number,
        formula=f"{gibs(back)} × {_whole(kept.blobs)} blobs in {gibs(gib(kept.added))} added",
        falls=falls,
    )


def _whole(number: Range) -> str:
    return many(number.map(lambda each: each.to_integral_value()))
