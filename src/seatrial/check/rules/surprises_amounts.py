"""Will it surprise: lines of the bill that nobody thought of, and what a budget does not stop."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from seatrial.bill.units import one_or_more
from seatrial.check.amounts import budget, dollars, likely, of_budget, share
from seatrial.check.case import Case
from seatrial.check.reading import text
from seatrial.check.rule import Found, rule
from seatrial.model import Blobs, FrontDoor, Postgres, Service, Worker

LEARN = "https://learn.microsoft.com/azure"
REGISTRIES = "Microsoft.ContainerRegistry/registries"
ENDPOINTS = "Microsoft.Network/privateEndpoints"
MONTH = 730 * 3600
"""In seconds."""


@rule(
    "private-endpoints-add-up",
    severity="note",
    family="surprises",
    title="Private endpoints take a good part of a small budget",
    why="Each costs by the hour, used or not, and every store, vault and registry has its own.",
    source="https://azure.microsoft.com/pricing/details/private-link/",
    bad="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=1, memory="2 GiB")
photos = shop.blobs("photos")
shop.service("api", "serve", port=8000, uses=[orders, photos])
shop.budget("$100/month", requests="10k/month")
""",
    good="""
from seatrial import System

shop = System("shop")
orders = shop.postgres("orders", cores=1, memory="2 GiB")
photos = shop.blobs("photos")
shop.service("api", "serve", port=8000, uses=[orders, photos])
shop.budget("$1000/month", requests="10k/month")
""",
)
def private_endpoints_add_up(case: Case) -> Iterator[Found]:
    limit = budget(case)
    lines = [line for line in case.lines if line.type == ENDPOINTS and line.what == "endpoint"]
    cost = likely(lines)
    if limit is not None and cost >= share(15, limit):
        servers = [each.name for each in case.plan.of(Postgres) if each.network == "private endpoint"]
        fix = "stores that are used together in one part"
        yield Found(
            what=f"{one_or_more(len(lines), 'private endpoint')}: {of_budget(cost, limit)}",
            fix=f'network="subnet" of {" and ".join(servers)}, which needs none' if servers else fix,
        )


@rule(
    "registry-premium",
    severity="note",
    family="surprises",
    title="The registry is of the premium tier for its private endpoint alone",
    why="Premium costs two and a half times the standard tier, and an image is no place for secrets anyway.",
    source=f"{LEARN}/container-registry/container-registry-skus",
    bad="""
from seatrial import System

shop = System("shop")
shop.registry("images", tier="premium")
shop.service("api", "serve", port=8000)
shop.budget("$200/month", requests="10k/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.registry("images", tier="standard")
shop.service("api", "serve", port=8000)
shop.budget("$200/month", requests="10k/month")
""",
)
def registry_premium(case: Case) -> Iterator[Found]:
    limit = budget(case)
    if limit is None or any(case.things.of(f"{REGISTRIES}/replications")):
        return
    of = next((each for each in case.things.of(REGISTRIES) if text(each, "sku.name") == "Premium"), None)
    if of is None:
        return
    unit = [line for line in case.lines if line.type == REGISTRIES and line.what == "registry"]
    endpoints = [line for line in case.lines if line.type == ENDPOINTS and "registry" in line.formula]
    cost = likely([*unit, *endpoints])
    if cost >= share(10, limit):
        said = 'registry("images", tier="standard")' if of.part is None else 'tier="standard"'
        yield Found(
            part=of.part,
            what=f"the registry and its endpoint take {of_budget(cost, limit)}",
            fix=f"{said}, which answers at a public address, by identity only",
        )


