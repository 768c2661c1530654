"""Will Azure take it: plans and apps of App Service, and groups of Container Instances."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from seatrial.check.reading import each_in, every, number, size, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

FARM = "Microsoft.Web/serverfarms"
SITE = "Microsoft.Web/sites"
SLOT = "Microsoft.Web/sites/slots"
SCALE = "Microsoft.Insights/autoscalesettings"
GROUP = "Microsoft.ContainerInstance/containerGroups"

LIMITS = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
)

_TIERS: Mapping[str, str] = {"F": "Free", "D": "Shared", "B": "Basic", "S": "Standard"}
"""By the letter of the size, below premium."""


def _tier(farm: Thing) -> str:
    """Free, Shared, Basic or Standard; empty: another, or not known."""
    size = text(farm, "sku.name")
    if re.fullmatch(r"[FDBS]\d", size, re.IGNORECASE):
        return _TIERS[size[0].upper()]
    tier = text(farm, "sku.tier")
    return tier if tier in _TIERS.values() else ""


def _shared(farm: Thing) -> bool:
    return _tier(farm) in ("Free", "Shared")


def _below_standard(farm: Thing) -> bool:
    return _tier(farm) in ("Free", "Shared", "Basic")


def _with_farm(size: str, beside: str) -> str:
    """A template with a plan and something beside it."""
    return f'[{{"type": "{FARM}", "name": "machines", "sku": {{"name": "{size}"}}}}, {beside}]'


_LARGER = '"sku": {"name": "P0v3"}'


# -- App Service --------------------------------------------------------------------------------------------

_A_SLOT = f'{{"type": "{SLOT}", "name": "web/staging", "properties": {{}}}}'


@thing_rule(
    "site-slot",
    types=(SLOT,),
    severity="error",
    family="takes",
    title="An app has a second slot on a plan without slots",
    why="Slots, by which a release is swapped in and back, begin with the standard tier.",
    source=LIMITS,
    bad=_with_farm("B1", _A_SLOT),
    good=_with_farm("P0v3", _A_SLOT),
)
def site_slot(thing: Thing, things: Things) -> Iterator[Found]:
    if every(things, FARM, _below_standard):
        yield Found(what="a slot on a plan below the standard tier", fix=_LARGER)


_ALWAYS_ON = f'{{"type": "{SITE}", "name": "web", "properties": {{"siteConfig": {{"alwaysOn": true}}}}}}'


@thing_rule(
    "site-always-on",
    types=(SITE, SLOT),
    severity="error",
    family="takes",
    title="An app is to be always on, or to join a network, on machines shared with strangers",
    why="The free and shared tiers put an app to sleep when nobody asks, and reach no network.",
    source=LIMITS,
    bad=_with_farm("F1", _ALWAYS_ON),
    good=_with_farm("B1", _ALWAYS_ON),
)
def site_always_on(thing: Thing, things: Things) -> Iterator[Found]:
    if not every(things, FARM, _shared):
        return
    if thing.at("properties.siteConfig.alwaysOn") is True:
        yield Found(what="always on in the free or shared tier", fix='"sku": {"name": "B1"}')
    if thing.says("properties.virtualNetworkSubnetId"):
        yield Found(what="in a network in the free or shared tier", fix='"sku": {"name": "B1"}')


@thing_rule(
    "plan-zones",
    types=(FARM,),
    severity="error",
    family="takes",
    title="A plan is to be spread over zones by a tier or a number of machines that cannot be",
    why="Zones begin with the premium tiers, and with two machines.",
    source="https://learn.microsoft.com/azure/reliability/reliability-app-service",
    bad=f'{{"type": "{FARM}", "name": "machines", "sku": {{"name": "S1", "capacity": 3}}, '
    '"properties": {"zoneRedundant": true}}',
    good=f'{{"type": "{FARM}", "name": "machines", "sku": {{"name": "P1v3", "capacity": 3}}, '
    '"properties": {"zoneRedundant": true}}',
)
def plan_zones(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.at("properties.zoneRedundant") is not True:
        return
    if tier := _tier(thing):
        yield Found(
            what=f"the {tier.lower()} tier knows no zones", fix='"sku": {"name": "P1v3", "capacity": 2}'
        )
    machines = number(thing, "sku.capacity")
    if machines is not None and machines < 2:
        yield Found(what=f"{machines:g} machine is not spread over zones", fix='"capacity": 2')


_MOST = {"Free": 1, "Shared": 1, "Basic": 3, "Standard": 10}


@thing_rule(
    "plan-machines",
    types=(FARM,),
    severity="error",
    family="takes",
    title="A plan has more machines than its tier allows",
    why="The basic tier ends at three, the standard at ten, premium at thirty.",
    source=LIMITS,
    bad=f'{{"type": "{FARM}", "name": "machines", "sku": {{"name": "B1", "capacity": 5}}}}',
    good=f'{{"type": "{FARM}", "name": "machines", "sku": {{"name": "B1", "capacity": 3}}}}',
)
def plan_machines(thing: Thing, things: Things) -> Iterator[Found]:
    """Of premium sizes: those of the second generation and later."""
    later = re.fullmatch(r"P\d\w*v[2-4]", text(thing, "sku.name"), re.IGNORECASE)
    most = _MOST.get(_tier(thing), 30 if later else None)
    machines = number(thing, "sku.capacity")
    if most is not None and machines is not None and machines > most:
        yield Found(what=f"{machines:g} machines, {most} at most", fix=f'"capacity": {most}')


@thing_rule(
    "plan-windows",
    types=(FARM,),
    severity="error",
    family="takes",
    title="A plan for Linux does not say so where Azure looks",
    why="Azure goes by `reserved`, not by the kind: without it the plan has Windows, at twice the price.",
    source="https://learn.microsoft.com/azure/templates/microsoft.web/serverfarms",
    bad=f'{{"type": "{FARM}", "name": "machines", "kind": "linux", "sku": {{"name": "P1v3"}}}}',
    good=f'{{"type": "{FARM}", "name": "machines", "kind": "linux", "sku": {{"name": "P1v3"}}, '
    '"properties": {"reserved": true}}',
)
def plan_windows(thing: Thing, things: Things) -> Iterator[Found]:
    linux = "linux" in text(thing, "kind").lower() and not thing.unknown("properties.reserved")
    if linux and thing.at("properties.reserved") is not True:
        yield Found(what='kind is linux, "reserved" is not true', fix='"properties": {"reserved": true}')


_BY_CORES = '"rules": [{"metricTrigger": {"metricName": "CpuPercentage"}}]'
_A_SCALE = f'{{"type": "{SCALE}", "name": "scale", "properties": {{"profiles": [{{{_BY_CORES}}}]}}}}'
_METRICS_OF_PLANS = ("CpuPercentage", "MemoryPercentage", "HttpQueueLength", "DiskQueueLength")


@thing_rule(
    "plan-scale",
    types=(SCALE,),
    severity="error",
    family="takes",
    title="A plan is to follow its load by a tier that does not",
    why="Plans have more machines by themselves from the standard tier on.",
    source=LIMITS,
    bad=_with_farm("B1", _A_SCALE),
    good=_with_farm("P0v3", _A_SCALE),
)
def plan_scale(thing: Thing, things: Things) -> Iterator[Found]:
    metrics = {
        text(each, "metricTrigger.metricName")
        for profile in each_in(thing, "properties.profiles")
        for each in each_in(profile, "rules")
    }
    if metrics & set(_METRICS_OF_PLANS) and every(things, FARM, _below_standard):
        yield Found(what="rules for a plan below the standard tier", fix=_LARGER)


@thing_rule(
    "site-compose",
    types=(SITE, SLOT),
    severity="warning",
    family="takes",
    title="An app runs several containers by Docker Compose, which ends on 2027-03-31",
    why="Such apps stop then; containers beside the app's own, sidecars, take their place.",
    source="https://learn.microsoft.com/azure/app-service/configure-custom-container",
    bad=f'{{"type": "{SITE}", "name": "web", "properties": {{"siteConfig": '
    '{"linuxFxVersion": "COMPOSE|dmVyc2lvbjo="}}}',
    good=f'{{"type": "{SITE}", "name": "web", "properties": {{"siteConfig": '
    '{"linuxFxVersion": "DOCKER|shop.azurecr.io/web:1"}}}',
)
def site_compose(thing: Thing, things: Things) -> Iterator[Found]:
    if text(thing, "properties.siteConfig.linuxFxVersion").upper().startswith("COMPOSE|"):
        yield Found(what="several containers by Docker Compose", fix='"linuxFxVersion": "SITECONTAINERS"')


# -- Container Instances ------------------------------------------------------------------------------------


def _group(container: str, more: str = "") -> str:
    """A template with a group of one container."""
    return (
        f'{{"type": "{GROUP}", "name": "runner", "properties": {{{more}'
        f'"containers": [{{"name": "runner", "properties": {{{container}}}}}]}}}}'
    )


@thing_rule(
    "group-gpu",
    types=(GROUP,),
    severity="error",
    family="takes",
    title="A group of a template is to have GPUs",
    why="Groups with GPUs were retired in July 2025.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-gpu",
    bad=_group('"resources": {"requests": {"cpu": 4, "memoryInGB": 16, "gpu": {"count": 1, "sku": "V100"}}}'),
    good=_group('"resources": {"requests": {"cpu": 4, "memoryInGB": 16}}'),
)
def group_gpu(thing: Thing, things: Things) -> Iterator[Found]:
    for container in each_in(thing, "properties.containers"):
        if container.at("properties.resources.requests.gpu"):
            yield Found(
                what=f"{text(container, 'name') or 'a container'} asks for a GPU",
                fix="a Container App with a GPU profile, or a node pool with GPUs",
            )


@thing_rule(
    "group-port",
    types=(GROUP,),
    severity="error",
    family="takes",
    title="A group answers on a port on which none of its containers does",
    why="The address of a group leads to the same port of a container; others are refused.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-troubleshooting",
    bad=_group('"ports": [{"port": 8080}]', '"ipAddress": {"type": "Public", "ports": [{"port": 80}]}, '),
    good=_group('"ports": [{"port": 80}]', '"ipAddress": {"type": "Public", "ports": [{"port": 80}]}, '),
)
def group_port(thing: Thing, things: Things) -> Iterator[Found]:
    inside: list[int | float | None] = []
    for path in _places_of_ports(thing):
        if thing.unknown(path):
            return
        here = [number(each, "port") for each in each_in(thing, path)]
        if None in here or size(thing, path) > len(here):
            return
        inside += here
    for each in each_in(thing, "properties.ipAddress.ports"):
        port = number(each, "port")
        if port is not None and port not in inside:
            yield Found(what=f"no container answers on {port:g}", fix=f'"ports": [{{"port": {port:g}}}]')


def _places_of_ports(thing: Thing) -> Iterator[str]:
    """Where the containers of a group say their ports."""
    if thing.unknown("properties.containers"):
        yield "properties.containers"
    for index in range(size(thing, "properties.containers")):
        yield f"properties.containers.{index}.properties.ports"


@thing_rule(
    "group-public-in-network",
    types=(GROUP,),
    severity="error",
    family="takes",
    title="A group in a network is to have a public address",
    why="A group has the one or the other; an application gateway leads the world into the network.",
    source="https://learn.microsoft.com/azure/container-instances/container-instances-virtual-network-concepts",
    bad=_group("", '"subnetIds": [{"id": "groups"}], "ipAddress": {"type": "Public"}, '),
    good=_group("", '"subnetIds": [{"id": "groups"}], "ipAddress": {"type": "Private"}, '),
)
def group_public_in_network(thing: Thing, things: Things) -> Iterator[Found]:
    if thing.says("properties.subnetIds") and text(thing, "properties.ipAddress.type") == "Public":
        yield Found(what="a public address in a network", fix='"ipAddress": {"type": "Private"}')
