"""Will Azure take it: names and regions."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.azure.names import RULED, unfit
from seatrial.azure.regions import has_zones, is_region
from seatrial.azure.values import plain
from seatrial.check.case import Case
from seatrial.check.reading import text
from seatrial.check.rule import Found, refusal, rule, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure/"

_NAMES = f"{LEARN}azure-resource-manager/management/resource-name-rules"
_RESERVED = f"{LEARN}azure-resource-manager/troubleshooting/error-reserved-resource-name"

# -- names ----------------------------------------------------------------------------------------------

refusal(
    "name-of-part",
    title="A name is too long, or has letters that names do not have",
    why="Names of parts become names on Azure, the shortest of which have 24 characters.",
    source=_NAMES,
    matches=r'^\w+\("[^"]*"\): (a name |a hyphen |too short|\d+ characters; )|'
    r"Azure takes (only names like|\d+ to \d+$)",
    bad="""
from seatrial import System

shop = System("shop")
shop.blobs("Photos_Of_Shoes")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.blobs("photos-of-shoes")
""",
)

refusal(
    "name-taken",
    title="Two parts have one name, or would make resources of one name",
    why="Azure compares names without regard to case: the second would write over the first, or be refused.",
    source=_NAMES,
    matches=r": the name is taken by |^two resources of .* are called ",
    bad="""
from seatrial import System

shop = System("shop")
shop.blobs("photos")
shop.queue("photos")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.blobs("photos")
shop.queue("new-photos")
""",
)

_WHOLE = frozenset(
    {
        *("access", "app_browsers", "app_code", "app_data", "app_globalresources", "app_localresources"),
        *("app_themes", "app_webreferences", "azure", "bing", "bizspark", "biztalk", "cortana", "directx"),
        *("dotnet", "dynamics", "excel", "exchange", "forefront", "groove", "hololens", "hyperv", "kinect"),
        *("lync", "msdn", "o365", "office", "office365", "onedrive", "onenote", "outlook", "powerpoint"),
        *("sharepoint", "skype", "visio", "visualstudio", "web.config", "xbox"),
    }
)
"""Names that belong to Microsoft, as a whole."""

_ENDPOINTS = (
    *(
        "Microsoft.ApiManagement/service",
        "Microsoft.App/containerApps",
        "Microsoft.Cdn/profiles/afdEndpoints",
    ),
    *("Microsoft.Cache/redisEnterprise", "Microsoft.CognitiveServices/accounts"),
    *("Microsoft.ContainerRegistry/registries", "Microsoft.DBforPostgreSQL/flexibleServers"),
    *(
        "Microsoft.DocumentDB/databaseAccounts",
        "Microsoft.KeyVault/vaults",
        "Microsoft.ServiceBus/namespaces",
    ),
    *("Microsoft.Storage/storageAccounts", "Microsoft.Web/sites", "Microsoft.Network/trafficManagerProfiles"),
)
"""Types that answer under their own name."""


def _reserved(name: str) -> str | None:
    """Why a name belongs to Microsoft; None, where it does not."""
    low = name.lower()
    if low in _WHOLE:
        return f'"{name}" is a name of Microsoft\'s own'
    if found := next((each for each in ("microsoft", "windows") if each in low), None):
        return f'"{name}" has "{found}" in it'
    return f'"{name}" begins with "login"' if low.startswith("login") else None


_OTHER = "another name, without words that belong to Microsoft"


refusal(
    "name-with-trademark",
    title="A name has a word in it that Azure keeps for itself",
    why="What answers under a name of its own may not be called by a trademark.",
    source=_RESERVED,
    matches=r': Azure reserves the word "',
    bad="""
from seatrial import System

shop = System("shop")
shop.blobs("windows-photos")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.blobs("photos")
""",
)


@rule(
    "name-reserved",
    severity="error",
    family="takes",
    title="A name belongs to Microsoft",
    why="What answers under a name of its own may not be called by a trademark: Azure refuses it.",
    source=_RESERVED,
    bad="""
from seatrial import System

shop = System("shop")
shop.service("outlook", "serve", port=8000, health="/")
""",
    good="""
from seatrial import System

shop = System("shop")
shop.service("forecasts", "serve", port=8000, health="/")
""",
)
def name_reserved(case: Case) -> Iterator[Found]:
    seen: set[str] = set()
    for kind in _ENDPOINTS if case.graph else ():
        for resource in case.graph.of(kind) if case.graph else ():
            name = plain(resource.ref.name, "")
            if name not in seen and (why := _reserved(name)):
                seen.add(name)
                yield Found(part=resource.part, what=f"{why}, and answers under that name", fix=_OTHER)


def _known_name(thing: Thing) -> str | None:
    """The name as a template writes it out; None: of our graph, or made by an expression."""
    return thing.called if thing.written_out and not thing.name.startswith("[") else None


@thing_rule(
    "template-name-reserved",
    types=_ENDPOINTS,
    severity="error",
    family="takes",
    title="A name of a template belongs to Microsoft",
    why="What answers under a name of its own may not be called by a trademark: Azure refuses it.",
    source=_RESERVED,
    bad="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-windows-orders", "properties": {}}""",
    good="""{"type": "Microsoft.ServiceBus/namespaces", "name": "shop-orders", "properties": {}}""",
)
def template_name_reserved(thing: Thing, things: Things) -> Iterator[Found]:
    if (name := _known_name(thing)) and (why := _reserved(name)):
        yield Found(what=why, fix=_OTHER)


