"""Will Azure take it: gateways of APIs, names that lead to regions, static sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.check.reading import number, size, text
from seatrial.check.rule import Found, refusal, thing_rule
from seatrial.check.thing import Thing, Things

LEARN = "https://learn.microsoft.com/azure/"

_GATEWAY_OF_APIS = ("Microsoft.ApiManagement/service",)

_JOINS: Mapping[str, tuple[str, ...]] = {
    "Developer": ("None", "External", "Internal"),
    "Premium": ("None", "External", "Internal"),
    "PremiumV2": ("None", "External", "Internal"),
    "StandardV2": ("None", "External"),
    **dict.fromkeys(("Consumption", "Basic", "Standard", "BasicV2"), ("None",)),
}
"""By tier of API Management, how it may come into a network."""


@thing_rule(
    "api-management-network",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is put into a network that its tier cannot join",
    why="Consumption, Basic and Standard stay outside; Standard v2 only reaches in; Premium stands inside.",
    source=f"{LEARN}api-management/virtual-network-concepts",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "BasicV2",
 "capacity": 1},
 "properties": {"virtualNetworkType": "External"}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "StandardV2", "capacity": 1}, "properties": {"virtualNetworkType": "External"}}""",
)
def api_management_network(thing: Thing, things: Things) -> Iterator[Found]:
    tier, joins = text(thing, "sku.name"), text(thing, "properties.virtualNetworkType") or "None"
    if joins not in _JOINS.get(tier, (joins,)):
        heir = "Premium" if joins == "Internal" else "StandardV2"
        what = f'virtualNetworkType "{joins}" of the tier {tier}'
        yield Found(what=what, fix=f'"sku": {{"name": "{heir}"}}, or "virtualNetworkType": "None"')


@thing_rule(
    "api-management-regions",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is to stand in several regions or zones, which its tier cannot",
    why="Further regions are for the tier Premium only, zones for Premium and its v2: others are refused.",
    source=f"{LEARN}api-management/api-management-features",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Standard",
 "capacity": 1},
 "properties": {"additionalLocations": [{"location": "westeurope", "sku": {"name": "Standard",
 "capacity": 1}}]}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Premium",
 "capacity": 1},
 "properties": {"additionalLocations": [{"location": "westeurope", "sku": {"name": "Premium",
 "capacity": 1}}]}}""",
)
def api_management_regions(thing: Thing, things: Things) -> Iterator[Found]:
    tier = text(thing, "sku.name")
    if tier and tier != "Premium" and (others := size(thing, "properties.additionalLocations")):
        what = f"{others} further regions of the tier {tier}"
        yield Found(what=what, fix='"sku": {"name": "Premium"}, or a gateway for each region')
    if tier and not tier.startswith("Premium") and thing.at("zones"):
        yield Found(what=f"zones of the tier {tier}", fix='"sku": {"name": "Premium"}, or no "zones"')


_UNITS: Mapping[str, tuple[int, int]] = {
    "Consumption": (0, 0),
    "Developer": (1, 1),
    "Basic": (1, 2),
    "Standard": (1, 4),
    "BasicV2": (1, 10),
    "StandardV2": (1, 10),
    "Premium": (1, 31),
}


@thing_rule(
    "api-management-capacity",
    types=_GATEWAY_OF_APIS,
    severity="error",
    family="takes",
    title="API Management is to have more units than its tier has",
    why="Each tier has its own most, and Consumption none at all: other numbers are refused.",
    source=f"{LEARN}api-management/api-management-features",
    bad="""{"type": "Microsoft.ApiManagement/service", "name": "apis", "sku": {"name": "Developer",
 "capacity": 2},
 "properties": {}}""",
    good="""{"type": "Microsoft.ApiManagement/service", "name": "apis",
 "sku": {"name": "StandardV2", "capacity": 2}, "properties": {}}""",
)
def api_management_capacity(thing: Thing, things: Things) -> Iterator[Found]:
    tier, units = text(thing, "sku.name"), number(thing, "sku.capacity")
    if tier in _UNITS and units is not None:
        least, most = _UNITS[tier]
        if not least <= units <= most:
            span = str(most) if least == most else f"{least} to {most}"
            yield Found(what=f"{units} units, where {tier} has {span}", fix=f'"capacity": {most}')


refusal(
    "api-management-units",
    title="A gateway of APIs is to have more units than its tier has",
    why="The consumption and developer tiers have one unit, the v2 tiers 10, premium 31.",
    source=f"{LEARN}api-management/api-management-features",
    matches=r"^units=\d+: the .* tier has \d+ at most",
    bad="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.api_management("apis", apis={"web": web}, publisher="Shop", tier="developer", units=2)
""",
    good="""
from seatrial import System

shop = System("shop")
web = shop.service("web", "serve", port=8000, health="/")
shop.api_management("apis", apis={"web": web}, publisher="Shop", tier="standard v2", units=2)
""",
)


