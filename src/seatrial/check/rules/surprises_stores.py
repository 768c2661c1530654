"""Will it surprise: disks, credits, throughput, and what stays when something is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.bill.range import exactly
from seatrial.bill.units import one_or_more
from seatrial.check.amounts import budget, dollars, likely, share
from seatrial.check.case import Case
from seatrial.check.reading import each_in, number, text
from seatrial.check.rule import Found, rule, thing_rule
from seatrial.check.thing import Thing, Things
from seatrial.model import ModelApi, Postgres
from seatrial.model.plan import uses_of
from seatrial.model.targets import Latency

LEARN = "https://learn.microsoft.com/azure"
SERVERS = "Microsoft.DBforPostgreSQL/flexibleServers"
VAULTS = "Microsoft.KeyVault/vaults"
COSMOS = "Microsoft.DocumentDB/databaseAccounts"


@rule(
    "disk-cannot-shrink",
    severity="note",
    family="surprises",
    title="A disk is many times what is kept on it, and can never be made smaller",
    why="The disk of a server only grows; to shrink it the data must move to a new server.",
    source=f"{LEARN}/postgresql/extensions/concepts-storage",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", storage="1 TiB")
shop.usage(orders, stored="20 GiB")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", storage="128 GiB")
shop.usage(orders, stored="20 GiB")
""",
)
def disk_cannot_shrink(case: Case) -> Iterator[Found]:
    """Told where four fifths are empty even at the most, and from $20 a month or 5 % of the budget on."""
    limit = budget(case)
    for part in case.plan.of(Postgres):
        kept = _kept(case, part)
        if kept is None or kept * 5 > part.storage.bytes:
            continue
        fits = _fitting(kept, fast=part.cores > 1)
        if fits * 2**30 >= part.storage.bytes:
            continue
        disks = (line for line in case.lines if line.part == part.name and line.type == SERVERS)
        cost = likely(line for line in disks if line.what.startswith("storage"))
        wasted = cost * (1 - kept / part.storage.bytes)
        if wasted >= (Decimal(20) if limit is None else min(Decimal(20), share(5, limit))):
            yield Found(
                part=part,
                what=f"{part.storage} for {int(kept / 2**30) + 1:,} GiB at most: {dollars(wasted)} a month "
                f"for empty disk{', on the standby as well' if part.standby != 'none' else ''}",
                fix=f'storage="{fits} GiB", which grows by itself',
            )


def _kept(case: Case, part: Postgres) -> Decimal | None:
    """Bytes at most: as stated of the part, or as many records as the budget is for; None: nobody says."""
    said = next(
        (each.high for each in case.plan.usage if (each.part, each.name) == (part.name, "stored")), None
    )
    if said is not None or len(case.plan.of(Postgres)) > 1 or case.plan.budget is None:
        return said
    sizes = (each.high for each in case.plan.usage if (each.part, each.name) == (None, "record_size"))
    size = next(sizes, None)
    records = case.plan.budget.records
    return None if size is None or records is None else size * records


def _fitting(kept: Decimal, fast: bool) -> int:
    """The disk in GiB that holds it twice; for a server that is to be fast none of the slow ones."""
    sizes = (32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384)
    fitting = (each for each in sizes if each * 2**30 >= 2 * kept and (each >= 128 or not fast))
    return next(fitting, sizes[-1])


IOPS = {32: 120, 64: 240, 128: 500}
"""Of the small disks of Premium SSD.
Source: https://learn.microsoft.com/azure/postgresql/extensions/concepts-storage (2025-01-16)"""