@thing_rule(
    "template-name-unfit",
    types=tuple(each for each in RULED if each != "Microsoft.Storage/storageAccounts"),
    severity="error",
    family="takes",
    title="A resource of a template has a name that its type does not take",
    why="Each type has its own rule for names: some take no upper case, some no hyphens, some 24 characters.",
    source=_NAMES,
    bad="""{"type": "Microsoft.ContainerRegistry/registries", "name": "shop-images",
 "sku": {"name": "Basic"}}""",
    good="""{"type": "Microsoft.ContainerRegistry/registries", "name": "shopimages",
 "sku": {"name": "Basic"}}""",
)
def template_name_unfit(thing: Thing, things: Things) -> Iterator[Found]:
    """Names of storage accounts have a rule of their own."""
    kind = next(each for each in RULED if each.lower() == thing.type.lower())
    if (name := _known_name(thing)) and (why := unfit(kind, name)):
        yield Found(what=f'"{name}": {why}', fix=f"a name by the rules of {kind}")


_LOCAL = (
    "Microsoft.App/containerApps",
    "Microsoft.Cdn/profiles/afdEndpoints",
    "Microsoft.Network/trafficManagerProfiles",
)
"""Azure puts a hash behind their names, or they answer under another one."""

_WORLDWIDE = tuple(each for each in _ENDPOINTS if each not in _LOCAL)
"""Types whose names are taken once in the whole world."""


@thing_rule(
    "template-name-worldwide",
    types=_WORLDWIDE,
    severity="warning",
    family="takes",
    title="A template writes out a name that only one in the world can have",
    why="A second deployment, or a stranger, takes it first: the deployment fails where the name is taken.",
    source=_NAMES,
    bad="""{"type": "Microsoft.KeyVault/vaults", "name": "shop-vault",
 "properties": {"enableRbacAuthorization": true}}""",
    good="""{"type": "Microsoft.KeyVault/vaults",
 "name": "[concat('shop-', uniqueString(resourceGroup().id))]",
 "properties": {"enableRbacAuthorization": true}}""",
)
def template_name_worldwide(thing: Thing, things: Things) -> Iterator[Found]:
    if name := _known_name(thing):
        fix = f'"name": "[concat(\'{name[:10]}\', uniqueString(resourceGroup().id))]"'
        yield Found(what=f'"{name}" is the same wherever the template is deployed', fix=fix)


# -- regions --------------------------------------------------------------------------------------------

refusal(
    "region-unknown",
    title="A region is none of Azure's",
    why="Names of regions have no spaces and no hyphens; those of other clouds are none of Azure's.",
    source=f"{LEARN}reliability/regions-list",
    matches=r": not a region of Azure$",
    bad="""
from seatrial import System

shop = System("shop", region="East US")
""",
    good="""
from seatrial import System

shop = System("shop", region="eastus")
""",
)


@thing_rule(
    "zones-not-in-region",
    types=(
        *("Microsoft.Network/publicIPAddresses", "Microsoft.Network/applicationGateways"),
        *(
            "Microsoft.Network/azureFirewalls",
            "Microsoft.Network/bastionHosts",
            "Microsoft.Network/natGateways",
        ),
        *("Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"),
        *("Microsoft.ContainerInstance/containerGroups", "Microsoft.App/managedEnvironments"),
        *("Microsoft.Web/serverfarms", "Microsoft.ContainerRegistry/registries"),
        "Microsoft.ContainerRegistry/registries/replications",
    ),
    severity="error",
    family="takes",
    title="Something is to stand in zones of a region that has none",
    why="A region without availability zones refuses what names them.",
    source=f"{LEARN}reliability/regions-list",
    bad="""{"type": "Microsoft.Network/publicIPAddresses", "name": "door", "location": "westus",
 "sku": {"name": "Standard"}, "zones": ["1", "2", "3"],
 "properties": {"publicIPAllocationMethod": "Static"}}""",
    good="""{"type": "Microsoft.Network/publicIPAddresses", "name": "door", "location": "westus2",
 "sku": {"name": "Standard"}, "zones": ["1", "2", "3"],
 "properties": {"publicIPAllocationMethod": "Static"}}""",
)
def zones_not_in_region(thing: Thing, things: Things) -> Iterator[Found]:
    region = (thing.location or "").replace(" ", "").lower()
    if not is_region(region) or has_zones(region):
        return
    zones = thing.at("zones")
    if isinstance(zones, list | tuple) and zones:
        yield Found(
            what=f"{len(zones)} zones, and {region} has none", fix="leave zones out, or a region with zones"
        )
    elif thing.at("properties.zoneRedundant") is True:
        what = f"zoneRedundant, and {region} has no zones"
        yield Found(what=what, fix='"zoneRedundant": false, or a region with zones')
    elif text(thing, "properties.zoneRedundancy") == "Enabled":
        what = f"zoneRedundancy, and {region} has no zones"
        yield Found(what=what, fix='"zoneRedundancy": "Disabled", or a region with zones')
