"""Will Azure take it: caches and documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.check.reading import each_in, every, number, region_without_zones, size, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

SERVERLESS = "https://learn.microsoft.com/azure/cosmos-db/serverless"


def _system(line: str, also_in: str = "") -> str:
    """A system file with one part."""
    return f"""
from seatrial import System

shop = System("shop", region="eastus2"{also_in})
{line}
"""


# -- Redis --------------------------------------------------------------------------------------------------

refusal(
    "cache-size",
    title="A cache is to be larger than any that Azure makes",
    why="The largest balanced Managed Redis has 960 GiB; what needs more is spread over several caches.",
    source="https://learn.microsoft.com/azure/redis/architecture",
    matches=r"the largest cache of this kind has ",
    bad=_system('shop.cache("answers", memory="2 TiB")'),
    good=_system('shop.cache("answers", memory="960 GiB")'),
)


@thing_rule(
    "redis-retired",
    types=("Microsoft.Cache/redis",),
    severity="error",
    family="takes",
    title="A cache is an Azure Cache for Redis, of which no new ones are made",
    why="Since 2026-10-01 nobody can make one, and those there are end on 2028-09-30; Managed Redis follows.",
    source="https://learn.microsoft.com/azure/azure-cache-for-redis/retirement-faq",
    bad='{"type": "Microsoft.Cache/redis", "name": "answers", "properties": {"sku": {"name": "Standard"}}}',
    good='{"type": "Microsoft.Cache/redisEnterprise", "name": "answers", "sku": {"name": "Balanced_B1"}}',
)
def redis_retired(thing: Thing, things: Things) -> Iterator[Found]:
    yield Found(
        what="Microsoft.Cache/redis can no longer be made",
        fix='"type": "Microsoft.Cache/redisEnterprise", "sku": {"name": "Balanced_B1"}, and a database',
    )


@thing_rule(
    "redis-old-size",
    types=("Microsoft.Cache/redisEnterprise",),
    severity="error",
    family="takes",
    title="A cache has a size of the Enterprise tiers, which are retired in favour of Managed Redis",
    why="Their sizes end with their tiers; those of Managed Redis are cheaper for the same memory.",
    source="https://learn.microsoft.com/azure/azure-cache-for-redis/retirement-faq",
    bad='{"type": "Microsoft.Cache/redisEnterprise", "name": "answers", "sku": {"name": "Enterprise_E10"}}',
    good='{"type": "Microsoft.Cache/redisEnterprise", "name": "answers", "sku": {"name": "Balanced_B10"}}',
)
def redis_old_size(thing: Thing, things: Things) -> Iterator[Found]:
    name = text(thing, "sku.name")
    if name.startswith("EnterpriseFlash_"):
        yield Found(what=f"{name} is retired", fix='"sku": {"name": "FlashOptimized_A250"}')
    elif name.startswith("Enterprise_"):
        size = re.sub(r"\D", "", name)
        instead = _NEXT_SIZES.get(size, size or "10")
        yield Found(what=f"{name} is retired", fix=f'"sku": {{"name": "Balanced_B{instead}"}}')


_NEXT_SIZES = {"200": "250", "400": "500"}
"""Where there is no size of the same number."""


# -- Cosmos DB ----------------------------------------------------------------------------------------------

ACCOUNT = "Microsoft.DocumentDB/databaseAccounts"
HOLDERS = (
    f"{ACCOUNT}/sqlDatabases",
    f"{ACCOUNT}/sqlDatabases/containers",
    f"{ACCOUNT}/mongodbDatabases",
    f"{ACCOUNT}/mongodbDatabases/collections",
)

refusal(
    "documents-regions",
    title="Documents that are paid by the request are to be in several regions",
    why="A serverless account stands in one region only; more need a stated throughput.",
    source=SERVERLESS,
    matches=r"^paid by the request \(serverless\), it can be in one region only",
    bad=_system('shop.documents("orders")', also_in=', also_in=["westeurope"]'),
    good=_system('shop.documents("orders", throughput=4000)', also_in=', also_in=["westeurope"]'),
)

refusal(
    "documents-throughput",
    title="The throughput of documents is not in steps of 1,000",
    why="What follows the load by itself is set in thousands of request units a second, from 1,000 on.",
    source="https://learn.microsoft.com/azure/cosmos-db/provision-throughput-autoscale",
    matches=r"^throughput=",
    bad=_system('shop.documents("orders", throughput=1500)'),
    good=_system('shop.documents("orders", throughput=2000)'),
)

refusal(
    "documents-backup",
    title="Documents are to be restored from further back than Azure keeps them",
    why="A continuous backup reaches 7 or 30 days back, and nothing lies between or beyond.",
    source="https://learn.microsoft.com/azure/cosmos-db/continuous-backup-restore-introduction",
    matches=r'^backup=".*": not one of the choices$',
    bad=_system('shop.documents("orders", backup="35 days")'),
    good=_system('shop.documents("orders", backup="30 days")'),
)


def _serverless(account: Thing) -> bool:
    return any(each.at("name") == "EnableServerless" for each in each_in(account, "properties.capabilities"))


_PAID_BY_REQUEST = '"capabilities": [{"name": "EnableServerless"}]'
_TWO = '"locations": [{"locationName": "eastus2"}, {"locationName": "westeurope"}]'


@thing_rule(
    "cosmos-serverless-regions",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="A serverless account of Cosmos DB is to be in several regions",
    why="Serverless accounts stand in one region; a second one is refused, and so is the way back.",
    source=SERVERLESS,
    bad=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{{_PAID_BY_REQUEST}, {_TWO}}}}}',
    good=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{{_TWO}}}}}',
)
def cosmos_serverless_regions(thing: Thing, things: Things) -> Iterator[Found]:
    regions = size(thing, "properties.locations")
    if regions > 1 and _serverless(thing):
        yield Found(
            what=f"serverless in {regions} regions",
            fix='one region in "locations", or no EnableServerless in "capabilities"',
        )


def _container(options: str) -> str:
    """A template with a serverless account and a container in it."""
    return (
        f'[{{"type": "{ACCOUNT}", "name": "shop", "properties": {{{_PAID_BY_REQUEST}}}}}, '
        f'{{"type": "{HOLDERS[1]}", "name": "shop/shop/orders", "properties": {{{options}}}}}]'
    )


@thing_rule(
    "cosmos-serverless-throughput",
    types=HOLDERS,
    severity="error",
    family="takes",
    title="A throughput is set in a serverless account of Cosmos DB",
    why="What is paid by the request has no throughput to set; Azure refuses the container.",
    source=SERVERLESS,
    bad=_container('"options": {"throughput": 400}'),
    good=_container('"resource": {"id": "orders"}'),
)
def cosmos_serverless_throughput(thing: Thing, things: Things) -> Iterator[Found]:
    for said in ("throughput", "autoscaleSettings"):
        if thing.says(f"properties.options.{said}") and every(things, ACCOUNT, _serverless):
            yield Found(what=f"{said} is set in a serverless account", fix=f'leave "{said}" out')


@thing_rule(
    "cosmos-throughput-steps",
    types=HOLDERS,
    severity="error",
    family="takes",
    title="A throughput of Cosmos DB is too small, or is not in the steps that Azure takes",
    why="A fixed one goes in hundreds from 400 on, one that follows the load in thousands from 1,000 on.",
    source="https://learn.microsoft.com/azure/cosmos-db/concepts-limits",
    bad=f'{{"type": "{HOLDERS[1]}", "name": "shop/shop/orders", '
    '"properties": {"options": {"autoscaleSettings": {"maxThroughput": 1500}}}}',
    good=f'{{"type": "{HOLDERS[1]}", "name": "shop/shop/orders", '
    '"properties": {"options": {"autoscaleSettings": {"maxThroughput": 2000}}}}',
)
def cosmos_throughput_steps(thing: Thing, things: Things) -> Iterator[Found]:
    for path, least, step in (("throughput", 400, 100), ("autoscaleSettings.maxThroughput", 1000, 1000)):
        units = number(thing, f"properties.options.{path}")
        if units is not None and (units < least or units % step):
            right = max(least, -(-int(units) // step) * step)
            name = path.rpartition(".")[2]
            yield Found(
                what=f"{name} is {units:,g}: not {least:,} or more in steps of {step:,}",
                fix=f'"{name}": {right}',
            )


@thing_rule(
    "cosmos-backup-tier",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="An account of Cosmos DB has a backup that Azure does not know",
    why="Continuous backup has two tiers, of 7 and of 30 days; for longer, data are copied elsewhere.",
    source="https://learn.microsoft.com/azure/cosmos-db/continuous-backup-restore-introduction",
    bad=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{"backupPolicy": {{"type": "Continuous", '
    '"continuousModeProperties": {"tier": "Continuous35Days"}}}}',
    good=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{"backupPolicy": {{"type": "Continuous", '
    '"continuousModeProperties": {"tier": "Continuous30Days"}}}}',
)
def cosmos_backup_tier(thing: Thing, things: Things) -> Iterator[Found]:
    tier = text(thing, "properties.backupPolicy.continuousModeProperties.tier")
    if tier and tier.lower() not in ("continuous7days", "continuous30days"):
        yield Found(what=f"{tier} is no tier of backups", fix='"tier": "Continuous30Days"')


@thing_rule(
    "cosmos-zones",
    types=(ACCOUNT,),
    severity="error",
    family="takes",
    title="An account of Cosmos DB is to stand in zones of a region that has none",
    why="A region without availability zones refuses what is to be spread over them.",
    source="https://learn.microsoft.com/azure/reliability/regions-list",
    bad=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{"locations": '
    '[{"locationName": "West US", "isZoneRedundant": true}]}}',
    good=f'{{"type": "{ACCOUNT}", "name": "orders", "properties": {{"locations": '
    '[{"locationName": "West US 2", "isZoneRedundant": true}]}}',
)
def cosmos_zones(thing: Thing, things: Things) -> Iterator[Found]:
    for place in each_in(thing, "properties.locations"):
        region = region_without_zones(text(place, "locationName"))
        if region and place.at("isZoneRedundant") is True:
            yield Found(what=f"in zones, and {region} has none", fix='"isZoneRedundant": false')