@rule(
    "front-door-premium",
    severity="note",
    family="surprises",
    title="A fifth of the budget or more goes to the premium tier of Front Door",
    why="Premium costs nearly ten times the standard tier, for Microsoft's firewall rules and private ways.",
    source=f"{LEARN}/frontdoor/understanding-pricing",
    bad="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, tier="premium")
shop.budget("$600/month", requests="100k/month")
""",
    good="""
from seatrial import System

shop = System("shop")
api = shop.service("api", "serve", port=8000, public=True)
shop.front_door("door", routes={"/*": api}, tier="standard", limit="1000/min")
shop.budget("$600/month", requests="100k/month")
""",
)
def front_door_premium(case: Case) -> Iterator[Found]:
    limit = budget(case)
    for part in case.plan.of(FrontDoor):
        base = (line for line in case.lines if line.part == part.name and line.what == "base fee")
        cost = likely(base)
        if limit is not None and part.tier == "premium" and cost >= share(20, limit):
            yield Found(
                part=part,
                what=f"the premium tier takes {of_budget(cost, limit)}",
                fix='tier="standard", limit="1000/min": rules of your own, and origins with public addresses',
            )


@rule(
    "standby-doubles",
    severity="note",
    family="surprises",
    title="A standby that answers nothing takes a quarter of the budget or more",
    why="It has the same processors, memory and disk as the server, is paid in full, and serves no reads.",
    source=f"{LEARN}/postgresql/high-availability/concepts-high-availability",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=4, standby="another zone")
shop.budget("$500/month", requests="10k/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=4)
shop.budget("$500/month", requests="10k/month")
""",
)
def standby_doubles(case: Case) -> Iterator[Found]:
    limit = budget(case)
    for part in case.plan.of(Postgres):
        if limit is not None and part.standby != "none":
            second = (line for line in case.lines if line.part == part.name and "standby" in line.what)
            cost = likely(second)
            if cost >= share(25, limit):
                yield Found(
                    part=part,
                    what=f"the standby takes {of_budget(cost, limit)}",
                    fix='standby="none", where minutes to hours for a restore are soon enough',
                )


@rule(
    "most-replicas",
    severity="note",
    family="surprises",
    title="Nothing stops a month that costs far more than its budget",
    why="A budget tells, hours to a day late, and stops nothing; replicas grow to their most under any load.",
    source=f"{LEARN}/cost-management-billing/costs/tutorial-acm-create-budgets",
    bad="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, cpu=2, memory="4 GiB", replicas=(1, 50), scale=[requests(50)])
shop.budget("$200/month", requests="10k/month")
""",
    good="""
from seatrial import System, requests

shop = System("shop")
shop.service("api", "serve", port=8000, cpu=0.5, memory="1 GiB", replicas=(1, 3), scale=[requests(50)])
shop.budget("$200/month", requests="10k/month")
""",
)
def most_replicas(case: Case) -> Iterator[Found]:
    """All replicas of Container Apps at their most, all month, against twice the budget."""
    from seatrial.bill.container_apps import meter

    limit, plan = budget(case), case.plan
    grow: tuple[Service | Worker, ...] = (*plan.of(Service), *plan.of(Worker))
    parts = [each for each in grow if each.hosted_by == "container apps"]
    if limit is None or not parts:
        return
    second = [
        case.prices.price(meter(name, plan.region))
        for name in ("Standard vCPU Active Usage", "Standard Memory Active Usage")
    ]
    if second[0] is None or second[1] is None:
        return
    cpu, memory = (price.cost(MONTH / price.each) for price in second if price)
    most = {
        part: part.replicas[1] * (Decimal(str(part.cpu)) * cpu + Decimal(str(part.memory.gib)) * memory)
        for part in parts
    }
    cost = sum(most.values(), Decimal(0)) * len(plan.regions)
    if cost > 2 * limit:
        worst = max(parts, key=lambda each: most[each])
        yield Found(
            part=worst,
            what=f"all replicas at their most all month cost {dollars(cost)}; the budget of {dollars(limit)} "
            "only tells",
            fix=f"replicas=({worst.replicas[0]}, {_fewer(worst, most[worst], limit)}), or an alert on its "
            "replicas",
        )


def _fewer(part: Service | Worker, cost: Decimal, limit: Decimal) -> int:
    """So many that they alone stay inside the budget."""
    return max(1, part.replicas[0], int(limit / (cost / part.replicas[1])))


@rule(
    "steady-without-commitment",
    severity="note",
    family="surprises",
    title="What turns all month is bought by the hour",
    why="A savings plan of a year costs less for what never stands still, and needs no change.",
    source=f"{LEARN}/cost-management-billing/savings-plan/savings-plan-compute-overview",
    bad="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=8)
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=2)
""",
)
def steady_without_commitment(case: Case) -> Iterator[Found]:
    """Told from $75 a month and a tenth of the bill on."""
    before = after = Decimal(0)
    for line in case.lines:
        price = line.price
        if line.steady and "sp-1y" in price.terms and len(price.tiers) == 1 and price.tiers[0].price:
            before += line.amount.likely
            after += line.amount.likely * price.terms["sp-1y"] / price.tiers[0].price
    saved = before - after
    if saved >= max(Decimal(75), share(10, likely(case.lines))):
        yield Found(
            what=f"{dollars(before)} a month turns steadily, {dollars(after)} under a savings plan of a year",
            fix="seatrial bill --commit sp-1y",
        )