@thing_rule(
    "disk-slower-than-server",
    types=(SERVERS,),
    severity="note",
    family="surprises",
    title="A small disk slows a server that was bought for speed",
    why="Small disks answer few requests a second; two vCores could use thousands.",
    source=f"{LEARN}/postgresql/extensions/concepts-storage",
    bad="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "sku": {"name": "Standard_D4ds_v5", "tier": "GeneralPurpose"},
 "properties": {"version": "17", "storage": {"storageSizeGB": 32}}}""",
    good="""{"type": "Microsoft.DBforPostgreSQL/flexibleServers", "name": "orders",
 "sku": {"name": "Standard_D4ds_v5", "tier": "GeneralPurpose"},
 "properties": {"version": "17", "storage": {"storageSizeGB": 256}}}""",
)
def disk_slower_than_server(thing: Thing, things: Things) -> Iterator[Found]:
    """Not where a faster tier of the disk, or its IOPS, are asked for."""
    storage = "properties.storage"
    size = number(thing, f"{storage}.storageSizeGB")
    faster = any(thing.says(f"{storage}.{name}") for name in ("iops", "tier"))
    if size is None or size > 64 or faster or text(thing, f"{storage}.type") == "PremiumV2_LRS":
        return
    if text(thing, "sku.tier") in ("GeneralPurpose", "MemoryOptimized"):
        of = text(thing, "sku.name").removeprefix("Standard_")
        yield Found(
            what=f"{size:g} GiB give {IOPS[32 if size <= 32 else 64]} reads and writes a second to a {of}; "
            f"128 GiB give {IOPS[128]}",
            fix='storage="128 GiB"' if thing.ours else '"storage": {"storageSizeGB": 128}',
        )


LASTING = {"Standard_B1ms": (1, 20), "Standard_B2s": (2, 40), "Standard_B2ms": (2, 60)}
"""Cores, and the percent of one core that can be used without end.
Source: https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/bv1-series (base CPU
performance)"""


@rule(
    "burstable-behind-promise",
    severity="note",
    family="surprises",
    title="A burstable server stands behind a promise of fast answers",
    why="It saves up credits while idle; a steady load uses them up, and then it has a part of a core.",
    source=f"{LEARN}/virtual-machines/sizes/general-purpose/bv1-series",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=2, memory="4 GiB")
api = shop.service("api", "serve", port=8000, uses=[orders], public=True)
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=2, memory="8 GiB")
api = shop.service("api", "serve", port=8000, uses=[orders], public=True)
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
)
def burstable_behind_promise(case: Case) -> Iterator[Found]:
    """Not for health checks, which ask no store for much."""
    sizes = {each.part: text(each, "sku.name") for each in case.things.of(SERVERS)}
    told: set[str] = set()
    for target in case.plan.targets:
        if not isinstance(target, Latency) or target.endpoint.path == target.endpoint.service.health:
            continue
        for part in uses_of(target.endpoint.service):
            if isinstance(part, Postgres) and part.name not in told and sizes.get(part.name) in LASTING:
                told.add(part.name)
                size = sizes[part.name]
                cores, percent = LASTING[size]
                yield Found(
                    part=part,
                    what=f"{size.removeprefix('Standard_')} has {percent / 100:g} of "
                    f"{one_or_more(cores, 'core')} without end; {target.endpoint.path} is promised at "
                    f"{target.at}",
                    fix='cores=2, memory="8 GiB"',
                )


@thing_rule(
    "autoscale-minimum",
    types=(f"{COSMOS}/sqlDatabases/containers", f"{COSMOS}/sqlDatabases"),
    severity="note",
    family="surprises",
    title="Throughput that follows the load is paid at a tenth of its most, in every region",
    why="Autoscale never falls below 10 % of its most, and costs half as much again as what stays fixed.",
    source=f"{LEARN}/cosmos-db/provision-throughput-autoscale",
    bad="""{"type": "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
 "name": "shop/carts/carts", "properties": {"options": {"autoscaleSettings": {"maxThroughput": 20000}}}}""",
    good="""{"type": "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers",
 "name": "shop/carts/carts", "properties": {"options": {"autoscaleSettings": {"maxThroughput": 1000}}}}""",
)
def autoscale_minimum(thing: Thing, things: Things) -> Iterator[Found]:
    """Told from 10,000 request units a second on, or in several regions."""
    most = number(thing, "properties.options.autoscaleSettings.maxThroughput")
    accounts = tuple(things.of(COSMOS))
    regions = max((sum(1 for _ in each_in(each, "properties.locations")) for each in accounts), default=1)
    regions = max(regions, 1) if len(accounts) == 1 else 1
    if most is not None and (most >= 10_000 or regions > 1):
        least = exactly(Decimal(int(most))) / 10
        yield Found(
            what=f"up to {most:,g} RU/s are paid as {least.likely:,.0f} RU/s at least, all month, in "
            f"{one_or_more(regions, 'region')}",
            fix=f"throughput={max(1000, int(most) // 2)}" if thing.ours else "a lower maxThroughput",
        )


@thing_rule(
    "vault-name-blocked",
    types=(VAULTS,),
    severity="note",
    family="surprises",
    title="A vault that is deleted keeps its name for up to 90 days",
    why="With purge protection nobody can shorten that: who makes the system anew recovers the old vault.",
    source=f"{LEARN}/key-vault/general/soft-delete-overview",
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "shop", "properties": {"tenantId": "…",
 "enableRbacAuthorization": true, "enablePurgeProtection": true}}""",
    good="""{"type": "Microsoft.KeyVault/vaults", "name": "shop", "properties": {"tenantId": "…",
 "enableRbacAuthorization": true, "enablePurgeProtection": true, "softDeleteRetentionInDays": 7}}""",
)
def vault_name_blocked(thing: Thing, things: Things) -> Iterator[Found]:
    """Of a system file it is told with what else is chosen for good."""
    days = thing.or_default("properties.softDeleteRetentionInDays", 90)
    known = isinstance(days, int) and not thing.ours
    if known and days > 7 and thing.at("properties.enablePurgeProtection") is True:
        yield Found(
            what=f"once deleted, its name is taken for {days:g} days, and nobody can purge it",
            fix='"softDeleteRetentionInDays": 7 where it is made and deleted often',
        )


