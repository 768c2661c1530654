from typing import Any

import pytest

from seatrial.azure.compile import graph
from seatrial.azure.errors import Refused
from seatrial.azure.graph import Graph
from seatrial.azure.values import plain
from seatrial.model import Routing, System

WORLD = ("eastus2", "westeurope", "southeastasia")


def planet(regions: tuple[str, ...] = WORLD, routing: Routing = "geographic") -> Graph:
    system = System("planet", region=regions[0], also_in=regions[1:])
    web = system.service("web", "serve", port=8000)
    system.traffic_manager("compass", to=web, routing=routing, health="/ready")
    return graph(system.plan())


def endpoints(built: Graph) -> dict[Any, dict[str, Any]]:
    kind = "Microsoft.Network/trafficManagerProfiles/externalEndpoints"
    return {each.ref.name: each.body["properties"] for each in built.of(kind)}


def test_every_part_of_the_world_is_led_to_one_region() -> None:
    led = {region: set(said["geoMapping"]) for region, said in endpoints(planet()).items()}

    assert led == {
        "eastus2": {"WORLD", "GEO-NA", "GEO-SA"},
        "westeurope": {"GEO-EU", "GEO-AF", "GEO-ME"},
        "southeastasia": {"GEO-AS", "GEO-AP"},
    }


def test_two_regions_in_one_part_of_the_world_are_refused_by_country() -> None:
    with pytest.raises(Refused, match="eastus2 and westus2 are in the same part of the world") as refused:
        planet(("eastus2", "westus2"))

    assert 'routing="performance"' in refused.value.troubles[0].hint


def test_the_nearest_is_known_by_where_each_region_is() -> None:
    found = endpoints(planet(routing="performance"))

    assert {name: said["endpointLocation"] for name, said in found.items()} == {each: each for each in WORLD}
    assert all("geoMapping" not in said for said in found.values())


def test_the_first_that_is_well_is_the_first_that_was_written() -> None:
    found = endpoints(planet(routing="priority"))

    assert [found[region]["priority"] for region in WORLD] == [1, 2, 3]


def test_regions_are_asked_over_https_whether_they_are_well() -> None:
    (profile,) = planet().of("Microsoft.Network/trafficManagerProfiles")

    monitor = profile.body["properties"]["monitorConfig"]
    assert (monitor["protocol"], monitor["port"], monitor["path"]) == ("HTTPS", 443, "/ready")


def test_it_leads_to_the_gateway_of_each_region() -> None:
    system = System("planet", region="eastus2", also_in=["westeurope"])
    web = system.service("web", "serve", port=8000)
    gateway = system.application_gateway("gateway", routes={"/*": web})
    system.traffic_manager("compass", to=gateway)

    found = endpoints(graph(system.plan()))

    assert {name: plain(said["target"], name) for name, said in found.items()} == {
        "eastus2": "planet-gateway-eastus2.eastus2.cloudapp.azure.com",
        "westeurope": "planet-gateway-westeurope.westeurope.cloudapp.azure.com",
    }
