"""Will it hold: what is promised to be available, against what it stands on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from seatrial.azure.pools import OWN
from seatrial.azure.regions import called, has_zones, paired_with
from seatrial.check.availability import Composite, composite, down, needed_by, promised
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.check.slas import sla_of
from seatrial.model import (
    AppServicePlan,
    Blobs,
    Latency,
    NodePool,
    Part,
    Percent,
    Plan,
    Postgres,
    Process,
    Service,
    Temporal,
    Worker,
)

THREE_NINES = Decimal("99.9")
"""From here on single restarts count: 43 minutes of a month may be lost, over all causes."""

ONE_REGION = Decimal("99.99")
"""What is published at most of anything that answers requests in one region.

Source: https://www.microsoft.com/licensing/docs/view/Service-Level-Agreements-SLA-for-Online-Services
"""


@rule(
    "one-replica-for-availability",
    severity="error",
    family="holds",
    title="One replica, or none, stands behind a promise of 99.9 % or more",
    why="A replica is restarted at every failure, move and update of its machine, and meanwhile nobody"
    " answers; zones help only from two replicas on.",
    source="https://learn.microsoft.com/azure/reliability/reliability-container-apps",
    bad="""
from seatrial import System, available

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(1, 4), public=True)
shop.expects(available("99.9 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True)
shop.expects(available("99.9 %", of=api))
""",
)
def one_replica(case: Case) -> Iterator[Found]:
    """Where several regions stand in for each other, one replica in each may do."""
    for part, percent in _behind(case.plan).items():
        match part:
            case Process(host=AppServicePlan()):
                continue  # as many as its plan has machines
            case Temporal(replicas=1):
                what, fix = "one replica", "replicas=2 on a node pool"
            case Service(replicas=(fewest, most)) if fewest < 2:
                what = "no replica at rest" if fewest == 0 else "one replica at least"
                fix = f"replicas=(2, {max(2, most)})"
            case AppServicePlan(instances=(1, most)):
                what, fix = "one machine at least", f"instances=(2, {max(2, most)})"
            case _:
                continue
        left = down(percent.value)
        yield Found(part=part, what=f"{what}, and {percent} promised: {left} a month may be lost", fix=fix)


@rule(
    "availability-beyond-parts",
    severity="error",
    family="holds",
    title="More availability is promised than the parts on the way of a request add up to",
    why="All of them must answer, so their published figures multiply: five of 99.9 % are 99.5 % together.",
    source="https://learn.microsoft.com/azure/well-architected/reliability/metrics",
    bad="""
from seatrial import System, available

shop = System("shop")
orders = shop.postgres("orders")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True, uses=[orders])
shop.expects(available("99.9 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop")
orders = shop.postgres("orders", standby="another zone")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True, uses=[orders])
shop.expects(available("99.9 %", of=api))
""",
)
def availability_beyond_parts(case: Case) -> Iterator[Found]:
    """See `seatrial.check.availability` for the sum."""
    for target, service in promised(case.plan):
        reached = composite(service, case.plan)
        if reached.percent < target.percent.value:
            yield Found(
                part=service,
                what=f"{target.percent} promised, {_percent(reached.percent)} at most published for all that "
                f"must answer: {_sum(reached)}",
                fix=_ways_up(reached, target.percent, case.plan),
            )


def _sum(reached: Composite) -> str:
    """The factors, and what is left out."""
    factors = " × ".join(f"{each.part.name} {each.sla.percent} ({each.sla.what})" for each in reached.weakest)
    regions = f", any of {reached.regions} regions" if reached.regions > 1 else ""
    left_out = f"; no figure is known of {' and '.join(reached.uncounted)}" if reached.uncounted else ""
    return f"{factors}{regions}; {down(reached.percent)} a month{left_out}"


def _ways_up(reached: Composite, wanted: Percent, plan: Plan) -> str:
    """Standbys first; then, where one region is not enough, a second one, or a promise that can be kept."""
    best, ways = reached.percent, []
    if reached.regions == 1 and has_zones(plan.region):
        for link in reached.weakest:
            alone = isinstance(link.part, Postgres) and link.part.standby != "another zone"
            if alone and link.sla == sla_of(link.part, plan) and link.sla.percent:
                best = best * ONE_REGION / link.sla.percent
                ways.append(f'{link.part.name}: standby="another zone"')
    if best >= wanted.value:
        return "; ".join(ways)
    reach = f"then {_percent(best)}: " if ways else ""
    promise = f'available("{_percent(best)}")'
    if len(plan.regions) > 1:
        return "; ".join([*ways, f"{reach}promise {promise}, or let Front Door choose among the regions"])
    other = paired_with(plan.region) or "another region"
    return "; ".join([*ways, f'{reach}also_in=["{other}"] behind a front door, or promise {promise}'])


def _percent(percent: Decimal) -> str:
    """Never rounded up: `99.82 %`."""
    digits = "0.0001" if percent >= ONE_REGION else "0.01"
    return f"{percent.quantize(Decimal(digits), ROUND_FLOOR)} %"


@rule(
    "zones-left-out",
    severity="warning",
    family="holds",
    title="A part on the way of a promised request stands in one zone of a region that has three",
    why="When that zone fails, the part is gone until the zone is back, whatever the others do.",
    source="https://learn.microsoft.com/azure/reliability/availability-zones-overview",
    bad="""
from seatrial import System, available

shop = System("shop")
orders = shop.postgres("orders", standby="same zone")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True, uses=[orders])
shop.expects(available("99.9 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop")
orders = shop.postgres("orders", standby="another zone")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True, uses=[orders])
shop.expects(available("99.9 %", of=api))
""",
)
def zones_left_out(case: Case) -> Iterator[Found]:
    if not all(has_zones(region) for region in case.plan.regions):
        return
    for part, percent in _behind(case.plan).items():
        match part:
            case Postgres(standby="same zone"):
                what, fix = "server and standby stand in one zone", 'standby="another zone"'
            case AppServicePlan(zones=False, instances=(fewest, most)):
                what = "its machines stand in one zone"
                fix = f"zones=True, instances=({max(2, fewest)}, {max(2, most)})"
            case Blobs(copies="one zone" | "regions", archive_after=None):
                what = "all copies in the region are in one zone"
                fix = f'copies="{"zones" if part.copies == "one zone" else "zones and regions"}"'
            case Blobs(copies="one zone" | "regions"):
                what = "all copies in the region are in one zone, for the sake of the archive"
                fix = 'copies="zones" without archive_after'
            case _:
                continue
        yield Found(part=part, what=f"{what}, and {percent} promised", fix=fix)


@rule(
    "region-without-zones",
    severity="warning",
    family="holds",
    title="A promise of 99.9 % or more is kept in a region without zones",
    why="A fire or a power cut in one building is then the loss of the region.",
    source="https://learn.microsoft.com/azure/reliability/regions-list",
    bad="""