@rule(
    "vectors-of-one-model",
    severity="note",
    family="surprises",
    title="Stored vectors fit one model only, and models are retired",
    why="Vectors of two models cannot be compared; 60 days after a notice the old one answers with errors.",
    source=f"{LEARN}/ai-foundry/openai/concepts/model-retirements",
    bad="""
from seatrial import System

shop = System("shop")
embedder = shop.model_api("embedder", model="text-embedding-3-small")
orders = shop.postgres("orders", extensions=["vector"])
shop.service("api", "serve", port=8000, uses=[orders, embedder])
shop.budget("$500/month", records=2_000_000, requests="1M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", extensions=["vector"])
shop.service("api", "serve", port=8000, uses=[orders])
shop.budget("$500/month", records=2_000_000, requests="1M/month")
""",
)
def vectors_of_one_model(case: Case) -> Iterator[Found]:
    if not any("vector" in each.extensions for each in case.plan.of(Postgres)):
        return
    asked = case.plan.budget
    records = "every record" if asked is None or not asked.records else f"{asked.records:,} records"
    for part in case.plan.of(ModelApi):
        if "embedding" in part.model:
            yield Found(
                part=part,
                what=f"when {part.model} ends, {records} must be embedded anew",
                fix="the model's name beside each vector, and a job that embeds again what has another",
            )


@thing_rule(
    "logs-asked-every-minute",
    types=("Microsoft.Insights/scheduledQueryRules",),
    severity="note",
    family="surprises",
    title="A rule asks the logs every minute",
    why="Such a rule costs by how often it asks: each minute twice as much as every five.",
    source="https://azure.microsoft.com/pricing/details/monitor/",
    bad="""{"type": "Microsoft.Insights/scheduledQueryRules", "name": "failed", "location": "eastus2",
 "properties": {"evaluationFrequency": "PT1M", "windowSize": "PT5M"}}""",
    good="""{"type": "Microsoft.Insights/scheduledQueryRules", "name": "failed", "location": "eastus2",
 "properties": {"evaluationFrequency": "PT5M", "windowSize": "PT5M"}}""",
)
def logs_asked_every_minute(thing: Thing, things: Things) -> Iterator[Found]:
    """Not of rules that are critical: there a minute may be worth it."""
    every = text(thing, "properties.evaluationFrequency")
    severity = number(thing, "properties.severity")
    if every == "PT1M" and severity != 0:
        yield Found(
            what="asks every minute, at the highest price of such a rule",
            fix='within="15 min"' if thing.ours else '"evaluationFrequency": "PT5M"',
        )