@rule(
    "grants-are-shared",
    severity="note",
    family="surprises",
    title="The bill is small only while a free grant is left",
    why="What is free every month is given once in a subscription: a second system there finds it used up.",
    source=f"{LEARN}/container-apps/billing#consumption-plan",
    bad="""
from seatrial import System

shop = System("shop")
shop.registry("images", tier="basic")
shop.service("api", "serve", port=8000, public=True)
shop.usage(requests="1M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.postgres("orders", cores=2)
shop.service("api", "serve", port=8000, public=True)
shop.usage(requests="1M/month")
""",
)
def grants_are_shared(case: Case) -> Iterator[Found]:
    """Told from $5 a month and a tenth of the bill on."""
    granted = Decimal(0)
    for line in case.lines:
        price = next((tier.price for tier in line.price.tiers if tier.price), None)
        if price is not None and line.used.likely > line.paid.likely:
            granted += (line.used.likely - line.paid.likely) / line.price.each * price
    total = likely(case.lines)
    if granted >= max(Decimal(5), share(10, total)):
        yield Found(
            what=f"{dollars(granted)} more than {dollars(total)} where others in the subscription use "
            "the grants",
            fix="a subscription of its own, or a budget with that much room",
        )


@rule(
    "short-lived-copied-afar",
    severity="note",
    family="surprises",
    title="What is soon deleted is copied to another region, and kept after its end",
    why="A copy is paid by the gigabyte, its way there too, and what is deleted costs until it is forgotten.",
    source=f"{LEARN}/storage/common/storage-redundancy",
    bad="""
from seatrial import System

shop = System("shop")
drafts = shop.blobs("drafts", delete_after="7 days", copies="regions")
shop.usage(drafts, added="2 TiB", stored="500 GiB")
""",
    good="""
from seatrial import System

shop = System("shop")
drafts = shop.blobs("drafts", delete_after="7 days", copies="one zone", undelete_within="1 day")
shop.usage(drafts, added="2 TiB", stored="500 GiB")
""",
)
def short_lived_copied_afar(case: Case) -> Iterator[Found]:
    """Told from $10 a month on: an account of its own brings a private endpoint, which costs $7.30."""
    for part in case.plan.of(Blobs):
        soon = part.delete_after is not None and part.delete_after.days <= 30
        if soon and part.copies in ("regions", "zones and regions"):
            cost = likely(line for line in case.lines if line.part == part.name)
            if cost >= 10:
                yield Found(
                    part=part,
                    what=f"deleted after {part.delete_after}, copied afar for {dollars(cost)} a month, and "
                    f"kept {part.undelete_within} longer",
                    fix='copies="one zone", undelete_within="1 day"',
                )


@rule(
    "traffic-out",
    severity="warning",
    family="surprises",
    title="A fifth of the budget or more goes to what is sent out",
    why="What leaves Azure is paid by the gigabyte, what comes in is not; files soon outweigh answers.",
    source="https://azure.microsoft.com/pricing/details/bandwidth/",
    bad="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.usage(answer_size="2 MiB")
shop.budget("$200/month", requests="1M/month")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("api", "serve", port=8000, public=True)
shop.usage(answer_size="2 KiB")
shop.budget("$200/month", requests="1M/month")
""",
)
def traffic_out(case: Case) -> Iterator[Found]:
    limit = budget(case)
    lines = [line for line in case.lines if line.what == "traffic out"]
    cost = likely(lines)
    if limit is not None and cost >= share(20, limit):
        dearest = max(lines, key=lambda line: line.amount.likely)
        yield Found(
            part=dearest.part,
            what=f"what is sent out takes {of_budget(cost, limit)}: {dearest.formula}",
            fix='front_door(…, cache="1 h") and smaller answers: compressed, in pages',
        )