from seatrial import System, available

shop = System("shop", region="northcentralus")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True)
shop.expects(available("99.9 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop", region="eastus2")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), public=True)
shop.expects(available("99.9 %", of=api))
""",
)
def region_without_zones(case: Case) -> Iterator[Found]:
    highest = max((target.percent.value for target, _ in promised(case.plan)), default=Decimal(0))
    if highest >= THREE_NINES and len(case.plan.regions) == 1 and not has_zones(case.plan.region):
        yield Found(
            what=f"{called(case.plan.region)} has no availability zones, and {Percent(highest)} promised",
            fix="a region with zones, or also_in=[…] with a second one",
        )


@rule(
    "one-region-for-five-nines",
    severity="error",
    family="holds",
    title="More is promised than anything that answers in one region is published to hold",
    why="Nothing that answers requests in one region is published above 99.99 %, zones included.",
    source="https://www.microsoft.com/licensing/docs/view/Service-Level-Agreements-SLA-for-Online-Services",
    bad="""
from seatrial import System, available

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(3, 9), public=True)
shop.expects(available("99.995 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop")
api = shop.service("api", "serve", port=8000, replicas=(3, 9), public=True)
shop.expects(available("99.9 %", of=api))
""",
)
def one_region(case: Case) -> Iterator[Found]:
    for target, service in promised(case.plan):
        if target.percent.value > ONE_REGION and len(case.plan.regions) == 1:
            other = paired_with(case.plan.region) or "another region"
            yield Found(
                part=service,
                what=f"{target.percent} promised out of one region, {called(case.plan.region)}: "
                f"{down(target.percent.value)} a month may be lost",
                fix=f'also_in=["{other}"] and a front_door that leads to both',
            )


@rule(
    "spot-for-promised",
    severity="error",
    family="holds",
    title="What is promised to answer runs on spot machines",
    why="Azure takes them back with half a minute's notice whenever it needs them, all at once if it must.",
    source="https://learn.microsoft.com/azure/aks/spot-node-pool",
    bad="""
from seatrial import System

shop = System("shop")
cheap = shop.node_pool("cheap", spot=True)
api = shop.service("api", "serve", port=8000, replicas=(2, 4), host=cheap)
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
    good="""
from seatrial import System

shop = System("shop")
cheap = shop.node_pool("cheap")
api = shop.service("api", "serve", port=8000, replicas=(2, 4), host=cheap)
shop.expects(api.get("/orders"), p95="200 ms", at="20/s")
""",
)
def spot_for_promised(case: Case) -> Iterator[Found]:
    services = [service for _, service in promised(case.plan)]
    services += [each.endpoint.service for each in case.plan.targets if isinstance(each, Latency)]
    needed = dict.fromkeys(part for service in services for part in needed_by(service))
    for part in needed:
        if isinstance(part, Process | Temporal) and isinstance(part.host, NodePool) and part.host.spot:
            yield Found(
                part=part,
                what=f"promised to answer, and {part.host.name} is of spot machines",
                fix=f"another node_pool for {part.name}, without spot=True",
            )


