"""Will Azure take it: sizes and machines of Container Apps, in a graph or in anybody's template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from seatrial.azure.regions import is_region
from seatrial.check.reading import each_in, every, number, text
from seatrial.check.rule import Found, thing_rule
from seatrial.check.thing import Thing, Things

APP = "Microsoft.App/containerApps"
JOB = "Microsoft.App/jobs"
POOL = "Microsoft.App/sessionPools"
ENVIRONMENT = "Microsoft.App/managedEnvironments"
GROUP = "Microsoft.ContainerInstance/containerGroups"

CONTAINERS = "https://learn.microsoft.com/azure/container-apps/containers"
PROFILES = "https://learn.microsoft.com/azure/container-apps/workload-profiles-overview"


def app(template: str, configuration: str = "", more: str = "", before: str = "") -> str:
    """A template with one app."""
    return (
        f'[{before}{{"type": "{APP}", "name": "web", "properties": {{{more}'
        f'"configuration": {{{configuration}}}, "template": {{{template}}}}}}}]'
    )


def _size(cpu: float, memory: str) -> str:
    return f'"containers": [{{"name": "web", "resources": {{"cpu": {cpu:g}, "memory": "{memory}"}}}}]'


_SUBNET_ID = "properties.vnetConfiguration.infrastructureSubnetId"


def _in_subnet(addresses: str) -> str:
    return (
        '[{"type": "Microsoft.Network/virtualNetworks/subnets", "name": "net/apps",\n'
        f'  "properties": {{"addressPrefix": "{addresses}"}}}},\n'
        f' {{"type": "{ENVIRONMENT}", "name": "shop", "properties": {{"vnetConfiguration":\n'
        '  {"infrastructureSubnetId": "/virtualNetworks/net/subnets/apps"}}}]'
    )


# -- sizes --------------------------------------------------------------------------------------------------


def _gib(memory: Any) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)Gi", memory) if isinstance(memory, str) else None
    return float(found[1]) if found else None


def _whole(thing: Thing) -> tuple[float, float] | None:
    """Cores and GiB of all containers together; None: that of one is not known, or there is none."""
    cores = gib = 0.0
    each = None
    for each in each_in(thing, "properties.template.containers"):
        cpu, memory = number(each, "resources.cpu"), _gib(each.at("resources.memory"))
        if cpu is None or memory is None:
            return None
        cores, gib = cores + cpu, gib + memory
    return (round(cores, 3), round(gib, 3)) if each else None


def _on_consumption(thing: Thing) -> bool:
    return thing.lacks("properties.workloadProfileName") or (
        text(thing, "properties.workloadProfileName") == "Consumption"
    )


def _without_profiles(environment: Thing) -> bool:
    return environment.lacks("properties.workloadProfiles")


@thing_rule(
    "container-app-pair",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="The containers of an app have cores and memory that do not go together",
    why="All together have 0.25 to 4 cores in quarters, and twice as many GiB; the rest is refused.",
    source=CONTAINERS,
    bad=app(_size(0.5, "2Gi")),
    good=app(_size(1, "2Gi")),
)
def container_app_pair(thing: Thing, things: Things) -> Iterator[Found]:
    size = _whole(thing)
    if size is None or not _on_consumption(thing):
        return
    cores, gib = size
    quarters = max(1, -(-int(max(cores * 100, gib * 50)) // 25))
    if (cores, gib) != (quarters / 4, quarters / 2) or quarters > 16:
        quarters = min(quarters, 16)
        yield Found(
            what=f"{cores:g} cores with {gib:g} GiB",
            fix=f'"cpu": {quarters / 4:g}, "memory": "{quarters / 2:g}Gi" for all together',
        )


@thing_rule(
    "container-app-old-environment",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="An app is larger than an environment without workload profiles allows",
    why="Such an environment ends at 2 cores with 4 GiB; one with the consumption profile has twice that.",
    source=CONTAINERS,
    bad=app(_size(4, "8Gi"), before=f'{{"type": "{ENVIRONMENT}", "name": "env", "properties": {{}}}}, '),
    good=app(
        _size(4, "8Gi"),
        before=f'{{"type": "{ENVIRONMENT}", "name": "env", "properties": {{"workloadProfiles": '
        '[{"name": "Consumption", "workloadProfileType": "Consumption"}]}}, ',
    ),
)
def container_app_old_environment(thing: Thing, things: Things) -> Iterator[Found]:
    size = _whole(thing)
    if size and size[0] > 2 and every(things, ENVIRONMENT, _without_profiles):
        yield Found(
            what=f"{size[0]:g} cores with {size[1]:g} GiB in an environment without workload profiles",
            fix='"workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}]',
        )


@thing_rule(
    "container-app-memory-unit",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="Memory of a container is not written in gibibytes",
    why="Azure takes a number of two places at most with `Gi` behind it, and refuses all else.",
    source="https://github.com/Azure/bicep-types-az/issues/2226",
    bad=app(_size(0.5, "1024Mi")),
    good=app(_size(0.5, "1Gi")),
)
def container_app_memory_unit(thing: Thing, things: Things) -> Iterator[Found]:
    for each in each_in(thing, "properties.template.containers"):
        memory = text(each, "resources.memory")
        if memory and not re.fullmatch(r"\d+(\.\d{1,2})?Gi", memory):
            yield Found(what=f"memory is {memory}", fix='"memory": "0.5Gi", for each quarter of a core')


@thing_rule(
    "environment-subnet-small",
    types=(ENVIRONMENT,),
    severity="error",
    family="takes",
    title="An environment without workload profiles stands in a subnet that is too small for it",
    why="Such an environment wants a subnet of /23; one with the consumption profile is content with /27.",
    source="https://learn.microsoft.com/azure/container-apps/custom-virtual-networks",
    bad=_in_subnet("10.0.0.0/24"),
    good=_in_subnet("10.0.0.0/23"),
)
def environment_subnet_small(thing: Thing, things: Things) -> Iterator[Found]:
    """The subnet is known by its name, which all networks of the template are searched for."""
    subnet = (thing.text(_SUBNET_ID) or "").rpartition("/")[2].lower()
    if not _without_profiles(thing) or not subnet:
        return
    for name, written in _subnets(things):
        prefix = re.fullmatch(r"[\d.]+/(\d\d?)", written)
        if name.lower() == subnet and prefix and 23 < int(prefix[1]) <= 32:
            larger = IPv4Network((written.partition("/")[0], 23), strict=False)
            yield Found(
                what=f"{name} has {written}, and the environment wants /23 at least",
                fix=f'"addressPrefix": "{larger}"; or "workloadProfiles": [{{"name": "Consumption", '
                '"workloadProfileType": "Consumption"}], with a subnet for Microsoft.App/environments',
            )


def _subnets(things: Things) -> Iterator[tuple[str, str]]:
    """Names and addresses of all subnets of a template."""
    for each in things.of("Microsoft.Network/virtualNetworks/subnets"):
        yield each.called, text(each, "properties.addressPrefix")
    for network in things.of("Microsoft.Network/virtualNetworks"):
        for inside in each_in(network, "properties.subnets"):
            yield text(inside, "name"), text(inside, "properties.addressPrefix")


def _profiles(things: Things) -> Mapping[str, str] | None:
    """Types by the names of profiles, of all environments; None: not all are known, or there is none."""
    found: dict[str, str] = {}
    for environment in things.of(ENVIRONMENT):
        profiles = list(each_in(environment, "properties.workloadProfiles"))
        if environment.unknown("properties.workloadProfiles"):
            return None
        for each in profiles:
            if not (name := text(each, "name")):
                return None
            found[name] = text(each, "workloadProfileType")
    return found or None


_GPU_PROFILE = (
    f'{{"type": "{ENVIRONMENT}", "name": "env", "properties": {{"workloadProfiles": '
    '[{"name": "gpu", "workloadProfileType": "Consumption-GPU-NC8as-T4"}]}}, '
)


@thing_rule(
    "container-app-profile",
    types=(APP, JOB),
    severity="error",
    family="takes",
    title="An app asks for a workload profile that its environment has not",
    why="The profile is named in the environment first; otherwise Azure has no machines for the app.",
    source=PROFILES,
    bad=app("", more='"workloadProfileName": "big", ', before=_GPU_PROFILE),
    good=app("", more='"workloadProfileName": "gpu", ', before=_GPU_PROFILE),
)
def container_app_profile(thing: Thing, things: Things) -> Iterator[Found]:
    name, profiles = text(thing, "properties.workloadProfileName"), _profiles(things)
    if name and profiles and name not in profiles:
        yield Found(
            what=f'no environment here has a profile "{name}"',
            fix=f'"workloadProfileName": "{next(iter(profiles))}"',
        )


@thing_rule(
    "container-app-gpu-beside",
    types=(APP, JOB),
    severity="warning",
    family="takes",
    title="Several containers share a replica that has one GPU",
    why="One container of the replica gets the GPU, and the others do not see it.",
    source="https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview",
    bad=app(
        '"containers": [{"name": "model"}, {"name": "draft"}]',
        more='"workloadProfileName": "gpu", ',
        before=_GPU_PROFILE,
    ),
    good=app('"containers": [{"name": "model"}]', more='"workloadProfileName": "gpu", ', before=_GPU_PROFILE),
)
def container_app_gpu_beside(thing: Thing, things: Things) -> Iterator[Found]:
    type = (_profiles(things) or {}).get(text(thing, "properties.workloadProfileName"), "")
    containers = sum(1 for _ in each_in(thing, "properties.template.containers"))
    if "GPU" in type and containers > 1:
        yield Found(what=f"{containers} containers beside one GPU", fix="an app of its own for each of them")


_T4_REGIONS = frozenset(
    {
        *("australiaeast", "brazilsouth", "canadacentral", "centralindia", "eastus", "francecentral"),
        *("italynorth", "japaneast", "northcentralus", "southcentralus", "southeastasia", "southindia"),
        *("swedencentral", "westeurope", "westus", "westus2", "westus3"),
    }
)
_GPU_REGIONS: Mapping[str, frozenset[str]] = {
    "Consumption-GPU-NC8as-T4": _T4_REGIONS,
    "Consumption-GPU-NC24-A100": frozenset(
        {
            *("australiaeast", "brazilsouth", "canadacentral", "eastus", "italynorth", "swedencentral"),
            *("westus", "westus3"),
        }
    ),
}
"""Source: the table of https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview of 2026-03.
Regions are added from time to time."""


@thing_rule(
    "container-app-gpu-region",
    types=(ENVIRONMENT,),
    severity="warning",
    family="takes",
    title="An app wants a GPU in a region of which no such GPUs are known",
    why="Container Apps have GPUs in some regions only, the larger ones in fewer.",
    source="https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview",
    bad=_GPU_PROFILE.replace('"name": "env"', '"name": "env", "location": "northeurope"').rstrip(", "),
    good=_GPU_PROFILE.replace('"name": "env"', '"name": "env", "location": "westeurope"').rstrip(", "),
)
def container_app_gpu_region(thing: Thing, things: Things) -> Iterator[Found]:
    region = (thing.location or "").replace(" ", "").lower()
    if not is_region(region):
        return
    for profile in each_in(thing, "properties.workloadProfiles"):
        type = text(profile, "workloadProfileType")
        if type in _GPU_REGIONS and region not in _GPU_REGIONS[type]:
            yield Found(
                what=f"{type.rpartition('-')[2]} in {region}, which was not among its regions in 2026-03",
                fix=f"az containerapp env workload-profile list-supported --location {region}",
            )
