"""Traffic Manager: one name that leads each asker to a region, by DNS alone.

What it leads to is asked under that name, and so must know it: with a domain of one's own, which is told to
each region and points to Traffic Manager.
Source: https://learn.microsoft.com/azure/traffic-manager/traffic-manager-point-internet-domain
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.azure import api_management, application_gateway, hosts
from seatrial.azure.errors import Refused, Trouble
from seatrial.azure.graph import Resource
from seatrial.azure.names import camel
from seatrial.azure.regions import geography
from seatrial.azure.stamp import Stamp
from seatrial.azure.values import Ref, Text
from seatrial.model import ApiManagement, ApplicationGateway, TrafficManager

__all__ = ["continent", "profile", "resources"]

CONTINENTS: Mapping[str, frozenset[str]] = {
    "GEO-NA": frozenset({"United States", "Canada", "Mexico"}),
    "GEO-SA": frozenset({"Brazil", "Chile"}),
    "GEO-AF": frozenset({"South Africa"}),
    "GEO-ME": frozenset({"Israel", "Qatar", "UAE"}),
    "GEO-AP": frozenset({"Australia", "New Zealand"}),
    "GEO-AS": frozenset({"Asia Pacific", "India", "Indonesia", "Japan", "Korea", "Malaysia"}),
}
"""Traffic Manager's parts of the world, by the geographies of Azure's regions; all others are Europe's.
Source: https://learn.microsoft.com/azure/traffic-manager/traffic-manager-geographic-regions"""

NEXT_BEST: Mapping[str, tuple[str, ...]] = {
    "GEO-NA": ("GEO-SA", "GEO-EU"),
    "GEO-SA": ("GEO-NA", "GEO-EU"),
    "GEO-EU": ("GEO-ME", "GEO-AF", "GEO-NA"),
    "GEO-AF": ("GEO-EU", "GEO-ME"),
    "GEO-ME": ("GEO-EU", "GEO-AS"),
    "GEO-AS": ("GEO-AP", "GEO-ME", "GEO-EU"),
    "GEO-AP": ("GEO-AS", "GEO-NA"),
}
"""Where a part of the world is led in which the system has no region."""


def profile(part: TrafficManager, at: Stamp) -> Ref:
    return Ref(type="Microsoft.Network/trafficManagerProfiles", name=f"{at.plan.name}-{part.name}")


def resources(part: TrafficManager, at: Stamp) -> Iterator[Resource]:
    """
    Raises:
        Refused: by country, two regions in one part of the world would both be the answer.
    """
    mapping = _mapping(part, at) if part.routing == "geographic" else {}
    yield Resource(
        ref=profile(part, at),
        module="edge",
        region=at.region,
        symbol=camel(part.name, "profile"),
        why=f"Leads each asker to a region: {_MEANINGS[part.routing]}",
        part=part.name,
        location="global",
        body={
            "properties": {
                "profileStatus": "Enabled",
                "trafficRoutingMethod": part.routing.capitalize(),
                "dnsConfig": {"relativeName": at.worldwide(f"{at.plan.name}-{part.name}"), "ttl": 30},
                "monitorConfig": {
                    "protocol": "HTTPS",
                    "port": 443,
                    "path": part.health,
                    "intervalInSeconds": 30,
                    "timeoutInSeconds": 10,
                    "toleratedNumberOfFailures": 3,
                },
            }
        },
    )
    for number, region in enumerate(at.plan.regions, 1):
        yield Resource(
            ref=profile(part, at).child("externalEndpoints", region),
            module="edge",
            region=at.region,
            symbol=camel(part.name, "in", region),
            why=f"{part.to.name} in {region}",
            part=part.name,
            tagged=False,
            body={"properties": _endpoint(part, Stamp(plan=at.plan, region=region), number, mapping)},
        )


_MEANINGS = {
    "performance": "the nearest by latency that is well",
    "geographic": "by where in the world the asker is, whose data stay there",
    "priority": "the first that is well",
    "weighted": "any that is well, by equal shares",
}


def _endpoint(
    part: TrafficManager, here: Stamp, number: int, mapping: Mapping[str, list[str]]
) -> dict[str, Any]:
    return {
        "target": _host(part, here),
        "endpointStatus": "Enabled",
        "endpointLocation": here.region,
        **({"priority": number} if part.routing == "priority" else {}),
        **({"weight": 1} if part.routing == "weighted" else {}),
        **({"geoMapping": mapping[here.region]} if mapping else {}),
    }


def _host(part: TrafficManager, here: Stamp) -> Text:
    match part.to:
        case ApiManagement():
            return api_management.hostname(part.to, here)
        case ApplicationGateway():
            return application_gateway.hostname(part.to, here)
        case service:
            return hosts.hostname(service, here)


def continent(region: str) -> str:
    """The part of the world in which a region is, as Traffic Manager calls it."""
    found = (code for code, inside in CONTINENTS.items() if geography(region) in inside)
    return next(found, "GEO-EU")


def _mapping(part: TrafficManager, at: Stamp) -> dict[str, list[str]]:
    """Which parts of the world each region answers. The first one also answers whoever is nowhere."""
    by_continent: dict[str, str] = {}
    for region in at.plan.regions:
        earlier = by_continent.setdefault(continent(region), region)
        if earlier != region:
            what = f"leads by country, and {earlier} and {region} are in the same part of the world"
            hint = 'write routing="performance", which takes the nearest'
            raise Refused([Trouble.about(at.plan, part.name, what, hint)])
    mapping: dict[str, list[str]] = {region: [] for region in at.plan.regions}
    mapping[at.plan.region].append("WORLD")
    for code, others in NEXT_BEST.items():
        best = next((by_continent[each] for each in (code, *others) if each in by_continent), None)
        if best is not None:
            mapping[best].append(code)
    return mapping