@rule(
    "one-machine-for-pool",
    severity="warning",
    family="holds",
    title="All replicas of what is promised may stand on one machine",
    why="A node pool goes down to its fewest machines, and a machine that is updated takes its pods with it.",
    source="https://learn.microsoft.com/azure/reliability/reliability-aks",
    bad="""
from seatrial import System, available

shop = System("shop")
machines = shop.node_pool("machines", nodes=(1, 5))
api = shop.service("api", "serve", port=8000, replicas=(2, 4), host=machines, public=True)
shop.expects(available("99.5 %", of=api))
""",
    good="""
from seatrial import System, available

shop = System("shop")
machines = shop.node_pool("machines", nodes=(3, 5))
api = shop.service("api", "serve", port=8000, replicas=(2, 4), host=machines, public=True)
shop.expects(available("99.5 %", of=api))
""",
)
def one_machine(case: Case) -> Iterator[Found]:
    for part, percent in _behind(case.plan, Decimal(0)).items():
        pool = OWN if isinstance(part, Service | Worker) and part.host == "aks" else part
        if isinstance(pool, NodePool) and pool.nodes[0] < 2:
            named = "the pool of those that name none" if pool is OWN else pool.name
            most = max(2, pool.nodes[1])
            fix = (
                f"nodes=(2, {most})"
                if pool is not OWN
                else f'node_pool("machines", nodes=(2, {most})), host=…'
            )
            what = f"{named} has {pool.nodes[0]} machine at least, and {percent} promised"
            yield Found(part=part, what=what, fix=fix)


def _behind(plan: Plan, above: Decimal = THREE_NINES) -> dict[Part, Percent]:
    """All that must answer for a promise of so much or more, out of one region, with the highest of them.

    With it the machines that it names.
    """
    found: dict[Part, Percent] = {}
    for target, service in promised(plan):
        if target.percent.value < above or composite(service, plan).regions > 1:
            continue
        for part in needed_by(service):
            on = [part.host] if isinstance(part, Process | Temporal) and isinstance(part.host, Part) else []
            for each in (part, *on):
                found[each] = max(target.percent, found.get(each, target.percent))
    return found