@thing_rule(
    "traffic-manager-probe",
    types=("Microsoft.Network/trafficManagerProfiles",),
    severity="error",
    family="takes",
    title="Traffic Manager is to ask for health in a way that it cannot",
    why="Over HTTP and HTTPS it wants a path, over TCP none; it asks every 30 or every 10 seconds, and waits "
    "5 to 10 seconds for an answer, or to 9 when it asks every 10.",
    source=f"{LEARN}traffic-manager/traffic-manager-monitoring",
    bad="""{"type": "Microsoft.Network/trafficManagerProfiles", "name": "shop", "properties": {
 "trafficRoutingMethod": "Performance", "monitorConfig": {
  "protocol": "HTTPS", "port": 443, "path": "/health", "intervalInSeconds": 10, "timeoutInSeconds": 10}}}""",
    good="""{"type": "Microsoft.Network/trafficManagerProfiles", "name": "shop", "properties": {
 "trafficRoutingMethod": "Performance", "monitorConfig": {
  "protocol": "HTTPS", "port": 443, "path": "/health", "intervalInSeconds": 10, "timeoutInSeconds": 9}}}""",
)
def traffic_manager_probe(thing: Thing, things: Things) -> Iterator[Found]:
    here = "properties.monitorConfig"
    protocol, path = text(thing, f"{here}.protocol").upper(), thing.at(f"{here}.path")
    if protocol == "TCP" and path:
        yield Found(what=f'the path "{path}" over TCP', fix=f'"protocol": "HTTPS", "path": "{path}"')
    if protocol in ("HTTP", "HTTPS") and (
        not thing.says(f"{here}.path") or (isinstance(path, str) and path[:1] not in ("/", "["))
    ):
        yield Found(what=f"{protocol} without a path that begins with a slash", fix='"path": "/health"')
    every, wait = number(thing, f"{here}.intervalInSeconds"), number(thing, f"{here}.timeoutInSeconds")
    if every not in (None, 10, 30):
        yield Found(what=f"asks every {every} s, where it can every 30 or 10", fix='"intervalInSeconds": 30')
    most = 9 if every == 10 else 10
    if wait is not None and not 5 <= wait <= most:
        what = f"waits {wait} s for an answer, where it can 5 to {most}"
        yield Found(what=what, fix=f'"timeoutInSeconds": {min(max(5, wait), most)}')


refusal(
    "traffic-manager-same-continent",
    title="Traffic Manager leads by country to two regions in one part of the world",
    why="Each part of the world leads to one endpoint only: two would both be the answer.",
    source=f"{LEARN}traffic-manager/traffic-manager-geographic-regions",
    matches=r"^leads by country, and ",
    bad="""
from seatrial import System

shop = System("shop", region="eastus2", also_in=["westus2"])
web = shop.service("web", "serve", port=8000, health="/", public=True)
shop.traffic_manager("near", to=web, routing="geographic")
""",
    good="""
from seatrial import System

shop = System("shop", region="eastus2", also_in=["westus2"])
web = shop.service("web", "serve", port=8000, health="/", public=True)
shop.traffic_manager("near", to=web, routing="performance")
""",
)

SITE_REGIONS = ("westus2", "centralus", "eastus2", "westeurope", "eastasia")


@thing_rule(
    "static-site-region",
    types=("Microsoft.Web/staticSites",),
    severity="error",
    family="takes",
    title="A static web app is to stand in a region that has none",
    why="The resource lives in five regions only; what it serves is served from everywhere.",
    source=f"{LEARN}static-web-apps/faq",
    bad="""{"type": "Microsoft.Web/staticSites", "name": "demos", "location": "eastus",
 "sku": {"name": "Standard"}, "properties": {}}""",
    good="""{"type": "Microsoft.Web/staticSites", "name": "demos", "location": "eastus2",
 "sku": {"name": "Standard"}, "properties": {}}""",
)
def static_site_region(thing: Thing, things: Things) -> Iterator[Found]:
    """Which regions: `azure/site.py`."""
    where = thing.location or ""
    if where and not where.startswith("[") and _plain(where) not in SITE_REGIONS:
        yield Found(what=f"{where} has no static web apps", fix='"location": "eastus2"')


def _plain(region: str) -> str:
    """`East US 2` is `eastus2`."""
    return region.replace(" ", "").lower()
