"""Is the description itself sound: variants and regions."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.lasting import verdict
from seatrial.azure.reach import entry_points
from seatrial.check.case import Case
from seatrial.check.rule import Found, rule
from seatrial.model import (
    Blobs,
    FrontDoor,
    NodePool,
    Part,
    Plan,
    Postgres,
    Process,
    Site,
    TrafficManager,
)

LEARN = "https://learn.microsoft.com/azure/"

_REGIONS = f"{LEARN}well-architected/reliability/regions-availability-zones"

_SHOP = """
from seatrial import System

shop = System("shop"{regions})
orders = shop.postgres("orders", cores=2)
web = shop.service("web", "serve", port=8000, health="/health", public=True, uses=[orders])
shop.budget("$900/month", records=10_000, requests="100k/month")
"""


def _shop(rest: str, regions: str = "") -> str:
    return _SHOP.format(regions=regions) + rest


# -- variants -------------------------------------------------------------------------------------------


@rule(
    "variant-apart",
    severity="note",
    family="sound",
    title="No deployment leads from the system to one of its variants",
    why="What they differ in stays as it was first made: on the way data is moved, or things are made anew.",
    source=f"{LEARN}azure-resource-manager/templates/deployment-modes",
    bad=_shop('large = shop.variant("large")\nlarge.change(orders, geo_backup=True)\n'),
    good=_shop('large = shop.variant("large")\nlarge.change(orders, cores=8, storage="1 TiB")\n'),
)
def variant_apart(case: Case) -> Iterator[Found]:
    """What holds no data is made anew beside the old: it is not told, nor what appears or goes."""
    for variant in case.variants:
        moved = tuple(_moved(case.plan, variant))
        if moved:
            what = f"{variant.variant}: {'; '.join(moved)}"
            yield Found(
                what=what, fix=f"`seatrial plan --against {variant.variant}` says what happens instead"
            )


def _moved(before: Plan, after: Plan) -> Iterator[str]:
    if before.region != after.region:
        yield f'region="{after.region}" for "{before.region}"'
    if bool(before.also_in) != bool(after.also_in):
        yield "names get their region behind them, or lose it"
    new = {part.name: part for part in after.parts}
    for part in before.parts:
        other = new.get(part.name)
        if type(other) is type(part) and not isinstance(part, Process | NodePool):
            yield from _fields(part, other)


def _fields(before: Part, after: Part) -> Iterator[str]:
    for name, field in type(after).__dataclass_fields__.items():
        old, new = getattr(before, name), getattr(after, name)
        told = field.compare and name != "host" and old != new and not isinstance(old, Part)
        if told and not verdict(before, after, name).in_place:
            yield f"{name} of {before.name}"


@rule(
    "variant-without-budget",
    severity="note",
    family="sound",
    title="A variant is larger than the system and has no budget of its own",
    why="The system's budget is taken over, which it was not made for: it warns at once, or much too late.",
    source=f"{LEARN}cost-management-billing/costs/tutorial-acm-create-budgets",
    bad=_shop('wide = shop.variant("wide", also_in=["westus2"])\n'),
    good=_shop(
        'wide = shop.variant("wide", also_in=["westus2"])\n'
        'wide.budget("$1800/month", records=10_000, requests="100k/month")\n'
    ),
)
def variant_without_budget(case: Case) -> Iterator[Found]:
    """Told where it stands in more or fewer regions than the system."""
    base = case.plan.budget
    for variant in case.variants:
        count, before = len(variant.regions), len(case.plan.regions)
        if base and variant.budget and variant.budget.place == base.place and count != before:
            what = f"{variant.variant} stands in {count} regions, with the budget of {before}"
            fix = 'budget("$…/month", records=…, requests="…/month") for the variant'
            yield Found(what=what, fix=fix)


# -- regions --------------------------------------------------------------------------------------------

_WEST = ', region="eastus2", also_in=["westus2"]'


@rule(
    "region-nobody-reaches",
    severity="warning",
    family="sound",
    title="A system stands in several regions and nothing leads anybody to the second",
    why="Each region has an address of its own: without Front Door or Traffic Manager all ask the first.",
    source=_REGIONS,
    bad=_shop("", _WEST),
    good=_shop('shop.front_door("entrance", routes={"/*": web})\n', _WEST),
)
def region_nobody_reaches(case: Case) -> Iterator[Found]:
    """Told where the world comes in at all, and by no entrance that knows more than one region."""
    plan = case.plan
    if not plan.also_in or any(isinstance(each, FrontDoor | TrafficManager) for each in plan.parts):
        return
    doors = [each for each in entry_points(plan) if each.who == "the world" and each.what != "a static site"]
    if doors:
        names = ", ".join(dict.fromkeys(each.part for each in doors))
        what = f"{names} in {' and '.join(plan.regions)}, each at an address of its own"
        yield Found(what=what, fix='front_door("entrance", routes={"/*": …})')


@rule(
    "regions-with-stores-apart",
    severity="warning",
    family="sound",
    title="Each region keeps data of its own, and askers are led to any of them",
    why="What is written in one region is not in the others: who is led elsewhere next time misses it.",
    source=_REGIONS,
    bad=_shop('shop.front_door("entrance", routes={"/*": web})\n', _WEST),
    good=_shop(
        'shop.traffic_manager("by-country", to=web, routing="geographic")\n',
        _WEST.replace("westus2", "westeurope"),
    ),
)
def regions_with_stores_apart(case: Case) -> Iterator[Found]:
    """Servers and blobs are made in every region, and nothing copies between them; documents are one for all.

    Whoever is led by country stays in one region, as long as that is well.
    """
    plan = case.plan
    doors = [
        each for each in plan.of(FrontDoor) if not all(isinstance(to, Site) for to in each.routes.values())
    ]
    chosen = [each for each in plan.of(TrafficManager) if each.routing != "geographic"]
    ways = [each.name for each in (*doors, *chosen)]
    stores = [each.name for each in plan.parts if isinstance(each, Postgres | Blobs) and _written(each, plan)]
    if plan.also_in and stores and ways:
        names = ", ".join(ways)
        what = f"{', '.join(stores)} in each of {len(plan.regions)} regions, to any of which {names} may lead"
        fix = 'documents(…) for what all regions need, or traffic_manager(…, routing="geographic") alone'
        yield Found(what=what, fix=fix)


def _written(store: Part, plan: Plan) -> bool:
    """Whether what answers the world, or works for it, writes there."""
    return any(store in each.uses for each in plan.of(Process))


@rule(
    "traffic-manager-one-region",
    severity="warning",
    family="sound",
    title="Traffic Manager chooses among one region",
    why="It leads everybody to the only one there is, well or not, and is paid by the question.",
    source=f"{LEARN}traffic-manager/traffic-manager-overview",
    bad=_shop('shop.traffic_manager("nearest", to=web)\n'),
    good=_shop('shop.traffic_manager("nearest", to=web)\n', _WEST),
)
def traffic_manager_one_region(case: Case) -> Iterator[Found]:
    if not case.plan.also_in:
        for part in case.plan.of(TrafficManager):
            what = f"{part.name} has {case.plan.region} only"
            yield Found(part=part, what=what, fix='also_in=["…"], or leave it out')
